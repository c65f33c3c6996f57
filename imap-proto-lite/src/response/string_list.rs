//! Lists of strings in wire form, as ENVELOPE, BODYSTRUCTURE and others hold them.

use std::borrow::Cow;

use crate::error::Parsed;
use crate::primitive::{byte, no_sp, nstring, sp};
use crate::quirk::Quirk;
use crate::tolerance::Reading;

/// Strings with blanks between them: checked, and read as they are walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Strings<'a>(pub(crate) &'a [u8]);

impl<'a> Strings<'a> {
    /// The strings in the server's order; one that is NIL is empty.
    pub fn iter(self) -> impl Iterator<Item = Cow<'a, [u8]>> {
        let reading = Reading::lenient();
        let mut rest = self.0;
        std::iter::from_fn(move || {
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
    let mut rest = begin;
    let mut count = 0;
    let mut end = begin;
    while rest.first() != Some(&b')') {
        if count > 0 {
            rest = sp(reading, rest)?.0;
        }
        let at = rest;
        let (tail, text) = nstring(reading, rest)?;
        if text.is_none() {
            reading.accept(quirk, at, "a string")?;
        }
        count += 1;
        end = tail;
        rest = match tail.iter().find(|&&byte| byte != b' ') {
            Some(b')') => no_sp(reading, tail)?.0,
            _ => tail,
        };
    }
    if count == 0 {
        reading.accept(quirk, rest, "a string")?;
    }
    let (after, ()) = byte(b')', "the end of a list", rest)?;
    let length = begin.len() - end.len();
    let strings = Strings(begin.get(..length).unwrap_or_default());
    Ok((after, (strings, count)))
}
