//! The report as text for a person.

use std::fmt;

use indicatif::HumanBytes;

use super::{Alteration, Altered, Capped, MailboxReport, Report};

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for mailbox in &self.mailboxes {
            mailbox.fmt(f)?;
        }
        for warning in &self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        let total =
            |count: fn(&MailboxReport) -> u64| self.mailboxes.iter().map(count).sum::<u64>();
        let (messages, octets) = (total(|m| m.copied), total(|m| m.octets));
        let seconds = self.elapsed.as_secs_f64().max(0.001);
        write!(
            f,
            "{} mailboxes ({} made, {} subscribed): ",
            self.mailboxes.len(),
            self.created,
            self.subscribed
        )?;
        writeln!(
            f,
            "{messages} messages copied, {} in {seconds:.1} s ({:.0} messages/s, {}/s)",
            HumanBytes(octets),
            messages as f64 / seconds,
            HumanBytes((octets as f64 / seconds) as u64)
        )?;
        let incomplete = self
            .mailboxes
            .iter()
            .filter(|mailbox| !mailbox.is_complete())
            .count();
        let altered = total(|m| m.alterations.count);
        if altered > 0 {
            writeln!(
                f,
                "{altered} messages were altered by the destination, as listed"
            )?;
        }
        match (incomplete, total(|m| m.refused.count)) {
            (0, _) => Ok(()),
            (mailboxes, refused) => writeln!(
                f,
                "NOT COMPLETE: {mailboxes} mailboxes lack mail, {refused} messages were refused"
            ),
        }
    }
}

impl fmt::Display for MailboxReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            source,
            dest,
            copied,
            octets,
            ..
        } = self;
        if *copied > 0 || self.has_notes() {
            let arrow = if source == dest {
                source.clone()
            } else {
                format!("{source} -> {dest}")
            };
            writeln!(f, "{arrow}: {copied} copied, {}", HumanBytes(*octets))?;
        }
        if let Some(reason) = &self.failed {
            writeln!(f, "  not copied: {reason}")?;
        }
        if let Some(messages) = self.unknown {
            writeln!(
                f,
                "  refused: {dest} already holds {messages} messages that were not copied by this program's ledger."
            )?;
            writeln!(
                f,
                "  Rename or empty that mailbox on the destination and run again, or use the --state-dir of the earlier run."
            )?;
        }
        if self.recovered > 0 {
            writeln!(
                f,
                "  {} messages had arrived in an interrupted run; they were recognised, not copied again",
                self.recovered
            )?;
        }
        if self.foreign > 0 {
            writeln!(
                f,
                "  {} messages on the destination are from elsewhere",
                self.foreign
            )?;
        }
        if self.unlisted > 0 {
            writeln!(
                f,
                "  {} messages were not listed by the source",
                self.unlisted
            )?;
        }
        list(f, &self.refused, |f, one| {
            write!(f, "refused by the destination: UID {}", one.uid)?;
            if let Some(octets) = one.octets {
                write!(f, " ({octets} octets)")?;
            }
            write!(f, ": {}", printable(&one.reason))
        })?;
        list(f, &self.missing, |f, uid| {
            write!(f, "not handed out by the source: UID {uid}")
        })?;
        list(f, &self.dateless, |f, uid| {
            write!(
                f,
                "no usable internal date, stored with the present: UID {uid}"
            )
        })?;
        list(f, &self.lost_flags, |f, one| {
            write!(
                f,
                "flags not carried over: UID {}: {}",
                one.uid,
                printable(&one.flags.join(" "))
            )
        })?;
        list(f, &self.alterations, |f, one| {
            write!(f, "altered by the destination: {one}")
        })
    }
}

impl MailboxReport {
    fn has_notes(&self) -> bool {
        !self.is_complete()
            || self.recovered + self.foreign > 0
            || self.dateless.count + self.lost_flags.count + self.alterations.count > 0
    }
}

impl fmt::Display for Alteration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UID {}, there {}:", self.source, self.dest)?;
        for (index, what) in self.what.iter().enumerate() {
            write!(f, "{} {what}", if index > 0 { "," } else { "" })?;
        }
        Ok(())
    }
}

impl fmt::Display for Altered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size { sent, stored } => write!(f, "body of {sent} octets stored as {stored}"),
            Self::Body => write!(f, "body stored otherwise at the same size"),
            Self::InternalDate { sent, stored } => {
                let show = |date: &Option<_>| {
                    date.as_ref()
                        .map_or_else(|| "none".to_owned(), ToString::to_string)
                };
                write!(f, "internal date {} stored as {}", show(sent), show(stored))
            }
            Self::Flags { sent, stored } => write!(f, "flags ({sent}) stored as ({stored})"),
        }
    }
}

/// The first items, and how many more there are.
fn list<T>(
    f: &mut fmt::Formatter<'_>,
    items: &Capped<T>,
    show: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for item in &items.first {
        f.write_str("  ")?;
        show(f, item)?;
        writeln!(f)?;
    }
    match items.count - items.first.len() as u64 {
        0 => Ok(()),
        more => writeln!(f, "  ... and {more} more like these"),
    }
}

fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Refusal;
    use imap_client_lite::proto::Uid;
    use std::time::Duration;

    #[test]
    fn a_report_tells_what_is_missing_and_why() {
        let uid = |value| Uid::new(value).expect("above zero");
        let mut inbox = MailboxReport {
            source: "INBOX".to_owned(),
            dest: "INBOX".to_owned(),
            ..MailboxReport::default()
        };
        inbox.copied(1000);
        inbox.refused(Refusal {
            source: uid(7),
            octets: Some(0),
            internal_date: None,
            message_id: None,
            reason: "no \x1b[31mempty messages".to_owned(),
        });
        inbox.lost_flags(uid(3), &["a]b"]);
        inbox.alterations.push(Alteration {
            source: uid(1),
            dest: uid(2),
            what: vec![Altered::Size {
                sent: 10,
                stored: 12,
            }],
        });
        let odd = MailboxReport {
            source: "a".to_owned(),
            dest: "INBOX.a".to_owned(),
            unknown: Some(3),
            ..MailboxReport::default()
        };
        let report = Report {
            mailboxes: vec![inbox, odd],
            elapsed: Duration::from_secs(2),
            ..Report::default()
        };
        insta::assert_snapshot!(report.to_string());
    }
}
