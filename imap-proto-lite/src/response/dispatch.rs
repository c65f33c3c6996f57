//! Which rule reads an untagged response, by its name: RFC 9051 sections 7.2 to 7.5.

use crate::error::{Fail, Parsed, fail};
use crate::flag::flag_list;
use crate::ids::Uid;
use crate::primitive::{atom, no_sp, number, nz_number, sp, sp_unless_end, string};
use crate::quirk::Quirk;
use crate::response::Untagged;
use crate::response::acl::{acl, list_rights, my_rights};
use crate::response::capability::capability_list;
use crate::response::fetch::{fetch, uid_fetch};
use crate::response::identity::identity;
use crate::response::language::{comparator, languages};
use crate::response::list::mailbox_list;
use crate::response::mailbox_status::mailbox_status;
use crate::response::metadata::metadata;
use crate::response::namespace::namespaces;
use crate::response::quota::{quota, quota_root};
use crate::response::search::{esearch, search};
use crate::response::status::{condition, status};
use crate::response::stray::bare_code;
use crate::response::thread::threads;
use crate::response::vanished::vanished;
use crate::tolerance::Reading;

pub(super) fn untagged<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Untagged<'a>> {
    if input.first().is_some_and(u8::is_ascii_digit) {
        let (rest, number) = number(input)?;
        let (rest, ()) = sp(reading, rest)?;
        let (rest, word) = atom(rest)?;
        return numbered(reading, input, number, word, rest);
    }
    if let Some(status) = bare_code(reading, input)? {
        return Ok((&[], Untagged::Status(status)));
    }
    let (rest, word) = match atom(input) {
        Ok(read) if input.first() != Some(&b'[') => read,
        _ => {
            reading.accept(Quirk::OddResponse, input, "the name of a response")?;
            return Ok((&[], Untagged::Other(input)));
        }
    };
    if let Some(condition) = condition(word) {
        let (rest, status) = status(reading, condition, rest)?;
        return Ok((rest, Untagged::Status(status)));
    }
    match reading.attempt(|| named(reading, input, word, rest)) {
        // What names messages or mailboxes' generations is read or fails: see `MUST_BE_READ`.
        Err(nom::Err::Error(_)) if !must_be_read(word) && reading.accepts(Quirk::OddResponse) => {
            Ok((&[], Untagged::Other(input)))
        }
        read => read,
    }
}

/// Whether a response of this name, when its value makes no sense, is an error and not kept raw.
fn must_be_read(word: &[u8]) -> bool {
    MUST_BE_READ
        .iter()
        .any(|name| word.eq_ignore_ascii_case(name))
}

/// Who passes over one of these goes on with a wrong picture of a mailbox: messages that seem not to be
/// there, or UIDs of another generation. So do FETCH, EXISTS, RECENT and EXPUNGE, which begin with a number.
const MUST_BE_READ: [&[u8]; 6] = [
    b"ESEARCH",
    b"SEARCH",
    b"SORT",
    b"STATUS",
    b"THREAD",
    b"VANISHED",
];

/// Responses that begin with a number.
fn numbered<'a>(
    reading: &Reading,
    all: &'a [u8],
    number: u32,
    word: &[u8],
    after: &'a [u8],
) -> Parsed<'a, Untagged<'a>> {
    let is = |wanted: &[u8]| word.eq_ignore_ascii_case(wanted);
    if is(b"FETCH") {
        leading_zero(reading, all)?;
        let (rest, ()) = sp(reading, after)?;
        return complete(reading, fetch(reading, number, rest)?, Untagged::Fetch);
    }
    if is(b"UIDFETCH") {
        let (_, uid) = nz_number(all)?;
        let Some(uid) = Uid::new(uid.get()) else {
            return fail(all, "a UID");
        };
        let (rest, ()) = sp(reading, after)?;
        return complete(reading, uid_fetch(reading, uid, rest)?, Untagged::Fetch);
    }
    if is(b"EXISTS") {
        return complete(reading, (after, number), Untagged::Exists);
    }
    if is(b"RECENT") {
        return complete(reading, (after, number), Untagged::Recent);
    }
    if is(b"EXPUNGE") || is(b"EXPUNGED") {
        if is(b"EXPUNGED") {
            reading.accept(Quirk::ExpungedWord, all, "EXPUNGE")?;
        }
        let (_, position) = nz_number(all)?;
        return complete(reading, (after, position.get()), Untagged::Expunge);
    }
    Ok((&[], Untagged::Other(all)))
}

