//! The destination's side of a copy: pipelined APPENDs, their answers, and the ledger's rows.

use std::collections::VecDeque;

use bytes::Bytes;
use imap_client_lite::proto::{Append, MailboxName, Uid, UidValidity};
use imap_client_lite::{Client, Ticket};
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::digest::Hasher;
use super::keywords::{Keywords, Trial};
use super::large::Large;
use super::message::{Envelope, Message, Parcel, octets};
use super::oddities::Oddities;
use super::pace::Pace;
use super::read_back::{Identity, Place, ReadBack};
use crate::error::{Fault, OnSide};
use crate::ledger::{Ledger, MailboxId};
use crate::progress::Progress;
use crate::report::MailboxReport;
use crate::side::Side;

/// Appends to one mailbox, which the client has SELECTed.
pub(super) struct Writer<'a> {
    pub(super) client: &'a mut Client,
    pub(super) ledger: &'a Ledger,
    pub(super) mailbox: MailboxId,
    pub(super) name: &'a MailboxName,
    pub(super) validity: UidValidity,
    pub(super) parcels: mpsc::Receiver<Parcel>,
    pub(super) progress: &'a Progress,
    pub(super) report: &'a mut MailboxReport,
    pub(super) read_back: ReadBack,
    pub(super) in_flight: VecDeque<InFlight>,
    pub(super) large: Option<Large>,
    /// A message that travels alone, until all before it have arrived.
    pub(super) waiting: Option<Sending>,
    pub(super) keywords: &'a mut Keywords,
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

/// An APPEND that the server has not answered.
pub(super) struct InFlight {
    pub(super) ticket: Ticket,
    pub(super) sending: Sending,
}

/// A message that is being sent, or is going to be.
pub(super) struct Sending {
    pub(super) envelope: Envelope,
    pub(super) octets: u64,
    /// What identifies its body, once all of it was seen.
    pub(super) identity: Option<Identity>,
    /// The last message of the batch that it came in.
    pub(super) batch: Uid,
    pub(super) body: Body,
    /// Its share of the memory budget, given back when it has arrived.
    pub(super) _permit: Option<OwnedSemaphorePermit>,
    /// Keywords that the mailbox has not shown to take; such a message travels alone.
    pub(super) trial: Option<Trial>,
}

/// Where a message's body is.
pub(super) enum Body {
    /// In memory: it can be sent again.
    Held(Vec<Bytes>),
    /// On its way, in chunks.
    Streamed,
}

