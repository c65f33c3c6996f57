//! Framing and parsing of what servers send, at the chunk sizes of a network, a TLS record and a
//! read buffer. The chunks are copied into the framer, as a read from a socket would do.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use imap_proto_lite::{
    DateField, Fetch, Framer, Limits, Piece, Response, StatusResponse, Untagged,
};

/// What a server sends, and how many responses it is.
struct Traffic {
    name: &'static str,
    bytes: String,
    responses: u64,
}

fn responses(criterion: &mut Criterion) {
    for traffic in [metadata(), session(), bodies()] {
        let mut group = criterion.benchmark_group(traffic.name);
        group.throughput(Throughput::ElementsAndBytes {
            elements: traffic.responses,
            bytes: traffic.bytes.len() as u64,
        });
        for size in CHUNK_BYTES {
            let id = BenchmarkId::from_parameter(size);
            group.bench_with_input(id, &size, |bencher, &size| {
                bencher.iter(|| read(black_box(traffic.bytes.as_bytes()), size));
            });
        }
        group.finish();
    }
}

/// Frames and parses it all; the sum of its values keeps every step alive.
fn read(bytes: &[u8], chunk_bytes: usize) -> u64 {
    let mut framer = Framer::new(Limits::default());
    let mut sum = 0_u64;
    for chunk in bytes.chunks(chunk_bytes) {
        framer.push(chunk);
        while framer.ready().expect("a well-formed stream") {
            let value = match framer.piece() {
                Piece::Frame(frame) => value(&Response::parse(frame).expect("well-formed")),
                Piece::LiteralStart { prefix, octets } => prefix.len() as u64 + octets,
                Piece::LiteralChunk(octets) => {
                    octets.iter().step_by(64).map(|&b| u64::from(b)).sum()
                }
            };
            sum = sum.wrapping_mul(31).wrapping_add(value);
        }
    }
    sum
}

fn value(response: &Response<'_>) -> u64 {
    match response {
        Response::Untagged(Untagged::Fetch(fetch)) => fetch_value(fetch),
        Response::Untagged(Untagged::List(list)) => list.name.len() as u64,
        Response::Untagged(Untagged::Exists(messages)) => u64::from(*messages),
        Response::Untagged(Untagged::Capability(names)) => names.iter().count() as u64,
        Response::Untagged(Untagged::Flags(flags)) => flags.iter().count() as u64,
        Response::Untagged(Untagged::Status(status)) => status_value(status),
        Response::Tagged { tag, status } => tag.len() as u64 + status_value(status),
        other => panic!("{other:?} is not in the traffic"),
    }
}

fn status_value(status: &StatusResponse<'_>) -> u64 {
    status.text.len() as u64 + u64::from(status.code.is_some())
}

fn fetch_value(fetch: &Fetch<'_>) -> u64 {
    let date = match fetch.internal_date {
        Some(DateField::Valid(date)) => date.unix_seconds().cast_unsigned(),
        _ => 0,
    };
    let flags = fetch.flags.map_or(0, |flags| flags.iter().count() as u64);
    let uid = fetch.uid.map_or(0, u32::from);
    date ^ flags ^ u64::from(uid) ^ fetch.size.unwrap_or(0) ^ fetch.sections.len() as u64
}

/// The metadata pass over a large mailbox.
fn metadata() -> Traffic {
    let mut bytes = String::new();
    write_metadata(&mut bytes, 100_000);
    Traffic {
        name: "metadata",
        bytes,
        responses: 100_000,
    }
}

/// A whole small session: greeting, capabilities, names, one mailbox, its metadata.
fn session() -> Traffic {
    let mut bytes = String::from(
        "* OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ AUTH=PLAIN] ready.\r\n\
         * CAPABILITY IMAP4rev1 SASL-IR ID ENABLE IDLE UIDPLUS LIST-EXTENDED CONDSTORE MULTIAPPEND LITERAL+\r\n\
         a1 OK Logged in\r\n",
    );
    for n in 0..100 {
        let _ = write!(
            bytes,
            "* LIST (\\HasNoChildren) \".\" \"Archive.20{:02}.Project {n}\"\r\n",
            n % 25
        );
    }
    bytes.push_str(
        "a2 OK List completed (0.002 + 0.000 + 0.001 secs).\r\n\
         * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded Junk)\r\n\
         * OK [PERMANENTFLAGS ()] Read-only mailbox.\r\n\
         * 1000 EXISTS\r\n\
         * OK [UIDVALIDITY 1732310000] UIDs valid\r\n\
         * OK [UIDNEXT 3101] Predicted next UID\r\n\
         * OK [HIGHESTMODSEQ 4711] Highest\r\n\
         a3 OK [READ-ONLY] Examine completed (0.001 + 0.000 secs).\r\n",
    );
    write_metadata(&mut bytes, 1000);
    bytes.push_str("a4 OK Fetch completed (0.013 + 0.000 + 0.012 secs).\r\n");
    Traffic {
        name: "session",
        bytes,
        responses: 1112,
    }
}

/// Messages of 64 KB, each streamed past its response.
fn bodies() -> Traffic {
    let body =
        "Some seventy characters of text, which is what most lines of mail are.\r\n".repeat(889);
    let mut bytes = String::new();
    for n in 1..=200 {
        let octets = body.len();
        let _ = write!(
            bytes,
            "* {n} FETCH (UID {n} BODY[] {{{octets}}}\r\n{body})\r\n"
        );
    }
    Traffic {
        name: "bodies of 64 KB",
        bytes,
        responses: 200,
    }
}

/// FETCH lines as Dovecot writes them, with values that vary as they do in an old mailbox.
fn write_metadata(bytes: &mut String, messages: u32) {
    const FLAGS: [&str; 5] = [
        "\\Seen",
        "\\Seen",
        "",
        "\\Answered \\Seen",
        "\\Flagged \\Seen $Forwarded",
    ];
    for (n, flags) in (1..=messages).zip(FLAGS.into_iter().cycle()) {
        let (uid, size) = (n * 3 + 17, 900 + n.wrapping_mul(2_654_435_761) % 60_000);
        let (day, year) = (n % 28 + 1, 2004 + n % 20);
        let (hour, minute, second) = (n % 24, n * 7 % 60, n * 13 % 60);
        let _ = write!(
            bytes,
            "* {n} FETCH (UID {uid} FLAGS ({flags}) INTERNALDATE \"{day:02}-Oct-{year} \
             {hour:02}:{minute:02}:{second:02} +0200\" RFC822.SIZE {size})\r\n"
        );
    }
}

/// A TCP segment on Ethernet, a TLS record, the client's reads.
const CHUNK_BYTES: [usize; 3] = [1460, 16 << 10, 64 << 10];

criterion_group!(benches, responses);
criterion_main!(benches);
