//! The items of a STATUS response: RFC 9051 section 9, `status-att-val`.

use super::{AppendLimit, MailboxStatus};
use crate::error::{Fail, Parsed};
use crate::ids::{ModSeq, Uid, UidValidity};
use crate::primitive::{any_value, nil, nz_number, odd_number};
use crate::quirk::Quirk;
use crate::response::fetch::item::object_id;
use crate::tolerance::Reading;

pub(super) fn status_item<'a>(
    reading: &Reading,
    status: &mut MailboxStatus<'a>,
    name: &[u8],
    input: &'a [u8],
) -> Result<&'a [u8], nom::Err<Fail<'a>>> {
    let is = |wanted: &[u8]| name.eq_ignore_ascii_case(wanted);
    if is(b"MESSAGES") {
        return odd_number(reading, input).map(|(rest, n)| {
            status.messages = n;
            rest
        });
    }
    if is(b"UIDNEXT") {
        return nz_or_nothing(reading, input).map(|(rest, n)| {
            status.uid_next = n.and_then(Uid::new);
            rest
        });
    }
    if is(b"UIDVALIDITY") {
        return nz_or_nothing(reading, input).map(|(rest, n)| {
            status.uid_validity = n.and_then(UidValidity::new);
            rest
        });
    }
    if is(b"UNSEEN") {
        return odd_number(reading, input).map(|(rest, n)| {
            status.unseen = n;
            rest
        });
    }
    if is(b"SIZE") {
        return odd_number(reading, input).map(|(rest, n)| {
            status.size = n;
            rest
        });
    }
    if is(b"HIGHESTMODSEQ") {
        return odd_number(reading, input).map(|(rest, n)| {
            status.highest_mod_seq = n.filter(|&n| n > 0).map(ModSeq);
            rest
        });
    }
    if is(b"RECENT") {
        return odd_number(reading, input).map(|(rest, n)| {
            status.recent = n;
            rest
        });
    }
    if is(b"DELETED") {
        return odd_number(reading, input).map(|(rest, n)| {
            status.deleted = n;
            rest
        });
    }
    if is(b"DELETED-STORAGE") {
        return odd_number(reading, input).map(|(rest, n)| {
            status.deleted_storage = n;
            rest
        });
    }
    if is(b"MAILBOXID") {
        return mailbox_id(reading, input).map(|(rest, id)| {
            status.mailbox_id = id;
            rest
        });
    }
    if is(b"APPENDLIMIT") {
        return append_limit(reading, input).map(|(rest, limit)| {
            status.append_limit = limit;
            rest
        });
    }
    any_value(reading, input).map(|(rest, _)| rest)
}

/// `"(" objectid ")"`; anything else is no ID.
fn mailbox_id<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Option<&'a [u8]>> {
    match reading.attempt(|| object_id(reading, input)) {
        Err(nom::Err::Error(_)) => {
            reading.accept(Quirk::OddItem, input, "an object ID")?;
            any_value(reading, input).map(|(rest, _)| (rest, None))
        }
        read => read.map(|(rest, id)| (rest, Some(id))),
    }
}

/// `number / nil`
fn append_limit<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Option<AppendLimit>> {
    match nil(input) {
        Ok((rest, ())) => Ok((rest, Some(AppendLimit::Unlimited))),
        Err(_) => odd_number(reading, input).map(|(rest, n)| (rest, n.map(AppendLimit::Octets))),
    }
}

/// A number that names something; a zero says that there is none (quirk 25), anything else is an error.
fn nz_or_nothing<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Option<u32>> {
    if let [b'0', rest @ ..] = input
        && !rest.first().is_some_and(u8::is_ascii_digit)
    {
        reading.accept(Quirk::OddNumber, input, "a number above zero")?;
        return Ok((rest, None));
    }
    nz_number(input).map(|(rest, n)| (rest, Some(n.get())))
}