/// `nz-number` has no zero in front; a position means the same with one.
fn leading_zero<'a>(reading: &Reading, number: &'a [u8]) -> Result<(), nom::Err<Fail<'a>>> {
    match number {
        [b'0', b'0'..=b'9', ..] => reading.accept(
            Quirk::LeadingZero,
            number,
            "a number without zeros in front",
        ),
        _ => Ok(()),
    }
}

/// Responses that begin with a word.
fn named<'a>(
    reading: &Reading,
    all: &'a [u8],
    word: &[u8],
    after: &'a [u8],
) -> Parsed<'a, Untagged<'a>> {
    let (rest, ()) = sp_unless_end(reading, after)?;
    let is = |wanted: &[u8]| word.eq_ignore_ascii_case(wanted);
    if is(b"LIST") || is(b"XLIST") {
        complete(reading, mailbox_list(reading, rest)?, Untagged::List)
    } else if is(b"LSUB") {
        complete(reading, mailbox_list(reading, rest)?, Untagged::Lsub)
    } else if is(b"STATUS") {
        complete(
            reading,
            mailbox_status(reading, rest)?,
            Untagged::MailboxStatus,
        )
    } else if is(b"SEARCH") {
        complete(reading, search(reading, rest)?, Untagged::Search)
    } else if is(b"ESEARCH") {
        complete(reading, esearch(reading, rest)?, Untagged::Esearch)
    } else if is(b"CAPABILITY") {
        complete(
            reading,
            capability_list(reading, rest)?,
            Untagged::Capability,
        )
    } else if is(b"ENABLED") {
        complete(reading, capability_list(reading, rest)?, Untagged::Enabled)
    } else if is(b"FLAGS") {
        complete(reading, flag_list(reading, rest)?, Untagged::Flags)
    } else if is(b"NAMESPACE") {
        complete(reading, namespaces(reading, rest)?, Untagged::Namespace)
    } else if is(b"VANISHED") {
        complete(reading, vanished(reading, rest)?, Untagged::Vanished)
    } else if is(b"ID") {
        complete(reading, identity(reading, rest)?, Untagged::Id)
    } else {
        named_by_extension(reading, all, word, rest)
    }
}

/// Responses of extensions that begin with a word.
fn named_by_extension<'a>(
    reading: &Reading,
    all: &'a [u8],
    word: &[u8],
    rest: &'a [u8],
) -> Parsed<'a, Untagged<'a>> {
    let is = |wanted: &[u8]| word.eq_ignore_ascii_case(wanted);
    if is(b"SORT") {
        complete(reading, search(reading, rest)?, Untagged::Sort)
    } else if is(b"THREAD") {
        complete(reading, threads(reading, rest)?, Untagged::Thread)
    } else if is(b"QUOTA") {
        complete(reading, quota(reading, rest)?, Untagged::Quota)
    } else if is(b"QUOTAROOT") {
        complete(reading, quota_root(reading, rest)?, Untagged::QuotaRoot)
    } else if is(b"ACL") {
        complete(reading, acl(reading, rest)?, Untagged::Acl)
    } else if is(b"LISTRIGHTS") {
        complete(reading, list_rights(reading, rest)?, Untagged::ListRights)
    } else if is(b"MYRIGHTS") {
        complete(reading, my_rights(reading, rest)?, Untagged::MyRights)
    } else if is(b"METADATA") {
        complete(reading, metadata(reading, rest)?, Untagged::Metadata)
    } else if is(b"LANGUAGE") {
        complete(reading, languages(reading, rest)?, Untagged::Language)
    } else if is(b"COMPARATOR") {
        complete(reading, comparator(reading, rest)?, Untagged::Comparator)
    } else if is(b"JMAPACCESS") {
        complete(reading, string(reading, rest)?, Untagged::JmapAccess)
    } else {
        Ok((&[], Untagged::Other(all)))
    }
}

/// Wraps a value that must reach the end of the line, blanks aside.
fn complete<'a, T>(
    reading: &Reading,
    (rest, value): (&'a [u8], T),
    wrap: impl Fn(T) -> Untagged<'a>,
) -> Parsed<'a, Untagged<'a>> {
    let (rest, ()) = no_sp(reading, rest)?;
    match rest.is_empty() {
        true => Ok((rest, wrap(value))),
        false => fail(rest, "the end of the response"),
    }
}
