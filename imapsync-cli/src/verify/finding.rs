//! One difference between the sides, with all that helps a person to find the message.

use std::collections::BTreeSet;

use imap_client_lite::proto::InternalDate;
use serde::Serialize;

use super::record::{Record, shown};
use crate::side::Side;

/// One difference between the sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// The mailbox's name on the source; none for one that only the destination has.
    pub mailbox: Option<String>,
    /// Its name on the destination; none where it has none.
    pub dest_mailbox: Option<String>,
    /// The message on the source.
    pub source: Option<FoundMessage>,
    /// The message on the destination.
    pub dest: Option<FoundMessage>,
    /// What is not the same.
    pub differs: Vec<Difference>,
    /// How many messages it is about.
    pub messages: u64,
    /// What else is known of it.
    pub note: Option<String>,
    /// Why it is no surprise.
    pub explained: Option<Explanation>,
    /// Its mailbox's place in the report.
    #[serde(skip)]
    pub(super) order: usize,
}

/// What a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The destination lacks a message.
    Missing,
    /// The octets are not the same.
    Altered,
    /// Date or flags are not the same.
    Differs,
    /// Only the destination has it.
    Extra,
    /// The destination lacks a mailbox.
    MissingMailbox,
    /// Only the destination has the mailbox, and it holds mail.
    ExtraMailbox,
    /// A side did not hand it out: nothing can be said.
    Unread,
    /// It was on the destination when the mailbox was first read, and expunged while it was read again.
    Vanished,
    /// The mailbox changed each time while it was read: nothing can be said.
    Unsettled,
}

/// Why a finding is no surprise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// In words.
    pub reason: String,
    /// What it means for the whole.
    pub weight: Weight,
}

/// What an explained finding means for the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// All mail is there.
    Warning,
    /// Mail is not there, as `sync` said.
    Incomplete,
}

/// One message as it is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundMessage {
    /// Its UID.
    pub uid: u32,
    /// Its octets, where known.
    pub octets: Option<u64>,
    /// Its internal date, in UTC.
    pub internal_date: Option<String>,
    /// Its internal date, in seconds since 1970.
    pub unix_seconds: Option<i64>,
    /// Its flags, sorted, in lower case.
    pub flags: String,
    /// Its Message-ID, escaped and not endless.
    pub message_id: Option<String>,
}

/// One thing that is not the same on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Difference {
    /// Other octets in the text.
    Body,
    /// Line ends, a final line end or NULs; otherwise the octets are the same.
    LineEnds,
    /// Header fields other than Message-ID, Date, From and Subject; the text is the same.
    HeaderFields,
    /// Message-ID, Date, From or Subject; bodies were not read.
    Header,
    /// The number of octets.
    Size {
        /// On the source.
        source: u64,
        /// On the destination.
        dest: u64,
    },
    /// The internal date.
    InternalDate,
    /// The flags.
    Flags {
        /// Those that only the source has.
        only_source: String,
        /// Those that only the destination has.
        only_dest: String,
    },
}

impl Finding {
    pub(super) const fn new(kind: Kind) -> Self {
        Self {
            kind,
            mailbox: None,
            dest_mailbox: None,
            source: None,
            dest: None,
            differs: Vec::new(),
            messages: 1,
            note: None,
            explained: None,
            order: 0,
        }
    }

    /// A message of one side that has no partner.
    pub(super) fn single(side: Side, record: &Record) -> Self {
        let message = Some(FoundMessage::new(record));
        match side {
            Side::Source => Self {
                source: message,
                ..Self::new(Kind::Missing)
            },
            Side::Dest => Self {
                dest: message,
                ..Self::new(Kind::Extra)
            },
        }
    }

    /// Two messages that are one, but for something; `None` where they are the same.
    pub(super) fn pair(source: &Record, dest: &Record) -> Option<Self> {
        let differs = differences(source, dest);
        let only_marks =
            |one: &Difference| matches!(one, Difference::InternalDate | Difference::Flags { .. });
        let kind = match differs.iter().all(only_marks) {
            true => Kind::Differs,
            false => Kind::Altered,
        };
        (!differs.is_empty()).then(|| Self {
            source: Some(FoundMessage::new(source)),
            dest: Some(FoundMessage::new(dest)),
            differs,
            ..Self::new(kind)
        })
    }
}

impl FoundMessage {
    fn new(record: &Record) -> Self {
        let date = record
            .date
            .and_then(|seconds| InternalDate::new(seconds, 0));
        Self {
            uid: record.uid.into(),
            octets: record.octets,
            internal_date: date.map(|date| date.to_string()),
            unix_seconds: record.date,
            flags: shown(&record.flags),
            message_id: record.message_id.clone(),
        }
    }
}

fn differences(source: &Record, dest: &Record) -> Vec<Difference> {
    let mut found = Vec::new();
    let same = |one: Option<[u8; 32]>, other| one.is_some() && one == other;
    if source.hash != dest.hash {
        found.push(match source.form {
            None => Difference::Header,
            form if same(form, dest.form) => Difference::LineEnds,
            _ if same(source.text, dest.text) => Difference::HeaderFields,
            _ => Difference::Body,
        });
    }
    if let (Some(source), Some(dest)) = (source.octets, dest.octets)
        && source != dest
    {
        found.push(Difference::Size { source, dest });
    }
    if source.date != dest.date {
        found.push(Difference::InternalDate);
    }
    if source.flags != dest.flags {
        found.push(Difference::Flags {
            only_source: without(&source.flags, &dest.flags),
            only_dest: without(&dest.flags, &source.flags),
        });
    }
    found
}

/// The flags that one has and the other has not.
fn without(flags: &str, other: &str) -> String {
    let other: BTreeSet<&str> = other.split_whitespace().collect();
    let only = flags
        .split_whitespace()
        .filter(|flag| !other.contains(flag));
    shown(&only.collect::<Vec<_>>().join(" "))
}
