//! One mailbox, from opening it on both sides to a mark below which all is accounted for.

use std::path::Path;
use std::time::Duration;

use futures_util::future::try_join_all;
use imap_client_lite::proto::{Command, FetchItem, MailboxName, Messages, Uid, UidSet, Untagged};
use imap_client_lite::{Client, Error};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::batch::{Batch, Limit};
use super::budget::Budget;
use super::intake::{Intake, Reading};
use super::learned::Learned;
use super::lines::Lines;
use super::opened::{Opened, open};
use super::order::{First, Order};
use super::pace::Pace;
use super::read_back::ReadBack;
use super::reader::Reader;
use super::recovery::{LastLook, Settled, Settling, late_doubles};
use super::refused::{each_refusal, list_refused};
use super::unlisted::count_unlisted;
use super::writer::{Naming, Writer, Written};
use crate::error::{Fault, OnSide};
use crate::ledger::{Ledger, Refusal};
use crate::mapping::Mapped;
use crate::progress::Progress;
use crate::report::MailboxReport;
use crate::side::{Both, Side};
use crate::stop::Stop;

/// What all mailboxes of a run share.
#[derive(Debug)]
pub struct Context<'a> {
    /// The ledger.
    pub ledger: &'a Ledger,
    /// Octets that may be in memory.
    pub budget: Budget,
    /// In which order messages may arrive.
    pub order: Order,
    /// Which come first.
    pub first: First,
    /// The progress line.
    pub progress: &'a Progress,
    /// Where refused messages are saved, if the user wants that.
    pub save_refused: Option<&'a Path>,
    /// The user's wish to end.
    pub stop: Stop,
    /// What to do about messages that may have arrived.
    pub uncertain: Uncertain,
}

/// What to do about messages that may have arrived, and be gone from their mailbox again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Uncertain {
    /// Send them: a duplicate is better than a loss.
    #[default]
    Copy,
    /// Leave them out, and remember that.
    Skip,
}

/// How the destination mailbox stood before it was opened for this copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Before {
    /// The last look at it.
    pub last_look: LastLook,
    /// The time-out that ended the last connection, if one did.
    pub timed_out: Option<Duration>,
}

impl Before {
    /// How it stands when a connection has just ended.
    #[must_use]
    pub fn after(fault: &Fault) -> Self {
        let timed_out = match fault {
            Fault::Session {
                error: Error::TimedOut { after, .. },
                side: Side::Dest,
            } => Some(*after),
            _ => None,
        };
        Self {
            last_look: LastLook {
                at: Instant::now(),
                uid_next: None,
            },
            timed_out,
        }
    }
}

/// Copies what is missing of one mailbox; `others` are more connections to the destination.
///
/// # Errors
/// When a session, the ledger or the user ends the run; what was delivered until then is noted.
pub async fn copy_mailbox(
    cx: &Context<'_>,
    clients: &mut Both<Client>,
    others: &mut [Client],
    mailbox: &Mapped,
    before: Before,
    learned: &mut Learned,
    report: &mut MailboxReport,
) -> Result<(), Fault> {
    let Some(mut opened) = open(
        cx.ledger,
        clients,
        mailbox,
        before.last_look.uid_next,
        report,
    )
    .await?
    else {
        return Ok(());
    };
    let row = opened.row;
    each_refusal(cx.ledger, row.id, |refusal| report.remembered(refusal))?;
    if opened.is_finished() {
        return list_refused(cx, clients, mailbox, &opened, report).await;
    }
    let settled = settle(cx, clients, mailbox, before, &opened, report).await?;
    cx.ledger.close_mailbox(row.id, settled.mark, None)?;
    cx.ledger.open_mailbox(row.id)?;
    opened.row.mark = settled.mark;
    match transfer(cx, clients, others, mailbox, &opened, learned, report).await? {
        Ended::Whole(reading, written) => {
            let late = late_doubles(clients, &settled.absent, &written.strangers).await?;
            late.into_iter()
                .for_each(|double| report.late_doubles.push(double));
            finish(cx, clients, mailbox, &opened, reading, written.mark, report).await?;
            list_refused(cx, clients, mailbox, &opened, report).await
        }
        Ended::Checkpoint(fault, written) => {
            cx.ledger.close_mailbox(row.id, written.mark, None)?;
            Err(fault)
        }
    }
}

/// Finds out what of ours is on the destination without the ledger knowing it.
async fn settle(
    cx: &Context<'_>,
    clients: &mut Both<Client>,
    mailbox: &Mapped,
    before: Before,
    opened: &Opened,
    report: &mut MailboxReport,
) -> Result<Settled, Fault> {
    let row = opened.row;
    if !opened.is_in_doubt() {
        return Ok(Settled {
            mark: row.mark,
            absent: Vec::new(),
            uncertain: Vec::new(),
        });
    }
    let settling = Settling {
        clients,
        ledger: cx.ledger,
        row,
        dest: &mailbox.dest,
        before,
    };
    let mut stop = cx.stop.clone();
    let settled = tokio::select! {
        biased;
        settled = settling.run(opened.dest.clone(), report) => settled?,
        signal = stop.wait() => return Err(Fault::Stopped(signal)),
    };
    for &source in &settled.uncertain {
        report.uncertain.push(source.into());
        if cx.uncertain == Uncertain::Skip {
            let refusal = Refusal {
                source,
                octets: None,
                internal_date: None,
                message_id: None,
                reason: UNCERTAIN.to_owned(),
            };
            cx.ledger.refuse(row.id, &refusal)?;
            report.refused(refusal, None);
        }
    }
    Ok(settled)
}

