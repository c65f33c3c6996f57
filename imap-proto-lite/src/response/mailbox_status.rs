//! STATUS responses: RFC 9051 section 7.3.5.

use std::borrow::Cow;

use crate::error::{Parsed, fail};
use crate::ids::{ModSeq, Uid, UidValidity};
use crate::primitive::{any_value, astring, atom, blanks, number, number64};
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
}

/// `"STATUS" SP mailbox SP "(" [status-att-list] ")"`, after the keyword.
pub(crate) fn mailbox_status<'a>(
    reading: &Reading,
    input: &'a [u8],
) -> Parsed<'a, MailboxStatus<'a>> {
    let (rest, mailbox) = status_name(reading, input)?;
    let Some(mut rest) = blanks(rest).strip_prefix(b"(") else {
        return fail(rest, "a status list");
    };
    let mut status = MailboxStatus {
        mailbox,
        ..MailboxStatus::default()
    };
    loop {
        rest = blanks(rest);
        if let Some(after) = rest.strip_prefix(b")") {
            return Ok((blanks(after), status));
        }
        let (tail, name) = atom(rest)?;
        rest = status_item(reading, &mut status, name, blanks(tail))?;
    }
}

/// A name, which some servers do not quote although it has blanks: it ends at the last ` (`.
fn status_name<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Cow<'a, [u8]>> {
    if matches!(input.first(), Some(b'"' | b'{')) {
        return astring(reading, input);
    }
    match memchr::memmem::rfind(input, b" (") {
        Some(at) => {
            let (name, rest) = input.split_at(at);
            Ok((rest, Cow::Borrowed(name)))
        }
        None => fail(input, "a mailbox name"),
    }
}

fn status_item<'a>(
    reading: &Reading,
    status: &mut MailboxStatus<'a>,
    name: &[u8],
    input: &'a [u8],
) -> Result<&'a [u8], nom::Err<crate::error::Fail<'a>>> {
    let is = |wanted: &[u8]| name.eq_ignore_ascii_case(wanted);
    if is(b"MESSAGES") {
        return number(input).map(|(rest, n)| {
            status.messages = Some(n);
            rest
        });
    }
    if is(b"UIDNEXT") {
        return number(input).map(|(rest, n)| {
            status.uid_next = Uid::new(n);
            rest
        });
    }
    if is(b"UIDVALIDITY") {
        return number(input).map(|(rest, n)| {
            status.uid_validity = UidValidity::new(n);
            rest
        });
    }
    if is(b"UNSEEN") {
        return number(input).map(|(rest, n)| {
            status.unseen = Some(n);
            rest
        });
    }
    if is(b"SIZE") {
        return number64(input).map(|(rest, n)| {
            status.size = Some(n);
            rest
        });
    }
    if is(b"HIGHESTMODSEQ") {
        return number64(input).map(|(rest, n)| {
            status.highest_mod_seq = Some(ModSeq(n));
            rest
        });
    }
    any_value(reading, input).map(|(rest, _)| rest)
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
            "a (MESSAGES x)",
            "a (MESSAGES 4294967296)",
            "\"a (MESSAGES 1)",
        ] {
            assert!(
                mailbox_status(&Reading::lenient(), wire.as_bytes()).is_err(),
                "{wire}"
            );
        }
    }
}
