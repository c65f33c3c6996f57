//! Quoted strings, also those of servers that do not escape what they quote: RFC 9051 section 4.3.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::byte;
use crate::error::{Parsed, fail};
use crate::plain_quoted::plain_quoted;
use crate::quirk::Quirk;
use crate::tolerance::Reading;

/// `quoted = DQUOTE *QUOTED-CHAR DQUOTE`; borrowed unless it holds a backslash. A line end within
/// it could only stand behind what the framer took for a literal.
#[inline]
pub(crate) fn quoted<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Cow<'a, [u8]>> {
    let (body, ()) = byte(b'"', "a quoted string", input)?;
    match plain_quoted(body) {
        Some((text, rest)) if can_follow_string(rest) => Ok((rest, Cow::Borrowed(text))),
        _ => odd_quoted(reading, input, body),
    }
}

/// One that holds more than printable ASCII; `body` is what stands behind its first quote.
fn odd_quoted<'a>(reading: &Reading, input: &'a [u8], body: &'a [u8]) -> Parsed<'a, Cow<'a, [u8]>> {
    let (at, end) = end_of_quoted(body);
    let (text, tail) = body.split_at(at);
    let rest = match (end, tail) {
        (QuotedEnd::None, _) | (_, []) => return fail(input, "the end of a quoted string"),
        (_, [_, rest @ ..]) => rest,
    };
    if let QuotedEnd::BareQuotes = end {
        reading.accept(Quirk::UnescapedQuote, rest, "a backslash before a quote")?;
    }
    if !text.is_ascii() {
        reading.accept(Quirk::EightBitQuoted, input, "octets below 128")?;
    }
    if memchr::memchr2(0, b'\r', text).is_some() {
        reading.accept(Quirk::ControlInQuoted, input, "neither NUL nor CR")?;
    }
    if memchr::memchr(b'\\', text).is_none() {
        return Ok((rest, Cow::Borrowed(text)));
    }
    let (plain, stray) = unescape(text);
    if stray {
        reading.accept(Quirk::UnescapedBackslash, input, "an escaped backslash")?;
    }
    Ok((rest, Cow::Owned(plain)))
}

/// How the end of a quoted string was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QuotedEnd {
    /// At the first quote without a backslash.
    FirstQuote,
    /// At a later one: those before it are content, by what follows them.
    BareQuotes,
    /// Nowhere in the line.
    None,
}

/// Where a quoted string ends. Servers that do not escape quotes (quirk 68) write them before anything;
/// one that ends a string stands before a space, a parenthesis, `]`, or the end of the line. Where no
/// such quote is left, a backslash before one that could end the string escapes nothing (quirk 69).
pub(super) fn end_of_quoted(body: &[u8]) -> (usize, QuotedEnd) {
    let (mut from, mut end) = (0, QuotedEnd::FirstQuote);
    let mut behind_backslash = None;
    while let Some(at) = memchr::memchr3(b'"', b'\\', b'\n', body.get(from..).unwrap_or_default()) {
        let at = from + at;
        match body.get(at..).unwrap_or_default() {
            [b'"', after @ ..] if can_follow_string(after) => return (at, end),
            [b'"', ..] => {
                end = QuotedEnd::BareQuotes;
                from = at + 1;
            }
            [b'\\', b'"', after @ ..] => {
                if behind_backslash.is_none() && can_follow_string(after) {
                    behind_backslash = Some((at + 1, end));
                }
                from = at + 2;
            }
            [b'\\', b'\\', ..] => from = at + 2,
            [b'\\', ..] => from = at + 1,
            _ => break,
        }
    }
    behind_backslash.unwrap_or((body.len(), QuotedEnd::None))
}

const fn can_follow_string(after: &[u8]) -> bool {
    matches!(after, [] | [b' ' | b'(' | b')' | b']' | b'\r', ..])
}

/// The content of a quoted string, and whether some backslash in it escapes nothing; that one is content.
fn unescape(text: &[u8]) -> (Vec<u8>, bool) {
    let mut plain = Vec::with_capacity(text.len());
    let mut stray = false;
    let mut rest = text;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match (byte, tail) {
            (b'\\', [escaped @ (b'"' | b'\\'), after @ ..]) => {
                plain.push(*escaped);
                rest = after;
            }
            _ => {
                stray |= byte == b'\\';
                plain.push(byte);
            }
        }
    }
    (plain, stray)
}
