//! The source's side of a copy: metadata ahead of bodies, bodies in windows, large ones alone.
//!
//! Two windows are asked for ahead of what arrives, each only when it fits the free budget. A
//! message larger than announced is drained and fetched again, alone.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use imap_client_lite::proto::{
    BodyValue, Command, Condition, Fetch, FetchItem, SeqNumber, Uid, UidSet, Untagged,
};
use imap_client_lite::{Client, Done, Event, Ticket};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::message::{Envelope, Message, Parcel, octets};
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
    pub(super) state: State,
}

/// What has been asked for and what has come.
#[derive(Debug)]
pub(super) struct State {
    /// Messages in the mailbox, and the next one to list: sequence numbers.
    exists: u32,
    next_seq: u32,
    /// The listing under way, and how many messages it asked for.
    listing: Option<(Ticket, u32)>,
    listed: Vec<Envelope>,
    /// Listed, not yet asked for.
    queue: VecDeque<Envelope>,
    windows: VecDeque<Window>,
    /// Announced too small; to be fetched alone.
    again: VecDeque<Envelope>,
    arriving: Arriving,
    outcome: Reading,
}

/// Messages asked for with one command.
#[derive(Debug)]
struct Window {
    ticket: Ticket,
    kind: Kind,
    wanted: VecDeque<Envelope>,
    permit: Option<OwnedSemaphorePermit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Collected,
    Large,
}

/// The body that is arriving.
#[derive(Debug, Default)]
enum Arriving {
    #[default]
    Nothing,
    Collected(Vec<Bytes>),
    Large,
    /// Too large to be collected: drained.
    Drained,
}

/// What a reader found.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// Messages that the source listed and did not hand out.
    pub(super) missing: Vec<Uid>,
    /// Messages listed that were not accounted for before.
    pub(super) new: u64,
    /// Messages that the source did not list although it has them.
    pub(super) unlisted: u64,
    /// The highest UID listed.
    pub(super) highest: Option<Uid>,
    /// Messages without a usable internal date.
    pub(super) dateless: Vec<Uid>,
}

impl State {
    pub(super) fn new(exists: u32) -> Self {
        Self {
            exists,
            next_seq: 1,
            listing: None,
            listed: Vec::new(),
            queue: VecDeque::new(),
            windows: VecDeque::new(),
            again: VecDeque::new(),
            arriving: Arriving::Nothing,
            outcome: Reading::default(),
        }
    }
}

impl Reader<'_> {
    /// Reads all messages that the ledger does not know. Ends early, without an error, when
    /// nobody takes them any more.
    pub(super) async fn run(mut self) -> Result<Reading, Fault> {
        loop {
            self.request().await?;
            if self.state.windows.is_empty() && self.state.listing.is_none() {
                return Ok(self.state.outcome);
            }
            let event = tokio::select! {
                biased;
                signal = self.stop.wait() => return Err(Fault::Stopped(signal)),
                event = self.client.next() => event.on(Side::Source)?,
            };
            let Some(step) = self.state.take(event, self.ledger, self.mailbox)? else {
                continue;
            };
            let parcel = self.within_budget(step).await?;
            if self.parcels.send(parcel).await.is_err() {
                return Ok(self.state.outcome);
            }
        }
    }

    /// Gives what arrived its share of the budget: chunks of large messages, and what a message
    /// has over the size that was announced.
    async fn within_budget(&self, step: Step) -> Result<Parcel, Fault> {
        match step {
            Step::Chunk(chunk) => {
                let permit = acquire(&self.budget, chunk.len() as u64).await?;
                Ok(Parcel::Chunk(chunk, permit))
            }
            Step::Parcel(Parcel::Whole(mut message)) => {
                let held = message
                    .permit
                    .as_ref()
                    .map_or(0, OwnedSemaphorePermit::num_permits) as u64;
                let more = (octets(&message.body) + OVERHEAD).saturating_sub(held);
                if more > 0 {
                    let more = acquire(&self.budget, more).await?;
                    match &mut message.permit {
                        Some(permit) => permit.merge(more),
                        None => message.permit = Some(more),
                    }
                }
                Ok(Parcel::Whole(message))
            }
            Step::Parcel(parcel) => Ok(parcel),
        }
    }

    /// Asks for what comes next, as far as the budget allows.
    async fn request(&mut self) -> Result<(), Fault> {
        if self.state.listing.is_none()
            && self.state.queue.len() < LISTED_AHEAD
            && self.state.next_seq <= self.state.exists
        {
            self.request_listing()?;
        }
        while self.state.windows.len() < WINDOWS {
            let idle = self.state.windows.is_empty();
            if self.state.large_is_next() {
                if idle && let Some(envelope) = self.state.take_large() {
                    self.request_window(Kind::Large, VecDeque::from([envelope]), None)?;
                }
                break;
            }
            let (count, octets) = self.state.next_window(self.window);
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
            let wanted = self.state.queue.drain(..count).collect();
            self.request_window(Kind::Collected, wanted, Some(permit))?;
        }
        Ok(())
    }

    fn request_listing(&mut self) -> Result<(), Fault> {
        let state = &mut self.state;
        let last = state.next_seq.saturating_add(LISTING - 1).min(state.exists);
        let (Some(first), Some(last)) = (SeqNumber::new(state.next_seq), SeqNumber::new(last))
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
        state.listing = Some((ticket, u32::from(last) - u32::from(first) + 1));
        state.next_seq = u32::from(last).saturating_add(1);
        Ok(())
    }

    fn request_window(
        &mut self,
        kind: Kind,
        wanted: VecDeque<Envelope>,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Result<(), Fault> {
        let uids: UidSet = wanted.iter().map(|envelope| envelope.uid).collect();
        let command = Command::UidFetch {
            uids: &uids,
            items: &BODIES,
        };
        let ticket = self.client.enqueue(&command).on(Side::Source)?;
        self.state.windows.push_back(Window {
            ticket,
            kind,
            wanted,
            permit,
        });
        Ok(())
    }
}

