//! The framer against whole streams, cut everywhere.

#![expect(clippy::indexing_slicing, reason = "test data of known length")]

use super::*;
use proptest::prelude::*;

/// A piece, owned, with chunks of one body joined so that chunkings can be compared.
#[derive(Debug, PartialEq, Eq)]
enum Got {
    Frame(Vec<u8>),
    Start(Vec<u8>, u64),
    Body(Vec<u8>),
}

fn collect(framer: &mut Framer, got: &mut Vec<Got>) -> Result<(), FrameError> {
    while framer.ready()? {
        match framer.piece() {
            Piece::Frame(frame) => got.push(Got::Frame(frame.to_vec())),
            Piece::LiteralStart { prefix, octets } => got.push(Got::Start(prefix.to_vec(), octets)),
            Piece::LiteralChunk(chunk) => match got.last_mut() {
                Some(Got::Body(body)) => body.extend_from_slice(&chunk),
                _ => got.push(Got::Body(chunk.to_vec())),
            },
        }
    }
    Ok(())
}

fn frame_all<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<Got>, FrameError> {
    let mut framer = Framer::new(Limits::default());
    let mut got = Vec::new();
    for chunk in chunks {
        framer.push(chunk);
        collect(&mut framer, &mut got)?;
    }
    Ok(got)
}

const STREAM: &[u8] = b"* OK [CAPABILITY IMAP4rev1] see {5}\r\n\
    + go on {3}\r\n\
    * LIST () \"/\" {5}\r\na\r\nb)\r\n\
    * 12 FETCH (UID 5 BODY[] {11}\r\na1 OK {4}\r\n FLAGS (\\Seen))\r\n\
    * 13 FETCH (UID 6 BODY[HEADER.FIELDS (TO)] {6}\r\nTo: b\n BODY[] {0}\r\n)\r\n\
    * 14 FETCH (UID 7 RFC822.SIZE 3)\n\
    a1 OK done {9}\r\n";

fn expected() -> Vec<Got> {
    let frame = |text: &str| Got::Frame(text.as_bytes().to_vec());
    vec![
        frame("* OK [CAPABILITY IMAP4rev1] see {5}\r\n"),
        frame("+ go on {3}\r\n"),
        frame("* LIST () \"/\" {5}\r\na\r\nb)\r\n"),
        Got::Start(b"* 12 FETCH (UID 5 BODY[] {11}\r\n".to_vec(), 11),
        Got::Body(b"a1 OK {4}\r\n".to_vec()),
        frame("* 12 FETCH (UID 5 BODY[] {11}\r\n FLAGS (\\Seen))\r\n"),
        Got::Start(
            b"* 13 FETCH (UID 6 BODY[HEADER.FIELDS (TO)] {6}\r\nTo: b\n BODY[] {0}\r\n".to_vec(),
            0,
        ),
        frame("* 13 FETCH (UID 6 BODY[HEADER.FIELDS (TO)] {6}\r\nTo: b\n BODY[] {0}\r\n)\r\n"),
        frame("* 14 FETCH (UID 7 RFC822.SIZE 3)\n"),
        frame("a1 OK done {9}\r\n"),
    ]
}

#[test]
fn every_chunking_gives_the_same_pieces() {
    for size in 1..=STREAM.len() {
        assert_eq!(
            frame_all(STREAM.chunks(size)).as_ref(),
            Ok(&expected()),
            "chunks of {size}"
        );
    }
}

#[test]
fn every_proper_prefix_needs_more() {
    let response = b"* LIST () \"/\" {5}\r\na\r\nb)\r\n";
    for end in 0..response.len() {
        assert_eq!(frame_all([&response[..end]]), Ok(vec![]), "{end} bytes");
    }
}

proptest! {
    #[test]
    fn random_cuts_change_nothing(mut cuts in prop::collection::vec(0..STREAM.len(), 0..20)) {
        cuts.sort_unstable();
        let mut from = 0;
        let mut chunks = Vec::new();
        for cut in cuts.into_iter().chain([STREAM.len()]) {
            chunks.push(&STREAM[from..cut]);
            from = cut;
        }
        prop_assert_eq!(frame_all(chunks), Ok(expected()));
    }
}

