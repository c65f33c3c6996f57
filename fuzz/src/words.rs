//! The small parts of a response, each with values that a server may write: RFC 9051 section 9.

use arbitrary::{Arbitrary, Result, Unstructured};

/// `nz-number`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nz(pub u32);

impl<'a> Arbitrary<'a> for Nz {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        u32::arbitrary(bytes).map(|number| Self(number.max(1)))
    }
}

/// A mod-sequence: 63 bits, above zero (RFC 7162 section 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Positive(pub u64);

impl<'a> Arbitrary<'a> for Positive {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        u64::arbitrary(bytes).map(|number| Self((number >> 1).max(1)))
    }
}

/// Octets of a string: anything but NUL.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Octets(pub Vec<u8>);

impl<'a> Arbitrary<'a> for Octets {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        some_bytes(bytes, |byte| byte.max(1)).map(Self)
    }
}

/// `atom`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Atom(pub Vec<u8>);

impl<'a> Arbitrary<'a> for Atom {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        at_least_one(bytes, b"aZ0$+-./:;<=>?@[^_`|}~!#&',").map(Self)
    }
}

/// Letters and digits: a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(pub Vec<u8>);

impl<'a> Arbitrary<'a> for Key {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        at_least_one(bytes, b"aBcDeF0123456789").map(Self)
    }
}

/// Capabilities, at least one: `IMAP4rev1` and others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words(pub Vec<Vec<u8>>);

const CAPABILITIES: [&str; 8] = [
    "IMAP4REV1",
    "IDLE",
    "LITERAL+",
    "UIDPLUS",
    "AUTH=PLAIN",
    "STATUS=SIZE",
    "X-NEW",
    "CONDSTORE",
];

impl<'a> Arbitrary<'a> for Words {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        let mut words = Vec::new();
        while words.is_empty() || more(bytes)? {
            words.push(bytes.choose(&CAPABILITIES)?.as_bytes().to_vec());
        }
        Ok(Self(words))
    }
}

/// `text`: not empty, neither blank nor bracket at its beginning, and no blank at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(pub Vec<u8>);

impl Text {
    /// Without the blanks before it, which may belong to what stands there.
    pub fn new(text: &[u8]) -> Self {
        Self(text.trim_ascii_start().to_vec())
    }
}

impl<'a> Arbitrary<'a> for Text {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        let mut text = b"a".to_vec();
        text.extend(some_bytes(bytes, |byte| b' ' + byte % 95)?);
        text.push(*bytes.choose(b".}])\"")?);
        Ok(Self(text))
    }
}

/// A hierarchy delimiter: one printable character, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delimiter(pub Option<u8>);

impl<'a> Arbitrary<'a> for Delimiter {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        bytes
            .choose(&[None, Some(b'/'), Some(b'.'), Some(b'\\'), Some(b'"')])
            .copied()
            .map(Self)
    }
}

/// Whether a list goes on; it ends with the bytes at the latest.
pub(crate) fn more(bytes: &mut Unstructured<'_>) -> Result<bool> {
    Ok(!bytes.is_empty() && bytes.ratio(1, 2)?)
}

fn at_least_one(bytes: &mut Unstructured<'_>, alphabet: &[u8]) -> Result<Vec<u8>> {
    let mut word = Vec::new();
    while word.is_empty() || more(bytes)? {
        word.push(*bytes.choose(alphabet)?);
    }
    Ok(word)
}

/// At most thirty bytes, each made what it may be.
fn some_bytes(bytes: &mut Unstructured<'_>, allowed: impl Fn(u8) -> u8) -> Result<Vec<u8>> {
    let length = bytes.int_in_range(0..=30)?.min(bytes.len());
    Ok(bytes
        .bytes(length)?
        .iter()
        .map(|&byte| allowed(byte))
        .collect())
}
