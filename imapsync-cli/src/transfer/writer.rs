//! The destination's side of a copy: what is sent when. Batches where the server takes them, single
//! messages pipelined where it does not, and alone what has to travel alone.

use std::collections::{HashSet, VecDeque};

use imap_client_lite::Client;
use imap_client_lite::proto::{Append, AppendMessage, MailboxName, Uid, UidValidity};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::batch::{Batch, Limit};
use super::isolated::Isolated;
use super::keywords::Trial;
use super::large::Large;
use super::learned::Learned;
use super::lines::{At, Lines, has_room_for_chunks};
use super::message::{Envelope, Parcel};
use super::pace::Pace;
use super::read_back::{Place, ReadBack};
use super::sending::{Body, InFlight, Sending};
use crate::error::{Fault, OnSide};
use crate::ledger::{Ledger, MailboxId};
use crate::progress::Progress;
use crate::report::MailboxReport;
use crate::side::Side;

/// Appends to one mailbox, which the client has SELECTed.
pub(super) struct Writer<'a> {
    pub(super) lines: Lines<'a>,
    pub(super) ledger: &'a Ledger,
    pub(super) mailbox: MailboxId,
    pub(super) name: &'a MailboxName,
    pub(super) validity: UidValidity,
    pub(super) parcels: mpsc::Receiver<Parcel>,
    pub(super) progress: &'a Progress,
    pub(super) report: &'a mut MailboxReport,
    pub(super) read_back: ReadBack,
    /// Messages that were stored, to be written down, with the UIDs that the server named.
    pub(super) arrived: VecDeque<(Sending, Option<Uid>)>,
    /// What gathers to be sent next.
    pub(super) batch: Batch<Sending>,
    /// How much of it one APPEND takes.
    pub(super) limit: Limit,
    pub(super) large: Option<Large>,
    /// A message that cannot join a batch, until it can go out.
    pub(super) waiting: Option<Sending>,
    /// The messages of a refused batch, one by one.
    pub(super) isolated: Option<Isolated>,
    pub(super) learned: &'a mut Learned,
    /// Messages stored or refused.
    pub(super) settled: u64,
    /// Messages of the source up to this UID may have been sent, and the ledger knows it.
    pub(super) sent_to: Option<Uid>,
    pub(super) pace: Pace,
}

/// What a writer did.
#[derive(Debug)]
pub(super) struct Written {
    /// Messages stored or refused.
    pub(super) settled: u64,
    /// Messages that appeared meanwhile and are not ours.
    pub(super) strangers: Vec<Envelope>,
    /// Every destination UID below this one is accounted for.
    pub(super) mark: Uid,
}

/// Whether the UIDs that the server names with APPENDUID count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// It offers UIDPLUS (RFC 4315).
    Believed,
    /// It does not, whatever it says.
    Unasked,
}

impl Naming {
    pub(super) fn of(client: &Client) -> Self {
        let capabilities = client.capabilities();
        let offered = capabilities.has("UIDPLUS") || capabilities.has("IMAP4rev2");
        if offered {
            Self::Believed
        } else {
            Self::Unasked
        }
    }
}

