//! A message on its way to the destination, from the moment it is taken until it was answered.

use bytes::Bytes;
use imap_client_lite::Ticket;
use imap_client_lite::proto::command::BodyForm;
use imap_client_lite::proto::{AppendMessage, FlagSet, Literals, Uid};

use super::budget::Share;
use super::digest::Hasher;
use super::keywords::Trial;
use super::message::{Envelope, Message, octets};
use super::oddities::Oddities;
use super::read_back::Identity;

/// An APPEND that the server has not answered.
pub(super) struct InFlight {
    pub(super) ticket: Ticket,
    pub(super) messages: Vec<Sending>,
}

impl InFlight {
    /// Whether it holds several messages.
    pub(super) const fn is_batch(&self) -> bool {
        self.messages.len() > 1
    }

    /// Whether nothing goes out before it was answered.
    pub(super) fn is_alone(&self) -> bool {
        !self.is_batch() && self.messages.iter().any(|one| one.trial.is_some())
    }
}

/// A message that is being sent, or is going to be.
pub(super) struct Sending {
    /// With the flags that are sent.
    pub(super) envelope: Envelope,
    /// The source's own flags, where the destination may not take all of them.
    own_flags: Option<FlagSet>,
    pub(super) octets: u64,
    /// What identifies its body, once all of it was seen.
    pub(super) identity: Option<Identity>,
    /// The last message of the window that it came in.
    pub(super) window_end: Uid,
    pub(super) body: Body,
    /// Its share of the memory budget, given back when it has arrived.
    permit: Option<Share>,
    /// Keywords that the mailbox has not shown to take; outside a batch such a message travels alone.
    pub(super) trial: Option<Trial>,
    /// Whether the server is asked before the body goes out.
    pub(super) asks: bool,
}

/// Where a message's body is.
pub(super) enum Body {
    /// In memory: it can be sent again.
    Held(Vec<Bytes>),
    /// On its way, in chunks.
    Streamed,
}

impl Sending {
    pub(super) fn held(message: Message) -> Self {
        Self {
            own_flags: own_flags(&message.envelope),
            octets: octets(&message.body),
            identity: Some(identity(&message.body)),
            envelope: message.envelope,
            window_end: message.window_end,
            body: Body::Held(message.body),
            permit: message.permit,
            trial: None,
            asks: false,
        }
    }

    pub(super) fn streamed(envelope: Envelope, octets: u64) -> Self {
        Self {
            window_end: envelope.uid,
            own_flags: own_flags(&envelope),
            envelope,
            octets,
            identity: None,
            body: Body::Streamed,
            permit: None,
            trial: None,
            asks: false,
        }
    }

    /// Its flags on the source: what a later run compares those with that it finds there then.
    pub(super) fn flags_of_source(&self) -> &FlagSet {
        self.own_flags.as_ref().unwrap_or(&self.envelope.flags)
    }

    /// Whether it may go out together with others. An empty literal cancels a whole MULTIAPPEND.
    pub(super) const fn may_join(&self) -> bool {
        matches!(self.body, Body::Held(_)) && self.octets > 0
    }

    /// It has arrived: its octets are not needed any more.
    pub(super) fn let_go(&mut self) {
        if let Body::Held(chunks) = &mut self.body {
            *chunks = Vec::new();
        }
        self.permit = None;
    }

    /// What stands before its body in an APPEND.
    pub(super) const fn announcement(&self) -> AppendMessage<'_> {
        AppendMessage {
            flags: &self.envelope.flags,
            internal_date: self.envelope.internal_date,
            octets: self.octets,
            literal: if self.asks {
                Some(Literals::Synchronizing)
            } else {
                None
            },
            form: BodyForm::Literal,
        }
    }

    /// Its body, where it is in memory.
    pub(super) fn chunks(&self) -> &[Bytes] {
        match &self.body {
            Body::Held(chunks) => chunks,
            Body::Streamed => &[],
        }
    }
}

/// Only keywords are ever left out.
fn own_flags(envelope: &Envelope) -> Option<FlagSet> {
    let has_keywords = envelope.flags.keywords().next().is_some();
    has_keywords.then(|| envelope.flags.clone())
}

/// Bodies that servers are known to alter are hashed twice: as sent and as they will be stored.
fn identity(body: &[Bytes]) -> Identity {
    let mut oddities = Oddities::default();
    body.iter().for_each(|chunk| oddities.look(chunk));
    let exact = match body {
        // Without a Hasher, which is as large as the message often is.
        [whole] => blake3::hash(whole),
        parts => {
            let mut hasher = blake3::Hasher::new();
            for part in parts {
                hasher.update(part);
            }
            hasher.finalize()
        }
    };
    let stored_as = oddities.are_there().then(|| {
        let mut hasher = Hasher::default();
        body.iter().for_each(|chunk| hasher.update(chunk));
        hasher.finish().canonical
    });
    Identity {
        exact: exact.into(),
        stored_as,
    }
}
