//! Hostile bytes, and the bound that each of them meets. The numbers are those of the list of attacks;
//! what concerns sessions, TLS or commands is tested where those are.

use allocation_counter::measure;
use imap_proto_lite::{
    BodyValue, Code, FrameError, Framer, Limits, Piece, Quirk, QuirkSet, Response, Untagged, mutf7,
};

/// The first response of a stream, or how the stream ends; `None` while it waits for more.
fn first_frame(framer: &mut Framer) -> Result<Option<Vec<u8>>, FrameError> {
    while framer.ready()? {
        if let Piece::Frame(frame) = framer.piece() {
            return Ok(Some(frame.to_vec()));
        }
    }
    Ok(None)
}

fn framed(bytes: &[u8]) -> Result<Option<Vec<u8>>, FrameError> {
    let mut framer = Framer::new(Limits::default());
    framer.push(bytes);
    first_frame(&mut framer)
}

fn fetch_of(items: &str) -> String {
    format!("* 1 FETCH ({items})\r\n")
}

#[test]
fn attack_8_a_huge_literal_allocates_nothing() {
    for header in ["BODY[] {68000000000}", "ENVELOPE ({1048575}"] {
        let wire = format!("* 1 FETCH ({header}\r\n");
        let used = measure(|| drop(framed(wire.as_bytes())));
        assert!(used.bytes_max < 4096, "{header}: {}", used.bytes_max);
    }
}

#[test]
fn attack_9_sizes_do_not_overflow() {
    for (size, error) in [
        ("4294967285", too_long(4_294_967_285)),
        ("9223372036854775807", too_long(i64::MAX as u64)),
        ("18446744073709551615", too_long(u64::MAX)),
        ("18446744073709551616", FrameError::LiteralLength),
        ("99999999999999999999999999", FrameError::LiteralLength),
        ("-1", FrameError::LiteralLength),
        ("-18446744073709551615", FrameError::LiteralLength),
    ] {
        let wire = format!("* LIST () \"/\" {{{size}}}\r\n");
        assert_eq!(framed(wire.as_bytes()), Err(error), "{size}");
    }
    // The grammar, asked alone, reads no literal that is not there either.
    let wire = b"* LIST () \"/\" {18446744073709551615}\r\nx\r\n";
    assert!(Response::parse_with(wire, QuirkSet::STRICT).is_err());
}

const fn too_long(announced: u64) -> FrameError {
    FrameError::LiteralTooLong {
        announced,
        limit: 1 << 20,
    }
}

#[test]
fn attack_10_many_empty_literals_and_byte_by_byte_arrival() {
    let mut framer = Framer::new(Limits::default());
    let wire = format!("* X{}\r\n", " {0}\r\n".repeat(4096));
    let mut frames = 0;
    for byte in wire.as_bytes().chunks(1) {
        framer.push(byte);
        frames += usize::from(first_frame(&mut framer).expect("at the limit").is_some());
    }
    assert_eq!(frames, 1);
    let wire = format!("* X{}\r\n", " {0}\r\n".repeat(4097));
    assert_eq!(
        framed(wire.as_bytes()),
        Err(FrameError::TooManyLiterals { limit: 4096 })
    );
}

#[test]
fn attack_11_nesting_ends_at_its_limit_and_uses_no_stack() {
    let nested = |depth: usize| {
        fetch_of(&format!(
            "X {}{} UID 5",
            "(".repeat(depth),
            ")".repeat(depth)
        ))
    };
    let deepest = nested(Limits::NESTING_DEPTH);
    assert!(Response::parse(deepest.as_bytes()).is_ok());
    for depth in [Limits::NESTING_DEPTH + 1, 1_000_000] {
        let error = Response::parse(nested(depth).as_bytes()).expect_err("too deep");
        assert_eq!(error.expected, "less nesting");
    }
    let open = format!("* NAMESPACE {}\r\n", "(".repeat(1_000_000));
    assert!(Response::parse_with(open.as_bytes(), QuirkSet::STRICT).is_err());
}

