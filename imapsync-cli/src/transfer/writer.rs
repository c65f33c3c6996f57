//! The destination's side of a copy: pipelined APPENDs, their answers, and the ledger's rows.

use std::collections::VecDeque;

use bytes::Bytes;
use imap_client_lite::proto::{Append, MailboxName, UidValidity};
use imap_client_lite::{Client, Selected, Ticket};
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::message::{Envelope, Message, Parcel, octets};
use super::oddities::Oddities;
use super::read_back::ReadBack;
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
    pub(super) selected: Selected,
    pub(super) parcels: mpsc::Receiver<Parcel>,
    pub(super) progress: &'a Progress,
    pub(super) report: &'a mut MailboxReport,
    pub(super) read_back: ReadBack,
    pub(super) in_flight: VecDeque<InFlight>,
    pub(super) large: Option<Large>,
    /// Messages stored or refused.
    pub(super) settled: u64,
}

/// An APPEND that the server has not answered.
pub(super) struct InFlight {
    pub(super) ticket: Ticket,
    pub(super) envelope: Envelope,
    pub(super) octets: u64,
    /// The hash of a body that servers are known to alter.
    pub(super) odd: Option<[u8; 32]>,
    /// To send it once more; a large one cannot be.
    pub(super) body: Option<Vec<Bytes>>,
    pub(super) permit: Option<OwnedSemaphorePermit>,
}

/// The large message whose chunks are arriving.
pub(super) struct Large {
    left: u64,
    oddities: Oddities,
    hasher: blake3::Hasher,
}

impl Writer<'_> {
    /// Appends what comes until nothing more does, and reads back what has arrived. Says how many
    /// messages it stored or saw refused for good.
    pub(super) async fn run(mut self) -> Result<u64, Fault> {
        let mut closed = false;
        loop {
            let busy = !self.in_flight.is_empty();
            if self.read_back.is_due() && !busy {
                self.check_point().await?;
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
        Ok(self.settled)
    }

    /// Whether another parcel can be taken. A large message waits until all before it arrived,
    /// and everything behind it waits for its end.
    fn has_room(&self) -> bool {
        if self.client.queued_bytes() >= QUEUED_BYTES {
            return false;
        }
        self.large.is_some() || (self.in_flight.len() < IN_FLIGHT && !self.read_back.is_due())
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
            Parcel::LargeStart(envelope, octets) => self.open_large(envelope, octets),
            Parcel::Chunk(chunk, permit) => {
                let taken = self.supply_large(chunk);
                drop(permit);
                taken
            }
        }
    }

    fn append(&mut self, message: Message) -> Result<(), Fault> {
        let Message {
            mut envelope,
            body,
            permit,
        } = message;
        self.drop_unwanted_keywords(&mut envelope);
        let mut oddities = Oddities::default();
        body.iter().for_each(|chunk| oddities.look(chunk));
        let odd = oddities.are_there().then(|| hash(&body));
        self.send(envelope, body, odd, permit)
    }

    pub(super) fn send(
        &mut self,
        envelope: Envelope,
        body: Vec<Bytes>,
        odd: Option<[u8; 32]>,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Result<(), Fault> {
        let octets = octets(&body);
        let append = Append {
            mailbox: self.name,
            flags: &envelope.flags,
            internal_date: envelope.internal_date,
            octets,
        };
        let ticket = self
            .client
            .enqueue_append(append, body.clone())
            .on(Side::Dest)?;
        self.in_flight.push_back(InFlight {
            ticket,
            envelope,
            octets,
            odd,
            body: Some(body),
            permit,
        });
        Ok(())
    }

    fn open_large(&mut self, mut envelope: Envelope, octets: u64) -> Result<(), Fault> {
        self.drop_unwanted_keywords(&mut envelope);
        let append = Append {
            mailbox: self.name,
            flags: &envelope.flags,
            internal_date: envelope.internal_date,
            octets,
        };
        let ticket = self.client.open_append(append).on(Side::Dest)?;
        self.in_flight.push_back(InFlight {
            ticket,
            envelope,
            octets,
            odd: None,
            body: None,
            permit: None,
        });
        self.large = (octets > 0).then(|| Large {
            left: octets,
            oddities: Oddities::default(),
            hasher: blake3::Hasher::new(),
        });
        Ok(())
    }

    /// Passes octets on; after a refusal they are drained.
    fn supply_large(&mut self, chunk: Bytes) -> Result<(), Fault> {
        let Some(large) = &mut self.large else {
            return Ok(());
        };
        large.left = large.left.saturating_sub(chunk.len() as u64);
        large.oddities.look(&chunk);
        large.hasher.update(&chunk);
        self.progress.moved(chunk.len() as u64);
        if self.client.body_left() > 0 {
            self.client.supply(chunk).on(Side::Dest)?;
        }
        if large.left == 0
            && let Some(large) = self.large.take()
            && large.oddities.are_there()
            && let Some(sending) = self.in_flight.back_mut()
        {
            sending.odd = Some(large.hasher.finalize().into());
        }
        Ok(())
    }

    /// Keywords that the mailbox does not take cost the keyword, never the message.
    fn drop_unwanted_keywords(&mut self, envelope: &mut Envelope) {
        self.report.lost_flags(envelope.uid, &envelope.unsendable);
        if self.selected.new_keywords {
            return;
        }
        let Some(permanent) = &self.selected.permanent_flags else {
            return;
        };
        let known = |word: &str| {
            permanent
                .keywords()
                .any(|keyword| keyword.eq_ignore_ascii_case(word))
        };
        let removed = envelope.flags.split_keywords(known);
        self.report.lost_flags(envelope.uid, &removed);
    }

    /// Everything sent has been answered: makes it durable and reads it back.
    async fn check_point(&mut self) -> Result<(), Fault> {
        self.ledger.commit()?;
        self.read_back
            .run(
                self.client,
                self.name,
                self.ledger,
                self.mailbox,
                self.report,
            )
            .await
    }
}

fn hash(body: &[Bytes]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    body.iter().for_each(|chunk| {
        hasher.update(chunk);
    });
    hasher.finalize().into()
}

/// Unanswered APPENDs at most.
const IN_FLIGHT: usize = 64;
/// No parcel is taken while this much waits to be sent.
const QUEUED_BYTES: usize = 256 << 10;
