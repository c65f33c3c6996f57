//! STATUS responses: RFC 9051 section 7.3.3.

use std::borrow::Cow;

use crate::error::{Fail, Parsed, fail};
use crate::ids::{ModSeq, Uid, UidValidity};
use crate::primitive::{
    Next, any_value, astring, atom, blanks, byte, lacks_value, next_in_list, nil, no_sp, nz_number,
    odd_number, sp,
};
use crate::quirk::Quirk;
use crate::response::fetch::item::object_id;
use crate::tolerance::Reading;

/// What a server says about a mailbox that is not selected. What it left out, or gave as a zero
/// where RFC 9051 forbids one, is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailboxStatus<'a> {
    /// The mailbox's name in wire form.
    pub mailbox: Cow<'a, [u8]>,
    /// Number of messages.
    pub messages: Option<u32>,
    /// The next UID, at least.
    pub uid_next: Option<Uid>,
    /// The generation of UIDs.
    pub uid_validity: Option<UidValidity>,
    /// Messages without `\Seen`.
    pub unseen: Option<u32>,
    /// Octets of all messages.
    pub size: Option<u64>,
    /// The highest mod-sequence (RFC 7162).
    pub highest_mod_seq: Option<ModSeq>,
    /// Messages with `\Recent` (RFC 3501).
    pub recent: Option<u32>,
    /// Messages with `\Deleted`.
    pub deleted: Option<u32>,
    /// Octets that expunging them would free (RFC 9208).
    pub deleted_storage: Option<u64>,
    /// The mailbox's ID, which survives a rename (RFC 8474).
    pub mailbox_id: Option<&'a [u8]>,
    /// What one appended message may measure in octets (RFC 7889).
    pub append_limit: Option<AppendLimit>,
}

/// What STATUS says about APPENDLIMIT: RFC 7889 section 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppendLimit {
    /// NIL: the mailbox has no limit of its own.
    Unlimited,
    /// So many octets.
    Octets(u64),
}

/// `"STATUS" SP mailbox SP "(" [status-att-list] ")"`, after the keyword.
pub(crate) fn mailbox_status<'a>(
    reading: &Reading,
    input: &'a [u8],
) -> Parsed<'a, MailboxStatus<'a>> {
    let (rest, mailbox) = status_name(reading, input)?;
    let (rest, ()) = sp(reading, rest)?;
    let (rest, ()) = byte(b'(', "a status list", rest)?;
    let (mut rest, ()) = no_sp(reading, rest)?;
    let mut status = MailboxStatus {
        mailbox,
        ..MailboxStatus::default()
    };
    if let Some(after) = rest.strip_prefix(b")") {
        return Ok((after, status));
    }
    loop {
        let (tail, name) = atom(rest)?;
        let tail = if lacks_value(tail) {
            reading.accept(Quirk::OddItem, tail, "a value")?;
            tail
        } else {
            let (value, ()) = sp(reading, tail)?;
            status_item(reading, &mut status, name, value)?
        };
        match next_in_list(reading, tail)? {
            (after, Next::End) => return Ok((after, status)),
            (next, Next::Element) => rest = next,
        }
    }
}

/// A name that is an atom, where nothing but a list follows.
fn name_before_list<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Cow<'a, [u8]>> {
    let (rest, name) = astring(reading, input)?;
    let (list, ()) = byte(b' ', "a space", rest)?;
    match (list.first(), any_value(reading, list)?) {
        (Some(b'('), (after, _)) if blanks(after).is_empty() => Ok((rest, name)),
        _ => fail(list, "a status list"),
    }
}

