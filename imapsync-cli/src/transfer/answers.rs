//! What the destination says to each APPEND, and what follows from it.

use imap_client_lite::proto::{Code, Condition, Uid, UidValidity};
use imap_client_lite::{Done, Error, Event};

use super::classify::{Refused, classify};
use super::message::Envelope;
use super::read_back::Sent;
use super::writer::{InFlight, Writer};
use crate::error::{Fault, OnSide};
use crate::ledger::{Delivery, Refusal};
use crate::side::Side;

impl Writer<'_> {
    pub(super) async fn take_event(&mut self) -> Result<(), Fault> {
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
                self.send(envelope, body, sent.odd, sent.permit)
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
