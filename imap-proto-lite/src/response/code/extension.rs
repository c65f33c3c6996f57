//! Response codes of extensions that carry a value; each rule names its RFC.

use alloc::borrow::Cow;

use crate::error::{Parsed, fail};
use crate::ids::Uid;
use crate::primitive::{atom, byte, number, nz_number, or_nil, quoted, sp};
use crate::response::code::Code;
use crate::response::code::known::whole;
use crate::response::fetch::item::object_id;
use crate::sequence_set::sequence_set;
use crate::tolerance::Reading;

/// The code of this name, or the name with its value where it is unknown; `None` when the value of
/// a known one makes no sense.
pub(super) fn extension_code<'a>(
    reading: &Reading,
    name: &'a [u8],
    value: &'a [u8],
) -> Option<Code<'a>> {
    let is = |wanted: &[u8]| name.eq_ignore_ascii_case(wanted);
    let some = (!value.is_empty()).then_some(value);
    if is(b"MODIFIED") {
        whole(sequence_set(value)).map(Code::Modified)
    } else if is(b"MAILBOXID") {
        whole(object_id(reading, value)).map(Code::MailboxId)
    } else if is(b"MESSAGELIMIT") {
        whole(message_limit(reading, value))
    } else if is(b"INPROGRESS") {
        whole(in_progress(reading, value))
    } else if is(b"METADATA") {
        whole(metadata(reading, value))
    } else if is(b"NOUPDATE") {
        whole(tag_string(reading, value)).map(Code::NoUpdate)
    } else if is(b"BADCHARSET") {
        Some(Code::BadCharset(value))
    } else if is(b"BADEVENT") {
        some.map(Code::BadEvent)
    } else if is(b"BADURL") {
        some.map(Code::BadUrl)
    } else if is(b"REFERRAL") {
        some.map(Code::Referral)
    } else if is(b"UNDEFINED-FILTER") {
        some.map(Code::UndefinedFilter)
    } else {
        Some(Code::Other { name, value })
    }
}

/// `"MESSAGELIMIT" SP message-limit [SP uniqueid]`: RFC 9738 section 5.
fn message_limit<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Code<'a>> {
    let (rest, limit) = nz_number(input)?;
    let limit = limit.get();
    if rest.is_empty() {
        let lowest = None;
        return Ok((rest, Code::MessageLimit { limit, lowest }));
    }
    let (rest, ()) = sp(reading, rest)?;
    let (rest, uid) = nz_number(rest)?;
    let lowest = Uid::new(uid.get());
    Ok((rest, Code::MessageLimit { limit, lowest }))
}

/// `"INPROGRESS" [SP "(" (quoted / nil) SP (number / nil) SP (nz-number / nil) ")"]`: RFC 9585 section 4.
fn in_progress<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Code<'a>> {
    if input.is_empty() {
        let (tag, done, goal) = (None, None, None);
        return Ok((input, Code::InProgress { tag, done, goal }));
    }
    let (rest, ()) = byte(b'(', "a list", input)?;
    let (rest, tag) = or_nil(rest, |rest| tag_string(reading, rest))?;
    let (rest, ()) = sp(reading, rest)?;
    let (rest, done) = or_nil(rest, number)?;
    let (rest, ()) = sp(reading, rest)?;
    let (rest, goal) = or_nil(rest, number)?;
    let (rest, ()) = byte(b')', "the end of a list", rest)?;
    Ok((rest, Code::InProgress { tag, done, goal }))
}

/// `"METADATA" SP ("LONGENTRIES" SP number / "MAXSIZE" SP number / "TOOMANY" / "NOPRIVATE")`: RFC 5464
/// section 5.
fn metadata<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Code<'a>> {
    let (rest, word) = atom(input)?;
    let is = |wanted: &[u8]| word.eq_ignore_ascii_case(wanted);
    if is(b"TOOMANY") {
        return Ok((rest, Code::MetadataTooMany));
    }
    if is(b"NOPRIVATE") {
        return Ok((rest, Code::MetadataNoPrivate));
    }
    let code = if is(b"LONGENTRIES") {
        Code::MetadataLongEntries
    } else if is(b"MAXSIZE") {
        Code::MetadataMaxSize
    } else {
        return fail(input, "LONGENTRIES, MAXSIZE, TOOMANY or NOPRIVATE");
    };
    let (rest, ()) = sp(reading, rest)?;
    let (rest, octets) = number(rest)?;
    Ok((rest, code(octets)))
}

/// A tag in quotes, which has nothing to escape.
fn tag_string<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, &'a [u8]> {
    match quoted(reading, input)? {
        (rest, Cow::Borrowed(tag)) => Ok((rest, tag)),
        (_, Cow::Owned(_)) => fail(input, "a tag"),
    }
}