#[test]
fn attack_12_the_largest_set_is_counted_and_not_expanded() {
    let wire = b"a1 OK [COPYUID 1 1:4294967295 1:4294967295] x\r\n";
    let used = measure(|| {
        let Ok(Response::Tagged { status, .. }) = Response::parse(wire) else {
            panic!("a tagged response")
        };
        let Some(Code::CopyUid { from, to, .. }) = status.code else {
            panic!("a COPYUID")
        };
        assert_eq!((from.count(), to.count()), (4_294_967_295, 4_294_967_295));
        assert_eq!(from.numbers().take(3).sum::<u32>(), 6);
    });
    assert!(used.bytes_max < 256, "{}", used.bytes_max);
}

#[test]
fn attack_13_bodies_of_one_response_are_counted() {
    let wire = format!("* 1 FETCH (UID 5{}", " BODY[] {0}\r\n".repeat(17));
    assert_eq!(
        framed(wire.as_bytes()),
        Err(FrameError::TooManyLiterals { limit: 16 })
    );
}

#[test]
fn attack_14_an_endless_line_ends_at_the_limit() {
    let mut framer = Framer::new(Limits::default());
    let mut sent = 0;
    let error = loop {
        framer.push(&[b'x'; 4096]);
        sent += 4096;
        match first_frame(&mut framer) {
            Ok(None) => assert!(sent <= 2 << 20, "{sent} octets without an end"),
            Ok(Some(_)) => panic!("a line without an end"),
            Err(error) => break error,
        }
    };
    assert_eq!(error, FrameError::ResponseTooLong { limit: 2 << 20 });
}

#[test]
fn attack_17_nothing_is_a_value_everywhere() {
    let wire =
        b"* 1 FETCH (UID 5 BODY[] {0}\r\n BODY[HEADER] {0}\r\n BODY[1] \"\" BODY[2] NIL)\r\n";
    let frame = framed(wire).expect("a stream").expect("whole");
    let Ok(Response::Untagged(Untagged::Fetch(fetch))) = Response::parse(&frame) else {
        panic!("a FETCH")
    };
    let values: Vec<_> = fetch.sections.into_iter().map(|one| one.value).collect();
    assert_eq!(
        values,
        [
            BodyValue::Streamed(0),
            BodyValue::Inline([].as_slice().into()),
            BodyValue::Inline([].as_slice().into()),
            BodyValue::Absent,
        ]
    );
    for wire in ["* LIST () \"/\" \"\"\r\n", "* LIST () \"/\" {0}\r\n\r\n"] {
        assert!(
            matches!(Response::parse(wire.as_bytes()), Ok(Response::Untagged(Untagged::List(list))) if list.name.is_empty())
        );
    }
}

