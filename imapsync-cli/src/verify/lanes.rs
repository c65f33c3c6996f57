//! Several pairs of connections at work: INBOX first, then the largest mailboxes. One whose
//! connections stay lost puts its mailbox back for the first pair, which is as patient as the user.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::VecDeque;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use imap_client_lite::Client;

use super::Job;
use super::finding::Finding;
use super::knowledge::Knowledge;
use super::lane::Lane;
use super::read::Read;
use super::table::Table;
use super::verification::Verification;
use crate::error::Fault;
use crate::mapping::Mapped;
use crate::progress::Progress;
use crate::side::{Both, Side};
use crate::sync::{Patience, Trouble};

/// A pair of mailboxes to compare.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) mailbox: &'a Mapped,
    /// Messages on the source, as it said at the beginning.
    pub(super) messages: u64,
    /// Its place in the report.
    pub(super) order: usize,
}

/// What all lanes share.
#[derive(Debug)]
pub(super) struct Crew<'a> {
    pub(super) job: &'a Job,
    pub(super) knowledge: &'a Knowledge<'a>,
    pub(super) progress: &'a Progress,
    queue: RefCell<VecDeque<Item<'a>>>,
    verification: RefCell<&'a mut Verification>,
}

impl<'a> Crew<'a> {
    pub(super) fn new(
        job: &'a Job,
        knowledge: &'a Knowledge<'a>,
        progress: &'a Progress,
        mut items: Vec<Item<'a>>,
        verification: &'a mut Verification,
    ) -> Self {
        items.sort_by_key(|item| (!item.mailbox.source.is_inbox(), Reverse(item.messages)));
        Self {
            job,
            knowledge,
            progress,
            queue: RefCell::new(items.into()),
            verification: RefCell::new(verification),
        }
    }

    /// Compares all mailboxes; gives back the first pair of connections.
    pub(super) async fn work(&self, clients: Both<Client>) -> Result<Both<Client>, Fault> {
        let mailboxes = self.queue.borrow().len();
        let lanes = self.job.each_side().min(mailboxes).max(1);
        let cache = CACHE_KIB / u32::try_from(lanes).unwrap_or(u32::MAX);
        let mut first = Lane {
            crew: self,
            clients,
            trouble: Trouble::new(self.job.patience),
            table: Table::new(cache.max(LEAST_CACHE_KIB))?,
        };
        let helpers: FuturesUnordered<_> = (1..lanes)
            .map(|number| self.help(number, cache.max(LEAST_CACHE_KIB)))
            .collect();
        let (done, helped) = tokio::join!(first.drain(), helpers.collect::<Vec<_>>());
        helped.into_iter().collect::<Result<Vec<()>, Fault>>()?;
        match done {
            // What helpers have put back.
            Ok(()) => first.drain().await?,
            // Helpers may have read what the first could not.
            Err(fault) if !is_of_the_line(&fault) || self.has_work() => return Err(fault),
            Err(_) => {}
        }
        Ok(first.clients)
    }

    /// Another lane, as long as the servers bear it.
    async fn help(&self, number: usize, cache_kib: u32) -> Result<(), Fault> {
        let opened = tokio::try_join!(
            self.job.accounts.source.open(),
            self.job.accounts.dest.open()
        );
        let (source, dest) = match opened {
            Ok(opened) => opened,
            Err(fault) => {
                tracing::info!("no more connections: {fault}");
                return Ok(());
            }
        };
        let mut lane = Lane {
            crew: self,
            clients: Both { source, dest },
            trouble: Trouble::new(Patience {
                give_up_after: HELPERS_PATIENCE.min(self.job.patience.give_up_after),
                seed: self.job.patience.seed.wrapping_add(number as u64),
                ..self.job.patience
            }),
            table: Table::new(cache_kib)?,
        };
        match lane.drain().await {
            Err(fault) if is_of_the_line(&fault) => {
                tracing::info!("one connection less: {fault}");
                Ok(())
            }
            Err(fault) => Err(fault),
            Ok(()) => {
                let Both { source, dest } = lane.clients;
                tokio::join!(source.logout(), dest.logout());
                Ok(())
            }
        }
    }

    pub(super) fn next(&self) -> Option<Item<'a>> {
        self.queue.borrow_mut().pop_front()
    }

    /// A mailbox that a fault ended goes to others, where that is of use; else nobody needs to go on.
    pub(super) fn give_back(&self, item: Item<'a>, fault: &Fault) {
        let mut queue = self.queue.borrow_mut();
        match is_of_the_line(fault) {
            true => queue.push_front(item),
            false => queue.clear(),
        }
    }

    fn has_work(&self) -> bool {
        !self.queue.borrow().is_empty()
    }

    /// Notes a finding of a mailbox.
    pub(super) fn note(&self, item: &Item<'_>, mut finding: Finding) {
        finding.of(item.mailbox);
        finding.order = item.order;
        self.verification.borrow_mut().note(finding);
    }

    /// Notes what happened to a mailbox while it was read.
    pub(super) fn note_change(&self, item: &Item<'_>, reads: &Both<Read>, pass: u32) {
        let mut verification = self.verification.borrow_mut();
        for side in [Side::Source, Side::Dest] {
            let Read {
                arrived, expunged, ..
            } = *reads.on(side);
            let name = &item.mailbox.source;
            if expunged > 0 {
                verification.say(format!(
                    "{name}: {expunged} messages were expunged on the {side} while it was read for the {} time",
                    ORDINALS.get(pass as usize - 1).unwrap_or(&"last")
                ));
            }
            if arrived > 0 {
                verification.say(format!(
                    "{name}: {arrived} messages arrived on the {side} while it was read; they were not compared"
                ));
            }
        }
    }

    /// Counts a mailbox that was read.
    pub(super) fn count(&self, item: &Item<'_>, reads: &Both<Read>) {
        {
            let mut verification = self.verification.borrow_mut();
            verification.messages += reads.source.messages;
            verification.dest_messages += reads.dest.messages;
        }
        for side in [Side::Source, Side::Dest] {
            let unread = reads.on(side).unread;
            if unread > 0 {
                self.note(item, Finding::unread(side, unread));
            }
        }
    }
}

/// Whether somebody else's connection may do better.
const fn is_of_the_line(fault: &Fault) -> bool {
    matches!(fault, Fault::Session { .. } | Fault::GaveUp { .. })
}

const ORDINALS: [&str; 3] = ["first", "second", "third"];
/// What all tables may cache; one sorts at a time, with as much again.
const CACHE_KIB: u32 = 8192;
const LEAST_CACHE_KIB: u32 = 256;
/// How long a helper tries to connect again.
const HELPERS_PATIENCE: Duration = Duration::from_secs(20);
