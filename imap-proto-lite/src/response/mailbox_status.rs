//! STATUS responses: RFC 9051 section 7.3.3.

mod item;
mod name;

use alloc::borrow::Cow;

use crate::error::Parsed;
use crate::ids::{ModSeq, Uid, UidValidity};
use crate::primitive::{Next, atom, byte, lacks_value, next_in_list, no_sp, sp};
use crate::quirk::Quirk;
use crate::response::mailbox_status::item::status_item;
use crate::response::mailbox_status::name::status_name;
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

#[cfg(test)]
mod tests;
