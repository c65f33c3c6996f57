//! What `sync` has said already, as far as the ledger remembers it. It never makes a difference go
//! away: it gives it a reason, where the ledger and the two messages together prove one.

use imap_client_lite::proto::{MailboxName, Uid, UidValidity};

use super::finding::{Difference, Explanation, Finding, Kind, Weight};
use super::record::{Record, shown, sorted};
use super::table::Table;
use crate::ledger::{Key, Ledger, LedgerError, MailboxRow, Refusal};
use crate::mapping::Mapped;
use crate::side::Both;

/// What is known of the accounts.
#[derive(Debug)]
pub(super) struct Knowledge<'a> {
    ledger: &'a Ledger,
    /// When runs began and ended.
    runs: Vec<(i64, i64)>,
    /// The destination was seen to store other bytes than it was sent.
    alters: bool,
}

/// What is known of one pair of mailboxes.
#[derive(Debug)]
pub(super) struct Known<'a> {
    all: &'a Knowledge<'a>,
    row: Option<MailboxRow>,
}

impl<'a> Knowledge<'a> {
    pub(super) fn new(ledger: &'a Ledger) -> Result<Self, LedgerError> {
        let runs = ledger.runs(RUNS)?.into_iter();
        Ok(Self {
            ledger,
            // One that was cut off may have gone on for long.
            runs: runs
                .map(|run| (run.started, run.ended.unwrap_or(run.started + A_DAY)))
                .collect(),
            alters: ledger.alters()?,
        })
    }

    /// Of these mailboxes with these generations of UIDs.
    pub(super) fn of(
        &'a self,
        mailbox: &Mapped,
        validities: Both<Option<UidValidity>>,
    ) -> Result<Known<'a>, LedgerError> {
        let row = match (validities.source, validities.dest) {
            (Some(source_validity), Some(dest_validity)) => self.ledger.mailbox(Key {
                source: &mailbox.source,
                source_validity,
                dest: &mailbox.dest,
                dest_validity,
            })?,
            _ => None,
        };
        Ok(Known { all: self, row })
    }

    /// Whether these mailboxes were ever copied.
    pub(super) fn knows(
        &self,
        source: &MailboxName,
        dest: &MailboxName,
    ) -> Result<bool, LedgerError> {
        self.ledger.knows(source, dest)
    }
}

