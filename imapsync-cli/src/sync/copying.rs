//! Carries out the copies of a plan, one mailbox after the other, with new connections where old
//! ones fail.

use std::sync::Arc;
use std::time::Duration;

use imap_client_lite::Error;
use tokio::sync::Semaphore;

use super::Run;
use super::preparing::{Prepared, open_both};
use crate::error::Fault;
use crate::plan::{Copy, Plan, Work};
use crate::progress::Progress;
use crate::report::{Capped, MailboxReport, Report};
use crate::transfer::{Before, Context, Keywords, LastLook, copy_mailbox};

impl Run<'_> {
    pub(super) async fn copy_all(
        &mut self,
        plan: &Plan,
        prepared: &Prepared,
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
            let before = Before {
                last_look: LastLook {
                    at: prepared.at,
                    uid_next: prepared.surveys.dest.uid_next(&copy.mailbox.dest),
                },
                timed_out: None,
            };
            let copied = self
                .copy_patiently(copy, before, progress, &mut mailbox)
                .await;
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
        mut before: Before,
        progress: &Progress,
        mailbox: &mut MailboxReport,
    ) -> Result<(), Fault> {
        if let Work::Gone(gone) = copy.work {
            mailbox.gone = Some(gone);
            return Ok(());
        }
        if copy.work == Work::Nothing && !self.has_refusals(copy)? {
            return Ok(());
        }
        let mut attempt = 0;
        let mut keywords = Keywords::default();
        loop {
            let copied = self
                .copy_once(copy, before, progress, &mut keywords, mailbox)
                .await;
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
            before = Before::after(&fault);
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
        before: Before,
        progress: &Progress,
        keywords: &mut Keywords,
        mailbox: &mut MailboxReport,
    ) -> Result<(), Fault> {
        if self.distrust_literals {
            self.clients.dest.distrust_literals();
        }
        // What is remembered is listed anew by each attempt.
        mailbox.refused = Capped::default();
        let context = Context {
            ledger: self.ledger,
            budget: Arc::new(Semaphore::new(self.job.memory as usize)),
            memory: self.job.memory,
            progress,
            stop: self.stop.clone(),
            uncertain: self.job.uncertain,
        };
        copy_mailbox(
            &context,
            &mut self.clients,
            &copy.mailbox,
            before,
            keywords,
            mailbox,
        )
        .await
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

    async fn pause(&mut self, attempt: u32) -> Result<(), Fault> {
        let pause = Duration::from_secs(1 << attempt);
        tokio::select! {
            biased;
            () = tokio::time::sleep(pause) => Ok(()),
            signal = self.stop.wait() => Err(Fault::Stopped(signal)),
        }
    }
}

/// New connections for one mailbox, after 1, 2 and 4 seconds.
const ATTEMPTS: u32 = 3;
