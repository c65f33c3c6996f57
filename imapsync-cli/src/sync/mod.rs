//! A whole run: look at both sides, plan, make mailboxes, copy, report.

mod copying;
mod making;
mod preparing;

use std::path::PathBuf;
use std::time::Instant;

use imap_client_lite::Client;

use preparing::{Prepared, open_both, open_ledger};

use crate::account::Account;
use crate::error::Fault;
use crate::ledger::Ledger;
use crate::plan::{Deleted, Plan};
use crate::progress::Progress;
use crate::report::Report;
use crate::side::Both;
use crate::stop::Stop;
use crate::transfer::Uncertain;

/// What to copy, and how.
#[derive(Debug)]
pub struct Job {
    /// Both accounts.
    pub accounts: Both<Account>,
    /// The ledger's file.
    pub ledger: PathBuf,
    /// Octets that may be in memory.
    pub memory: u32,
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
    distrust_literals: bool,
}

/// Decides what a run would do. The source and destination are only looked at.
///
/// # Errors
/// When a side cannot be surveyed or the ledger not be read.
pub async fn dry_run(job: &Job) -> Result<Plan, Fault> {
    let ledger = if job.ledger.exists() {
        open_ledger(job)?
    } else {
        Ledger::in_memory()?
    };
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
    let fault = run(job, stop, &mut report).await.err();
    report.elapsed = started.elapsed();
    (report, fault)
}

async fn run(job: &Job, mut stop: Stop, report: &mut Report) -> Result<(), Fault> {
    let ledger = open_ledger(job)?;
    let preparing = async {
        let mut clients = open_both(job).await?;
        let prepared = Prepared::survey(job, &ledger, &mut clients).await?;
        Ok::<_, Fault>((clients, prepared))
    };
    let (clients, mut prepared) = tokio::select! {
        biased;
        ready = preparing => ready?,
        signal = stop.wait() => return Err(Fault::Stopped(signal)),
    };
    let mut run = Run {
        job,
        ledger: &ledger,
        clients,
        stop,
        distrust_literals: false,
    };
    let plan = run.make_mailboxes(&mut prepared, report).await?;
    report.warnings.extend(prepared.warnings(&ledger)?);
    let progress = Progress::new(plan.messages());
    let copied = run.copy_all(&plan, &prepared, &progress, report).await;
    progress.end();
    ledger.commit()?;
    copied?;
    let Both { source, dest } = run.clients;
    tokio::join!(source.logout(), dest.logout());
    Ok(())
}

impl Run<'_> {
    fn stopped(&self) -> Result<(), Fault> {
        self.stop
            .requested()
            .map_or(Ok(()), |signal| Err(Fault::Stopped(signal)))
    }
}
