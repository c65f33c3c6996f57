//! What is in doubt in one destination mailbox, settled: which of its messages are ours though the
//! ledger has no row for them, and which of ours are not there.
//!
//! In doubt are destination messages from the mark on, against source messages that are not known
//! to be delivered. They are matched by their bodies, each at most once: octet for octet, then in
//! the form that servers are known to store, then by what is left of them. A ledger that is lost,
//! void or older than the destination is the same with an older mark; at worst the mark is 1 and
//! all mail of the mailbox is in doubt.

mod elsewhere;
mod late;
mod listing;
mod patience;
mod settled_uids;
mod table;

use imap_client_lite::proto::{MailboxName, Uid};
use imap_client_lite::{Client, Selected};
use tokio::time::Instant;

pub(super) use late::late_doubles;
pub use patience::LastLook;
use patience::{News, Patience, Verdict};
pub(super) use settled_uids::SettledUids;
use table::{AfterCut, Claim, Doubts, Form, Known, Range};

use super::hash_bodies::hash_bodies;
use super::mailbox::Before;
use super::opened::uid_next;
use crate::error::{Fault, OnSide};
use crate::ledger::{Delivery, Ledger, MailboxRow};
use crate::report::{Alteration, Altered, MailboxReport};
use crate::side::{Both, Side};

/// A mailbox with something in doubt: the source is EXAMINEd, the destination SELECTed.
pub(super) struct Settling<'a> {
    pub(super) clients: &'a mut Both<Client>,
    pub(super) ledger: &'a Ledger,
    pub(super) row: MailboxRow,
    pub(super) dest: &'a MailboxName,
    pub(super) before: Before,
}

/// What settling found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settled {
    /// Every destination UID below this one is accounted for.
    pub(super) mark: Uid,
    /// The first source messages that are taken not to have arrived: one that shows up after all
    /// is a late double.
    pub(super) absent: Vec<Uid>,
    /// Source messages that may have arrived, and be gone from the mailbox.
    pub(super) uncertain: Vec<Uid>,
}

