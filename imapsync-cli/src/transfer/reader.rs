//! The source's side of a copy: metadata ahead of bodies, bodies in windows, large ones alone.
//!
//! The next window is asked for only when it fits the free budget.

use std::collections::VecDeque;

use imap_client_lite::Client;
use imap_client_lite::proto::{Command, FetchItem, Messages, SeqNumber, UidSet};
use tokio::sync::mpsc;

use super::budget::{Budget, Share};
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
    pub(super) budget: Budget,
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
                let octets = chunk.len() as u64;
                let permit = match self.budget.try_take(octets) {
                    Some(permit) => permit,
                    None => self.budget.take(octets).await?,
                };
                Ok(Some(Parcel::Chunk(chunk, permit)))
            }
            Step::Message(mut message) => {
                let held = message.permit.as_ref().map_or(0, Share::octets);
                let more = (octets(&message.body) + OVERHEAD).saturating_sub(held);
                if more > 0 {
                    let more = self.budget.take(more).await?;
                    match &mut message.permit {
                        Some(permit) => permit.add(more),
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
            && let Some(range) = self.intake.cursor.advance(LISTING)
        {
            self.request_listing(range)?;
        }
        while self.intake.may_ask() {
            let idle = self.intake.windows.is_empty();
            if self.intake.large_is_next() {
                if idle && let Some(envelope) = self.intake.queue.pop_front() {
                    self.request_window(Kind::Large, VecDeque::from([envelope]), None)?;
                }
                break;
            }
            let (mut count, octets) = self.intake.next_window(self.budget.window());
            if count == 0 {
                break;
            }
            let share = match self.budget.try_take(octets) {
                Some(share) => share,
                None if idle => {
                    let (fewer, share) = self.smaller_share().await?;
                    count = fewer;
                    share
                }
                None => break,
            };
            let wanted = self.intake.queue.drain(..count).collect();
            self.request_window(Kind::Collected, wanted, Some(share))?;
        }
        Ok(())
    }

    /// A share for a smaller window: of what is free, else of one's own, which can be waited for.
    async fn smaller_share(&self) -> Result<(usize, Share), Fault> {
        let own = self.budget.own_window();
        let (count, octets) = self.intake.next_window(self.budget.free().max(own));
        if let Some(share) = self.budget.try_take(octets) {
            return Ok((count, share));
        }
        let (count, octets) = self.intake.next_window(own);
        Ok((count, self.budget.take(octets).await?))
    }

    fn request_listing(&mut self, (first, last): (SeqNumber, SeqNumber)) -> Result<(), Fault> {
        let ticket = self
            .client
            .enqueue(&Command::fetch(
                Messages::SequenceRange { first, last },
                &METADATA,
            ))
            .on(Side::Source)?;
        let asked = u32::from(last) - u32::from(first) + 1;
        self.intake.listing = Some((ticket, asked));
        Ok(())
    }

    fn request_window(
        &mut self,
        kind: Kind,
        wanted: VecDeque<Envelope>,
        permit: Option<Share>,
    ) -> Result<(), Fault> {
        let uids = || wanted.iter().map(|envelope| envelope.uid);
        let (Some(last), Some(uids)) = (uids().max(), UidSet::collect(uids())) else {
            return Ok(());
        };
        let command = Command::fetch(Messages::Uids(&uids), &BODIES);
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

const METADATA: [FetchItem; 4] = [
    FetchItem::Uid,
    FetchItem::Flags,
    FetchItem::InternalDate,
    FetchItem::Size,
];
const BODIES: [FetchItem; 2] = [FetchItem::Uid, FetchItem::BODY];
/// Messages listed with one command.
const LISTING: u32 = 1000;
/// The next listing is asked for when fewer than this are queued.
const LISTED_AHEAD: usize = 2000;
