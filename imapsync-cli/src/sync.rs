//! A whole run: survey both sides, plan, carry out, report.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use imap_client_lite::proto::{Command, MailboxName};
use imap_client_lite::{Client, Error, Status};
use tokio::sync::Semaphore;

use crate::account::{Account, same_account};
use crate::error::{Fault, OnSide};
use crate::ledger::{Key, Ledger};
use crate::mapping::{Mapped, map_names};
use crate::plan::{Copy, Known, Plan, Work, unmapped};
use crate::progress::Progress;
use crate::report::{MailboxReport, Report};
use crate::side::{Both, Side};
use crate::stop::Stop;
use crate::survey::Survey;
use crate::transfer::{Context, copy_mailbox};

/// What to copy, and how.
#[derive(Debug)]
pub struct Job {
    /// Both accounts.
    pub accounts: Both<Account>,
    /// The ledger's file.
    pub ledger: PathBuf,
    /// Octets that may be in memory.
    pub memory: u32,
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
    let plan = make_plan(job, &ledger, &mut clients).await?.0;
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
        let (plan, warnings) = make_plan(job, &ledger, &mut clients).await?;
        Ok::<_, Fault>((clients, plan, warnings))
    };
    let (clients, plan, warnings) = tokio::select! {
        prepared = preparing => prepared?,
        signal = stop.wait() => return Err(Fault::Stopped(signal)),
    };
    report.warnings = warnings;
    let mut run = Run {
        job,
        ledger: &ledger,
        clients,
        stop,
        distrust_literals: false,
    };
    run.make_mailboxes(&plan, report).await?;
    let progress = Progress::new(plan.messages());
    let copied = run.copy_all(&plan, &progress, report).await;
    progress.end();
    ledger.commit()?;
    copied?;
    let Both { source, dest } = run.clients;
    tokio::join!(source.logout(), dest.logout());
    Ok(())
}

fn open_ledger(job: &Job) -> Result<Ledger, Fault> {
    let accounts = Both {
        source: job.accounts.source.url.clone(),
        dest: job.accounts.dest.url.clone(),
    };
    Ok(Ledger::open(&job.ledger, &accounts)?)
}

async fn open_both(job: &Job) -> Result<Both<Client>, Fault> {
    let (source, dest) = tokio::try_join!(job.accounts.source.open(), job.accounts.dest.open())?;
    Ok(Both { source, dest })
}

async fn make_plan(
    job: &Job,
    ledger: &Ledger,
    clients: &mut Both<Client>,
) -> Result<(Plan, Vec<String>), Fault> {
    if ledger.is_new()? && same_account(&job.accounts, clients).await? {
        return Err(Fault::SameAccount);
    }
    let (source, dest) = tokio::try_join!(
        Survey::take(&mut clients.source, Side::Source),
        Survey::take(&mut clients.dest, Side::Dest)
    )?;
    let names: Vec<MailboxName> = source
        .mailboxes
        .iter()
        .map(|one| one.name.clone())
        .collect();
    let mapped = map_names(&names, &source.layout, &dest.layout, &ledger.names()?);
    let lost = unmapped(&source, &mapped);
    let warnings = lost
        .iter()
        .map(|path| format!("{path}: no name on the destination can stand for it; not copied"))
        .collect();
    let surveys = Both { source, dest };
    let plan = Plan::decide(&surveys, mapped, |mailbox, statuses| {
        known(ledger, mailbox, statuses)
    })?;
    Ok((plan, warnings))
}

/// Looks a pair of mailboxes up in the ledger.
fn known(
    ledger: &Ledger,
    mailbox: &Mapped,
    statuses: &Both<Status>,
) -> Result<Option<Known>, Fault> {
    let (Some(source_validity), Some(dest_validity)) =
        (statuses.source.uid_validity, statuses.dest.uid_validity)
    else {
        return Ok(None);
    };
    let key = Key {
        source: &mailbox.source,
        source_validity,
        dest: &mailbox.dest,
        dest_validity,
    };
    let Some(row) = ledger.mailbox(key)? else {
        return Ok(None);
    };
    let settled = ledger.settled_count(row.id)?;
    let set_back = statuses.dest.uid_next.is_some_and(|next| next < row.mark);
    Ok(Some(Known {
        source_next: row.source_next,
        open: row.open || set_back,
        settled,
    }))
}

