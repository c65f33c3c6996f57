//! Several mailboxes at once: a lane copies one after the other over a pair of connections of its own.
//!
//! The first lane is the run's own, and is as patient as the user wants. The others are a help: one that
//! cannot connect, or loses its connections for longer than a moment, puts its mailbox back and ends.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::time::Duration;

use futures_util::future::join_all;

use super::patience::{Patience, Trouble};
use super::preparing::{Prepared, open_both};
use super::{Job, Role, Run};
use crate::error::Fault;
use crate::ledger::Ledger;
use crate::plan::{Copy, Plan, Work};
use crate::progress::Progress;
use crate::report::{MailboxReport, Report};
use crate::side::Both;
use crate::stop::Stop;
use crate::transfer::{Before, LastLook};

/// Mailboxes that wait for a lane, and those that are done.
struct Queue<'p> {
    waiting: RefCell<VecDeque<Item<'p>>>,
    /// Something ended the run: nothing more is begun.
    closed: Cell<bool>,
    done: RefCell<Vec<(usize, MailboxReport)>>,
}

/// A mailbox, and how far it has come.
struct Item<'p> {
    /// Its place in the plan.
    place: usize,
    copy: &'p Copy,
    before: Before,
    report: MailboxReport,
}

impl<'p> Queue<'p> {
    fn new(plan: &'p Plan, prepared: &Prepared, lanes: usize) -> Self {
        let item = |(place, copy): (usize, &'p Copy)| Item {
            place,
            copy,
            before: Before {
                last_look: LastLook {
                    at: prepared.at,
                    uid_next: prepared.surveys.dest.uid_next(&copy.mailbox.dest),
                },
                timed_out: None,
            },
            report: MailboxReport {
                source: copy.mailbox.source.to_string(),
                dest: copy.mailbox.dest.to_string(),
                ..MailboxReport::default()
            },
        };
        let mut items: Vec<Item<'p>> = plan.copies.iter().enumerate().map(item).collect();
        if lanes > 1 {
            // The largest one after INBOX: what begins last should not end last.
            let behind_inbox = items.get_mut(1..).unwrap_or_default();
            behind_inbox.sort_by_key(|item| std::cmp::Reverse(item.copy.messages()));
        }
        Self {
            waiting: RefCell::new(items.into()),
            closed: Cell::new(false),
            done: RefCell::default(),
        }
    }

    fn next(&self) -> Option<Item<'p>> {
        let mut waiting = self.waiting.borrow_mut();
        (!self.closed.get()).then(|| waiting.pop_front()).flatten()
    }

    fn put_back(&self, item: Item<'p>) {
        self.waiting.borrow_mut().push_front(item);
    }

    fn finish(&self, item: Item<'p>) {
        self.done.borrow_mut().push((item.place, item.report));
    }

    /// What was done, in the plan's order.
    fn into_reports(self) -> impl Iterator<Item = MailboxReport> {
        let mut done = self.done.into_inner();
        done.sort_by_key(|(place, _)| *place);
        done.into_iter().map(|(_, report)| report)
    }
}

impl Run<'_> {
    /// Carries out the copies of a plan.
    pub(super) async fn copy_all(
        &mut self,
        plan: &Plan,
        prepared: &Prepared,
        progress: &Progress,
        report: &mut Report,
    ) -> Result<(), Fault> {
        let busy = plan.copies.iter().filter(|copy| copy.messages() > 0);
        let shares = (self.job.memory / LEAST_SHARE) as usize;
        let lanes = self.job.connections.min(busy.count()).min(shares).max(1);
        self.lanes = lanes;
        let queue = Queue::new(plan, prepared, lanes);
        let helpers = (1..lanes).map(|number| {
            let (job, ledger, stop) = (self.job, self.ledger, self.stop.clone());
            Run::help(job, ledger, stop, (number, lanes), &queue, progress)
        });
        let helpers = join_all(helpers);
        let (mut copied, helped) = tokio::join!(self.drain(&queue, progress), helpers);
        if copied.is_ok() {
            // What helpers have put back.
            copied = self.drain(&queue, progress).await;
        }
        report.mailboxes.extend(queue.into_reports());
        helped.into_iter().fold(copied, Result::and)
    }

    /// Takes mailbox after mailbox until none is left.
    async fn drain(&mut self, queue: &Queue<'_>, progress: &Progress) -> Result<(), Fault> {
        while let Some(mut item) = queue.next() {
            self.stopped()?;
            progress.mailbox(&item.report.source);
            let copied = self
                .copy_patiently(item.copy, item.before, progress, &mut item.report)
                .await;
            match copied {
                Err(fault) if self.role == Role::Helper && is_of_the_line(&fault) => {
                    item.before = Before::after(&fault);
                    queue.put_back(item);
                    return Err(fault);
                }
                copied => {
                    queue.finish(item);
                    queue.closed.set(queue.closed.get() || copied.is_err());
                    copied?;
                }
            }
        }
        Ok(())
    }

    /// Another lane, as long as the servers allow it.
    async fn help(
        job: &Job,
        ledger: &Ledger,
        mut stop: Stop,
        (number, lanes): (usize, usize),
        queue: &Queue<'_>,
        progress: &Progress,
    ) -> Result<(), Fault> {
        let opened = tokio::select! {
            biased;
            opened = open_both(job) => opened,
            signal = stop.wait() => Err(Fault::Stopped(signal)),
        };
        let clients = match opened {
            Ok(clients) => clients,
            Err(fault) => {
                tracing::info!("no more than {number} connections: {fault}");
                return Ok(());
            }
        };
        let patience = Patience {
            give_up_after: HELPERS_PATIENCE,
            seed: job.patience.seed.wrapping_add(number as u64),
            ..job.patience
        };
        let mut lane = Run {
            job,
            ledger,
            clients,
            stop,
            trouble: Trouble::new(patience),
            distrust_literals: false,
            lanes,
            role: Role::Helper,
        };
        match lane.drain(queue, progress).await {
            Ok(()) => {
                let Both { source, dest } = lane.clients;
                tokio::join!(source.logout(), dest.logout());
                Ok(())
            }
            Err(fault) if is_of_the_line(&fault) => {
                tracing::info!("one connection less: {fault}");
                Ok(())
            }
            Err(fault) => Err(fault),
        }
    }
}

/// Whether somebody else's connection may do better.
const fn is_of_the_line(fault: &Fault) -> bool {
    matches!(fault, Fault::Session { .. } | Fault::GaveUp { .. })
}

impl Copy {
    /// Messages to copy, as far as the survey tells.
    fn messages(&self) -> u64 {
        match self.work {
            Work::Messages(messages) | Work::Adopt { messages, .. } => messages,
            Work::Nothing | Work::Gone(_) => 0,
        }
    }
}

/// Octets that a lane needs to be of use.
const LEAST_SHARE: u32 = 1 << 20;
/// How long a helper tries to connect again.
const HELPERS_PATIENCE: Duration = Duration::from_secs(20);
