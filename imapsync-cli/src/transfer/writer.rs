//! The destination's side of a copy: pipelined APPENDs, their answers, and the ledger's rows.

use std::collections::VecDeque;

use bytes::Bytes;
use imap_client_lite::proto::{Append, Code, Condition, FlagSet, MailboxName, Uid, UidValidity};
use imap_client_lite::{Client, Done, Error, Event, Selected, Ticket};
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::classify::{Refused, classify};
use super::message::{Envelope, Message, Parcel, octets};
use super::oddities::Oddities;
use super::read_back::{ReadBack, Sent};
use crate::error::{Fault, OnSide};
use crate::ledger::{Delivery, Ledger, MailboxId, Refusal};
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
    ticket: Ticket,
    envelope: Envelope,
    octets: u64,
    /// The hash of a body that servers are known to alter.
    odd: Option<[u8; 32]>,
    /// To send it once more; a large one cannot be.
    body: Option<Vec<Bytes>>,
    _permit: Option<OwnedSemaphorePermit>,
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

    fn send(
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
            _permit: permit,
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
            _permit: None,
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

    async fn take_event(&mut self) -> Result<(), Fault> {
        let (at, answer) = match self.client.next().await.on(Side::Dest)? {
            Event::Done(done) => {
                let Some(at) = self
                    .in_flight
                    .iter()
                    .position(|one| one.ticket == done.ticket)
                else {
                    return Ok(());
                };
                (at, Answer::from_done(&done, self.validity))
            }
            _ => return Ok(()),
        };
        let Some(sent) = self.in_flight.remove(at) else {
            return Ok(());
        };
        match answer {
            Answer::Stored(uid) => self.stored(sent, uid),
            Answer::Refused {
                condition,
                code,
                text,
            } => self.refused(sent, condition, code, text),
        }
    }

    fn stored(&mut self, sent: InFlight, uid: Option<Uid>) -> Result<(), Fault> {
        let uid = uid.filter(|&uid| self.read_back.is_plausible(uid));
        self.ledger.deliver(
            self.mailbox,
            Delivery {
                source: sent.envelope.uid,
                dest: uid,
            },
        )?;
        self.settled += 1;
        let octets = if sent.body.is_some() { sent.octets } else { 0 };
        self.progress.moved(octets);
        self.progress.delivered();
        self.report.copied(sent.octets);
        let Envelope {
            uid: source,
            flags,
            internal_date,
            ..
        } = sent.envelope;
        self.read_back.note(Sent {
            source,
            dest: uid,
            flags,
            internal_date,
            octets: sent.octets,
            odd: sent.odd,
        });
        Ok(())
    }

    fn refused(
        &mut self,
        sent: InFlight,
        condition: Condition,
        code: Option<Code<'static>>,
        text: String,
    ) -> Result<(), Fault> {
        match classify(condition, code, &text) {
            Refused::Quota => return Err(Fault::Quota { text }),
            Refused::Moment => return Err(Error::Unwelcome { text }).on(Side::Dest),
            Refused::Mailbox => {
                return Err(Error::Refused {
                    command: "APPEND",
                    condition,
                    code,
                    text,
                })
                .on(Side::Dest);
            }
            Refused::Message => {}
        }
        if condition == Condition::Bad && self.client.sends_unasked(sent.octets) {
            // The body may have been read as commands: this connection is not to be trusted.
            return Err(Error::EarlyReply {
                command: "APPEND",
                text,
            })
            .on(Side::Dest);
        }
        let mut envelope = sent.envelope;
        let removed = envelope.flags.split_keywords(|_| false);
        match sent.body {
            Some(body) if !removed.is_empty() => {
                self.report.lost_flags(envelope.uid, &removed);
                self.send(envelope, body, sent.odd, sent._permit)
            }
            _ => self.give_up(&envelope, sent.octets, text),
        }
    }

    fn give_up(&mut self, envelope: &Envelope, octets: u64, reason: String) -> Result<(), Fault> {
        let refusal = Refusal {
            source: envelope.uid,
            octets: Some(octets),
            reason,
        };
        self.ledger.refuse(self.mailbox, &refusal)?;
        self.settled += 1;
        self.report.refused(refusal);
        Ok(())
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

/// The answer to an APPEND.
enum Answer {
    /// Stored; under this UID, if the server says so credibly.
    Stored(Option<Uid>),
    Refused {
        condition: Condition,
        code: Option<Code<'static>>,
        text: String,
    },
}

impl Answer {
    fn from_done(done: &Done<'_>, validity: UidValidity) -> Self {
        match (done.condition, done.code) {
            (Condition::Ok, Some(Code::AppendUid { uid_validity, uids }))
                if uid_validity == validity =>
            {
                Self::Stored(uids.single().and_then(Uid::new))
            }
            (Condition::Ok, _) => Self::Stored(None),
            (condition, code) => {
                let text = done.message();
                Self::Refused {
                    condition,
                    code: code.and_then(Code::detached),
                    text,
                }
            }
        }
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

/// Flags compare as a destination stores them: keywords without case.
pub(super) fn same_flags(sent: &FlagSet, stored: &FlagSet) -> bool {
    let words = |set: &FlagSet| {
        let mut words: Vec<String> = set.words().map(str::to_ascii_lowercase).collect();
        words.sort_unstable();
        words
    };
    words(sent) == words(stored)
}