impl Known<'_> {
    /// The UID under which a source message was stored, by the ledger's word.
    pub(super) fn twin(&self, source: Uid) -> Result<Option<Uid>, LedgerError> {
        match &self.row {
            Some(row) => Ok(self.all.ledger.delivered_as(row.id, source)?.flatten()),
            None => Ok(None),
        }
    }

    /// How many messages the destination has refused.
    pub(super) fn refused(&self) -> Result<u64, LedgerError> {
        match &self.row {
            Some(row) => self.all.ledger.refused_count(row.id),
            None => Ok(0),
        }
    }

    /// Notes which messages stand for several.
    pub(super) fn note_merged(&self, table: &Table) -> Result<(), LedgerError> {
        match &self.row {
            Some(row) => self
                .all
                .ledger
                .each_merged(row.id, |uid, messages| table.note_merged(uid, messages)),
            None => Ok(()),
        }
    }

    /// Explains a message that is not on the destination, or says what became of it.
    pub(super) fn explain_missing(
        &self,
        finding: &mut Finding,
        record: &Record,
        table: &Table,
    ) -> Result<(), LedgerError> {
        let Some(row) = &self.row else {
            return Ok(());
        };
        if let Some(refusal) = self.refusal(row, record.uid)? {
            let reason = format!("refused by the destination: {}", refusal.reason);
            finding.explain(reason, Weight::Incomplete);
            return Ok(());
        }
        let note = match self.all.ledger.delivered_as(row.id, record.uid)? {
            Some(Some(twin)) if table.holds(twin, record)? => {
                if table.take_merged(twin)? {
                    let reason = format!("the destination keeps one of equal messages, UID {twin}");
                    finding.explain(reason, Weight::Warning);
                    return Ok(());
                }
                "one of several equal messages; sync stored each of them".to_owned()
            }
            Some(Some(twin)) => {
                format!(
                    "sync stored it there as UID {twin}; it was moved or deleted since, or lost"
                )
            }
            Some(None) => "sync stored it there; it was moved or deleted since, or lost".to_owned(),
            None => "sync has not copied it".to_owned(),
        };
        finding.note = Some(note);
        Ok(())
    }

    /// Explains two messages that are one, but for something. Each difference needs its reason.
    pub(super) fn explain_pair(
        &self,
        finding: &mut Finding,
        source: &Record,
        dest: &Record,
    ) -> Result<(), LedgerError> {
        let copied = self.row.is_some() && source.twin == Some(dest.uid);
        let reasons: Option<Vec<&str>> = finding
            .differs
            .iter()
            .filter(|one| !matches!(one, Difference::Size { .. }) || source.form.is_none())
            .map(|one| self.reason(one, copied, source, dest))
            .collect();
        let flags = |one: &Difference| matches!(one, Difference::Flags { .. });
        if let Some(reasons) = reasons {
            finding.explain(reasons.join("; "), Weight::Warning);
        } else if finding.differs.iter().any(flags) && copied {
            finding.note = self.whose_flags(source)?;
        } else if source.form.is_none() && finding.kind == Kind::Altered {
            finding.note =
                Some("--level bodies tells whether more than line ends differ".to_owned());
        }
        Ok(())
    }

    /// Which side's flags are not those of the time when the message was copied.
    fn whose_flags(&self, source: &Record) -> Result<Option<String>, LedgerError> {
        let Some(row) = &self.row else {
            return Ok(None);
        };
        let copied = self.all.ledger.flags_of(row.id, source.uid)?;
        Ok(copied.map(|words| {
            let unsendable = source.unsendable.split_whitespace();
            match sorted(words.split(' ').chain(unsendable)) == source.flags {
                true => "the source's flags are those that sync saw",
                false => "the source's flags have changed since sync copied it",
            }
            .to_owned()
        }))
    }

    /// Why one thing differs; `None` where nothing proves that `sync` has said so.
    fn reason(
        &self,
        one: &Difference,
        copied: bool,
        source: &Record,
        dest: &Record,
    ) -> Option<&'static str> {
        match one {
            // In the form of servers, and not in any other.
            Difference::LineEnds if copied && dest.form == Some(dest.hash) => {
                Some("the destination stored it in its own form; sync lists that when it copies")
            }
            Difference::HeaderFields if copied && self.all.alters => {
                Some("the destination alters headers, as sync has noted")
            }
            Difference::InternalDate if copied && source.date.is_none() => {
                Some("the source has no usable date; sync lists that when it copies")
            }
            Difference::InternalDate if copied && self.is_time_of_copy(source, dest) => {
                Some("the destination put the time of the copy in place of a date in the future")
            }
            Difference::Flags {
                only_source,
                only_dest,
            } if only_dest.is_empty() && !source.unsendable.is_empty() => {
                let all = |flag| source.unsendable.split(' ').any(|known| known == flag);
                let reason = "flags that no server can be sent; sync lists them when it copies";
                only_source.split(' ').all(all).then_some(reason)
            }
            _ => None,
        }
    }

    /// Whether the source's date lay in the future when a run stored the message with the present.
    fn is_time_of_copy(&self, source: &Record, dest: &Record) -> bool {
        let (Some(source), Some(dest)) = (source.date, dest.date) else {
            return false;
        };
        let within = |&(started, ended): &(i64, i64)| {
            (started - SKEW..=ended + SKEW).contains(&dest) && source > dest
        };
        self.all.runs.iter().any(within)
    }

    fn refusal(&self, row: &MailboxRow, source: Uid) -> Result<Option<Refusal>, LedgerError> {
        let before = Uid::new(u32::from(source) - 1);
        let next = self.all.ledger.refusals_after(row.id, before, 1)?;
        Ok(next.into_iter().find(|one| one.source == source))
    }
}

impl Finding {
    pub(super) fn explain(&mut self, reason: String, weight: Weight) {
        let reason = shown(&reason);
        self.explained = Some(Explanation { reason, weight });
    }
}

/// Runs that are remembered; an account is copied by few.
const RUNS: u32 = 1000;
const A_DAY: i64 = 86_400;
/// Seconds by which the clocks of this machine and the destination may differ.
const SKEW: i64 = 300;
