//! The source's side of a copy: metadata ahead of bodies, bodies in windows, large ones alone.
//!
//! The next window is asked for only when it fits the free budget.

use std::collections::VecDeque;
use std::sync::Arc;

use imap_client_lite::Client;
use imap_client_lite::proto::{Command, FetchItem, SeqNumber, UidSet};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::intake::{Intake, Kind, Reading, Step, Window};
use super::message::{Envelope, OVERHEAD, Parcel, octets};
use crate::error::{Fault, OnSide};
use crate::ledger::{Ledger, MailboxId};
use crate::side::Side;
use crate::stop::Stop;

/// Reads one mailbox that the client has EXAMINEd.
pub(super) struct Reader<'a> {
    pub(super) client: &'a mut Client,
    pub(super) ledger: &'a Ledger,
    pub(super) mailbox: MailboxId,
    pub(super) budget: Arc<Semaphore>,
    /// Octets of one window.
    pub(super) window: u32,
    pub(super) parcels: mpsc::Sender<Parcel>,
    pub(super) stop: Stop,
    pub(super) intake: Intake,
}

impl Reader<'_> {
    /// Reads all messages that the ledger does not know. Ends early, without an error, when
    /// nobody takes them any more.
    pub(super) async fn run(mut self) -> Result<Reading, Fault> {
        let mut stop = self.stop.clone();
        tokio::select! {
            biased;
            signal = stop.wait() => Err(Fault::Stopped(signal)),
            read = self.read() => read,
        }
    }

    async fn read(&mut self) -> Result<Reading, Fault> {
        loop {
            self.request().await?;
            if self.intake.windows.is_empty() && self.intake.listing.is_none() {
                return Ok(std::mem::take(&mut self.intake.outcome));
            }
            let event = self.client.next().await.on(Side::Source)?;
            let Some(step) = self.intake.take(event)? else {
                continue;
            };
            let Some(parcel) = self.parcel(step).await? else {
                continue;
            };
            if self.parcels.send(parcel).await.is_err() {
                return Ok(std::mem::take(&mut self.intake.outcome));
            }
        }
    }

    /// What a step gives the writer. What arrived gets its share of the budget: chunks of large
    /// messages, and what a message has over the size that was announced.
    async fn parcel(&mut self, step: Step) -> Result<Option<Parcel>, Fault> {
        match step {
            Step::Listed(listed) => {
                self.queue_unsettled(listed)?;
                Ok(None)
            }
            Step::Large(envelope, octets) => Ok(Some(Parcel::LargeStart(envelope, octets))),
            Step::Chunk(chunk) => {
                let permit = acquire(&self.budget, chunk.len() as u64).await?;
                Ok(Some(Parcel::Chunk(chunk, permit)))
            }
            Step::Message(mut message) => {
                let held = message
                    .permit
                    .as_ref()
                    .map_or(0, OwnedSemaphorePermit::num_permits);
                let more = (octets(&message.body) + OVERHEAD).saturating_sub(held as u64);
                if more > 0 {
                    let more = acquire(&self.budget, more).await?;
                    match &mut message.permit {
                        Some(permit) => permit.merge(more),
                        None => message.permit = Some(more),
                    }
                }
                Ok(Some(Parcel::Whole(message)))
            }
        }
    }

    /// Queues what was listed and is not accounted for.
    fn queue_unsettled(&mut self, mut listed: Vec<Envelope>) -> Result<(), Fault> {
        if let (Some(first), Some(last)) = (listed.first(), listed.last()) {
            let settled = self.ledger.settled(self.mailbox, first.uid, last.uid)?;
            listed.retain(|envelope| settled.binary_search(&envelope.uid).is_err());
            self.intake.queue(listed);
        }
        Ok(())
    }

    /// Asks for what comes next, as far as the budget allows.
    async fn request(&mut self) -> Result<(), Fault> {
        if self.intake.listing.is_none()
            && self.intake.queue.len() < LISTED_AHEAD
            && self.intake.next_seq <= self.intake.exists
        {
            self.request_listing()?;
        }
        while self.intake.may_ask() {
            let idle = self.intake.windows.is_empty();
            if self.intake.large_is_next() {
                if idle && let Some(envelope) = self.intake.queue.pop_front() {
                    self.request_window(Kind::Large, VecDeque::from([envelope]), None)?;
                }
                break;
            }
            let (count, octets) = self.intake.next_window(self.window);
            if count == 0 {
                break;
            }
            let permit = if idle {
                acquire(&self.budget, octets).await?
            } else {
                match Arc::clone(&self.budget).try_acquire_many_owned(permits(octets)) {
                    Ok(permit) => permit,
                    Err(_) => break,
                }
            };
            let wanted = self.intake.queue.drain(..count).collect();
            self.request_window(Kind::Collected, wanted, Some(permit))?;
        }
        Ok(())
    }

    fn request_listing(&mut self) -> Result<(), Fault> {
        let intake = &mut self.intake;
        let last = intake
            .next_seq
            .saturating_add(LISTING - 1)
            .min(intake.exists);
        let (Some(first), Some(last)) = (SeqNumber::new(intake.next_seq), SeqNumber::new(last))
        else {
            return Ok(());
        };
        let ticket = self
            .client
            .enqueue(&Command::Fetch {
                first,
                last,
                items: &METADATA,
            })
            .on(Side::Source)?;
        intake.listing = Some((ticket, u32::from(last) - u32::from(first) + 1));
        intake.next_seq = u32::from(last).saturating_add(1);
        Ok(())
    }

    fn request_window(
        &mut self,
        kind: Kind,
        wanted: VecDeque<Envelope>,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Result<(), Fault> {
        let Some(last) = wanted.iter().map(|envelope| envelope.uid).max() else {
            return Ok(());
        };
        let uids: UidSet = wanted.iter().map(|envelope| envelope.uid).collect();
        let command = Command::UidFetch {
            uids: &uids,
            items: &BODIES,
        };
        let ticket = self.client.enqueue(&command).on(Side::Source)?;
        self.intake.windows.push_back(Window {
            ticket,
            kind,
            wanted,
            last,
            permit,
        });
        Ok(())
    }
}

async fn acquire(budget: &Arc<Semaphore>, octets: u64) -> Result<OwnedSemaphorePermit, Fault> {
    let permit = Arc::clone(budget).acquire_many_owned(permits(octets)).await;
    permit.map_err(|_| Fault::Internal("the memory budget is closed".to_owned()))
}

fn permits(octets: u64) -> u32 {
    u32::try_from(octets).unwrap_or(u32::MAX)
}

const METADATA: [FetchItem; 4] = [
    FetchItem::Uid,
    FetchItem::Flags,
    FetchItem::InternalDate,
    FetchItem::Size,
];
const BODIES: [FetchItem; 2] = [FetchItem::Uid, FetchItem::Body];
/// Messages listed with one command.
const LISTING: u32 = 1000;
/// The next listing is asked for when fewer than this are queued.
const LISTED_AHEAD: usize = 2000;
