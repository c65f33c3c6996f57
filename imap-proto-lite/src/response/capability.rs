//! Capability lists: RFC 9051 sections 6.1.1 and 7.2.2.

use crate::chars::is_strict_atom_char;
use crate::error::Parsed;
use crate::primitive::no_sp;
use crate::quirk::Quirk;
use crate::tolerance::Reading;

/// Capability names in wire form, read as they are walked; ENABLED has the same shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capabilities<'a>(pub(crate) &'a [u8]);

impl<'a> Capabilities<'a> {
    /// The names as the server wrote them. A list that lacks `IMAP4rev1` or ends early is no error.
    pub fn iter(self) -> impl Iterator<Item = &'a str> {
        let words = self
            .0
            .split(|&byte| byte == b' ')
            .filter(|word| !word.is_empty());
        words.filter_map(|word| std::str::from_utf8(word).ok())
    }

    /// Whether the list has `name`; names compare case-insensitively.
    #[must_use]
    pub fn has(self, name: &str) -> bool {
        self.iter().any(|known| known.eq_ignore_ascii_case(name))
    }
}

/// `capability *(SP capability)`, up to the end of the input.
pub(crate) fn capability_list<'a>(
    reading: &Reading,
    input: &'a [u8],
) -> Parsed<'a, Capabilities<'a>> {
    let mut rest = no_sp(reading, input)?.0;
    let list = Capabilities(rest);
    while !rest.is_empty() {
        let end = memchr::memchr(b' ', rest).unwrap_or(rest.len());
        let (name, tail) = rest.split_at(end);
        if !name.iter().all(|&byte| is_strict_atom_char(byte)) {
            reading.accept(Quirk::OddCapability, rest, "a capability that is an atom")?;
        }
        let next = tail.strip_prefix(b" ").unwrap_or(tail);
        if next.is_empty() && !tail.is_empty() {
            reading.accept(Quirk::ExtraBlanks, tail, "no more spaces")?;
        }
        rest = no_sp(reading, next)?.0;
    }
    Ok((rest, list))
}