impl Run<'_> {
    /// Settles the names, makes the mailboxes, subscribes. A refusal costs that mailbox only.
    async fn make_mailboxes(&mut self, plan: &Plan, report: &mut Report) -> Result<(), Fault> {
        for copy in &plan.copies {
            self.ledger
                .keep_name(&copy.mailbox.source, &copy.mailbox.dest)?;
        }
        for name in &plan.create {
            self.stopped()?;
            if self.ask(&Command::Create(name), name, report).await? {
                report.created += 1;
            }
        }
        for name in &plan.subscribe {
            self.stopped()?;
            if self.ask(&Command::Subscribe(name), name, report).await? {
                report.subscribed += 1;
            }
        }
        Ok(())
    }

    /// Runs a command that the destination may refuse; says whether it did it.
    async fn ask(
        &mut self,
        command: &Command<'_>,
        name: &MailboxName,
        report: &mut Report,
    ) -> Result<bool, Fault> {
        use imap_client_lite::proto::Code::AlreadyExists;
        match self.clients.dest.run(command, |_| {}).await {
            Ok(_) => Ok(true),
            Err(Error::Refused {
                code: Some(AlreadyExists),
                ..
            }) => Ok(false),
            Err(error @ Error::Refused { .. }) => {
                report.warnings.push(format!("{name}: {error}"));
                Ok(false)
            }
            Err(error) => Err(error).on(Side::Dest),
        }
    }

    async fn copy_all(
        &mut self,
        plan: &Plan,
        progress: &Progress,
        report: &mut Report,
    ) -> Result<(), Fault> {
        for copy in &plan.copies {
            self.stopped()?;
            progress.mailbox(&copy.mailbox.source.to_string());
            let mut mailbox = MailboxReport {
                source: copy.mailbox.source.to_string(),
                dest: copy.mailbox.dest.to_string(),
                ..MailboxReport::default()
            };
            let copied = self.copy_patiently(copy, progress, &mut mailbox).await;
            report.mailboxes.push(mailbox);
            copied?;
        }
        Ok(())
    }

    /// Copies one mailbox, with new connections where the old ones fail. A refusal that concerns
    /// the mailbox is listed, and the run goes on.
    async fn copy_patiently(
        &mut self,
        copy: &Copy,
        progress: &Progress,
        mailbox: &mut MailboxReport,
    ) -> Result<(), Fault> {
        if copy.work == Work::Nothing && !self.has_refusals(copy)? {
            return Ok(());
        }
        let mut attempt = 0;
        loop {
            let copied = self.copy_once(copy, progress, mailbox).await;
            self.ledger.commit()?;
            let fault = match copied {
                Ok(()) => return Ok(()),
                Err(Fault::Session {
                    error: error @ Error::Refused { .. },
                    side,
                }) => {
                    mailbox.failed = Some(format!("{side}: {error}"));
                    return self.reopen_unsettled().await;
                }
                Err(fault) => fault,
            };
            if !fault.is_passing() || attempt == ATTEMPTS {
                return Err(fault);
            }
            self.distrust_literals |= matches!(
                fault,
                Fault::Session {
                    error: Error::EarlyReply { .. },
                    ..
                }
            );
            tracing::warn!("{fault}; connecting again");
            self.pause(attempt).await?;
            attempt += 1;
            match open_both(self.job).await {
                Ok(clients) => self.clients = clients,
                Err(again)
                    if again.is_passing()
                        || matches!(
                            again,
                            Fault::Session {
                                error: Error::Connect { .. },
                                ..
                            }
                        ) =>
                {
                    return Err(fault);
                }
                Err(other) => return Err(other),
            }
        }
    }

    async fn copy_once(
        &mut self,
        copy: &Copy,
        progress: &Progress,
        mailbox: &mut MailboxReport,
    ) -> Result<(), Fault> {
        if self.distrust_literals {
            self.clients.dest.distrust_literals();
        }
        // What is remembered is listed anew by each attempt.
        mailbox.refused = crate::report::Capped::default();
        let context = Context {
            ledger: self.ledger,
            budget: Arc::new(Semaphore::new(self.job.memory as usize)),
            memory: self.job.memory,
            progress,
            stop: self.stop.clone(),
        };
        copy_mailbox(&context, &mut self.clients, &copy.mailbox, mailbox).await
    }

    /// Whether the ledger remembers messages that this mailbox did not take: they are listed again.
    fn has_refusals(&self, copy: &Copy) -> Result<bool, Fault> {
        Ok(self
            .ledger
            .refused_names()?
            .contains(copy.mailbox.source.as_wire()))
    }

    /// A connection with answers still under way is replaced: nobody waits for them.
    async fn reopen_unsettled(&mut self) -> Result<(), Fault> {
        if self.clients.source.in_flight() > 0 {
            self.clients.source = self.job.accounts.source.open().await?;
        }
        if self.clients.dest.in_flight() > 0 {
            self.clients.dest = self.job.accounts.dest.open().await?;
        }
        Ok(())
    }

    fn stopped(&self) -> Result<(), Fault> {
        self.stop
            .requested()
            .map_or(Ok(()), |signal| Err(Fault::Stopped(signal)))
    }

    async fn pause(&mut self, attempt: u32) -> Result<(), Fault> {
        let pause = Duration::from_secs(1 << attempt);
        tokio::select! {
            () = tokio::time::sleep(pause) => Ok(()),
            signal = self.stop.wait() => Err(Fault::Stopped(signal)),
        }
    }
}

/// New connections for one mailbox, after 1, 2 and 4 seconds.
const ATTEMPTS: u32 = 3;
