//! What the destination says to each APPEND, and what follows from it.

use imap_client_lite::proto::{Code, Condition, Uid, UidValidity};
use imap_client_lite::{Done, Error, Event};

use super::classify::{Refused, classify};
use super::keywords::Trial;
use super::large::Large;
use super::message::Envelope;
use super::read_back::Sent;
use super::writer::{Body, InFlight, Sending, Writer};
use crate::error::{Fault, OnSide};
use crate::ledger::{self, Delivery};
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
        let Some(InFlight { sending, .. }) = self.in_flight.remove(at) else {
            return Ok(());
        };
        match sending.body {
            Body::Held(_) => self.pace.answered(),
            // Its way here took most of the time.
            Body::Streamed => self.pace.begins(),
        }
        match answer {
            Answer::Stored(uid) => self.stored(sending, uid),
            Answer::Refused(no) => self.refused(sending, no),
        }
    }

    fn stored(&mut self, sent: Sending, uid: Option<Uid>) -> Result<(), Fault> {
        let Envelope {
            uid: source,
            flags,
            internal_date,
            ..
        } = sent.envelope;
        let dest = self.read_back.credible(uid);
        let delivery = Delivery {
            source,
            dest,
            flags: Some(&flags),
        };
        self.ledger.deliver(self.mailbox, delivery)?;
        self.settled += 1;
        if let Body::Held(_) = sent.body {
            self.progress.moved(sent.octets);
        }
        self.progress.delivered();
        self.report.copied(sent.octets);
        if let Some(trial) = &sent.trial {
            self.keywords.prove(&flags);
            self.keywords.refuse(trial.left_out());
            self.report.lost_flags(source, trial.left_out());
        }
        self.read_back.note(Sent {
            source,
            named: dest,
            claimed: uid,
            flags,
            internal_date,
            octets: sent.octets,
            identity: sent.identity,
        });
        Ok(())
    }

    fn refused(
        &mut self,
        sent: Sending,
        Refusal {
            concerns,
            condition,
            code,
            text,
        }: Refusal,
    ) -> Result<(), Fault> {
        match concerns {
            Refused::Quota => return Err(Fault::Quota { text }),
            Refused::Moment => return Err(Error::Unwelcome { text }).on(Side::Dest),
            Refused::Mailbox | Refused::Busy => {
                let error = Error::Refused {
                    command: "APPEND",
                    condition,
                    code,
                    text,
                };
                return Err(error).on(Side::Dest);
            }
            Refused::Message => {}
        }
        let held = matches!(sent.body, Body::Held(_));
        if condition == Condition::Bad && held && self.client.sends_unasked(sent.octets) {
            // The body may have been read as commands: this connection is not to be trusted.
            return Err(Error::EarlyReply {
                command: "APPEND",
                text,
            })
            .on(Side::Dest);
        }
        match sent.trial.clone() {
            Some(trial) => self.try_again(sent, trial, text),
            None => self.give_up(&sent.envelope, sent.octets, text),
        }
    }

    /// Sends a message once more with fewer of the keywords that are on trial. One whose body is
    /// gone comes again with the next connection.
    fn try_again(&mut self, mut sent: Sending, trial: Trial, text: String) -> Result<(), Fault> {
        let streamed = matches!(sent.body, Body::Streamed);
        if streamed && !self.large.as_ref().is_some_and(Large::is_untouched) {
            self.keywords.refuse(trial.unproven());
            return Err(Error::Unwelcome { text }).on(Side::Dest);
        }
        let Some(trial) = trial.next() else {
            return self.give_up(&sent.envelope, sent.octets, text);
        };
        sent.envelope.flags = trial.flags();
        sent.trial = Some(trial);
        self.send(sent)
    }

    fn give_up(&mut self, envelope: &Envelope, octets: u64, reason: String) -> Result<(), Fault> {
        let refusal = ledger::Refusal {
            source: envelope.uid,
            octets: Some(octets),
            internal_date: envelope.internal_date,
            message_id: None,
            reason,
        };
        self.ledger.refuse(self.mailbox, &refusal)?;
        self.settled += 1;
        self.report.refused(refusal, None);
        Ok(())
    }
}

/// The answer to an APPEND.
enum Answer {
    /// Stored; under this UID, if the server says so.
    Stored(Option<Uid>),
    Refused(Refusal),
}

/// A NO or BAD.
struct Refusal {
    concerns: Refused,
    condition: Condition,
    code: Option<Code<'static>>,
    text: String,
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
                Self::Refused(Refusal {
                    concerns: classify(condition, code, &text),
                    condition,
                    code: code.and_then(Code::detached),
                    text,
                })
            }
        }
    }
}