/// A name, which some servers do not quote although it has blanks: it ends at the last ` (`.
fn status_name<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Cow<'a, [u8]>> {
    if matches!(input.first(), Some(b'"' | b'{')) {
        return astring(reading, input);
    }
    match reading.attempt(|| name_before_list(reading, input)) {
        Err(nom::Err::Error(_)) => {}
        read => return read,
    }
    let Some(at) = memchr::memmem::rfind(input, b" (") else {
        return fail(input, "a mailbox name");
    };
    let (name, rest) = input.split_at(at);
    let read = reading.attempt(|| astring(reading, name));
    match read {
        Ok(([], name)) => Ok((rest, name)),
        Err(error @ nom::Err::Failure(_)) => Err(error),
        Ok((left, _)) if blanks(left).is_empty() => {
            let begun = name.len() - left.len();
            let (name, rest) = input.split_at(begun);
            Ok((rest, Cow::Borrowed(name)))
        }
        _ => {
            reading.accept(Quirk::UnquotedName, input, "a mailbox name")?;
            Ok((rest, Cow::Borrowed(name)))
        }
    }
}

fn status_item<'a>(
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_of_real_servers() {
        let cases: [(&[u8], &[u8], Option<u32>); 6] = [
            (
                b"blurdybloop (MESSAGES 231 UIDNEXT 44292)",
                b"blurdybloop",
                Some(231),
            ),
            (b"\"x\" ()", b"x", None),
            (b"Sent Items (MESSAGES 1)", b"Sent Items", Some(1)),
            (b"\"a (b\" (MESSAGES 2 ) ", b"a (b", Some(2)),
            (
                b"{3}\r\na\" (MESSAGES 3 MAILBOXID (F1) APPENDLIMIT NIL)",
                b"a\" ",
                None,
            ),
            (b"nil (UNSEEN 0 MESSAGES 4)", b"nil", Some(4)),
        ];
        for (wire, name, messages) in cases {
            match mailbox_status(&Reading::lenient(), wire) {
                Ok((_, status)) if name != b"a\" " => {
                    assert_eq!((status.mailbox.as_ref(), status.messages), (name, messages));
                }
                Ok((_, status)) => assert_eq!(status.messages, Some(3)),
                Err(error) => panic!("{error:?}"),
            }
        }
    }

    #[test]
    fn items_of_extensions() {
        let wire =
            b"foo (MAILBOXID (F2212ea87-6097) DELETED 4 DELETED-STORAGE 8 RECENT 1 APPENDLIMIT 9)";
        let (rest, status) = mailbox_status(&Reading::lenient(), wire).expect("well-formed");
        assert!(rest.is_empty());
        assert_eq!(status.mailbox.as_ref(), b"foo");
        assert_eq!(status.mailbox_id, Some(&b"F2212ea87-6097"[..]));
        assert_eq!((status.deleted, status.recent), (Some(4), Some(1)));
        assert_eq!(status.deleted_storage, Some(8));
        assert_eq!(status.append_limit, Some(AppendLimit::Octets(9)));
        let wire = b"\"a b\" (APPENDLIMIT NIL MAILBOXID NIL X (1))";
        let (_, status) = mailbox_status(&Reading::lenient(), wire).expect("lenient");
        assert_eq!(status.append_limit, Some(AppendLimit::Unlimited));
        assert_eq!(status.mailbox_id, None);
    }

    #[test]
    fn forbidden_zeros_are_nothing() {
        let (_, status) = mailbox_status(
            &Reading::lenient(),
            b"a (UIDNEXT 0 UIDVALIDITY 0 HIGHESTMODSEQ 0 SIZE 9)",
        )
        .expect("lenient");
        assert_eq!(
            (status.uid_next, status.uid_validity, status.size),
            (None, None, Some(9))
        );
    }

    #[test]
    fn what_is_no_status_is_refused() {
        for wire in [
            "",
            "a",
            "a (MESSAGES",
            "a (UIDNEXT x)",
            "a (UIDVALIDITY 4294967296)",
            "a (UIDVALIDITY -1)",
            "\"a (MESSAGES 1)",
        ] {
            assert!(
                mailbox_status(&Reading::lenient(), wire.as_bytes()).is_err(),
                "{wire}"
            );
        }
    }
}
