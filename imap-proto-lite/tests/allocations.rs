//! What framing and parsing allocate: nothing for the lines that come by the thousand, and a
//! read buffer or two while a large body passes through.

use allocation_counter::measure;
use imap_proto_lite::{Framer, Limits, Piece, Response};

#[test]
fn the_lines_of_a_sync_allocate_nothing() {
    for line in [
        "* 7 FETCH (UID 42 FLAGS (\\Seen))\r\n",
        "* 7 FETCH (UID 42 FLAGS (\\Seen $Work) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 4286)\r\n",
        "* 8 FETCH (UID 43 FLAGS () MODSEQ (65402))\r\n",
        "* 1843 EXISTS\r\n",
        "* 7 EXPUNGE\r\n",
        "a17 OK Fetch completed (0.013 + 0.000 secs).\r\n",
        "* LIST (\\HasNoChildren \\UnMarked) \"/\" \"Archive/2024 old\"\r\n",
        "* LSUB () \".\" INBOX.Sent\r\n",
        "* FLAGS (\\Answered \\Seen $Forwarded)\r\n",
        "* CAPABILITY IMAP4rev1 LITERAL+ IDLE UIDPLUS\r\n",
        "* SEARCH 2 84 882 9999 10000\r\n",
        "* ESEARCH (TAG \"a7\") UID COUNT 3 ALL 2,10:11\r\n",
        "* STATUS \"Archive/2024 old\" (MESSAGES 231 UIDNEXT 44292 UIDVALIDITY 1 UNSEEN 0 SIZE 99 HIGHESTMODSEQ 7)\r\n",
        "* VANISHED (EARLIER) 41,43:116,118\r\n",
        "+ go ahead\r\n",
        "* STATUS {5}\r\na b\"c (MESSAGES 1)\r\n",
    ] {
        assert_eq!(allocations(line), 0, "{line}");
    }
}

/// What must not go unseen: an escaped name is unescaped into a copy.
#[test]
fn an_escaped_name_is_a_copy() {
    assert_eq!(allocations("* LIST () \"/\" \"a\\\"b\"\r\n"), 1);
}

/// How often the framing and the reading of one response in a warm buffer allocate.
fn allocations(line: &str) -> u64 {
    let mut framer = Framer::new(Limits::default());
    framer.buffer().reserve(4096);
    let used = measure(|| {
        framer.push(line.as_bytes());
        assert_eq!(framer.ready(), Ok(true));
        let Piece::Frame(frame) = framer.piece() else {
            panic!("a whole response")
        };
        assert!(Response::parse(frame).is_ok());
        assert_eq!(framer.ready(), Ok(false));
    });
    used.count_total
}

#[test]
fn a_body_of_a_gibibyte_passes_in_bounded_memory() {
    let mut framer = Framer::new(Limits::default());
    let chunk = vec![b'x'; CHUNK_OCTETS];
    let mut passed = 0;
    let used = measure(|| {
        framer.push(format!("* 1 FETCH (UID 1 BODY[] {{{BODY_OCTETS}}}\r\n").as_bytes());
        for _ in 0..BODY_OCTETS / CHUNK_OCTETS {
            framer.push(&chunk);
            while framer.ready().expect("a well-formed stream") {
                if let Piece::LiteralChunk(octets) = framer.piece() {
                    passed += octets.len();
                }
            }
        }
        framer.push(b")\r\n");
        assert_eq!(framer.ready(), Ok(true));
    });
    assert_eq!(passed, BODY_OCTETS);
    assert!(used.bytes_max < 1 << 20, "{} bytes at once", used.bytes_max);
}

const BODY_OCTETS: usize = 1 << 30;
const CHUNK_OCTETS: usize = 64 << 10;
