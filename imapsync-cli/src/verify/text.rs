//! A verification as text for a person: the verdict first, then what it rests on.

use std::fmt;

use indicatif::HumanCount;

use super::finding::{Difference, Finding, FoundMessage, Kind};
use super::verification::{Verdict, Verification};
use crate::report::Capped;

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt_verdict(f)?;
        writeln!(f, "{}", self.level.sees())?;
        list(f, "", &self.wrong)?;
        list(f, "  ", &self.unsettled)?;
        if !self.explained.is_empty() {
            writeln!(f, "\nexplained, with the reason that sync's ledger gives:")?;
            list(f, "  ", &self.explained)?;
        }
        if !self.extra.is_empty() {
            writeln!(f, "\nonly on the destination:")?;
            list(f, "", &self.extra)?;
        }
        if !self.renamed.is_empty() {
            writeln!(f, "\nunder another name on the destination:")?;
            for one in self.renamed.first.iter().take(SHOWN) {
                writeln!(f, "  {} -> {}", one.source, one.dest)?;
            }
            more(f, "  ", &self.renamed)?;
        }
        if !self.notes.is_empty() {
            writeln!(f)?;
            for note in self.notes.first.iter().take(SHOWN) {
                writeln!(f, "note: {note}")?;
            }
            more(f, "", &self.notes)?;
        }
        Ok(())
    }
}

impl Verification {
    fn fmt_verdict(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{}",
            match self.verdict() {
                Verdict::Same =>
                    "THE SAME: the destination holds all of the source's mail, unaltered",
                Verdict::Explained =>
                    "THE SAME, but for what the destination altered when it was copied, as explained below",
                Verdict::Incomplete =>
                    "NOT COMPLETE, as sync has said: the destination lacks mail, each with its reason below",
                Verdict::Unsettled =>
                    "UNDECIDED: mail changed while it was read; run it again when nobody works there",
                Verdict::Differs => "NOT THE SAME",
            }
        )?;
        let missing = self.count(&[Kind::Missing, Kind::MissingMailbox]);
        let (altered, differ) = (self.count(&[Kind::Altered]), self.count(&[Kind::Differs]));
        let unread = self.count(&[Kind::Unread]);
        let extra = self.count(&[Kind::Extra, Kind::ExtraMailbox]);
        write!(
            f,
            "{} mailboxes, {} messages on the source, {} on the destination: {} missing or altered, {} extra",
            HumanCount(self.mailboxes),
            HumanCount(self.messages),
            HumanCount(self.dest_messages),
            HumanCount(missing + altered + differ + unread),
            HumanCount(extra)
        )?;
        for (count, what) in [
            (missing, "missing"),
            (altered, "altered"),
            (differ, "with another date or other flags"),
            (unread, "not handed out"),
            (self.explained.count, "explained"),
        ] {
            if count > 0 {
                write!(f, "; {} {what}", HumanCount(count))?;
            }
        }
        writeln!(f)
    }
}

/// The first findings, and how many more there are.
fn list(f: &mut fmt::Formatter<'_>, indent: &str, findings: &Capped<Finding>) -> fmt::Result {
    for finding in findings.first.iter().take(SHOWN) {
        writeln!(f, "{indent}{finding}")?;
    }
    more(f, indent, findings)
}

fn more<T>(f: &mut fmt::Formatter<'_>, indent: &str, list: &Capped<T>) -> fmt::Result {
    match list.count.saturating_sub(SHOWN as u64) {
        0 => Ok(()),
        more => writeln!(f, "{indent}... and {} more", HumanCount(more)),
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<9} ", word(self.kind))?;
        self.fmt_mailbox(f)?;
        match (&self.source, &self.dest) {
            (Some(source), Some(dest)) => {
                write!(f, ": {source}; on the destination UID {}: ", dest.uid)?;
                for (index, one) in self.differs.iter().enumerate() {
                    f.write_str(if index > 0 { ", " } else { "" })?;
                    one.fmt_between(f, source, dest)?;
                }
            }
            (Some(source), None) => write!(f, ": {source}")?,
            (None, Some(dest)) => write!(f, ": on the destination {dest}")?,
            (None, None) => self.fmt_count(f)?,
        }
        if let Some(note) = &self.note {
            write!(f, "; {note}")?;
        }
        match &self.explained {
            Some(explanation) => write!(f, "; {}", explanation.reason),
            None => Ok(()),
        }
    }
}

impl Finding {
    fn fmt_mailbox(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.mailbox, &self.dest_mailbox) {
            (Some(source), Some(dest)) if source != dest && self.kind != Kind::MissingMailbox => {
                write!(f, "{source} -> {dest}")
            }
            (Some(name), _) | (None, Some(name)) => f.write_str(name),
            (None, None) => Ok(()),
        }
    }

    /// What is not about one message.
    fn fmt_count(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let messages = HumanCount(self.messages);
        match (self.kind, &self.dest_mailbox) {
            (Kind::MissingMailbox, Some(dest)) => {
                write!(f, ": the mailbox {dest} with {messages} messages")
            }
            (Kind::MissingMailbox, None) => write!(f, ": the mailbox"),
            (Kind::ExtraMailbox, _) => {
                write!(f, ": the mailbox with {messages} messages")
            }
            (Kind::Unsettled, _) => write!(f, ": it changed each time that it was read"),
            _ => write!(f, ": {messages} messages"),
        }
    }
}

impl Difference {
    fn fmt_between(
        &self,
        f: &mut fmt::Formatter<'_>,
        source: &FoundMessage,
        dest: &FoundMessage,
    ) -> fmt::Result {
        match self {
            Self::Body => write!(f, "another body"),
            Self::LineEnds => write!(f, "other line ends or NULs"),
            Self::HeaderFields => write!(f, "other header fields, the same text"),
            Self::Header => write!(f, "other header fields"),
            Self::Size { source, dest } => {
                write!(f, "{dest} octets instead of {source}")
            }
            Self::InternalDate => {
                write!(f, "date {} instead of {}", dest.date(), source.date())
            }
            Self::Flags {
                only_source,
                only_dest,
            } => {
                write!(f, "flags")?;
                if !only_source.is_empty() {
                    write!(f, " without ({only_source})")?;
                }
                if !only_dest.is_empty() {
                    write!(f, " with ({only_dest})")?;
                }
                Ok(())
            }
        }
    }
}

impl FoundMessage {
    fn date(&self) -> &str {
        self.internal_date.as_deref().unwrap_or("no date")
    }
}

impl fmt::Display for FoundMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UID {}, ", self.uid)?;
        match self.octets {
            Some(octets) => write!(f, "{octets} octets, ")?,
            None => write!(f, "unknown size, ")?,
        }
        write!(f, "{}, ({}), ", self.date(), self.flags)?;
        match &self.message_id {
            Some(id) => f.write_str(id),
            None => f.write_str("no Message-ID"),
        }
    }
}

/// Eight letters at most.
const fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Missing | Kind::MissingMailbox => "missing",
        Kind::Altered => "altered",
        Kind::Differs => "differs",
        Kind::Extra | Kind::ExtraMailbox => "extra",
        Kind::Unread => "unread",
        Kind::Vanished => "vanished",
        Kind::Unsettled => "changing",
    }
}

/// Findings of a list that are shown; `--json` has a thousand.
const SHOWN: usize = 100;
