//! Body sections, with their names and values: RFC 9051 section 6.4.5.1.

use alloc::borrow::Cow;

use nom::bytes::complete::take_while1;

use crate::chars::is_item_name_char;
use crate::error::{Fail, Parsed, fail};
use crate::frame::section::announces_body;
use crate::primitive::{blanks, lacks_value, literal_header, nil, nstring, number64, quoted, sp};
use crate::quirk::Quirk;
use crate::tolerance::Reading;

/// One body section with its value: RFC 9051 section 6.4.5.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section<'a> {
    /// The item as the server names it, such as `BODY[]` or `BODY[HEADER.FIELDS (DATE)]`.
    pub item: &'a [u8],
    /// What it holds.
    pub value: BodyValue<'a>,
}

/// The value of a body section (RFC 9051 section 7.5.2, `BODY[...]`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyValue<'a> {
    /// NIL, or nothing where a value should be: the server has no such text.
    Absent,
    /// Text within the response.
    Inline(Cow<'a, [u8]>),
    /// So many octets that the framer streamed past: see [`Piece`](crate::Piece).
    Streamed(u64),
}

/// The name of an item; the section behind it belongs to it, unless it is one of a body.
pub(super) fn item_name<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, &'a [u8]> {
    let (rest, name) = take_while1(is_item_name_char)(input)?;
    match rest.strip_prefix(b"[") {
        Some(inside) if !has_section(name, rest) => {
            let rest = end_of_section(reading, inside)?;
            let length = input.len() - rest.len();
            Ok((rest, input.get(..length).unwrap_or_default()))
        }
        _ => Ok((rest, name)),
    }
}

/// Whether this is `BODY[...]` or `BINARY[...]`, also as a server that repeats the client's `.PEEK` has it.
pub(super) fn has_section(name: &[u8], after_name: &[u8]) -> bool {
    const NAMES: [&[u8]; 4] = [b"BODY", b"BINARY", b"BODY.PEEK", b"BINARY.PEEK"];
    after_name.starts_with(b"[") && NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// `"BODY" section ["<" number ">"] SP nstring`, from the item's name on.
pub(super) fn section<'a>(
    reading: &Reading,
    input: &'a [u8],
    after_name: &'a [u8],
) -> Parsed<'a, Section<'a>> {
    let mut rest = after_name;
    if let Some(inside) = rest.strip_prefix(b"[") {
        rest = end_of_section(reading, inside)?;
    }
    if let Some(origin) = rest.strip_prefix(b"<") {
        let (tail, _) = number64(origin)?;
        let Some(tail) = tail.strip_prefix(b">") else {
            return fail(tail, "the end of an origin");
        };
        rest = tail;
    }
    let item = input.get(..input.len() - rest.len()).unwrap_or_default();
    if lacks_value(rest) || !begins_nstring(blanks(rest)) {
        reading.accept(Quirk::OddItem, rest, "a value")?;
        let value = BodyValue::Absent;
        return Ok((rest, Section { item, value }));
    }
    let (text, ()) = sp(reading, rest)?;
    let (rest, value) = if announces_body(item) && matches!(text.first(), Some(b'{' | b'~')) {
        let (rest, octets) = literal_header(reading, text)?;
        (rest, BodyValue::Streamed(octets))
    } else {
        let (rest, text) = nstring(reading, text)?;
        (rest, text.map_or(BodyValue::Absent, BodyValue::Inline))
    };
    Ok((rest, Section { item, value }))
}

/// Whether a string or NIL stands here, and not another item already (quirk 83).
fn begins_nstring(input: &[u8]) -> bool {
    matches!(input.first(), Some(b'"' | b'{' | b'~')) || nil(input).is_ok()
}

/// What follows the `]`; header names inside may be quoted.
fn end_of_section<'a>(reading: &Reading, inside: &'a [u8]) -> Result<&'a [u8], nom::Err<Fail<'a>>> {
    let mut rest = inside;
    loop {
        match rest.split_first() {
            Some((b']', after)) => return Ok(after),
            Some((b'"', _)) => rest = quoted(reading, rest)?.0,
            Some((b'\r' | b'\n', _)) | None => {
                return fail(rest, "the end of a section").map(|(rest, ())| rest);
            }
            Some((_, after)) => rest = after,
        }
    }
}
