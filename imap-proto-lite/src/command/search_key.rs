//! What SEARCH looks for: RFC 9051 section 6.4.4, `search-key`.

mod write;

use core::num::NonZeroU32;

use super::argument::{Atom, Text};
use super::day::Day;
use super::messages::Messages;
use crate::flag::SystemFlag;
use crate::ids::ModSeq;

pub(super) use write::write_keys;

/// A condition that messages can meet (RFC 9051 section 6.4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SearchKey<'a> {
    /// `ALL`: every message meets it.
    All,
    /// All of these; of none, `ALL`.
    And(&'a [Self]),
    /// `OR`: one of both, or both.
    Or(&'a Self, &'a Self),
    /// `NOT`
    Not(&'a Self),
    /// `FUZZY`: or something like it (RFC 6203).
    Fuzzy(&'a Self),
    /// These messages, `UID` and numbers, or message sequence numbers alone.
    Messages(Messages<'a>),
    /// `ANSWERED` and its like: the flag is set.
    Flag(SystemFlag),
    /// `UNANSWERED` and its like: the flag is not set.
    NotFlag(SystemFlag),
    /// `KEYWORD`: the keyword is set.
    Keyword(Atom<'a>),
    /// `UNKEYWORD`: the keyword is not set.
    NotKeyword(Atom<'a>),
    /// `NEW`: recent and not seen (RFC 3501).
    New,
    /// `OLD`: not recent (RFC 3501).
    Old,
    /// `RECENT` (RFC 3501)
    Recent,
    /// Text somewhere in the message.
    Text(SearchText, Text<'a>),
    /// `HEADER`: text in a header field; without text, the field is there.
    Header {
        /// The name of the field.
        field: Text<'a>,
        /// The text.
        value: Text<'a>,
    },
    /// `BEFORE`, `SENTSINCE` and so on: a date and how it compares.
    Date(SearchDate, SearchOrder, Day),
    /// `LARGER`: of more octets.
    Larger(u64),
    /// `SMALLER`: of less octets.
    Smaller(u64),
    /// `OLDER`: internal date so many seconds ago, or more (RFC 5032).
    Older(NonZeroU32),
    /// `YOUNGER`: internal date so many seconds ago, or less (RFC 5032).
    Younger(NonZeroU32),
    /// `MODSEQ`: that mod-sequence or higher (RFC 7162 section 3.1.5).
    ModSeq(ModSeq),
    /// `SAVEDATESUPPORTED` (RFC 8514 section 4.3)
    SaveDateSupported,
    /// `EMAILID` (RFC 8474 section 6)
    EmailId(Atom<'a>),
    /// `THREADID` (RFC 8474 section 6)
    ThreadId(Atom<'a>),
    /// `X-GM-MSGID` (Gmail)
    GmailMessageId(u64),
    /// `X-GM-THRID` (Gmail)
    GmailThreadId(u64),
}

/// Where a text is looked for (RFC 9051 section 6.4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchText {
    /// `BCC`
    Bcc,
    /// `BODY`
    Body,
    /// `CC`
    Cc,
    /// `FROM`
    From,
    /// `SUBJECT`
    Subject,
    /// `TEXT`: header or body.
    Text,
    /// `TO`
    To,
    /// `X-GM-RAW`: Gmail's own language.
    GmailRaw,
    /// `X-GM-LABELS` (Gmail)
    GmailLabels,
}

/// Which date of a message (RFC 9051 section 6.4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchDate {
    /// The internal date.
    Internal,
    /// `SENT...`: the Date header field.
    Sent,
    /// `SAVED...`: when it came into the mailbox (RFC 8514).
    Saved,
}

/// How a date compares (RFC 9051 section 6.4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchOrder {
    /// Earlier.
    Before,
    /// The same day.
    On,
    /// The same day or later.
    Since,
}
