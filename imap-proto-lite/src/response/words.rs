//! Strings or atoms that follow each other up to the end of a response.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::error::Parsed;
use crate::primitive::{astring, blanks, no_sp, sp};
use crate::tolerance::Reading;

/// `*(SP astring)`, up to the end of the input.
pub(crate) fn astrings<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Vec<Cow<'a, [u8]>>> {
    let mut words = Vec::new();
    let mut rest = input;
    while !blanks(rest).is_empty() {
        let (tail, ()) = sp(reading, rest)?;
        let (tail, word) = astring(reading, tail)?;
        words.push(word);
        rest = tail;
    }
    no_sp(reading, rest).map(|(rest, ())| (rest, words))
}
