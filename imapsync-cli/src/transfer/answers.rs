//! What the destination says to each APPEND, and what follows from it.

use imap_client_lite::proto::{Code, Condition, Uid, UidValidity};
use imap_client_lite::{Done, Error, Event};
use tokio::time::Instant;

use super::classify::{Refused, classify};
use super::isolated::Was;
use super::keywords::Trial;
use super::large::Large;
use super::lines::At;
use super::message::Envelope;
use super::read_back::Sent;
use super::sending::{Body, Sending};
use super::writer::Writer;
use crate::error::{Fault, OnSide};
use crate::ledger::{self, Delivery};
use crate::side::Side;

impl Writer<'_> {
    pub(super) async fn take_event(&mut self, at: At) -> Result<(), Fault> {
        let line = self.lines.get_mut(at);
        let (place, answer) = match line.client.next().await.on(Side::Dest)? {
            Event::Done(done) => {
                let mut appends = line.in_flight.iter();
                let Some(place) = appends.position(|one| one.ticket == done.ticket) else {
                    return Ok(());
                };
                let count = line
                    .in_flight
                    .get(place)
                    .map_or(0, |one| one.messages.len());
                (place, Answer::from_done(&done, self.validity, count))
            }
            _ => return Ok(()),
        };
        let Some(append) = line.in_flight.remove(place) else {
            return Ok(());
        };
        if append.is_batch() {
            self.learned.batch_was_answered();
        }
        let messages = append.messages;
        match messages.as_slice() {
            // Its way here took most of the time.
            [sending] if matches!(sending.body, Body::Streamed) => {}
            _ => self.pace.took(line.since.elapsed()),
        }
        line.since = Instant::now();
        if let Some(slowest) = self.pace.news() {
            self.ledger.keep_slowest_commit(slowest)?;
            self.ledger.commit()?;
        }
        match answer {
            Answer::Stored(uids) => {
                let on_trial = messages.iter().any(|one| one.trial.is_some());
                for (mut sending, uid) in messages.into_iter().zip(uids) {
                    self.settle_isolated(Was::Stored)?;
                    sending.let_go();
                    self.arrived.push_back((sending, uid));
                }
                // What comes next is judged by the keywords that were taken.
                self.record(if on_trial { usize::MAX } else { 0 })
            }
            Answer::Refused(no) => self.refused(at, messages, no),
        }
    }

    /// Writes down what has arrived, so much of it at most. It is done while the destination works on
    /// what came next.
    pub(super) fn record(&mut self, most: usize) -> Result<(), Fault> {
        for _ in 0..most {
            let Some((sending, uid)) = self.arrived.pop_front() else {
                break;
            };
            self.stored(sending, uid)?;
        }
        Ok(())
    }

    fn stored(&mut self, sent: Sending, uid: Option<Uid>) -> Result<(), Fault> {
        let source = sent.envelope.uid;
        let dest = self.read_back.credible(uid);
        let delivery = Delivery {
            source,
            dest,
            flags: Some(sent.flags_of_source()),
        };
        self.ledger.deliver(self.mailbox, delivery)?;
        self.settled += 1;
        if let Body::Held(_) = sent.body {
            self.progress.moved(sent.octets);
        }
        self.progress.delivered();
        self.report.copied(sent.octets);
        if let Some(trial) = &sent.trial {
            self.learned.keywords.prove(&sent.envelope.flags);
            self.learned.keywords.refuse(trial.left_out());
            self.report.lost_flags(source, trial.left_out());
        }
        self.read_back.note(Sent {
            source,
            named: dest,
            claimed: uid,
            flags: sent.envelope.flags,
            internal_date: sent.envelope.internal_date,
            octets: sent.octets,
            identity: sent.identity,
        });
        Ok(())
    }

    fn refused(&mut self, at: At, mut messages: Vec<Sending>, no: Refusal) -> Result<(), Fault> {
        if no.concerns != Refused::Message {
            return Err(no.into_fault());
        }
        let client = &self.lines.get_mut(at).client;
        let unasked = |sent: &Sending| {
            matches!(sent.body, Body::Held(_)) && client.sends_unasked(sent.octets)
        };
        if no.condition == Condition::Bad && messages.iter().any(unasked) {
            // Bodies may have been read as commands: this connection is not to be trusted.
            return Err(Error::EarlyReply {
                command: "APPEND",
                text: no.text,
            })
            .on(Side::Dest);
        }
        if messages.len() > 1 {
            tracing::debug!("a batch of {} was refused: {}", messages.len(), no.text);
            self.isolate(messages);
            return Ok(());
        }
        let Some(sent) = messages.pop() else {
            return Ok(());
        };
        match sent.trial.clone() {
            Some(trial) => self.try_again(sent, trial, no.text),
            None => self.give_up(&sent.envelope, sent.octets, no.text),
        }
    }

    /// Sends a message once more with fewer of the keywords that are on trial. One whose body is
    /// gone comes again with the next connection.
    fn try_again(&mut self, mut sent: Sending, trial: Trial, text: String) -> Result<(), Fault> {
        let streamed = matches!(sent.body, Body::Streamed);
        if streamed && !self.large.as_ref().is_some_and(Large::is_untouched) {
            self.learned.keywords.refuse(trial.unproven());
            return Err(Error::Unwelcome { text }).on(Side::Dest);
        }
        let Some(trial) = trial.next() else {
            return self.give_up(&sent.envelope, sent.octets, text);
        };
        sent.envelope.flags = trial.flags();
        sent.trial = Some(trial);
        self.send(At::MAIN, vec![sent])
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
        self.settle_isolated(Was::Refused)
    }
}

/// The answer to an APPEND.
enum Answer {
    /// Stored; under these UIDs, if the server says so.
    Stored(Vec<Option<Uid>>),
    Refused(Refusal),
}

/// A NO or BAD.
struct Refusal {
    concerns: Refused,
    condition: Condition,
    code: Option<Code<'static>>,
    text: String,
}

impl Refusal {
    /// Why no message can be sent now, for a refusal that concerns more than a message.
    fn into_fault(self) -> Fault {
        let error = match self.concerns {
            Refused::Quota => return Fault::Quota { text: self.text },
            Refused::Moment => Error::Unwelcome { text: self.text },
            Refused::Mailbox | Refused::Busy | Refused::Message => Error::Refused {
                command: "APPEND",
                condition: self.condition,
                code: self.code,
                text: self.text,
            },
        };
        Fault::Session {
            side: Side::Dest,
            error,
        }
    }
}

impl Answer {
    /// Reads the answer to an APPEND of so many messages. UIDs for another number of messages are
    /// none.
    fn from_done(done: &Done<'_>, validity: UidValidity, count: usize) -> Self {
        match (done.condition, done.code) {
            (Condition::Ok, Some(Code::AppendUid { uid_validity, uids }))
                if uid_validity == validity && uids.count() == count as u64 =>
            {
                Self::Stored(uids.numbers().map(Uid::new).collect())
            }
            (Condition::Ok, _) => Self::Stored(vec![None; count]),
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
