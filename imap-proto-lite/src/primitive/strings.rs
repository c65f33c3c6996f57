//! Strings in each of their forms: RFC 9051 sections 4.3 and 9, `string`, `nstring`, `astring`.

use alloc::borrow::Cow;

use nom::bytes::complete::take_while1;

use super::quoted::end_of_quoted;
use super::{literal, literal_header, nil, quoted};
use crate::chars::is_astring_char;
use crate::error::{Parsed, fail};
use crate::quirk::Quirk;
use crate::tolerance::Reading;

/// `string = quoted / literal`
#[inline]
pub(crate) fn string<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Cow<'a, [u8]>> {
    match input.first() {
        Some(b'"') => quoted(reading, input),
        Some(b'{' | b'~') => {
            literal(reading, input).map(|(rest, text)| (rest, Cow::Borrowed(text)))
        }
        _ => fail(input, "a string"),
    }
}

/// `nstring = string / nil`
#[inline]
pub(crate) fn nstring<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Option<Cow<'a, [u8]>>> {
    match nil(input) {
        Ok((rest, ())) => Ok((rest, None)),
        Err(_) => string(reading, input).map(|(rest, text)| (rest, Some(text))),
    }
}

/// `astring = 1*ASTRING-CHAR / string`
pub(crate) fn astring<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Cow<'a, [u8]>> {
    match input {
        [b'"' | b'{', ..] | [b'~', b'{', ..] => string(reading, input),
        _ => {
            let (rest, text) = take_while1(is_astring_char)(input)?;
            if !text.is_ascii() {
                reading.accept(Quirk::EightBitAtom, input, "octets below 128")?;
            }
            Ok((rest, Cow::Borrowed(text)))
        }
    }
}

/// Where a string ends that begins here, as far as can be told of bytes that make no sense: a literal that
/// the framer streamed hides what follows it, an open string the rest of the line.
pub(crate) fn end_of_string(input: &[u8]) -> usize {
    let octets = match input.split_first() {
        Some((b'"', body)) => end_of_quoted(body).0 + 2,
        _ => match literal_header(&Reading::lenient(), input) {
            Ok((rest, octets)) => {
                let header = input.len() - rest.len();
                usize::try_from(octets).map_or(usize::MAX, |octets| header.saturating_add(octets))
            }
            Err(_) => 1,
        },
    };
    octets.min(input.len())
}
