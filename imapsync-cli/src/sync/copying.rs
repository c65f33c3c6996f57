//! Carries out one copy of a plan, with new connections where old ones fail.

use std::time::Duration;

use imap_client_lite::Error;

use super::Run;
use crate::error::Fault;
use crate::plan::{Copy, Work};
use crate::progress::Progress;
use crate::report::{Capped, MailboxReport};
use crate::transfer::{Before, Context, Learned, copy_mailbox};

impl Run<'_> {
    /// Copies one mailbox, with new connections where the old ones fail. A refusal that concerns
    /// the mailbox is listed, and the run goes on.
    pub(super) async fn copy_patiently(
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
        let mut learned = Learned::before(self.ledger)?;
        let (mut moved, mut fruitless, mut renumbered) = (0, 0, 0);
        loop {
            let copied = self
                .copy_once(copy, before, progress, &mut learned, mailbox)
                .await;
            self.ledger.commit()?;
            if copied.is_ok() || mailbox.moved() > moved {
                (moved, fruitless) = (mailbox.moved(), 0);
                self.trouble.over();
            }
            match copied {
                Ok(()) => return Ok(()),
                Err(Fault::Session { error, side }) if self.is_stuck(&error) => {
                    mailbox.failed = Some(format!("{side}: {error}"));
                    return self.reopen_unsettled().await;
                }
                Err(fault @ (Fault::Renumbered { .. } | Fault::Torn { .. }))
                    if renumbered < RENUMBERED_AT_MOST =>
                {
                    renumbered += 1;
                    tracing::warn!("{fault}; everything there is in doubt");
                    learned.distrust_batches();
                    before = Before::after(&fault);
                }
                Err(fault) => {
                    self.give_up_others();
                    self.distrust_literals |= is_early_reply(&fault);
                    before = Before::after(&fault);
                    let words = fault.to_string();
                    self.recover(fault).await?;
                    fruitless += 1;
                    if fruitless >= FRUITLESS && self.trouble.lasted() >= ONE_MAILBOX {
                        mailbox.failed = Some(format!("{words}; so it ended {fruitless} times"));
                        return Ok(());
                    }
                }
            }
        }
    }

    async fn copy_once(
        &mut self,
        copy: &Copy,
        before: Before,
        progress: &Progress,
        learned: &mut Learned,
        mailbox: &mut MailboxReport,
    ) -> Result<(), Fault> {
        if self.distrust_literals {
            self.clients.dest.distrust_literals();
        }
        self.open_others(copy).await?;
        // What is remembered is listed anew by each attempt.
        mailbox.refused = Capped::default();
        let context = Context {
            ledger: self.ledger,
            budget: self.budget.clone(),
            order: self.job.traffic.order,
            first: self.job.traffic.first,
            progress,
            save_refused: self.job.refused.save.as_deref(),
            stop: self.stop.clone(),
            uncertain: self.job.uncertain,
        };
        copy_mailbox(
            &context,
            &mut self.clients,
            &mut self.others,
            &copy.mailbox,
            before,
            learned,
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
}

/// A mailbox whose UIDs become void more often in one run has another problem.
const RENUMBERED_AT_MOST: u32 = 3;

const fn is_early_reply(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::Session {
            error: Error::EarlyReply { .. },
            ..
        }
    )
}

/// Connections can be made, but end in the same mailbox so often and for so long without a message
/// moved: it is listed, and the others have their turn.
const FRUITLESS: u32 = 6;
const ONE_MAILBOX: Duration = Duration::from_secs(600);
