//! Numbers that do not wrap: RFC 9051 section 9, `number`, `number64`, `nz-number`.

use core::num::NonZeroU32;

use super::any_value;
use crate::digits::short_number;
use crate::error::{Parsed, fail};
use crate::quirk::Quirk;
use crate::tolerance::Reading;

/// `number64 = 1*DIGIT`, checked.
pub(crate) fn number64(input: &[u8]) -> Parsed<'_, u64> {
    let mut value: u64 = 0;
    let mut rest = input;
    while let Some((&digit @ b'0'..=b'9', tail)) = rest.split_first() {
        let next = value
            .checked_mul(10)
            .and_then(|v| v.checked_add(u64::from(digit - b'0')));
        let Some(next) = next else {
            return fail(input, "a number below 2^64");
        };
        value = next;
        rest = tail;
    }
    if rest.len() == input.len() {
        fail(input, "a number")
    } else {
        Ok((rest, value))
    }
}

/// `number = 1*DIGIT`, below 2^32.
#[inline]
pub(crate) fn number(input: &[u8]) -> Parsed<'_, u32> {
    if let Some(parsed) = short_number(input) {
        return Ok(parsed);
    }
    let (rest, value) = number64(input)?;
    match u32::try_from(value) {
        Ok(value) => Ok((rest, value)),
        Err(_) => fail(input, "a number below 2^32"),
    }
}

/// `nz-number = digit-nz *DIGIT`, below 2^32. What names a message or a mailbox's generation is read so or
/// not at all: no zero, no zeros in front.
pub(crate) fn nz_number(input: &[u8]) -> Parsed<'_, NonZeroU32> {
    if input.first() == Some(&b'0') {
        return fail(input, "a number above zero");
    }
    let (rest, value) = number(input)?;
    match NonZeroU32::new(value) {
        Some(value) => Ok((rest, value)),
        None => fail(input, "a number above zero"),
    }
}

/// A number of the width of `T`; a value that is none (`-1`, `9.3e+06`) is passed over.
pub(crate) fn odd_number<'a, T: TryFrom<u64>>(
    reading: &Reading,
    input: &'a [u8],
) -> Parsed<'a, Option<T>> {
    if let Ok((rest, value)) = number64(input)
        && matches!(rest.first(), None | Some(b' ' | b')'))
        && let Ok(value) = T::try_from(value)
    {
        return Ok((rest, Some(value)));
    }
    reading.accept(Quirk::OddNumber, input, "a number")?;
    any_value(reading, input).map(|(rest, _)| (rest, None))
}
