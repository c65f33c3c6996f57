//! Work grows no faster than the input. No clock is asked: the test runs itself under callgrind, which
//! counts the instructions of each call of [`counted_work`], for n and for 2n of every shape.

use std::hint::black_box;
use std::process::Command;
use std::{env, fs};

use imap_proto_lite::{Framer, Limits, Piece, QuirkSet, Response};

/// A response, or many, that some parsers need quadratic time for.
struct Shape {
    name: &'static str,
    n: usize,
    bytes: fn(usize) -> String,
    arrival: Arrival,
}

/// How the bytes come in.
#[derive(Clone, Copy)]
enum Arrival {
    AtOnce,
    ByteByByte,
    /// Read again from the start with every octet: what must not be, to show that it would be seen.
    ReadAnew,
}

const SHAPES: [Shape; 14] = [
    shape("opening parentheses", |n| {
        format!("* 1 FETCH (X {}\r\n", "(".repeat(n))
    }),
    shape("pairs of parentheses", |n| {
        format!("* 1 FETCH (X ({}) UID 1)\r\n", "()".repeat(n))
    }),
    shape("empty literals", |n| {
        format!("* 1 FETCH (X ({}) UID 1)\r\n", "{0}\r\n".repeat(n))
    }),
    shape("header literals", |n| {
        format!("* 1 FETCH ({}UID 1)\r\n", "BODY[HEADER] {0}\r\n ".repeat(n))
    }),
    shape("quotes", |n| {
        format!("* 1 FETCH (X ({}) UID 1)\r\n", "\"".repeat(2 * n))
    }),
    shape("quotes without an end", |n| {
        format!("* LIST () \"/\" {}\r\n", "\"".repeat(2 * n + 1))
    }),
    shape("backslashes", |n| {
        format!("* LIST () \"/\" \"{}\"\r\n", "\\\\".repeat(n))
    }),
    shape("numbers of a SEARCH", |n| {
        format!("* SEARCH{}\r\n", " 4711".repeat(n))
    }),
    shape("ranges of a UID set", |n| {
        format!("a1 OK [COPYUID 1 1{0} 2{0}] done\r\n", ",7:9".repeat(n))
    }),
    shape("unknown items", |n| {
        format!("* 1 FETCH ({}UID 1)\r\n", "X-NEW (1 \"a\") ".repeat(n))
    }),
    shape("flags", |n| {
        format!("* 1 FETCH (FLAGS (\\Seen{}) UID 1)\r\n", " $Key".repeat(n))
    }),
    shape("lines at once", |n| "* 7 EXISTS\r\n".repeat(n)),
    Shape {
        name: "a line byte by byte",
        n: 2000,
        bytes: |n| format!("* OK {}\r\n", "x".repeat(n)),
        arrival: Arrival::ByteByByte,
    },
    Shape {
        name: CONTROL,
        n: 100,
        bytes: |n| format!("* SEARCH{}\r\n", " 4711".repeat(n)),
        arrival: Arrival::ReadAnew,
    },
];

const fn shape(name: &'static str, bytes: fn(usize) -> String) -> Shape {
    Shape {
        name,
        n: 2000,
        bytes,
        arrival: Arrival::AtOnce,
    }
}

#[test]
fn twice_the_input_is_twice_the_work() {
    if env::var_os(COUNTED).is_some() {
        return work_through_all();
    }
    let counts = counted_by_callgrind();
    let mut too_much = Vec::new();
    for (shape, count) in SHAPES.iter().zip(counts.chunks(2)) {
        let [once, twice] = [count[0], count[1]];
        assert!(once > 0, "{}: nothing was counted", shape.name);
        println!("{:24} {once:>10} {twice:>10} instructions", shape.name);
        if twice * 10 >= once * 22 {
            too_much.push(shape.name);
        }
    }
    assert_eq!(too_much, [CONTROL], "more than 2.2 times the instructions");
}

fn work_through_all() {
    for shape in &SHAPES {
        for n in [shape.n, 2 * shape.n] {
            let bytes = (shape.bytes)(n);
            let responses = counted_work(bytes.as_bytes(), shape.arrival);
            assert!(responses > 0, "{}: no response in it", shape.name);
        }
    }
}

/// Frames and reads, leniently and strictly; says how many responses there were.
#[inline(never)]
fn counted_work(bytes: &[u8], arrival: Arrival) -> u64 {
    match arrival {
        Arrival::AtOnce => read(bytes, bytes.len()),
        Arrival::ByteByByte => read(bytes, 1),
        Arrival::ReadAnew => (1..=bytes.len())
            .map(|end| read(bytes.get(..end).unwrap_or_default(), end) + parse(bytes))
            .sum(),
    }
}

fn read(bytes: &[u8], chunk_bytes: usize) -> u64 {
    let mut framer = Framer::new(LIMITS);
    let mut responses = 0;
    for chunk in bytes.chunks(chunk_bytes) {
        framer.push(chunk);
        while framer.ready().expect("within the limits") {
            if let Piece::Frame(frame) = framer.piece() {
                responses += parse(frame);
            }
        }
    }
    responses
}

fn parse(frame: &[u8]) -> u64 {
    let _ = black_box(Response::parse(frame));
    let _ = black_box(Response::parse_with(frame, QuirkSet::STRICT));
    1
}

/// The instructions of each call of [`counted_work`] in a run of this very test, in order. Callgrind counts
/// only within it, and writes what it counted since the last time before each call and at the end.
fn counted_by_callgrind() -> Vec<u64> {
    let folder = format!(
        "{}/work-{}",
        env!("CARGO_TARGET_TMPDIR"),
        std::process::id()
    );
    fs::create_dir_all(&folder).expect("a folder for the counts");
    let run = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg("--toggle-collect=complexity::counted_work")
        .arg("--dump-before=complexity::counted_work")
        .arg(format!("--callgrind-out-file={folder}/count"))
        .arg(env::current_exe().expect("the path of this test"))
        .args(["--exact", "twice_the_input_is_twice_the_work"])
        .env(COUNTED, "1")
        .output()
        .expect("valgrind (a Debian package) counts the instructions");
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
    let counts = (2..=2 * SHAPES.len())
        .map(|dump| format!("{folder}/count.{dump}"))
        .chain([format!("{folder}/count")])
        .map(|dump| total(&dump))
        .collect();
    fs::remove_dir_all(&folder).expect("the folder was ours");
    counts
}

/// The sum at the end of a dump of callgrind: `totals: N`.
fn total(dump: &str) -> u64 {
    let text = fs::read_to_string(dump).unwrap_or_else(|error| panic!("{dump}: {error}"));
    text.lines()
        .find_map(|line| line.strip_prefix("totals: "))
        .and_then(|number| number.trim().parse().ok())
        .unwrap_or_else(|| panic!("{dump} has no total"))
}

/// Wide enough for all shapes, so that the work is done and not refused.
const LIMITS: Limits = Limits {
    response_bytes: 16 << 20,
    inline_literal_bytes: 1 << 20,
    body_literal_bytes: 1 << 20,
    literals_per_response: 1 << 20,
    bodies_per_response: 1 << 20,
};

/// Set in the run that is counted.
const COUNTED: &str = "IMAP_PROTO_LITE_COUNTED";
const CONTROL: &str = "control: read anew";
