//! Lists of strings in wire form, as ENVELOPE, BODYSTRUCTURE and others hold them.

use alloc::borrow::Cow;

use crate::error::Parsed;
use crate::primitive::{Next, byte, next_in_list, no_sp, nstring};
use crate::quirk::Quirk;
use crate::tolerance::Reading;

/// Strings with blanks between them: checked, and read as they are walked (RFC 9051 section 4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Strings<'a>(pub(crate) &'a [u8]);

impl<'a> Strings<'a> {
    /// The strings in the server's order; one that is NIL is empty.
    pub fn iter(self) -> impl Iterator<Item = Cow<'a, [u8]>> {
        let reading = Reading::lenient();
        let mut rest = self.0;
        core::iter::from_fn(move || {
            let (from, ()) = no_sp(&reading, rest).ok()?;
            let (tail, text) = nstring(&reading, from).ok()?;
            rest = tail;
            Some(text.unwrap_or_default())
        })
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}

/// `"(" string *(SP string) ")"` and how many there are; an empty list, and NIL for a string, show
/// the quirk.
pub(crate) fn string_list<'a>(
    reading: &Reading,
    quirk: Quirk,
    input: &'a [u8],
) -> Parsed<'a, (Strings<'a>, usize)> {
    let (inside, ()) = byte(b'(', "a list of strings", input)?;
    let (begin, ()) = no_sp(reading, inside)?;
    if let Some(after) = begin.strip_prefix(b")") {
        reading.accept(quirk, begin, "a string")?;
        return Ok((after, (Strings::default(), 0)));
    }
    let mut rest = begin;
    let mut count = 0;
    loop {
        let (tail, text) = nstring(reading, rest)?;
        if text.is_none() {
            reading.accept(quirk, rest, "a string")?;
        }
        count += 1;
        match next_in_list(reading, tail)? {
            (next, Next::Element) => rest = next,
            (after, Next::End) => {
                let length = begin.len() - tail.len();
                let strings = Strings(begin.get(..length).unwrap_or_default());
                return Ok((after, (strings, count)));
            }
        }
    }
}
