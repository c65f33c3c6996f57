//! What a run did, as data; text and JSON are views of it.

mod capped;
mod text;

use std::path::PathBuf;
use std::time::Duration;

use imap_client_lite::proto::{InternalDate, Uid};
use serde::Serialize;

pub use capped::Capped;

use crate::cli::Exit;
use crate::ledger::Refusal;

/// What a run did.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Each mailbox that was worked on.
    pub mailboxes: Vec<MailboxReport>,
    /// Mailboxes that were made.
    pub created: u64,
    /// Names that were subscribed to.
    pub subscribed: u64,
    /// What is good to know, and is no trouble.
    pub notes: Vec<String>,
    /// What went wrong without ending the run.
    pub warnings: Vec<String>,
    /// How long it took.
    #[serde(serialize_with = "seconds")]
    pub elapsed: Duration,
}

/// What happened to one mailbox.
#[derive(Debug, Default, Serialize)]
pub struct MailboxReport {
    /// Its name on the source.
    pub source: String,
    /// Its name on the destination.
    pub dest: String,
    /// Messages copied.
    pub copied: u64,
    /// Their octets.
    pub octets: u64,
    /// Messages that an earlier, interrupted run had delivered.
    pub recovered: u64,
    /// Messages on the destination that are not ours, seen while settling.
    pub foreign: u64,
    /// Messages that the destination refused, now or in an earlier run.
    pub refused: Capped<RefusedMessage>,
    /// Messages that the source listed and did not hand out.
    pub missing: Capped<u32>,
    /// Messages that the source has and did not list.
    pub unlisted: u64,
    /// Messages without an internal date that could be read; the destination's clock dated them.
    pub dateless: Capped<u32>,
    /// Flags that could not be carried over.
    pub lost_flags: Capped<LostFlags>,
    /// What the destination made of messages that it stored.
    pub alterations: Capped<Alteration>,
    /// Messages that may have arrived and be gone again.
    pub uncertain: Capped<u32>,
    /// Messages that the destination said it stored, and that were not there a moment later.
    pub unfound: Capped<u32>,
    /// Messages that showed up after they had been sent again.
    pub late_doubles: Capped<LateDouble>,
    /// Messages that were on the destination before the ledger knew of any.
    pub adopting: u32,
    /// Messages that their user had moved to another mailbox.
    pub moved: u64,
    /// The ledger knows the mailbox, and the destination has it no more; it was left alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gone: Option<Gone>,
    /// Why nothing could be done.
    pub failed: Option<String>,
}

/// What a mailbox means that was deleted or renamed on the destination after it was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gone {
    /// The user has not said what to do: the copy is not complete.
    Unexplained,
    /// The user said to leave it so.
    Accepted,
}

/// A message that is on the destination twice, since it arrived later than anyone had to expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LateDouble {
    /// Its UID on the source.
    pub source: u32,
    /// The UID of the late one on the destination.
    pub dest: u32,
}

/// A refused message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedMessage {
    /// Its UID on the source.
    pub uid: u32,
    /// Its octets.
    pub octets: Option<u64>,
    /// Its internal date.
    #[serde(serialize_with = "date")]
    pub internal_date: Option<InternalDate>,
    /// Its Message-ID, if it has one.
    pub message_id: Option<String>,
    /// The server's words.
    pub reason: String,
    /// What became of saving it; `None` where nobody asked for that.
    pub saved: Option<Saved>,
}

/// What became of saving a refused message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Saved {
    /// It is in this file.
    As(PathBuf),
    /// It is in none, for this reason.
    Not(String),
}

/// Flags of a message that could not be carried over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LostFlags {
    /// Its UID on the source.
    pub uid: u32,
    /// The flags.
    pub flags: Vec<String>,
}

