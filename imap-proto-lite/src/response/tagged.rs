//! The end of a command: RFC 9051 section 9, `response-tagged`. A line that is none is a stray one.

use nom::bytes::complete::take_while1;

use crate::chars::is_strict_atom_char;
use crate::error::{Parsed, fail};
use crate::primitive::{atom, sp};
use crate::quirk::Quirk;
use crate::response::Response;
use crate::response::status::{Condition, condition, status};
use crate::tolerance::Reading;

/// `response-tagged = tag SP resp-cond-state`, where a line of another shape is none of ours.
pub(super) fn tagged<'a>(reading: &Reading, line: &'a [u8]) -> Parsed<'a, Response<'a>> {
    let (after, (tag, condition)) = match reading.attempt(|| tag_and_condition(reading, line)) {
        Ok(read) => read,
        Err(nom::Err::Error(_)) if reading.accepts(Quirk::StrayLine) => {
            return Ok((&[], Response::Stray(line)));
        }
        Err(error) => return Err(error),
    };
    if matches!(condition, Condition::Bye | Condition::PreAuth) {
        reading.accept(Quirk::TaggedCondition, line, "OK, NO or BAD")?;
    }
    let (rest, status) = status(reading, condition, after)?;
    Ok((rest, Response::Tagged { tag, status }))
}

/// The tag is read as we write ours, so that no other line is taken for the end of a command.
fn tag_and_condition<'a>(reading: &Reading, line: &'a [u8]) -> Parsed<'a, (&'a [u8], Condition)> {
    let (rest, tag) = take_while1(is_tag_char)(line)?;
    let (after, ()) = match rest.first() {
        Some(b' ') => sp(reading, rest)?,
        _ => return fail(rest, "a space behind a tag"),
    };
    let (tail, word) = atom(after)?;
    match condition(word) {
        Some(condition) => Ok((tail, (tag, condition))),
        None => fail(after, "OK, NO or BAD"),
    }
}

/// `tag = 1*<any ASTRING-CHAR except "+">`
const fn is_tag_char(byte: u8) -> bool {
    is_strict_atom_char(byte) && byte != b'+' || byte == b']'
}
