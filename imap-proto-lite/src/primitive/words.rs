//! Single bytes, atoms and NIL: RFC 9051 section 9.

use nom::bytes::complete::take_while1;

use crate::chars::is_atom_char;
use crate::error::{Parsed, fail};

/// One given byte.
#[inline]
pub(crate) fn byte<'a>(wanted: u8, expected: &'static str, input: &'a [u8]) -> Parsed<'a, ()> {
    match input.split_first() {
        Some((&first, rest)) if first == wanted => Ok((rest, ())),
        _ => fail(input, expected),
    }
}

/// `atom = 1*ATOM-CHAR`
pub(crate) fn atom(input: &[u8]) -> Parsed<'_, &[u8]> {
    take_while1(is_atom_char)(input)
}

/// `nil = "NIL"`
#[inline]
pub(crate) fn nil(input: &[u8]) -> Parsed<'_, ()> {
    if !matches!(input.first(), Some(b'n' | b'N')) {
        return fail(input, "NIL");
    }
    let (rest, word) = atom(input)?;
    if word.eq_ignore_ascii_case(b"NIL") {
        Ok((rest, ()))
    } else {
        fail(input, "NIL")
    }
}

/// `nil`, or what the rule wants.
pub(crate) fn or_nil<'a, T>(
    input: &'a [u8],
    rule: impl FnOnce(&'a [u8]) -> Parsed<'a, T>,
) -> Parsed<'a, Option<T>> {
    match nil(input) {
        Ok((rest, ())) => Ok((rest, None)),
        Err(_) => rule(input).map(|(rest, value)| (rest, Some(value))),
    }
}
