//! What was asked of the source and what has come: pure, events in, parcels out.
//!
//! Two windows are asked for ahead of what arrives. A message larger than announced is drained
//! and fetched again, alone; so is all that was asked for behind it, since order is kept.

use std::collections::VecDeque;

use bytes::Bytes;
use imap_client_lite::proto::{BodyValue, Code, Condition, Fetch, Uid, Untagged};
use imap_client_lite::{Done, Error, Event, Ticket};

use super::budget::Share;
use super::classify::{Refused, classify};
use super::cursor::Cursor;
use super::message::{Envelope, LARGE, Message};
use super::order::First;
use crate::error::{Fault, OnSide};
use crate::side::Side;

/// What has been asked for and what has come.
#[derive(Debug)]
pub(super) struct Intake {
    /// What is to be listed.
    pub(super) cursor: Cursor,
    /// The listing under way, and how many messages it asked for.
    pub(super) listing: Option<(Ticket, u32)>,
    listed: Vec<Envelope>,
    /// Listed, not yet asked for.
    pub(super) queue: VecDeque<Envelope>,
    pub(super) windows: VecDeque<Window>,
    /// To be asked for again, once nothing is under way any more.
    again: Vec<Envelope>,
    arriving: Arriving,
    pub(super) outcome: Reading,
}

/// Messages asked for with one command.
#[derive(Debug)]
pub(super) struct Window {
    pub(super) ticket: Ticket,
    pub(super) kind: Kind,
    pub(super) wanted: VecDeque<Envelope>,
    /// The last message that was asked for.
    pub(super) last: Uid,
    pub(super) permit: Option<Share>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
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
    /// Not wanted now: so many octets are drained.
    Drained(u64),
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

impl Intake {
    pub(super) fn new(exists: u32, first: First) -> Self {
        Self {
            cursor: Cursor::new(first, exists),
            listing: None,
            listed: Vec::new(),
            queue: VecDeque::new(),
            windows: VecDeque::new(),
            again: Vec::new(),
            arriving: Arriving::Nothing,
            outcome: Reading::default(),
        }
    }
}

/// What an event gives.
#[derive(Debug)]
pub(super) enum Step {
    /// What a listing held, in order of UIDs; new ones only.
    Listed(Vec<Envelope>),
    /// A whole message.
    Message(Message),
    /// A large message begins.
    Large(Envelope, u64),
    /// Octets of the large message, before they got their share of the budget.
    Chunk(Bytes),
}

impl Intake {
    /// Whether another window may be asked for.
    pub(super) fn may_ask(&self) -> bool {
        self.windows.len() < WINDOWS && self.again.is_empty()
    }

    /// Whether the next message has to travel alone.
    pub(super) fn large_is_next(&self) -> bool {
        self.queue.front().is_some_and(Envelope::is_large)
    }

    /// How many queued messages make the next window, and the budget that they need.
    pub(super) fn next_window(&self, limit: u64) -> (usize, u64) {
        let (mut count, mut total) = (0, 0);
        for envelope in self.queue.iter().take(MESSAGES_IN_WINDOW) {
            let cost = envelope.cost();
            if envelope.is_large() || (count > 0 && total + cost > limit) {
                break;
            }
            total += cost;
            count += 1;
        }
        (count, total)
    }

    /// Takes what the server said.
    pub(super) fn take(&mut self, event: Event<'_>) -> Result<Option<Step>, Fault> {
        match event {
            Event::BodyStart { uid, octets } => Ok(self.body_starts(uid, octets)),
            Event::BodyChunk(chunk) => Ok(self.body_goes_on(chunk)),
            Event::Untagged(Untagged::Fetch(fetch)) => Ok(self.fetched(&fetch)),
            Event::Untagged(Untagged::Expunge(position)) => {
                self.cursor.expunged(position);
                Ok(None)
            }
            Event::Done(done) => self.done(&done),
            _ => Ok(None),
        }
    }