impl Writer<'_> {
    /// Appends what comes until nothing more does, and reads back what has arrived.
    pub(super) async fn run(mut self) -> Result<Written, Fault> {
        let ended = self.send_all().await;
        // Whatever ended it: what the server has confirmed is known.
        self.record(usize::MAX)?;
        ended?;
        self.check_point().await?;
        Ok(Written {
            settled: self.settled,
            mark: self.read_back.mark(),
            strangers: self.read_back.into_strangers(),
        })
    }

    async fn send_all(&mut self) -> Result<(), Fault> {
        let mut closed = false;
        loop {
            if !self.lines.are_busy() && (self.read_back.is_due() || self.is_to_look()) {
                self.check_point().await?;
            }
            while self.send_next(closed)? {}
            let busy = self.lines.are_busy();
            if closed && !busy {
                return Ok(());
            }
            let room = !closed && self.has_room();
            let idle = self.idle_line();
            tokio::select! {
                biased;
                ready = self.lines.progress(), if busy => {
                    if let Some(at) = ready? {
                        self.take_event(at).await?;
                    }
                }
                parcel = self.parcels.recv(), if room => match parcel {
                    Some(parcel) => self.accept(parcel)?,
                    None => closed = self.end_of_parcels()?,
                },
                // Nothing else has come, and the destination has nothing to do.
                () = self.batch.gathered(), if idle.is_some() => {
                    self.send_batch(idle.unwrap_or(At::MAIN))?;
                }
                // The destination has, and we have not.
                () = std::future::ready(()), if !self.arrived.is_empty() => self.record(AT_ONCE)?,
            }
        }
    }

    /// Where what has gathered goes when nothing more comes: to a server that has nothing to do.
    fn idle_line(&self) -> Option<At> {
        let at = self.lines.idle().filter(|_| !self.lines.carry_alone());
        at.filter(|_| !self.batch.is_empty() && self.isolated.is_none())
    }

    /// Sends what is to go out now; says whether there was something. Nothing overtakes a message
    /// that travels alone, nor those of a refused batch.
    fn send_next(&mut self, closed: bool) -> Result<bool, Fault> {
        let Some(at) = self.lines.free().filter(|_| !self.lines.carry_alone()) else {
            return Ok(false);
        };
        if self.isolated.is_some() {
            return self.send_isolated(at);
        }
        let urgent = closed || self.waiting.is_some() || self.batch.is_full(self.limit);
        if urgent && !self.batch.is_empty() {
            self.send_batch(at)?;
            return Ok(true);
        }
        let lines = &self.lines;
        let may_follow = |sending: &mut Sending| match sending.trial {
            Some(_) => !lines.are_busy(),
            None => lines.main_is_free(),
        };
        if let Some(sending) = self.waiting.take_if(may_follow) {
            self.send(At::MAIN, vec![sending])?;
            return Ok(true);
        }
        Ok(false)
    }

    /// Whether another parcel can be taken. Chunks of a large message are taken when the server has
    /// asked for them, so that a refusal before that loses none.
    fn has_room(&self) -> bool {
        if self.waiting.is_some() {
            return false;
        }
        if self.large.is_some() {
            return has_room_for_chunks(self.lines.main.client);
        }
        self.isolated.is_none()
            && !self.lines.carry_alone()
            && !self.batch.is_full(self.limit)
            && !self.read_back.is_due()
    }

    /// The reader has ended: fine between messages, a cut inside one.
    fn end_of_parcels(&self) -> Result<bool, Fault> {
        match &self.large {
            Some(_) => Err(Fault::Internal("a message was cut on the way".to_owned())),
            None => Ok(true),
        }
    }

    fn accept(&mut self, parcel: Parcel) -> Result<(), Fault> {
        match parcel {
            Parcel::Whole(message) => {
                self.prepare(Sending::held(message));
                Ok(())
            }
            Parcel::LargeStart(envelope, octets) => {
                self.large = (octets > 0).then(|| Large::new(octets));
                self.prepare(Sending::streamed(envelope, octets));
                Ok(())
            }
            Parcel::Chunk(chunk, permit) => {
                let taken = self.supply_large(chunk);
                drop(permit);
                taken
            }
        }
    }

    /// Adds a message to those that gather; one that cannot join them goes out after them.
    fn prepare(&mut self, mut sending: Sending) {
        self.drop_unwanted_keywords(&mut sending.envelope);
        sending.trial = self.learned.keywords.trial(&sending.envelope.flags);
        if sending.may_join() && (sending.trial.is_none() || self.limit.messages > 1) {
            let octets = sending.octets;
            self.batch.push(sending, octets);
            return;
        }
        self.waiting = Some(sending);
    }

    fn send_batch(&mut self, at: At) -> Result<(), Fault> {
        let mut messages = self.batch.take();
        self.ask_first(&mut messages);
        self.send(at, messages)
    }

    /// In a batch the first message with each unproven keyword waits for the server's word: a refusal
    /// then comes before there is any body on its way, which would be read as commands.
    pub(super) fn ask_first(&mut self, messages: &mut [Sending]) {
        let several = messages.len() > 1;
        let mut asked = HashSet::new();
        for sending in messages {
            self.drop_refused_keywords(&mut sending.envelope);
            sending.trial = self.learned.keywords.trial(&sending.envelope.flags);
            let unproven = sending.trial.as_ref().map_or(&[][..], Trial::unproven);
            let new = unproven.iter().map(|word| word.to_ascii_lowercase());
            let new = new.filter(|word| asked.insert(word.clone())).count();
            sending.asks = several && new > 0;
        }
    }

    /// Sends messages with one APPEND.
    pub(super) fn send(&mut self, at: At, messages: Vec<Sending>) -> Result<(), Fault> {
        let end = messages.iter().map(|sending| sending.window_end).max();
        if let Some(window_end) = end.filter(|_| end > self.sent_to) {
            self.ledger.sent_to(self.mailbox, window_end)?;
            self.sent_to = end;
        }
        let announced: Vec<AppendMessage<'_>> =
            messages.iter().map(Sending::announcement).collect();
        let append = Append {
            mailbox: self.name,
            messages: &announced,
        };
        let first_batch = messages.len() > 1 && !self.lines.carry_batch();
        let line = self.lines.get_mut(at);
        let ticket = match messages.as_slice() {
            [sending] if matches!(sending.body, Body::Streamed) => line.client.open_append(append),
            _ => line
                .client
                .enqueue_append(append, messages.iter().map(Sending::chunks)),
        };
        let ticket = ticket.on(Side::Dest)?;
        if line.in_flight.is_empty() {
            line.since = Instant::now();
        }
        line.in_flight.push_back(InFlight { ticket, messages });
        if first_batch {
            self.learned.batch_goes_out();
        }
        Ok(())
    }

    /// Keywords that the mailbox does not take cost the keyword, never the message.
    fn drop_unwanted_keywords(&mut self, envelope: &mut Envelope) {
        self.report.lost_flags(envelope.uid, &envelope.unsendable);
        self.drop_refused_keywords(envelope);
    }

    fn drop_refused_keywords(&mut self, envelope: &mut Envelope) {
        let removed = self.learned.keywords.strip(&mut envelope.flags);
        self.report.lost_flags(envelope.uid, &removed);
    }

    /// Whether a batch was refused and nobody has looked yet what became of it.
    fn is_to_look(&self) -> bool {
        let isolated = self.isolated.as_ref();
        isolated.is_some_and(Isolated::is_unexamined)
    }

    /// Everything sent has been answered: makes it durable and reads it back.
    pub(super) async fn check_point(&mut self) -> Result<(), Fault> {
        self.record(usize::MAX)?;
        self.ledger.commit()?;
        self.ledger.keep_slowest_commit(self.pace.slowest())?;
        let mut place = Place {
            client: self.lines.main.client,
            name: self.name,
            ledger: self.ledger,
            mailbox: self.mailbox,
        };
        self.read_back.run(&mut place, self.report).await?;
        if let Some(isolated) = &mut self.isolated {
            isolated.examined();
        }
        Ok(())
    }
}

/// Messages written down before the connections are looked after again.
const AT_ONCE: usize = 64;
