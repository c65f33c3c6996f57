//! Everything that a plan is made of: sessions, surveys, mapped names, the ledger's knowledge.

use imap_client_lite::proto::MailboxName;
use imap_client_lite::{Client, Status};
use tokio::time::Instant;

use super::Job;
use crate::account::{AccountUrl, same_account};
use crate::error::Fault;
use crate::ledger::{Key, Ledger};
use crate::mapping::{Mapped, map_names};
use crate::plan::{Deleted, Known, Plan, unmapped};
use crate::side::{Both, Side};
use crate::survey::Survey;

/// Both sides, looked at.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) surveys: Both<Survey>,
    /// When they were looked at.
    pub(super) at: Instant,
}

impl Prepared {
    /// Looks at both sides.
    pub(super) async fn survey(
        job: &Job,
        ledger: &Ledger,
        clients: &mut Both<Client>,
    ) -> Result<Self, Fault> {
        if ledger.is_new()? && same_account(&job.accounts, clients).await? {
            return Err(Fault::SameAccount);
        }
        let (source, dest) = tokio::try_join!(
            Survey::take(&mut clients.source, Side::Source),
            Survey::take(&mut clients.dest, Side::Dest)
        )?;
        Ok(Self {
            surveys: Both { source, dest },
            at: Instant::now(),
        })
    }

    /// Decides what is to be done, by what is known now.
    pub(super) fn plan(&self, ledger: &Ledger, deleted: Deleted) -> Result<Plan, Fault> {
        let mapped = self.mapped(ledger)?;
        Plan::decide(&self.surveys, mapped, deleted, |mailbox, statuses| {
            known(ledger, mailbox, statuses)
        })
    }

    /// Mailboxes for which no name on the destination can stand.
    pub(super) fn warnings(&self, ledger: &Ledger) -> Result<Vec<String>, Fault> {
        let lost = unmapped(&self.surveys.source, &self.mapped(ledger)?);
        Ok(lost
            .iter()
            .map(|path| format!("{path}: no name on the destination can stand for it; not copied"))
            .collect())
    }

    fn mapped(&self, ledger: &Ledger) -> Result<Vec<Mapped>, Fault> {
        let Both { source, dest } = &self.surveys;
        let names: Vec<MailboxName> = source
            .mailboxes
            .iter()
            .map(|one| one.name.clone())
            .collect();
        Ok(map_names(
            &names,
            &source.layout,
            &dest.layout,
            &ledger.names()?,
        ))
    }
}

/// What the accounts are called.
pub(super) fn urls(job: &Job) -> Both<AccountUrl> {
    Both {
        source: job.accounts.source.url.clone(),
        dest: job.accounts.dest.url.clone(),
    }
}

pub(super) async fn open_both(job: &Job) -> Result<Both<Client>, Fault> {
    let (source, dest) = tokio::try_join!(job.accounts.source.open(), job.accounts.dest.open())?;
    Ok(Both { source, dest })
}

/// Looks a pair of mailboxes up in the ledger.
fn known(ledger: &Ledger, mailbox: &Mapped, statuses: &Both<Status>) -> Result<Known, Fault> {
    let (source, dest) = (&mailbox.source, &mailbox.dest);
    let validities = (statuses.source.uid_validity, statuses.dest.uid_validity);
    if let (Some(source_validity), Some(dest_validity)) = validities {
        let key = Key {
            source,
            source_validity,
            dest,
            dest_validity,
        };
        if let Some(row) = ledger.mailbox(key)? {
            let set_back = statuses.dest.uid_next.is_some_and(|next| next < row.mark);
            return Ok(Known::Row {
                source_next: row.source_next,
                open: row.open || set_back,
                settled: ledger.settled_count(row.id)?,
            });
        }
    }
    Ok(match ledger.knows(source, dest)? {
        true => Known::Earlier,
        false => Known::Nothing,
    })
}
