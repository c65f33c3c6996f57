//! The items of a FETCH response, one by one: RFC 9051 section 9, `msg-att`.

use super::Fetch;
use super::item::rare_item;
use super::section::{has_section, item_name, section};
use super::values::{flags, internal_date, mod_seq, uniqueid};
use crate::error::{Fail, Parsed, fail};
use crate::primitive::{Next, any_value, byte, lacks_value, next_in_list, no_sp, odd_number, sp};
use crate::quirk::Quirk;
use crate::response::raw::Raw;
use crate::tolerance::Reading;

pub(super) fn msg_att<'a>(
    reading: &Reading,
    mut fetch: Fetch<'a>,
    input: &'a [u8],
) -> Parsed<'a, Fetch<'a>> {
    let (rest, ()) = byte(b'(', "a list of items", input)?;
    let (mut rest, ()) = no_sp(reading, rest)?;
    if let Some(after) = rest.strip_prefix(b")") {
        reading.accept(Quirk::EmptyFetch, rest, "an item")?;
        return Ok((after, fetch));
    }
    loop {
        let tail = msg_att_item(reading, &mut fetch, rest)?;
        match next_in_list(reading, tail)? {
            (after, Next::End) => return Ok((after, fetch)),
            (next, Next::Element) => rest = next,
        }
    }
}

pub(super) fn msg_att_item<'a>(
    reading: &Reading,
    fetch: &mut Fetch<'a>,
    input: &'a [u8],
) -> Result<&'a [u8], nom::Err<Fail<'a>>> {
    let (after_name, name) = item_name(reading, input)?;
    let is = |wanted: &[u8]| name.eq_ignore_ascii_case(wanted);
    if has_section(name, after_name) || is(b"RFC822") || is(b"RFC822.TEXT") || is(b"RFC822.HEADER")
    {
        let (rest, section) = section(reading, input, after_name)?;
        fetch.sections.push(section);
        return Ok(rest);
    }
    let is_uid = is(b"UID");
    if lacks_value(after_name) && !is_uid {
        reading.accept(Quirk::OddItem, after_name, "a value")?;
        return Ok(after_name);
    }
    let (value, ()) = sp(reading, after_name)?;
    if is_uid {
        let (rest, uid) = uniqueid(value)?;
        if fetch.uid.is_some_and(|other| other != uid) {
            return fail(value, "one UID").map(|(rest, ())| rest);
        }
        fetch.uid = Some(uid);
        return Ok(rest);
    }
    if is(b"FLAGS") {
        return flags(reading, value).map(|(rest, flags)| {
            fetch.flags = flags;
            rest
        });
    }
    if is(b"INTERNALDATE") {
        return internal_date(reading, value).map(|(rest, date)| {
            fetch.internal_date = Some(date);
            rest
        });
    }
    if is(b"RFC822.SIZE") {
        return odd_number(reading, value).map(|(rest, size)| {
            fetch.size = size;
            rest
        });
    }
    if is(b"MODSEQ") {
        return mod_seq(reading, value).map(|(rest, number)| {
            fetch.mod_seq = number;
            rest
        });
    }
    if is(b"ENVELOPE") {
        return any_value(reading, value).map(|(rest, raw)| {
            fetch.envelope = Some(Raw(raw));
            rest
        });
    }
    if is(b"BODYSTRUCTURE") || is(b"BODY") {
        return any_value(reading, value).map(|(rest, raw)| {
            fetch.body_structure = Some(Raw(raw));
            rest
        });
    }
    rare_item(reading, name, value).map(|(rest, item)| {
        fetch.items.push(item);
        rest
    })
}
