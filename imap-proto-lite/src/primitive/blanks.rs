//! Spaces: one where the grammar has one (RFC 9051 section 9, `SP`), and what servers make of it.

use crate::error::{Parsed, fail};
use crate::quirk::Quirk;
use crate::tolerance::Reading;

/// `SP`: the grammar says one, servers send more or none.
#[inline]
pub(crate) fn sp<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, ()> {
    match input {
        [b' ', rest @ ..] => no_sp(reading, rest),
        _ => {
            reading.accept(Quirk::MissingBlank, input, "a space")?;
            Ok((input, ()))
        }
    }
}

/// Nothing where servers add blanks: before `)`, after `(`, at the end of a response.
#[inline]
pub(crate) fn no_sp<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, ()> {
    if input.first() != Some(&b' ') {
        return Ok((input, ()));
    }
    reading.accept(Quirk::ExtraBlanks, input, "no more spaces")?;
    Ok((blanks(input), ()))
}

/// `[SP ...]`: a space when something follows, else nothing.
pub(crate) fn sp_unless_end<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, ()> {
    if blanks(input).is_empty() {
        no_sp(reading, input)
    } else {
        sp(reading, input)
    }
}

/// What stands behind an element of a list in parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    Element,
    End,
}

/// `SP` and the next element, or `)`.
pub(crate) fn next_in_list<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Next> {
    if let [b' ', b')', ..] | [b' ', b' ', ..] = input {
        reading.accept(Quirk::ExtraBlanks, input, "no more spaces")?;
    }
    match blanks(input) {
        [b')', after @ ..] => Ok((after, Next::End)),
        [] => fail(input, "the end of a list"),
        element => {
            if element.len() == input.len() {
                reading.accept(Quirk::MissingBlank, input, "a space")?;
            }
            Ok((element, Next::Element))
        }
    }
}

/// `*SP`, where any number is taken without a word.
#[inline]
pub(crate) fn blanks(input: &[u8]) -> &[u8] {
    if input.first() != Some(&b' ') {
        return input;
    }
    let spaces = input.iter().take_while(|&&byte| byte == b' ').count();
    input.get(spaces..).unwrap_or_default()
}

/// Whether nothing stands behind an item's name where its value belongs.
pub(crate) fn lacks_value(behind_name: &[u8]) -> bool {
    matches!(blanks(behind_name).first(), None | Some(b')'))
}
