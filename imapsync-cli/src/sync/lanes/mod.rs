//! Several mailboxes at once: a lane copies one after the other over a pair of connections of its own.
//!
//! The first lane is the run's own, and is as patient as the user wants. The others are a help: one that
//! cannot connect, or loses its connections for longer than a moment, puts its mailbox back and ends.

mod growth;
mod queue;

use std::time::Duration;

use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use imap_client_lite::Client;
use tokio::time::MissedTickBehavior;

use super::opening::Openings;
use super::patience::{Patience, Trouble};
use super::preparing::Prepared;
use super::{Job, Leaving, Role, Run};
use crate::error::Fault;
use crate::ledger::Ledger;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::report::Report;
use crate::side::Both;
use crate::stop::Stop;
use crate::transfer::{Before, Memory};
use growth::{Growth, Step, TICK};
use queue::Queue;

/// What all lanes of a run share.
struct Crew<'a, 'p> {
    job: &'a Job,
    ledger: &'a Ledger,
    stop: Stop,
    queue: &'a Queue<'p>,
    progress: &'a Progress,
    memory: &'a Memory,
    lines: usize,
}

/// Why a helper is no more.
enum Ended {
    /// Nothing is left for it, and its connections can go.
    Done(Vec<Client>),
    /// A server did not bear it.
    Refused,
}

impl Run<'_> {
    /// How many others are going to help with what there is to do, to begin with.
    pub(super) fn helpers(&self, prepared: &Prepared) -> Result<usize, Fault> {
        let plan = prepared.plan(self.ledger, self.job.deleted)?;
        Ok(Growth::new(self.job.lanes(&plan)).lanes() - 1)
    }

    /// Carries out the copies of a plan.
    pub(super) async fn copy_all(
        &mut self,
        plan: &Plan,
        prepared: &Prepared,
        openings: Openings<'_>,
        progress: &Progress,
        report: &mut Report,
    ) -> Result<(), Fault> {
        let lanes = self.job.lanes(plan);
        let memory = Memory::divide(self.job.memory, lanes);
        self.budget = memory.lane();
        self.lines = self.job.lines(lanes);
        let queue = Queue::new(plan, prepared, lanes);
        let crew = Crew {
            job: self.job,
            ledger: self.ledger,
            stop: self.stop.clone(),
            queue: &queue,
            progress,
            memory: &memory,
            lines: self.lines,
        };
        let mut leaving = Leaving::default();
        let helped = crew.help(Growth::new(lanes), openings, &mut leaving);
        let (mut copied, helped) = tokio::join!(self.drain(&queue, progress), helped);
        self.leaving = leaving;
        if copied.is_ok() {
            // What helpers have put back.
            copied = self.drain(&queue, progress).await;
        }
        report.mailboxes.extend(queue.into_reports());
        copied.and(helped)
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
                    if copied.is_err() {
                        queue.close();
                    }
                    copied?;
                }
            }
            if self.role == Role::Helper && queue.is_dismissed() {
                break;
            }
        }
        Ok(())
    }
}

impl Crew<'_, '_> {
    /// Helps the first lane, with as many others as the servers bear and as are of use.
    async fn help(
        &self,
        mut growth: Growth,
        mut openings: Openings<'_>,
        leaving: &mut Leaving,
    ) -> Result<(), Fault> {
        let mut helpers = FuturesUnordered::new();
        (1..growth.lanes()).for_each(|number| helpers.push(self.helper(number, openings.next())));
        let mut hired = growth.lanes();
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut outcome = Ok(());
        loop {
            let may_grow = growth.may_grow() && self.queue.has_work();
            tokio::select! {
                biased;
                Some(ended) = helpers.next() => match ended {
                    Ok(Ended::Done(clients)) => {
                        growth.ended();
                        let goodbyes = clients.into_iter().map(|one| one.logout().boxed_local());
                        leaving.extend(goodbyes);
                    }
                    Ok(Ended::Refused) => growth.refused(),
                    Err(fault) => outcome = outcome.and(Err(fault)),
                },
                _ = ticks.tick(), if may_grow => match growth.tick(self.progress.work()) {
                    Step::Stay => {}
                    Step::Grow => {
                        helpers.push(self.helper(hired, openings.next()));
                        hired += 1;
                    }
                    Step::Shrink => self.queue.dismiss_one(),
                },
                // Where nobody is to help any more, the last words need no waiting for here.
                () = gone(leaving), if may_grow || !helpers.is_empty() => {}
                else => return outcome,
            }
        }
    }

    /// Another lane, as long as the servers bear it.
    async fn helper(
        &self,
        number: usize,
        opening: impl Future<Output = Result<Both<Client>, Fault>>,
    ) -> Result<Ended, Fault> {
        let mut stop = self.stop.clone();
        let opened = tokio::select! {
            biased;
            opened = opening => opened,
            signal = stop.wait() => Err(Fault::Stopped(signal)),
        };
        let clients = match opened {
            Ok(clients) => clients,
            Err(fault) => {
                tracing::info!("no more connections: {fault}");
                return Ok(Ended::Refused);
            }
        };
        let mut lane = Run {
            job: self.job,
            ledger: self.ledger,
            clients,
            stop,
            trouble: Trouble::new(Patience {
                give_up_after: HELPERS_PATIENCE.min(self.job.patience.give_up_after),
                seed: self.job.patience.seed.wrapping_add(number as u64),
                ..self.job.patience
            }),
            distrust_literals: false,
            budget: self.memory.lane(),
            lines: self.lines,
            others: Vec::new(),
            leaving: Leaving::default(),
            role: Role::Helper,
        };
        match lane.drain(self.queue, self.progress).await {
            Ok(()) => {
                let Both { source, dest } = lane.clients;
                let mut clients = lane.others;
                clients.extend([source, dest]);
                Ok(Ended::Done(clients))
            }
            Err(fault) if is_of_the_line(&fault) => {
                tracing::info!("one connection less: {fault}");
                Ok(Ended::Refused)
            }
            Err(fault) => Err(fault),
        }
    }
}

/// Gets on with goodbyes until there are none; never ready.
async fn gone(leaving: &mut Leaving) {
    while leaving.next().await.is_some() {}
    std::future::pending().await
}

/// Whether somebody else's connection may do better.
const fn is_of_the_line(fault: &Fault) -> bool {
    matches!(fault, Fault::Session { .. } | Fault::GaveUp { .. })
}

/// How long a helper tries to connect again.
const HELPERS_PATIENCE: Duration = Duration::from_secs(20);
