//! Literals that stand in the frame: RFC 9051 section 4.3.

use nom::bytes::complete::take;

use super::{blanks, byte, number64};
use crate::error::{Parsed, fail};
use crate::quirk::Quirk;
use crate::tolerance::Reading;

/// `"{" number64 ["+"] "}" CRLF`, also behind `~`: the octets that follow.
pub(crate) fn literal_header<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, u64> {
    let opened = input.strip_prefix(b"~").unwrap_or(input);
    let (rest, ()) = byte(b'{', "a literal", opened)?;
    if let [b'0', b'0'..=b'9', ..] = rest {
        reading.accept(Quirk::LeadingZero, rest, "a number without zeros in front")?;
    }
    let (rest, octets) = number64(rest)?;
    let rest = rest.strip_prefix(b"+").unwrap_or(rest);
    let (mut rest, ()) = byte(b'}', "the end of a literal's length", rest)?;
    if rest.first() == Some(&b' ') {
        reading.accept(Quirk::BlanksAfterLiteral, rest, "CRLF")?;
        rest = blanks(rest);
    }
    rest = match rest.strip_prefix(b"\r") {
        Some(rest) => rest,
        None => {
            reading.accept(Quirk::BareLineFeed, rest, "CRLF")?;
            rest
        }
    };
    let (rest, ()) = byte(b'\n', "the end of a literal's line", rest)?;
    Ok((rest, octets))
}

/// `literal`: its octets, contiguous in the frame.
pub(crate) fn literal<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, &'a [u8]> {
    let (rest, octets) = literal_header(reading, input)?;
    let Ok(octets) = usize::try_from(octets) else {
        return fail(input, "a literal that fits");
    };
    take(octets)(rest)
}
