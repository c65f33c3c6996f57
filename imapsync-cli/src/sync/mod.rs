//! A whole run: look at both sides, plan, make mailboxes, copy, report.

mod backoff;
mod copying;
mod lanes;
mod making;
mod opening;
mod others;
mod patience;
mod preparing;
mod reconnecting;
mod refused_mail;
mod traffic;

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use futures_util::StreamExt;
use futures_util::future::{LocalBoxFuture, join_all};
use futures_util::stream::FuturesUnordered;
use imap_client_lite::Client;

pub use patience::Patience;
pub(crate) use patience::Trouble;
pub(crate) use reconnecting::may_connect_later;
pub use refused_mail::{RefusedMail, Retry};
pub use traffic::Traffic;

use opening::Openings;
use preparing::{Prepared, open_both, urls};

use crate::account::Account;
use crate::cli::Exit;
use crate::error::Fault;
use crate::ledger::{Ledger, Place};
use crate::plan::{Deleted, Plan};
use crate::progress::Progress;
use crate::report::Report;
use crate::side::Both;
use crate::stop::Stop;
use crate::transfer::{Budget, Memory, Uncertain};

/// What to copy, and how.
#[derive(Debug)]
pub struct Job {
    /// Both accounts.
    pub accounts: Both<Account>,
    /// The ledger's file.
    pub ledger: Place,
    /// Octets that may be in memory.
    pub memory: u32,
    /// How many connections it may have, and what for.
    pub traffic: Traffic,
    /// What to do about messages that the destination does not take.
    pub refused: RefusedMail,
    /// How long to go on while connections fail, and at all.
    pub patience: Patience,
    /// What to do about messages that may have arrived.
    pub uncertain: Uncertain,
    /// What to do about mailboxes that were deleted on the destination.
    pub deleted: Deleted,
}

/// A run under way.
struct Run<'a> {
    job: &'a Job,
    ledger: &'a Ledger,
    clients: Both<Client>,
    stop: Stop,
    trouble: Trouble,
    distrust_literals: bool,
    /// Octets that it may hold.
    budget: Budget,
    /// Connections to the destination that it may have.
    lines: usize,
    /// Those besides the first.
    others: Vec<Client>,
    /// Connections of others that have done their part.
    leaving: Leaving,
    role: Role,
}

/// Goodbyes under way.
type Leaving = FuturesUnordered<LocalBoxFuture<'static, ()>>;

/// What a lane is to the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// It ends with the run.
    First,
    /// It is a help while it lasts.
    Helper,
}

/// Decides what a run would do. The source and destination are only looked at.
///
/// # Errors
/// When a side cannot be surveyed or the ledger not be read.
pub async fn dry_run(job: &Job) -> Result<Plan, Fault> {
    let ledger = Ledger::look(&job.ledger, &urls(job))?;
    let mut clients = open_both(job).await?;
    let plan = Prepared::survey(job, &ledger, &mut clients)
        .await?
        .plan(&ledger, job.deleted)?;
    clients.source.logout().await;
    clients.dest.logout().await;
    Ok(plan)
}

/// Carries out a job. The report tells what was done, also when a fault ended the run.
pub async fn sync(job: &Job, stop: Stop) -> (Report, Option<Fault>) {
    let started = Instant::now();
    let mut report = Report::default();
    let mut fault = recorded(job, stop.clone(), &mut report).await.err();
    if matches!(&fault, Some(Fault::Ledger(error)) if error.is_damage()) {
        // It is set aside now, and all that was done is recognised.
        report = Report::default();
        fault = recorded(job, stop, &mut report).await.err();
    }
    report.elapsed = started.elapsed();
    (report, fault)
}

/// A run with its row in the ledger: a disk that is full shows here first.
async fn recorded(job: &Job, stop: Stop, report: &mut Report) -> Result<(), Fault> {
    let ledger = Ledger::open(&job.ledger, &urls(job))?;
    if let Some(damaged) = ledger.set_aside() {
        report.notes.push(format!(
            "the ledger was damaged and is now {}; mail that is there already is recognised by its body",
            damaged.display()
        ));
    }
    let id = ledger.begin_run(now())?;
    let ended = run(job, &ledger, stop, report).await;
    let exit = ended.as_ref().err().map_or(Exit::Complete, Fault::exit);
    let exit = exit.worst(report.exit()).code();
    let (copied, octets, recovered) = report.totals();
    let noted = ledger.end_run(id, now(), exit, copied, octets, recovered);
    ended?;
    Ok(noted?)
}

/// Seconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(0))
}

async fn run(job: &Job, ledger: &Ledger, stop: Stop, report: &mut Report) -> Result<(), Fault> {
    job.refused.begin(ledger)?;
    let mut stop = match job.patience.deadline {
        Some(deadline) => stop.with_deadline(deadline),
        None => stop,
    };
    let clients = tokio::select! {
        biased;
        clients = open_both(job) => clients?,
        signal = stop.wait() => return Err(Fault::Stopped(signal)),
    };
    let mut run = Run {
        job,
        ledger,
        clients,
        stop,
        trouble: Trouble::new(job.patience),
        distrust_literals: false,
        budget: Memory::divide(job.memory, 1).lane(),
        lines: 1,
        others: Vec::new(),
        leaving: Leaving::default(),
        role: Role::First,
    };
    let mut prepared = run.survey().await?;
    let mut openings = Openings::begin(job, run.helpers(&prepared)?);
    let plan = openings
        .meanwhile(run.prepare(&mut prepared, report))
        .await?;
    report.warnings.extend(prepared.warnings(ledger)?);
    let progress = Progress::new(plan.messages());
    let copied = run
        .copy_all(&plan, &prepared, openings, &progress, report)
        .await;
    progress.end();
    ledger.commit()?;
    copied?;
    run.log_out().await;
    Ok(())
}

impl Run<'_> {
    /// Looks at both sides.
    async fn survey(&mut self) -> Result<Prepared, Fault> {
        loop {
            let survey = Prepared::survey(self.job, self.ledger, &mut self.clients);
            let surveyed = tokio::select! {
                biased;
                surveyed = survey => surveyed,
                signal = self.stop.wait() => return Err(Fault::Stopped(signal)),
            };
            match surveyed {
                Ok(prepared) => return Ok(prepared),
                Err(fault) => self.recover(fault).await?,
            }
        }
    }

    /// Makes what is missing on the destination, and plans.
    async fn prepare(
        &mut self,
        prepared: &mut Prepared,
        report: &mut Report,
    ) -> Result<Plan, Fault> {
        loop {
            match self.make_mailboxes(prepared, report).await {
                Ok(plan) => return Ok(plan),
                Err(fault) => self.recover(fault).await?,
            }
            // What was refused is refused again, and what was subscribed to is again.
            report.warnings.clear();
            report.subscribed = 0;
        }
    }

    /// Says goodbye on all connections.
    async fn log_out(self) {
        let Both { source, dest } = self.clients;
        let others = self.others.into_iter().map(Client::logout);
        let left = self.leaving.collect::<()>();
        tokio::join!(source.logout(), dest.logout(), join_all(others), left);
    }

    fn stopped(&self) -> Result<(), Fault> {
        self.stop
            .requested()
            .map_or(Ok(()), |signal| Err(Fault::Stopped(signal)))
    }
}