#[test]
fn attack_18_names_stay_bytes_and_do_not_reach_a_terminal_raw() {
    for name in ["../../etc/passwd", "/abs", "C:\\\\x", "a\x1b[2Jb", "con\0"] {
        let wire = format!("* LIST () \"/\" \"{name}\"\r\n");
        let Ok(Response::Untagged(Untagged::List(list))) = Response::parse(wire.as_bytes()) else {
            panic!("{name:?} is a name")
        };
        assert_eq!(list.name.as_ref(), name.replace("\\\\", "\\").as_bytes());
        let shown = format!("{}", list.name.escape_ascii());
        assert!(shown.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
    }
    // What is no modified UTF-7 is no text; controls hidden in it come out as such, for the caller to escape.
    assert_eq!(mutf7::decode(b"a\x1b[2Jb"), None);
    assert_eq!(mutf7::decode(b"&ABs-[2J").as_deref(), Some("\x1b[2J"));
    // An error shows nothing that a terminal obeys.
    let error = Response::parse(b"* 1 FETCH (\x1b[2J\x07\x9b)\r\n").expect_err("no item");
    assert!(
        error
            .to_string()
            .bytes()
            .all(|byte| (b' '..=b'~').contains(&byte))
    );
}

#[test]
fn attack_19_nul_is_content_and_ends_nothing() {
    let wire = b"* LIST () \"/\" \"a\0b\"\r\n";
    let (response, met) = Response::parse_with(wire, QuirkSet::LENIENT).expect("lenient");
    assert!(
        matches!(response, Response::Untagged(Untagged::List(list)) if list.name.as_ref() == b"a\0b")
    );
    assert!(met.contains(Quirk::ControlInQuoted));
    let strict = Response::parse_with(wire, QuirkSet::STRICT);
    assert!(strict.is_err());
}

#[test]
fn attack_20_empty_lists_and_floods_are_only_long() {
    for wire in [
        "* 1 FETCH ()\r\n",
        "* FLAGS ()\r\n",
        "* ID ()\r\n",
        "* NAMESPACE () () ()\r\n",
        "* SEARCH\r\n",
        "* ESEARCH\r\n",
        "* STATUS x ()\r\n",
        "* LIST\r\n",
        "* LIST (\r\n",
        "* LIST () \r\n",
        "* OK [\r\n",
        "* OK []\r\n",
        "* OK [PERMANENTFLAGS\r\n",
        "* OK [PERMANENTFLAGS ()]\r\n",
        "* VANISHED\r\n",
        "* VANISHED (EARLIER\r\n",
        "* VANISHED (EARLIER)\r\n",
        "*\r\n",
        "* \r\n",
        "+",
        "",
        "\n",
        "\0",
        "*[\r\n",
        "a OK [COPYUID]\r\n",
        "* 1 FETCH (UID\r\n",
        "* 1 FETCH (BODY[\r\n",
        "* 1 FETCH (BODY[]<\r\n",
        "* 1\r\n",
    ] {
        for end in 0..=wire.len() {
            // Whatever it is, it is told in one piece: no panic, and strictly no more than leniently.
            let cut = wire.as_bytes().get(..end).expect("within");
            let strict = Response::parse_with(cut, QuirkSet::STRICT);
            let lenient = Response::parse(cut);
            assert!(strict.is_err() || lenient.is_ok(), "{}", cut.escape_ascii());
        }
    }
    let flood = fetch_of(&format!(
        "ENVELOPE (NIL NIL ({})) UID 5",
        "(NIL NIL \";\" \";\")".repeat(50_000)
    ));
    let used = measure(|| {
        assert!(Response::parse(flood.as_bytes()).is_ok());
    });
    assert_eq!(used.count_total, 0, "skipping allocates nothing");
}

#[test]
fn attack_25_mail_that_looks_like_protocol_is_mail() {
    let mail = b"\r\na1 OK done\r\n* 2 EXPUNGE\r\n)\r\n{3}\r\n";
    let mut wire = format!("* 1 FETCH (UID 5 BODY[] {{{}}}\r\n", mail.len()).into_bytes();
    wire.extend_from_slice(mail);
    wire.extend_from_slice(b" FLAGS ())\r\na1 OK done\r\n");
    let mut framer = Framer::new(Limits::default());
    framer.push(&wire);
    let (mut body, mut frames) = (Vec::new(), Vec::new());
    while framer.ready().expect("a stream") {
        match framer.piece() {
            Piece::LiteralChunk(octets) => body.extend_from_slice(&octets),
            Piece::Frame(frame) => frames.push(frame.to_vec()),
            Piece::LiteralStart { .. } => {}
        }
    }
    assert_eq!((body.as_slice(), frames.len()), (&mail[..], 2));
    // Nor does what a header or a name holds count as items of the response.
    let wire = fetch_of("BODY[HEADER] {17}\r\nX: ) UID 6 FLAGS( UID 5");
    assert!(
        matches!(Response::parse(wire.as_bytes()), Ok(Response::Untagged(Untagged::Fetch(fetch))) if fetch.uid.map(u32::from) == Some(5))
    );
}

#[test]
fn a_second_uid_does_not_replace_the_first() {
    // A subject that its server does not escape can bring an item of its own.
    let forged = fetch_of("UID 5 ENVELOPE (NIL \"x\") UID 6 X (\"\")");
    let error = Response::parse(forged.as_bytes()).expect_err("two UIDs");
    assert_eq!(error.expected, "one UID");
}
