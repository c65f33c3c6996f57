//! A server's view of one command, written apart from the encoder: RFC 9051 section 9.

use imap_proto_lite::Segment;

/// A word of a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// Everything that is not a string: atoms, numbers, parentheses.
    Plain(Vec<u8>),
    /// A quoted string or a literal.
    String(Vec<u8>),
    /// A message of so many octets, which is not there.
    Body(u64),
}

impl Word {
    /// The value of an `astring`.
    pub fn text(&self) -> &[u8] {
        match self {
            Self::Plain(text) | Self::String(text) => text,
            Self::Body(_) => &[],
        }
    }
}

/// What is on the wire: a byte, the wait for a `+`, or a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wire {
    Byte(u8),
    Wait,
    Body(u64),
}

/// The words of the one command that `segments` hold.
///
/// # Panics
/// When they are not exactly one command with its CRLF.
pub fn read(segments: &[Segment]) -> Vec<Word> {
    let mut wire = segments.iter().flat_map(on_the_wire).peekable();
    let mut words = Vec::new();
    loop {
        match wire.next().expect("the line has an end") {
            Wire::Byte(b' ') => {}
            Wire::Byte(b'\r') => break,
            Wire::Byte(b'"') => words.push(quoted(&mut wire)),
            Wire::Byte(b'{') => words.push(literal(&mut wire)),
            Wire::Byte(byte) => words.push(plain(byte, &mut wire)),
            other => panic!("{other:?} outside of a literal"),
        }
    }
    assert_eq!(wire.next(), Some(Wire::Byte(b'\n')));
    assert_eq!(wire.next(), None, "bytes behind the command");
    words
}

fn on_the_wire(segment: &Segment) -> Vec<Wire> {
    match segment {
        Segment::Bytes(bytes) => bytes.iter().copied().map(Wire::Byte).collect(),
        Segment::AwaitContinuation => vec![Wire::Wait],
        Segment::Body(octets) => vec![Wire::Body(*octets)],
    }
}

fn next_byte(wire: &mut impl Iterator<Item = Wire>) -> u8 {
    match wire.next() {
        Some(Wire::Byte(byte)) => byte,
        other => panic!("{other:?} within a word"),
    }
}

fn quoted(wire: &mut impl Iterator<Item = Wire>) -> Word {
    let mut text = Vec::new();
    loop {
        match next_byte(wire) {
            b'"' => return Word::String(text),
            b'\\' => {
                let escaped = next_byte(wire);
                assert!(matches!(escaped, b'"' | b'\\'), "a bad escape");
                text.push(escaped);
            }
            byte => {
                assert!(
                    matches!(byte, b' '..=b'~'),
                    "byte {byte} in a quoted string"
                );
                text.push(byte);
            }
        }
    }
}

fn literal(wire: &mut std::iter::Peekable<impl Iterator<Item = Wire>>) -> Word {
    let mut header = Vec::new();
    while header.last() != Some(&b'}') {
        header.push(next_byte(wire));
    }
    let length = String::from_utf8(header).expect("digits");
    let length = length.trim_end_matches('}');
    let digits = length.trim_end_matches('+');
    let octets: u64 = digits.parse().expect("a length");
    assert_eq!((next_byte(wire), next_byte(wire)), (b'\r', b'\n'));
    if digits == length {
        assert_eq!(wire.next(), Some(Wire::Wait), "no pause before a literal");
    }
    if let Some(&Wire::Body(body)) = wire.peek() {
        wire.next();
        assert_eq!(body, octets, "a body that is not as announced");
        return Word::Body(octets);
    }
    Word::String((0..octets).map(|_| next_byte(wire)).collect())
}

fn plain(first: u8, wire: &mut std::iter::Peekable<impl Iterator<Item = Wire>>) -> Word {
    let mut text = vec![first];
    while let Some(&Wire::Byte(byte)) = wire.peek() {
        if matches!(byte, b' ' | b'\r' | b'"' | b'{') {
            break;
        }
        text.push(byte);
        wire.next();
    }
    assert!(
        text.iter().all(|byte| matches!(byte, b'!'..=b'~')),
        "{}",
        text.escape_ascii()
    );
    Word::Plain(text)
}