/// A message that the destination stored otherwise than it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alteration {
    /// Its UID on the source.
    #[serde(serialize_with = "uid")]
    pub source: Uid,
    /// Its UID on the destination.
    #[serde(serialize_with = "uid")]
    pub dest: Uid,
    /// What is other.
    pub what: Vec<Altered>,
}

/// One thing that is other than it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Altered {
    /// The body, by its size.
    Size {
        /// Octets sent.
        sent: u64,
        /// Octets stored.
        stored: u64,
    },
    /// The body, at the same size.
    Body,
    /// It was not stored at all: an equal message stands for it.
    Merged,
    /// The internal date.
    InternalDate {
        /// What was sent.
        #[serde(serialize_with = "date")]
        sent: Option<InternalDate>,
        /// What was stored.
        #[serde(serialize_with = "date")]
        stored: Option<InternalDate>,
    },
    /// The flags.
    Flags {
        /// What was sent.
        sent: String,
        /// What was stored.
        stored: String,
    },
}

impl MailboxReport {
    /// A message was copied.
    pub fn copied(&mut self, octets: u64) {
        self.copied += 1;
        self.octets += octets;
    }

    /// A message was refused.
    pub fn refused(&mut self, refusal: Refusal, saved: Option<Saved>) {
        let Refusal {
            source,
            octets,
            internal_date,
            message_id,
            reason,
            ..
        } = refusal;
        self.refused.push(RefusedMessage {
            uid: source.into(),
            octets,
            internal_date,
            message_id: message_id.filter(|id| !id.is_empty()),
            reason,
            saved,
        });
    }

    /// A message was refused in an earlier run.
    pub fn remembered(&mut self, refusal: Refusal) {
        self.refused(refusal, None);
    }

    /// Flags of a message could not be carried over.
    pub fn lost_flags(&mut self, uid: Uid, flags: &[impl AsRef<str>]) {
        if !flags.is_empty() {
            let flags = flags.iter().map(|flag| flag.as_ref().to_owned()).collect();
            self.lost_flags.push(LostFlags {
                uid: uid.into(),
                flags,
            });
        }
    }

    /// Messages had no internal date.
    pub fn dateless(&mut self, uids: &[Uid]) {
        uids.iter().for_each(|&uid| self.dateless.push(uid.into()));
    }

    /// Messages did not come from the source.
    pub fn missing(&mut self, uids: &[Uid]) {
        uids.iter().for_each(|&uid| self.missing.push(uid.into()));
    }

    /// How much was settled: it only grows as the work goes on.
    #[must_use]
    pub const fn moved(&self) -> u64 {
        self.copied + self.recovered + self.refused.count
    }

    /// Whether all mail of the mailbox is on the destination.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.refused.is_empty()
            && self.missing.is_empty()
            && self.unlisted == 0
            && self.uncertain.is_empty()
            && self.unfound.is_empty()
            && self.late_doubles.is_empty()
            && self.gone != Some(Gone::Unexplained)
            && self.failed.is_none()
    }
}

impl Report {
    /// Messages copied, their octets, and messages recognised.
    #[must_use]
    pub fn totals(&self) -> (u64, u64, u64) {
        let total = |count: fn(&MailboxReport) -> u64| self.mailboxes.iter().map(count).sum();
        (
            total(|m| m.copied),
            total(|m| m.octets),
            total(|m| m.recovered),
        )
    }

    /// The exit code that the report itself calls for.
    #[must_use]
    pub fn exit(&self) -> Exit {
        let complete =
            self.warnings.is_empty() && self.mailboxes.iter().all(MailboxReport::is_complete);
        if complete {
            Exit::Complete
        } else {
            Exit::Partial
        }
    }
}

fn seconds<S: serde::Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}

fn uid<S: serde::Serializer>(uid: &Uid, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u32((*uid).into())
}

fn date<S: serde::Serializer>(
    date: &Option<InternalDate>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match date {
        Some(date) => serializer.collect_str(date),
        None => serializer.serialize_none(),
    }
}