/// What an event gives the writer.
enum Step {
    Parcel(Parcel),
    /// Octets of a large message, before they got their share of the budget.
    Chunk(Bytes),
}

impl State {
    /// Whether the next message has to travel alone.
    fn large_is_next(&self) -> bool {
        !self.again.is_empty() || self.queue.front().is_some_and(is_large)
    }

    fn take_large(&mut self) -> Option<Envelope> {
        self.again.pop_front().or_else(|| self.queue.pop_front())
    }

    /// How many queued messages make the next window, and the budget that they need.
    fn next_window(&self, limit: u32) -> (usize, u64) {
        let (mut count, mut total) = (0, 0);
        for envelope in self.queue.iter().take(MESSAGES_IN_WINDOW) {
            let cost = cost(envelope);
            if is_large(envelope) || (count > 0 && total + cost > u64::from(limit)) {
                break;
            }
            total += cost;
            count += 1;
        }
        (count, total)
    }

    fn take(
        &mut self,
        event: Event<'_>,
        ledger: &Ledger,
        mailbox: MailboxId,
    ) -> Result<Option<Step>, Fault> {
        match event {
            Event::BodyStart { uid, octets } => Ok(self.body_starts(uid, octets)),
            Event::BodyChunk(chunk) => Ok(self.body_goes_on(chunk)),
            Event::Untagged(Untagged::Fetch(fetch)) => Ok(self.fetched(&fetch)),
            Event::Untagged(Untagged::Expunge(position)) => {
                self.expunged(position);
                Ok(None)
            }
            Event::Done(done) => self.done(&done, ledger, mailbox).map(|()| None),
            _ => Ok(None),
        }
    }

    fn body_starts(&mut self, uid: Option<Uid>, octets: u64) -> Option<Step> {
        let window = self.windows.front_mut()?;
        if window.kind == Kind::Large {
            let expected = window.wanted.front().map(|envelope| envelope.uid);
            if uid.is_some() && uid != expected {
                self.arriving = Arriving::Drained;
                return None;
            }
            let envelope = window.wanted.pop_front()?;
            self.arriving = Arriving::Large;
            return Some(Step::Parcel(Parcel::LargeStart(envelope, octets)));
        }
        self.arriving = if octets > LARGE {
            Arriving::Drained
        } else {
            Arriving::Collected(Vec::new())
        };
        None
    }

    fn body_goes_on(&mut self, chunk: Bytes) -> Option<Step> {
        match &mut self.arriving {
            Arriving::Collected(body) => {
                body.push(chunk);
                None
            }
            Arriving::Large => Some(Step::Chunk(chunk)),
            Arriving::Nothing | Arriving::Drained => None,
        }
    }

