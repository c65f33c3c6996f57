//! What SEARCH looks for: RFC 9051 section 6.4.4, `search-key`. The tree is written without recursion.

use std::num::NonZeroU32;

use super::argument::{Atom, Text};
use super::day::Day;
use super::encode::Encoder;
use super::messages::{Messages, Numbering};
use crate::flag::SystemFlag;
use crate::ids::ModSeq;

/// A condition that messages can meet.
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

/// Where a text is looked for.
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

/// Which date of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchDate {
    /// The internal date.
    Internal,
    /// `SENT...`: the Date header field.
    Sent,
    /// `SAVED...`: when it came into the mailbox (RFC 8514).
    Saved,
}

/// How a date compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchOrder {
    /// Earlier.
    Before,
    /// The same day.
    On,
    /// The same day or later.
    Since,
}

/// What is still to be written.
enum Step<'a> {
    Key(&'a SearchKey<'a>),
    Raw(&'static str),
}

/// `search-key *(SP search-key)`; no key at all is `ALL`.
pub(super) fn write_keys(out: &mut Encoder, keys: &[SearchKey<'_>]) {
    let mut steps = Vec::new();
    push_all(&mut steps, keys);
    while let Some(step) = steps.pop() {
        match step {
            Step::Raw(text) => {
                out.raw(text);
            }
            Step::Key(key) => write_or_push(out, key, &mut steps),
        }
    }
}

/// Pushes the keys with spaces between them, the first one on top.
fn push_all<'a>(steps: &mut Vec<Step<'a>>, keys: &'a [SearchKey<'a>]) {
    if keys.is_empty() {
        steps.push(Step::Raw("ALL"));
    }
    for (index, key) in keys.iter().enumerate().rev() {
        steps.push(Step::Key(key));
        if index > 0 {
            steps.push(Step::Raw(" "));
        }
    }
}

fn write_or_push<'a>(out: &mut Encoder, key: &'a SearchKey<'a>, steps: &mut Vec<Step<'a>>) {
    match key {
        SearchKey::And(keys) => {
            out.raw("(");
            steps.push(Step::Raw(")"));
            push_all(steps, keys);
        }
        SearchKey::Or(one, other) => {
            out.raw("OR ");
            steps.extend([Step::Key(other), Step::Raw(" "), Step::Key(one)]);
        }
        SearchKey::Not(inner) => {
            out.raw("NOT ");
            steps.push(Step::Key(inner));
        }
        SearchKey::Fuzzy(inner) => {
            out.raw("FUZZY ");
            steps.push(Step::Key(inner));
        }
        simple => write_simple(out, simple),
    }
}

fn write_simple(out: &mut Encoder, key: &SearchKey<'_>) {
    match *key {
        SearchKey::Messages(messages) => {
            if messages.numbering() == Numbering::Uid {
                out.raw("UID ");
            }
            messages.write(out);
        }
        SearchKey::Flag(flag) => {
            out.raw(flag_word(flag));
        }
        SearchKey::NotFlag(flag) => {
            out.raw("UN").raw(flag_word(flag));
        }
        SearchKey::Text(place, text) => {
            out.raw(place.word()).raw(" ").astring(text);
        }
        SearchKey::Header { field, value } => {
            out.raw("HEADER ").astring(field).raw(" ").astring(value);
        }
        SearchKey::Date(date, order, day) => {
            day.write(out.raw(date.word()).raw(order.word()).raw(" "));
        }
        _ => write_word(out, key),
    }
}

/// The keys of a word and at most a number or an atom.
fn write_word(out: &mut Encoder, key: &SearchKey<'_>) {
    match *key {
        SearchKey::Keyword(word) => out.raw("KEYWORD ").atom(word),
        SearchKey::NotKeyword(word) => out.raw("UNKEYWORD ").atom(word),
        SearchKey::Larger(octets) => out.raw("LARGER ").number(octets),
        SearchKey::Smaller(octets) => out.raw("SMALLER ").number(octets),
        SearchKey::Older(seconds) => out.raw("OLDER ").number(seconds.get()),
        SearchKey::Younger(seconds) => out.raw("YOUNGER ").number(seconds.get()),
        SearchKey::ModSeq(least) => out.raw("MODSEQ ").number(least.0),
        SearchKey::EmailId(id) => out.raw("EMAILID ").atom(id),
        SearchKey::ThreadId(id) => out.raw("THREADID ").atom(id),
        SearchKey::GmailMessageId(id) => out.raw("X-GM-MSGID ").number(id),
        SearchKey::GmailThreadId(id) => out.raw("X-GM-THRID ").number(id),
        SearchKey::New => out.raw("NEW"),
        SearchKey::Old => out.raw("OLD"),
        SearchKey::Recent => out.raw("RECENT"),
        SearchKey::SaveDateSupported => out.raw("SAVEDATESUPPORTED"),
        _ => out.raw("ALL"),
    };
}

const fn flag_word(flag: SystemFlag) -> &'static str {
    match flag {
        SystemFlag::Answered => "ANSWERED",
        SystemFlag::Deleted => "DELETED",
        SystemFlag::Draft => "DRAFT",
        SystemFlag::Flagged => "FLAGGED",
        SystemFlag::Seen => "SEEN",
    }
}

impl SearchText {
    const fn word(self) -> &'static str {
        match self {
            Self::Bcc => "BCC",
            Self::Body => "BODY",
            Self::Cc => "CC",
            Self::From => "FROM",
            Self::Subject => "SUBJECT",
            Self::Text => "TEXT",
            Self::To => "TO",
            Self::GmailRaw => "X-GM-RAW",
            Self::GmailLabels => "X-GM-LABELS",
        }
    }
}

impl SearchDate {
    const fn word(self) -> &'static str {
        match self {
            Self::Internal => "",
            Self::Sent => "SENT",
            Self::Saved => "SAVED",
        }
    }
}

impl SearchOrder {
    const fn word(self) -> &'static str {
        match self {
            Self::Before => "BEFORE",
            Self::On => "ON",
            Self::Since => "SINCE",
        }
    }
}