/// Reads and writes at once until the source has no more.
async fn transfer(
    cx: &Context<'_>,
    clients: &mut Both<Client>,
    others: &mut [Client],
    mailbox: &Mapped,
    opened: &Opened,
    learned: &mut Learned,
    report: &mut MailboxReport,
) -> Result<Ended, Fault> {
    learned.keywords.know(&opened.dest);
    select_all(others, &mailbox.dest).await?;
    let (sender, receiver) = mpsc::channel(PARCELS);
    let reader = Reader {
        client: &mut clients.source,
        ledger: cx.ledger,
        mailbox: opened.row.id,
        budget: cx.budget.clone(),
        parcels: sender,
        stop: cx.stop.clone(),
        intake: Intake::new(opened.source.exists, cx.first),
    };
    let naming = Naming::of(&clients.dest);
    let round_trip = clients.dest.round_trip();
    let takes_batches = clients.dest.capabilities().has("MULTIAPPEND");
    let writer = Writer {
        lines: Lines::new(&mut clients.dest, others),
        ledger: cx.ledger,
        mailbox: opened.row.id,
        name: &mailbox.dest,
        validity: opened.dest_validity,
        parcels: receiver,
        progress: cx.progress,
        report,
        read_back: ReadBack::new(opened.row.mark, opened.dest_validity, naming, cx.order),
        arrived: std::collections::VecDeque::new(),
        batch: Batch::new(round_trip),
        limit: if takes_batches {
            learned.limit()
        } else {
            Limit::SINGLE
        },
        large: None,
        waiting: None,
        isolated: None,
        learned,
        settled: 0,
        sent_to: None,
        pace: Pace::default(),
    };
    let mut stop = cx.stop.clone();
    let mut reading = std::pin::pin!(reader.run());
    let mut writing = std::pin::pin!(writer.run());
    let (read, written) = tokio::select! {
        biased;
        // The writer ends first only when it cannot go on.
        written = &mut writing => {
            let written = written?;
            (reading.await?, written)
        }
        read = &mut reading => match read {
            Ok(read) => tokio::select! {
                biased;
                written = &mut writing => (read, written?),
                signal = stop.wait() => return checkpoint(Fault::Stopped(signal), writing).await,
            },
            Err(fault) => return checkpoint(fault, writing).await,
        }
    };
    account_for(&read, written.settled)?;
    Ok(Ended::Whole(read, written))
}

/// An APPEND is cheaper where its mailbox is selected.
async fn select_all(clients: &mut [Client], name: &MailboxName) -> Result<(), Fault> {
    let selecting = clients.iter_mut().map(|client| client.select(name));
    try_join_all(selecting).await.on(Side::Dest).map(drop)
}

/// What is under way when the run has to end gets a moment to arrive.
async fn checkpoint(
    fault: Fault,
    writing: impl Future<Output = Result<Written, Fault>>,
) -> Result<Ended, Fault> {
    match tokio::time::timeout(CHECKPOINT_PATIENCE, writing).await {
        Ok(Ok(written)) => Ok(Ended::Checkpoint(fault, written)),
        Ok(Err(_)) | Err(_) => Err(fault),
    }
}

/// How a transfer ended without trouble on the destination.
enum Ended {
    /// The source has no more.
    Whole(Reading, Written),
    /// The source or the user ended it; all that was sent has been answered.
    Checkpoint(Fault, Written),
}

/// Every message that was listed was stored, refused or did not come; one that was left out
/// would be lost in silence.
fn account_for(read: &Reading, written: u64) -> Result<(), Fault> {
    let known = written + read.missing.len() as u64;
    if known == read.new {
        return Ok(());
    }
    Err(Fault::Internal(format!(
        "{} messages were listed and {known} are accounted for; run it again",
        read.new
    )))
}

/// Everything was answered: the mailbox is accounted for up to here.
async fn finish(
    cx: &Context<'_>,
    clients: &mut Both<Client>,
    mailbox: &Mapped,
    opened: &Opened,
    reading: Reading,
    mark: Uid,
    report: &mut MailboxReport,
) -> Result<(), Fault> {
    let missing = still_there(&mut clients.source, &reading.missing).await?;
    let end = opened
        .source
        .uid_next
        .or_else(|| reading.highest.map(Uid::next));
    let unlisted = match reading.unlisted {
        0 => 0,
        _ => {
            let (source, row) = (&mut clients.source, opened.row.id);
            count_unlisted(source, cx.ledger, row, &mailbox.source, end, &missing).await?
        }
    };
    // What was not listed has to be listed again.
    let end = end.filter(|_| unlisted == 0);
    let source_next = missing.iter().copied().chain(end).min();
    let source_next = source_next.filter(|_| end.is_some());
    cx.ledger.close_mailbox(opened.row.id, mark, source_next)?;
    report.unlisted += unlisted;
    report.dateless(&reading.dateless);
    report.missing(&missing);
    Ok(())
}

/// Which of the messages that did not come are still on the source: the others were expunged.
async fn still_there(client: &mut Client, missing: &[Uid]) -> Result<Vec<Uid>, Fault> {
    let mut there = Vec::new();
    let Some(set) = UidSet::collect(missing.iter().copied()) else {
        return Ok(there);
    };
    let items = [FetchItem::Uid];
    let command = Command::fetch(Messages::Uids(&set), &items);
    client
        .run(&command, |untagged| {
            if let Untagged::Fetch(fetch) = untagged {
                there.extend(fetch.uid.filter(|&uid| set.contains(uid)));
            }
        })
        .await
        .on(Side::Source)?;
    Ok(there)
}

/// Parcels between reader and writer; their octets are bounded by the budget.
const PARCELS: usize = 64;
const CHECKPOINT_PATIENCE: Duration = Duration::from_secs(20);
const UNCERTAIN: &str =
    "it may have arrived and been moved or deleted there; --retry-refused sends it again";