impl Writer<'_> {
    /// Appends what comes until nothing more does, and reads back what has arrived.
    pub(super) async fn run(mut self) -> Result<Written, Fault> {
        let mut closed = false;
        loop {
            let busy = !self.in_flight.is_empty();
            if self.read_back.is_due() && !busy {
                self.check_point().await?;
            }
            if !busy && let Some(sending) = self.waiting.take() {
                self.send(sending)?;
                continue;
            }
            if closed && !busy {
                break;
            }
            let room = !closed && self.has_room();
            tokio::select! {
                biased;
                ready = self.client.progress(), if busy => {
                    if ready.on(Side::Dest)? {
                        self.take_event().await?;
                    }
                }
                parcel = self.parcels.recv(), if room => match parcel {
                    Some(parcel) => self.accept(parcel)?,
                    None => closed = self.end_of_parcels()?,
                },
            }
        }
        self.check_point().await?;
        Ok(Written {
            settled: self.settled,
            mark: self.read_back.mark(),
            strangers: self.read_back.into_strangers(),
        })
    }

    /// Whether another parcel can be taken. Chunks of a large message are taken when the server has
    /// asked for them, so that a refusal before that loses none; and nothing overtakes a message
    /// that travels alone.
    fn has_room(&self) -> bool {
        if self.client.queued_bytes() >= QUEUED_BYTES || self.waiting.is_some() {
            return false;
        }
        if self.large.is_some() {
            return !self.client.awaits_continuation();
        }
        let alone = self.in_flight.iter().any(|one| one.sending.trial.is_some());
        !alone && self.in_flight.len() < IN_FLIGHT && !self.read_back.is_due()
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
            Parcel::Whole(message) => self.append(message),
            Parcel::LargeStart(envelope, octets) => {
                self.large = (octets > 0).then(|| Large::new(octets));
                let batch = envelope.uid;
                self.prepare(Sending {
                    envelope,
                    octets,
                    identity: None,
                    batch,
                    body: Body::Streamed,
                    _permit: None,
                    trial: None,
                })
            }
            Parcel::Chunk(chunk, permit) => {
                let taken = self.supply_large(chunk);
                drop(permit);
                taken
            }
        }
    }

    fn append(&mut self, message: Message) -> Result<(), Fault> {
        self.prepare(Sending {
            octets: octets(&message.body),
            identity: Some(identity(&message.body)),
            envelope: message.envelope,
            batch: message.batch,
            body: Body::Held(message.body),
            _permit: message.permit,
            trial: None,
        })
    }

    /// Sends a message, or keeps it until it can travel alone.
    fn prepare(&mut self, mut sending: Sending) -> Result<(), Fault> {
        self.drop_unwanted_keywords(&mut sending.envelope);
        sending.trial = self.keywords.trial(&sending.envelope.flags);
        if sending.trial.is_some() && !self.in_flight.is_empty() {
            self.waiting = Some(sending);
            return Ok(());
        }
        self.send(sending)
    }

    pub(super) fn send(&mut self, sending: Sending) -> Result<(), Fault> {
        if Some(sending.batch) > self.sent_to {
            self.ledger.sent_to(self.mailbox, sending.batch)?;
            self.sent_to = Some(sending.batch);
        }
        let Sending {
            envelope,
            octets,
            body,
            ..
        } = &sending;
        let append = Append {
            mailbox: self.name,
            flags: &envelope.flags,
            internal_date: envelope.internal_date,
            octets: *octets,
        };
        let ticket = match body {
            Body::Held(body) => self.client.enqueue_append(append, body.clone()),
            Body::Streamed => self.client.open_append(append),
        };
        let ticket = ticket.on(Side::Dest)?;
        if self.in_flight.is_empty() {
            self.pace.begins();
        }
        self.in_flight.push_back(InFlight { ticket, sending });
        Ok(())
    }

    /// Keywords that the mailbox does not take cost the keyword, never the message.
    fn drop_unwanted_keywords(&mut self, envelope: &mut Envelope) {
        self.report.lost_flags(envelope.uid, &envelope.unsendable);
        let removed = self.keywords.strip(&mut envelope.flags);
        self.report.lost_flags(envelope.uid, &removed);
    }

    /// Everything sent has been answered: makes it durable and reads it back.
    async fn check_point(&mut self) -> Result<(), Fault> {
        self.ledger.commit()?;
        self.ledger.keep_slowest_commit(self.pace.slowest())?;
        let mut place = Place {
            client: self.client,
            name: self.name,
            ledger: self.ledger,
            mailbox: self.mailbox,
        };
        self.read_back.run(&mut place, self.report).await
    }
}

/// Bodies that servers are known to alter are hashed twice: as sent and as they will be stored.
fn identity(body: &[Bytes]) -> Identity {
    let mut oddities = Oddities::default();
    let mut exact = blake3::Hasher::new();
    for chunk in body {
        oddities.look(chunk);
        exact.update(chunk);
    }
    let stored_as = oddities.are_there().then(|| {
        let mut hasher = Hasher::default();
        body.iter().for_each(|chunk| hasher.update(chunk));
        hasher.finish().canonical
    });
    Identity {
        exact: exact.finalize().into(),
        stored_as,
    }
}

/// Unanswered APPENDs at most.
const IN_FLIGHT: usize = 64;
/// No parcel is taken while this much waits to be sent.
const QUEUED_BYTES: usize = 256 << 10;
