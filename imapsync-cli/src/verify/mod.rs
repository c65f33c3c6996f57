//! A second opinion: both sides are read again, whole, and compared message by message.
//!
//! Shares the parser with the engine but not its belief: the ledger is asked only for the names
//! that it settled, never for what was copied.

mod outcome;
mod read;
mod table;

use imap_client_lite::Client;
use imap_client_lite::proto::MailboxName;

pub use outcome::{Extra, Finding, FoundMessage, Verification};
use read::read_mailbox;
use table::Table;

use crate::account::Account;
use crate::error::Fault;
use crate::ledger::{Ledger, Place};
use crate::mapping::{Mapped, SettledName, map_names};
use crate::progress::Progress;
use crate::side::{Both, Side};
use crate::stop::Stop;
use crate::survey::Survey;

/// What to verify.
#[derive(Debug)]
pub struct Job {
    /// Both accounts.
    pub accounts: Both<Account>,
    /// The ledger's file, for the names that it settled.
    pub ledger: Place,
}

/// Reads both sides and compares.
///
/// # Errors
/// When a side cannot be read to its end.
pub async fn verify(job: &Job, mut stop: Stop) -> Result<Verification, Fault> {
    let comparing = compare(job);
    tokio::select! {
        biased;
        compared = comparing => compared,
        signal = stop.wait() => Err(Fault::Stopped(signal)),
    }
}

async fn compare(job: &Job) -> Result<Verification, Fault> {
    let names = settled_names(job)?;
    let (source, dest) = tokio::try_join!(job.accounts.source.open(), job.accounts.dest.open())?;
    let mut clients = Both { source, dest };
    let (source, dest) = tokio::try_join!(
        Survey::take(&mut clients.source, Side::Source),
        Survey::take(&mut clients.dest, Side::Dest)
    )?;
    let surveys = Both { source, dest };
    let selectable: Vec<MailboxName> = surveys
        .source
        .mailboxes
        .iter()
        .filter(|one| one.status.is_some())
        .map(|one| one.name.clone())
        .collect();
    let mapped = map_names(
        &selectable,
        &surveys.source.layout,
        &surveys.dest.layout,
        &names,
    );
    let mut verification = Verification::default();
    let progress = Progress::new(expected(&surveys.source));
    for mailbox in &mapped {
        progress.mailbox(&mailbox.source.to_string());
        compare_mailbox(
            &mut clients,
            &surveys,
            mailbox,
            &progress,
            &mut verification,
        )
        .await?;
    }
    progress.end();
    verification.note_extra_mailboxes(&surveys.dest, &mapped);
    let Both { source, dest } = clients;
    tokio::join!(source.logout(), dest.logout());
    Ok(verification)
}

async fn compare_mailbox(
    clients: &mut Both<Client>,
    surveys: &Both<Survey>,
    mailbox: &Mapped,
    progress: &Progress,
    verification: &mut Verification,
) -> Result<(), Fault> {
    verification.mailboxes += 1;
    if surveys.dest.status(&mailbox.dest).is_none() {
        let messages = surveys
            .source
            .status(&mailbox.source)
            .and_then(|status| status.messages)
            .unwrap_or(0);
        verification.note_missing_mailbox(mailbox, messages);
        return Ok(());
    }
    let table = Table::new()?;
    let (source, dest) = tokio::try_join!(
        read_mailbox(
            &mut clients.source,
            Side::Source,
            &mailbox.source,
            &table,
            progress
        ),
        read_mailbox(
            &mut clients.dest,
            Side::Dest,
            &mailbox.dest,
            &table,
            progress
        ),
    )?;
    verification.messages += source.messages;
    verification.dest_messages += dest.messages;
    for (side, read) in [(Side::Source, source), (Side::Dest, dest)] {
        verification.note_unread(mailbox, side, read.unread);
    }
    for finding in table.findings(&mailbox.source.to_string())? {
        verification.note(finding);
    }
    Ok(())
}

fn settled_names(job: &Job) -> Result<Vec<SettledName>, Fault> {
    let accounts = Both {
        source: job.accounts.source.url.clone(),
        dest: job.accounts.dest.url.clone(),
    };
    Ok(Ledger::look(&job.ledger, &accounts)?.names()?)
}

fn expected(source: &Survey) -> u64 {
    source
        .mailboxes
        .iter()
        .filter_map(|one| one.status?.messages)
        .map(u64::from)
        .sum()
}
