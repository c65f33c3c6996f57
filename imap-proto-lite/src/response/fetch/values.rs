//! The values of the items that a sync asks for: RFC 9051 section 7.5.2, and MODSEQ of RFC 7162.

use crate::date::{DateField, InternalDate, is_date_time};
use crate::error::{Parsed, fail};
use crate::flag::{Flags, flag_list};
use crate::ids::{ModSeq, Uid};
use crate::primitive::{any_value, number64, nz_number};
use crate::quirk::Quirk;
use crate::tolerance::Reading;

/// `uniqueid = nz-number`, and nothing that clings to it.
pub(super) fn uniqueid(input: &[u8]) -> Parsed<'_, Uid> {
    let (rest, uid) = nz_number(input)?;
    match (Uid::new(uid.get()), rest.first()) {
        (Some(uid), Some(b' ' | b')')) => Ok((rest, uid)),
        _ => fail(input, "a UID"),
    }
}

/// A list of flags; anything else than a list is none.
pub(super) fn flags<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Option<Flags<'a>>> {
    if input.first() == Some(&b'(') {
        return flag_list(reading, input).map(|(rest, flags)| (rest, Some(flags)));
    }
    reading.accept(Quirk::OddItem, input, "a list of flags")?;
    any_value(reading, input).map(|(rest, _)| (rest, None))
}

/// `date-time`; another form that names an instant is read as well, and what does not is kept as it is.
pub(super) fn internal_date<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, DateField<'a>> {
    let (rest, raw) = any_value(reading, input)?;
    let quoted = raw
        .strip_prefix(b"\"")
        .and_then(|text| text.strip_suffix(b"\""));
    let text = quoted.unwrap_or(raw);
    let date = InternalDate::parse(text).or_else(|| InternalDate::parse_imf(text));
    if date.is_none() || quoted.is_none() || !is_date_time(text) {
        reading.accept(Quirk::OddDate, input, "a date")?;
    }
    Ok((
        rest,
        date.map_or(DateField::Invalid(text), DateField::Valid),
    ))
}

/// `"(" permsg-modsequence ")"`; Zoho sends `(-1)`.
pub(super) fn mod_seq<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Option<ModSeq>> {
    let (rest, raw) = any_value(reading, input)?;
    let inside = raw
        .strip_prefix(b"(")
        .and_then(|raw| raw.strip_suffix(b")"));
    let number = match number64(inside.unwrap_or(raw).trim_ascii()) {
        Ok(([], number)) => Some(ModSeq(number)),
        _ => None,
    };
    if number.is_none() || inside.is_none() {
        reading.accept(Quirk::OddNumber, input, "a mod-sequence in parentheses")?;
    }
    Ok((rest, number))
}
