//! The report as text for a person.

use std::fmt;

use indicatif::HumanBytes;

use super::{Alteration, Altered, Capped, Gone, MailboxReport, RefusedMessage, Report, Saved};

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for mailbox in &self.mailboxes {
            mailbox.fmt(f)?;
        }
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        for warning in &self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        let total =
            |count: fn(&MailboxReport) -> u64| self.mailboxes.iter().map(count).sum::<u64>();
        let (messages, octets, _) = self.totals();
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
        self.fmt_counts(f)?;
        list(f, &self.uncertain, |f, uid| {
            write!(
                f,
                "may have arrived and been moved or deleted there: UID {uid}"
            )
        })?;
        list(f, &self.unfound, |f, uid| {
            write!(
                f,
                "stored by the destination's word, and not found there: UID {uid}"
            )
        })?;
        list(f, &self.late_doubles, |f, one| {
            write!(
                f,
                "arrived twice, once very late: UID {}, there also {}",
                one.source, one.dest
            )
        })?;
        list(f, &self.refused, |f, one| {
            write!(f, "refused by the destination: {one}")
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
    fn fmt_counts(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.gone {
            Some(Gone::Unexplained) => writeln!(
                f,
                "  not copied: {} was deleted or renamed on the destination after it had been copied;\n  \
                 --deleted-mailboxes copy makes it again, --deleted-mailboxes skip leaves it so",
                self.dest
            )?,
            Some(Gone::Accepted) => writeln!(f, "  deleted on the destination, and left so")?,
            None => {}
        }
        if self.adopting > 0 {
            writeln!(
                f,
                "  {} held {} messages that the ledger did not know; they were compared body by body",
                self.dest, self.adopting
            )?;
        }
        for (count, what) in [
            (
                self.recovered,
                "messages were there without the ledger knowing it; they were recognised, not copied again",
            ),
            (
                self.moved,
                "messages had been moved to other mailboxes there; they were not copied again",
            ),
            (
                self.foreign,
                "messages on the destination are from elsewhere",
            ),
            (self.unlisted, "messages were not listed by the source"),
        ] {
            if count > 0 {
                writeln!(f, "  {count} {what}")?;
            }
        }
        Ok(())
    }

    fn has_notes(&self) -> bool {
        !self.is_complete()
            || self.recovered + self.foreign + self.moved + u64::from(self.adopting) > 0
            || self.gone.is_some()
            || self.dateless.count + self.lost_flags.count + self.alterations.count > 0
    }
}

impl fmt::Display for RefusedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UID {}", self.uid)?;
        if let Some(octets) = self.octets {
            write!(f, ", {octets} octets")?;
        }
        if let Some(date) = &self.internal_date {
            write!(f, ", {date}")?;
        }
        match &self.message_id {
            Some(id) => write!(f, ", {}", printable(id))?,
            None => write!(f, ", no Message-ID")?,
        }
        write!(f, ": {}", printable(&self.reason))?;
        match &self.saved {
            None => Ok(()),
            Some(Saved::As(path)) => write!(f, "; saved as {}", path.display()),
            Some(Saved::Not(reason)) => write!(f, "; NOT SAVED: {}", printable(reason)),
        }
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
            Self::Merged => write!(f, "not stored again, an equal message was there"),
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
    use imap_client_lite::proto::{InternalDate, Uid};
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
        let refusal = |number, message_id: &str| Refusal {
            source: uid(number),
            octets: Some(0),
            internal_date: InternalDate::parse(b"17-Jul-1996 02:44:25 -0700"),
            message_id: Some(message_id.to_owned()),
            reason: "no \x1b[31mempty messages".to_owned(),
        };
        inbox.refused(refusal(7, ""), None);
        let saved = Saved::As("refused/INBOX/1-8.eml".into());
        inbox.refused(refusal(8, "<1\x1b@example.org>"), Some(saved));
        let failed = Saved::Not("it is no longer on the source".to_owned());
        inbox.refused(refusal(9, "<2@example.org>"), Some(failed));
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
            gone: Some(Gone::Unexplained),
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