impl Settling<'_> {
    pub(super) async fn run(
        mut self,
        mut selected: Selected,
        report: &mut MailboxReport,
    ) -> Result<Settled, Fault> {
        let doubts = Doubts::new()?;
        self.forget_what_was_set_back(&selected)?;
        self.list_ours(&doubts).await?;
        let next = uid_next(&mut self.clients.dest, &selected).await?;
        let mut patience = Patience::new(
            Instant::now(),
            self.before.last_look,
            selected.uid_next,
            self.ledger.slowest_commit()?,
            self.before.timed_out,
        );
        let mut mark = self.row.mark.max(next);
        let mut from = self.row.mark;
        let verdict = loop {
            let (highest, news) = self.look(&doubts, from, report).await?;
            from = highest.map_or(from, Uid::next);
            mark = mark.max(from);
            let missing = !doubts.absent(self.row.sent_to, 1)?.is_empty();
            if !self.row.open || !missing {
                break Verdict::Absent;
            }
            match patience.judge(Instant::now(), news) {
                Verdict::LookAgain(pause) => tokio::time::sleep(pause).await,
                verdict => break verdict,
            }
            selected = self.clients.dest.select(self.dest).await.on(Side::Dest)?;
            mark = mark.max(uid_next(&mut self.clients.dest, &selected).await?);
        };
        let uncertain = self.uncertain(&doubts, mark, verdict, report).await?;
        let absent = match self.row.open {
            true => doubts.absent(self.row.sent_to, LATE_AT_MOST)?,
            false => Vec::new(),
        };
        self.ledger.move_mark(self.row.id, mark)?;
        self.ledger.commit()?;
        Ok(Settled {
            mark,
            absent,
            uncertain,
        })
    }

    /// What was confirmed without a name used up UIDs: where UIDNEXT says that there were fewer, the
    /// destination was set back, and it is in doubt again.
    fn forget_what_was_set_back(&self, selected: &Selected) -> Result<(), Fault> {
        let Some(next) = selected.uid_next.filter(|_| self.row.open) else {
            return Ok(());
        };
        let used = u64::from(u32::from(next).saturating_sub(u32::from(self.row.mark)));
        if used < self.ledger.since_read_back(self.row.id)? {
            tracing::warn!(
                "{}: mail that had arrived is gone; the destination was set back",
                self.dest
            );
            self.ledger.forget_since_read_back(self.row.id)?;
        }
        Ok(())
    }

    /// Looks at the destination's messages from a UID on, and settles what they are.
    async fn look(
        &mut self,
        doubts: &Doubts,
        from: Uid,
        report: &mut MailboxReport,
    ) -> Result<(Option<Uid>, News), Fault> {
        let highest = listing::list_there(&mut self.clients.dest, from, doubts).await?;
        let (mut first, mut news) = (from, News::Nothing);
        while let Some(range) = doubts.range_from(first, AT_ONCE)? {
            self.match_bodies(doubts, range).await?;
            let claims = doubts.claims(range)?;
            if claims.iter().any(|claim| claim.known == Known::Nothing) {
                news = News::Arrived;
            }
            self.record(doubts, range, &claims, report)?;
            first = range.1.next();
            self.ledger.move_mark(self.row.id, first)?;
            self.ledger.commit()?;
        }
        Ok((highest, news))
    }

    /// Reads the bodies that may be equal, and lets ours claim theirs.
    async fn match_bodies(&mut self, doubts: &Doubts, range: Range) -> Result<(), Fault> {
        for side in [Side::Dest, Side::Source] {
            let uids = doubts.suspects_by_size(range, side)?;
            self.read(doubts, side, &uids).await?;
        }
        doubts.claim(range, Form::Exact)?;
        if doubts.unclaimed(range)? == 0 {
            return Ok(());
        }
        let after_cut = match self.row.open && self.row.sent_to.is_some() {
            true => AfterCut::Yes,
            false => AfterCut::No,
        };
        for side in [Side::Dest, Side::Source] {
            let uids = doubts.suspects_by_date(range, side, after_cut)?;
            self.read(doubts, side, &uids).await?;
        }
        for form in Form::USUAL {
            doubts.claim(range, form)?;
        }
        if after_cut == AfterCut::No {
            return Ok(());
        }
        let claims = doubts.claims(range)?;
        let alters = claims.iter().any(|claim| claim.form > Form::Canonical);
        if alters || self.ledger.alters()? {
            for form in Form::DESPERATE {
                doubts.claim(range, form)?;
            }
        }
        Ok(())
    }

    async fn read(&mut self, doubts: &Doubts, side: Side, uids: &[Uid]) -> Result<(), Fault> {
        let client = match side {
            Side::Source => &mut self.clients.source,
            Side::Dest => &mut self.clients.dest,
        };
        for some in uids.chunks(BODIES_AT_ONCE) {
            for (uid, digest) in hash_bodies(client, some).await.on(side)? {
                doubts.know(side, uid, &digest)?;
            }
        }
        Ok(())
    }

    /// Writes what was found into the ledger and the report.
    fn record(
        &self,
        doubts: &Doubts,
        range: Range,
        claims: &[Claim],
        report: &mut MailboxReport,
    ) -> Result<(), Fault> {
        for claim in claims {
            let (source, dest) = (claim.source, Some(claim.dest));
            match claim.known {
                Known::Nothing => {
                    self.ledger.deliver(
                        self.row.id,
                        Delivery {
                            source,
                            dest,
                            flags: None,
                        },
                    )?;
                    report.recovered += 1;
                }
                Known::Named(named) if named == claim.dest => {}
                Known::Named(_) | Known::Unnamed => {
                    self.ledger.rename_dest(self.row.id, source, dest)?;
                }
            }
            if self.row.open && self.row.sent_to.is_some() {
                report.altered(claim.source, claim.dest, claim.differences());
            }
            if claim.form > Form::Canonical {
                self.ledger.note_alters()?;
            }
        }
        for source in doubts.misnamed(range)? {
            tracing::warn!(
                "{}: the server named a wrong UID for message {source}",
                self.dest
            );
            self.ledger.rename_dest(self.row.id, source, None)?;
        }
        report.foreign += doubts.unclaimed(range)?;
        Ok(())
    }

    /// Which missing messages may have arrived all the same: as many as UIDs were used up without
    /// a trace, unless they are found in another mailbox.
    async fn uncertain(
        &mut self,
        doubts: &Doubts,
        mark: Uid,
        verdict: Verdict,
        report: &mut MailboxReport,
    ) -> Result<Vec<Uid>, Fault> {
        let Some(sent_to) = self.row.sent_to.filter(|_| self.row.open) else {
            return Ok(Vec::new());
        };
        let used = i64::from(mark) - i64::from(self.row.mark);
        let vanished = doubts.vanished()?;
        let traced = doubts.there()? + vanished.len() as u64;
        let gaps = u64::try_from(used).unwrap_or(0).saturating_sub(traced);
        let most = match verdict {
            Verdict::Unsettled => UNCERTAIN_AT_MOST,
            _ => u32::try_from(gaps)
                .unwrap_or(u32::MAX)
                .min(UNCERTAIN_AT_MOST),
        };
        let missing = doubts.absent(Some(sent_to), most)?;
        if missing.is_empty() {
            return Ok(missing);
        }
        // What was surely delivered and is gone takes its copies first.
        let wanted = [vanished, missing.clone()].concat();
        let found = elsewhere::look(self.clients, self.ledger, self.dest, &wanted).await?;
        for &source in missing.iter().filter(|uid| found.contains(uid)) {
            self.ledger.deliver(
                self.row.id,
                Delivery {
                    source,
                    dest: None,
                    flags: None,
                },
            )?;
            report.moved += 1;
        }
        self.clients.dest.select(self.dest).await.on(Side::Dest)?;
        if verdict == Verdict::Absent && self.ledger.skips_uids()? {
            return Ok(Vec::new());
        }
        Ok(missing
            .into_iter()
            .filter(|uid| !found.contains(uid))
            .collect())
    }
}

impl Claim {
    /// What the destination made of it, as far as this shows.
    fn differences(&self) -> Vec<Altered> {
        let mut found = Vec::new();
        match self.form {
            Form::Exact => {}
            _ if self.octets.0 == self.octets.1 => found.push(Altered::Body),
            _ => found.push(Altered::Size {
                sent: self.octets.0,
                stored: self.octets.1,
            }),
        }
        found
    }
}

impl MailboxReport {
    pub(super) fn altered(&mut self, source: Uid, dest: Uid, what: Vec<Altered>) {
        if !what.is_empty() {
            self.alterations.push(Alteration { source, dest, what });
        }
    }
}

/// Destination messages that are matched in one go.
const AT_ONCE: u32 = 1000;
/// Bodies whose digests are in memory at once.
const BODIES_AT_ONCE: usize = 200;
/// More messages than this are not in flight at once, nor waiting to be read back.
const LATE_AT_MOST: u32 = 2200;
const UNCERTAIN_AT_MOST: u32 = 2200;