    /// A FETCH response: of metadata, of a body that has just arrived, or unasked for.
    fn fetched(&mut self, fetch: &Fetch<'_>) -> Option<Step> {
        let Some(section) = fetch.sections.first() else {
            if self.listing.is_some()
                && let Some(envelope) = Envelope::from_fetch(fetch)
            {
                self.listed.push(envelope);
            }
            return None;
        };
        let arrived = match (std::mem::take(&mut self.arriving), &section.value) {
            (Arriving::Nothing, BodyValue::Inline(text)) => {
                Arriving::Collected(vec![Bytes::copy_from_slice(text)])
            }
            (arrived, _) => arrived,
        };
        let (envelope, permit) = self.wanted(fetch.uid?)?;
        match arrived {
            Arriving::Collected(body) => Some(Step::Parcel(Parcel::Whole(Message {
                envelope,
                body,
                permit,
            }))),
            Arriving::Drained => {
                self.again.push_back(Envelope {
                    octets: None,
                    ..envelope
                });
                None
            }
            Arriving::Nothing | Arriving::Large => {
                self.outcome.missing.push(envelope.uid);
                None
            }
        }
    }

    /// Takes a message out of the window that asked for it, with its share of the budget.
    fn wanted(&mut self, uid: Uid) -> Option<(Envelope, Option<OwnedSemaphorePermit>)> {
        for window in &mut self.windows {
            if let Some(at) = window
                .wanted
                .iter()
                .position(|envelope| envelope.uid == uid)
            {
                let envelope = window.wanted.remove(at)?;
                let share = usize::try_from(cost(&envelope)).ok()?;
                let permit = window.permit.as_mut().and_then(|whole| whole.split(share));
                return Some((envelope, permit));
            }
        }
        None
    }

    fn expunged(&mut self, position: u32) {
        self.exists = self.exists.saturating_sub(1);
        if position < self.next_seq {
            self.next_seq -= 1;
        }
    }

    fn done(&mut self, done: &Done<'_>, ledger: &Ledger, mailbox: MailboxId) -> Result<(), Fault> {
        if let Some((_, asked)) = self.listing.take_if(|(ticket, _)| *ticket == done.ticket) {
            self.outcome.unlisted += u64::from(asked).saturating_sub(self.listed.len() as u64);
            return self.listing_done(done, ledger, mailbox);
        }
        if let Some(at) = self
            .windows
            .iter()
            .position(|window| window.ticket == done.ticket)
            && let Some(window) = self.windows.remove(at)
        {
            self.arriving = Arriving::Nothing;
            self.outcome
                .missing
                .extend(window.wanted.iter().map(|envelope| envelope.uid));
        }
        Ok(())
    }

    /// Queues what was listed and is not accounted for.
    fn listing_done(
        &mut self,
        done: &Done<'_>,
        ledger: &Ledger,
        mailbox: MailboxId,
    ) -> Result<(), Fault> {
        let mut listed = std::mem::take(&mut self.listed);
        listed.sort_by_key(|envelope| envelope.uid);
        listed.dedup_by_key(|envelope| envelope.uid);
        let before = self.outcome.highest;
        listed.retain(|envelope| Some(envelope.uid) > before);
        if done.condition != Condition::Ok && listed.is_empty() {
            let text = done.message();
            let error = imap_client_lite::Error::Refused {
                command: "FETCH",
                condition: done.condition,
                code: None,
                text,
            };
            return Err(error).on(Side::Source);
        }
        let (Some(first), Some(last)) =
            (listed.first().map(|e| e.uid), listed.last().map(|e| e.uid))
        else {
            return Ok(());
        };
        self.outcome.highest = self.outcome.highest.max(Some(last));
        let settled = ledger.settled(mailbox, first, last)?;
        for envelope in listed
            .into_iter()
            .filter(|envelope| settled.binary_search(&envelope.uid).is_err())
        {
            if envelope.internal_date.is_none() {
                self.outcome.dateless.push(envelope.uid);
            }
            self.outcome.new += 1;
            self.queue.push_back(envelope);
        }
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

/// The budget that a collected message takes: its octets, and its part of the response and of the
/// read buffers that it keeps alive.
fn cost(envelope: &Envelope) -> u64 {
    envelope.octets.unwrap_or(LARGE) + OVERHEAD
}

/// A message that must not be collected, or that may turn out so.
fn is_large(envelope: &Envelope) -> bool {
    envelope.octets.is_none_or(|octets| octets > LARGE)
}

const METADATA: [FetchItem; 4] = [
    FetchItem::Uid,
    FetchItem::Flags,
    FetchItem::InternalDate,
    FetchItem::Size,
];
const BODIES: [FetchItem; 2] = [FetchItem::Uid, FetchItem::Body];
/// Larger messages are spliced: at most this much of one message is in memory otherwise.
const LARGE: u64 = 256 << 10;
const OVERHEAD: u64 = 512;
/// Messages listed with one command.
const LISTING: u32 = 1000;
/// The next listing is asked for when fewer than this are queued.
const LISTED_AHEAD: usize = 500;
const MESSAGES_IN_WINDOW: usize = 200;
const WINDOWS: usize = 2;