#[test]
fn a_body_is_lent_in_the_buffer_that_it_was_read_into() {
    let mut framer = Framer::new(Limits::default());
    framer.push(b"* 1 FETCH (BODY[] {4096}\r\n");
    framer.push(&[b'x'; 4096]);
    let read_into = framer.buffer().as_ptr_range();
    assert_eq!(framer.ready(), Ok(true));
    assert!(matches!(
        framer.piece(),
        Piece::LiteralStart { octets: 4096, .. }
    ));
    assert_eq!(framer.ready(), Ok(true));
    let Piece::LiteralChunk(chunk) = framer.piece() else {
        panic!("a chunk follows")
    };
    assert_eq!(chunk.len(), 4096);
    assert!(read_into.contains(&chunk.as_ptr()));
}

#[test]
fn what_is_announced_is_not_allocated() {
    let mut framer = Framer::new(Limits::default());
    framer.push(b"* 1 FETCH (BODY[] {60000000000}\r\nabc");
    assert_eq!(framer.ready(), Ok(true));
    assert!(matches!(
        framer.piece(),
        Piece::LiteralStart {
            octets: 60_000_000_000,
            ..
        }
    ));
    assert_eq!(framer.ready(), Ok(true));
    assert!(framer.buffer().capacity() < 1 << 16);
}

#[test]
fn hostile_sizes_end_the_stream_for_good() {
    let limits = Limits {
        response_bytes: 100,
        inline_literal_bytes: 50,
        ..Limits::default()
    };
    let cases: [(&[u8], FrameError); 5] = [
        (&[b'x'; 101], FrameError::ResponseTooLong { limit: 100 }),
        (
            b"* LIST () \"/\" {51}\r\n",
            FrameError::LiteralTooLong {
                announced: 51,
                limit: 50,
            },
        ),
        (b"* LIST () \"/\" {-1}\r\n", FrameError::LiteralLength),
        (
            b"* LIST () \"/\" {99999999999999999999}\r\n",
            FrameError::LiteralLength,
        ),
        (
            b"* X {40}\r\n0123456789012345678901234567890123456789 {48}\r\n",
            FrameError::ResponseTooLong { limit: 100 },
        ),
    ];
    for (bytes, error) in cases {
        let mut framer = Framer::new(limits);
        framer.push(bytes);
        assert_eq!(framer.ready(), Err(error));
        framer.push(b"* OK\r\n");
        assert_eq!(framer.ready(), Err(error), "it stays failed");
    }
}

#[test]
fn too_many_literals_end_the_stream() {
    let limits = Limits {
        literals_per_response: 3,
        bodies_per_response: 2,
        ..Limits::default()
    };
    let cases: [(&[u8], u32); 2] = [
        (b"* X {0}\r\n {0}\r\n {0}\r\n {0}\r\n", 3),
        (
            b"* 1 FETCH (BODY[] {0}\r\n BODY[] {0}\r\n BODY[] {0}\r\n",
            2,
        ),
    ];
    for (bytes, limit) in cases {
        let mut framer = Framer::new(limits);
        framer.push(bytes);
        let end = collect(&mut framer, &mut Vec::new());
        assert_eq!(end, Err(FrameError::TooManyLiterals { limit }));
    }
}

#[test]
fn unread_bytes_are_seen_behind_a_lent_frame() {
    let mut framer = Framer::new(Limits::default());
    framer.push(b"a1 OK begin TLS\r\n");
    assert_eq!(framer.ready(), Ok(true));
    assert_eq!(framer.unread(), 0);
    framer.push(b"* injected");
    assert_eq!(framer.unread(), 10);
}

#[test]
fn what_is_taken_unread_is_no_response() {
    let mut framer = Framer::new(Limits::default());
    framer.push(b"a1 OK begin\r\na2 OK inj");
    assert_eq!(framer.ready(), Ok(true));
    assert_eq!(&framer.take_unread()[..], b"a2 OK inj");
    assert_eq!(framer.ready(), Ok(false));
    framer.push(b"* 1 EXISTS\r\n");
    assert_eq!(framer.ready(), Ok(true));
    assert_eq!(framer.piece(), Piece::Frame(b"* 1 EXISTS\r\n"));
}
