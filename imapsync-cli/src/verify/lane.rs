//! One pair of connections, which compares mailbox after mailbox. A mailbox that changes while it is
//! read is read again, and so is one whose connection is lost.

use imap_client_lite::{Client, Error};

use super::finding::{Finding, Kind};
use super::lanes::{Crew, Item};
use super::pairing::each_finding;
use super::read::{Read, Reader};
use super::table::Table;
use crate::error::Fault;
use crate::side::{Both, Side};
use crate::survey::Survey;
use crate::sync::{Trouble, may_connect_later};

/// One pair of connections.
pub(super) struct Lane<'c, 'a> {
    pub(super) crew: &'c Crew<'a>,
    pub(super) clients: Both<Client>,
    pub(super) trouble: Trouble,
    pub(super) table: Table,
}

impl<'a> Lane<'_, 'a> {
    /// Compares mailboxes until none is left; one that a fault ended goes back.
    pub(super) async fn drain(&mut self) -> Result<(), Fault> {
        while let Some(item) = self.crew.next() {
            self.crew.progress.mailbox(&item.mailbox.source.to_string());
            if let Err(fault) = self.patiently(&item).await {
                self.crew.give_back(item, &fault);
                return Err(fault);
            }
            self.trouble.over();
        }
        Ok(())
    }

    /// Compares a mailbox, with as many connections as that takes.
    async fn patiently(&mut self, item: &Item<'a>) -> Result<(), Fault> {
        loop {
            match self.compare(item).await {
                Err(fault) if self.concerns_mailbox(&fault) => {
                    self.note_unreadable(item, &fault);
                    return self.settle().await;
                }
                Err(fault) => self.recover(fault).await?,
                Ok(()) => return Ok(()),
            }
        }
    }

    async fn compare(&mut self, item: &Item<'a>) -> Result<(), Fault> {
        self.table.clear()?;
        let mut reads = self.read(item).await?;
        let mut passes = 1;
        while changed(&reads) && passes < PASSES {
            tracing::info!("{}: it changes; read again", item.mailbox.source);
            self.table.begin_again()?;
            self.crew.note_change(item, &reads, passes);
            reads = self.read(item).await?;
            passes += 1;
        }
        self.crew.note_change(item, &reads, passes);
        self.crew.count(item, &reads);
        if changed(&reads) {
            self.crew.note(item, Finding::new(Kind::Unsettled));
            return Ok(());
        }
        let known = self.crew.knowledge.of(
            item.mailbox,
            Both {
                source: reads.source.uid_validity,
                dest: reads.dest.uid_validity,
            },
        )?;
        each_finding(&self.table, &known, |finding| {
            self.crew.note(item, finding);
            Ok(())
        })?;
        Ok(())
    }

    async fn read(&mut self, item: &Item<'a>) -> Result<Both<Read>, Fault> {
        let Both { source, dest } = &mut self.clients;
        let reader = Reader {
            level: self.crew.job.level,
            table: &self.table,
            progress: self.crew.progress,
        };
        let (source, dest) = tokio::try_join!(
            reader.read(source, Side::Source, &item.mailbox.source),
            reader.read(dest, Side::Dest, &item.mailbox.dest),
        )?;
        Ok(Both { source, dest })
    }

    /// Whether a refusal is about this mailbox, and does not pass.
    fn concerns_mailbox(&self, fault: &Fault) -> bool {
        let refused = matches!(
            fault,
            Fault::Session {
                error: Error::Refused { .. },
                ..
            }
        );
        refused && (!may_connect_later(fault) || self.trouble.tries() >= TRIES)
    }

    fn note_unreadable(&self, item: &Item<'a>, fault: &Fault) {
        let mut finding = Finding::new(Kind::Unread);
        finding.messages = item.messages;
        finding.note = Some(fault.to_string());
        self.crew.note(item, finding);
    }

    /// Waits for answers that nobody wants any more.
    async fn settle(&mut self) -> Result<(), Fault> {
        for side in [Side::Source, Side::Dest] {
            let client = self.clients.on_mut(side);
            if let Err(error) = client.settle().await {
                self.recover(Fault::Session { side, error }).await?;
            }
        }
        Ok(())
    }

    /// Waits and connects again, as often as the user's patience lasts.
    async fn recover(&mut self, fault: Fault) -> Result<(), Fault> {
        let breaks_protocol = matches!(
            fault,
            Fault::Session {
                error: Error::Framing(_) | Error::Malformed(_) | Error::Protocol(_),
                ..
            }
        );
        if !may_connect_later(&fault) || (breaks_protocol && self.trouble.tries() >= TRIES) {
            return Err(fault);
        }
        let mut down = self.take_down(&fault);
        let mut words = fault.to_string();
        while let Some(&side) = down.first() {
            let Some(pause) = self.trouble.pause(&words) else {
                return Err(Fault::GaveUp {
                    fault: Box::new(fault),
                    after: self.crew.job.patience.give_up_after,
                });
            };
            tracing::warn!("{words}; connecting again in {:.1} s", pause.as_secs_f64());
            tokio::time::sleep(pause).await;
            match self.crew.job.accounts.on(side).open().await {
                Ok(client) => {
                    *self.clients.on_mut(side) = client;
                    down.remove(0);
                }
                Err(fault) if may_connect_later(&fault) => words = fault.to_string(),
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }

    /// Gives up the connection that failed, and the other where answers are still under way.
    fn take_down(&mut self, fault: &Fault) -> Vec<Side> {
        let mut down = Vec::new();
        for side in [Side::Source, Side::Dest] {
            let failed = matches!(fault, Fault::Session { side: failed, .. } if *failed == side);
            let client = self.clients.on_mut(side);
            if failed || client.in_flight() > 0 {
                client.abandon();
                down.push(side);
            }
        }
        down
    }
}

/// Looks at both sides.
pub(super) async fn survey(clients: &mut Both<Client>) -> Result<Both<Survey>, Fault> {
    let (source, dest) = tokio::try_join!(
        Survey::take(&mut clients.source, Side::Source),
        Survey::take(&mut clients.dest, Side::Dest)
    )?;
    Ok(Both { source, dest })
}

/// Whether numbers of messages went to others while they were read.
const fn changed(reads: &Both<Read>) -> bool {
    reads.source.expunged + reads.dest.expunged > 0
}

/// How often a mailbox is read that changes each time.
const PASSES: u32 = 3;
/// What happens again each time is no weather.
const TRIES: u32 = 3;
