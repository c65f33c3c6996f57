//! Writes a tree of search keys, without recursion: RFC 9051 section 9, `search-key`.

use alloc::vec::Vec;

use super::{SearchDate, SearchKey, SearchOrder, SearchText};
use crate::command::encode::Encoder;
use crate::command::messages::Numbering;
use crate::flag::SystemFlag;

/// What is still to be written.
enum Step<'a> {
    Key(&'a SearchKey<'a>),
    Raw(&'static str),
}

/// `search-key *(SP search-key)`; no key at all is `ALL`.
pub(in crate::command) fn write_keys(out: &mut Encoder, keys: &[SearchKey<'_>]) {
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