    fn body_starts(&mut self, uid: Option<Uid>, octets: u64) -> Option<Step> {
        let window = self.windows.front_mut()?;
        if window.kind == Kind::Large {
            let expected = window.wanted.front().map(|envelope| envelope.uid);
            if uid.is_some() && uid != expected {
                self.arriving = Arriving::Drained(octets);
                return None;
            }
            let envelope = window.wanted.pop_front()?;
            self.arriving = Arriving::Large;
            return Some(Step::Large(envelope, octets));
        }
        self.arriving = if octets > LARGE || !self.again.is_empty() {
            Arriving::Drained(octets)
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
            Arriving::Nothing | Arriving::Drained(_) => None,
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
        let (envelope, window_end, permit) = self.wanted(fetch.uid?)?;
        match arrived {
            Arriving::Collected(_) if !self.again.is_empty() => {
                self.again.push(envelope);
                None
            }
            Arriving::Collected(body) => Some(Step::Message(Message {
                envelope,
                body,
                permit,
                window_end,
            })),
            Arriving::Drained(octets) => {
                let octets = Some(octets).filter(|&octets| octets <= LARGE);
                self.again.push(Envelope { octets, ..envelope });
                None
            }
            Arriving::Nothing | Arriving::Large => {
                self.outcome.missing.push(envelope.uid);
                None
            }
        }
    }

    /// Takes a message out of the window that asked for it, with the window's last message and its
    /// share of the budget.
    fn wanted(&mut self, uid: Uid) -> Option<(Envelope, Uid, Option<Share>)> {
        for window in &mut self.windows {
            if let Some(at) = window
                .wanted
                .iter()
                .position(|envelope| envelope.uid == uid)
            {
                let envelope = window.wanted.remove(at)?;
                let whole = window.permit.as_mut();
                let permit = whole.and_then(|whole| whole.split(envelope.cost()));
                return Some((envelope, window.last, permit));
            }
        }
        None
    }

    fn done(&mut self, done: &Done<'_>) -> Result<Option<Step>, Fault> {
        if let Some((_, asked)) = self.listing.take_if(|(ticket, _)| *ticket == done.ticket) {
            self.outcome.unlisted += u64::from(asked).saturating_sub(self.listed.len() as u64);
            return self.listing_done(done).map(Some);
        }
        if let Some(at) = self
            .windows
            .iter()
            .position(|window| window.ticket == done.ticket)
            && let Some(window) = self.windows.remove(at)
        {
            refused_for_now(done)?;
            self.arriving = Arriving::Nothing;
            self.outcome
                .missing
                .extend(window.wanted.iter().map(|envelope| envelope.uid));
            if self.windows.is_empty() {
                self.queue_again();
            }
        }
        Ok(None)
    }

    /// Puts what has to be asked for again before all that was not asked for yet.
    fn queue_again(&mut self) {
        self.again.sort_by_key(|envelope| envelope.uid);
        for envelope in self.again.drain(..).rev() {
            self.queue.push_front(envelope);
        }
    }

    /// What was listed, each message once.
    fn listing_done(&mut self, done: &Done<'_>) -> Result<Step, Fault> {
        refused_for_now(done)?;
        let mut listed = std::mem::take(&mut self.listed);
        if done.condition != Condition::Ok && listed.is_empty() {
            let (condition, text) = (done.condition, done.message());
            return Err(Error::Refused {
                command: "FETCH",
                condition,
                code: None,
                text,
            })
            .on(Side::Source);
        }
        listed.sort_by_key(|envelope| envelope.uid);
        listed.dedup_by_key(|envelope| envelope.uid);
        listed.retain(|envelope| self.cursor.is_new(envelope.uid));
        if let (Some(lowest), Some(highest)) = (listed.first(), listed.last()) {
            self.cursor.listed(lowest.uid, highest.uid);
            self.outcome.highest = self.outcome.highest.max(Some(highest.uid));
        }
        Ok(Step::Listed(listed))
    }

    /// Queues messages that are to be fetched.
    pub(super) fn queue(&mut self, listed: Vec<Envelope>) {
        for envelope in listed {
            if envelope.internal_date.is_none() {
                self.outcome.dateless.push(envelope.uid);
            }
            self.outcome.new += 1;
            self.queue.push_back(envelope);
        }
    }
}

/// A source that throttles has the messages that it did not hand out: they come later.
fn refused_for_now(done: &Done<'_>) -> Result<(), Fault> {
    let text = done.message();
    let code = done.code.and_then(Code::detached);
    if done.condition != Condition::Ok && classify(done.condition, code, &text) == Refused::Moment {
        return Err(Error::Unwelcome { text }).on(Side::Source);
    }
    Ok(())
}

/// Windows asked for ahead.
const WINDOWS: usize = 2;
/// Messages asked for with one command, at most.
const MESSAGES_IN_WINDOW: usize = 1000;

#[cfg(test)]
mod tests;
