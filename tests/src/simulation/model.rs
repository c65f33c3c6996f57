//! What both stores really did, as the users see it: which messages the source ever had, and what
//! became of every message that the destination ever held. The engine is never asked.

use std::collections::BTreeMap;

use crate::compare::Message;
use crate::server::{Account, Body, Hierarchy, Message as Stored};

/// The levels of a mailbox name, the same on both sides.
pub(super) type Name = Vec<String>;

/// A message's place for ever.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The mailbox.
    pub(super) mailbox: Name,
    /// Its generation of UIDs.
    pub(super) uidvalidity: u32,
    /// The UID.
    pub(super) uid: u32,
}

/// A message of the source.
#[derive(Clone, Debug)]
pub(super) struct Original {
    pub(super) message: Message,
    /// Its first octets, to know it by.
    pub(super) label: String,
    /// Its user has deleted it.
    pub(super) expunged: bool,
}

/// A message that the destination held at some time.
#[derive(Clone, Debug)]
pub(super) struct Copy {
    /// As it came.
    pub(super) came: Message,
    /// As it should be now.
    pub(super) now: Message,
    pub(super) label: String,
    pub(super) origin: Origin,
    /// The user has deleted it.
    pub(super) removed: bool,
}

/// Who put a message there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The engine, by APPEND. It is confirmed when a run has ended well since.
    Delivered { confirmed: bool },
    /// Somebody else.
    Foreign,
}

/// What was seen of both accounts.
#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) originals: BTreeMap<Place, Original>,
    pub(super) copies: BTreeMap<Place, Copy>,
    /// The source as its users left it.
    source: Option<Account>,
    /// Messages that the destination user deleted before a run had ended well.
    pub(super) unconfirmed_deletions: u64,
    /// What must not be.
    pub(super) violations: Vec<String>,
}

impl Model {
    /// The source has changed by its users' hands.
    pub(super) fn source_changed(&mut self, account: &Account) {
        for original in self.originals.values_mut() {
            original.expunged = true;
        }
        for (place, stored) in messages(account) {
            let message = likeness(stored);
            let label = label(&stored.body);
            let original = Original {
                message,
                label,
                expunged: false,
            };
            self.originals.insert(place, original);
        }
        self.source = Some(account.clone());
    }

    /// Nothing but its users' hands has changed the source.
    pub(super) fn check_source(&mut self, account: &Account) {
        let untouched = self
            .source
            .as_ref()
            .is_none_or(|before| is_untouched(before, account));
        if !untouched {
            self.violations.push("the source was changed".to_owned());
        }
    }

    /// Takes in what the engine has appended, and looks whether it did anything else.
    pub(super) fn observe(&mut self, account: &Account) {
        let present: BTreeMap<Place, &Stored> = messages(account).collect();
        for (place, copy) in &self.copies {
            let wrong = match (present.get(place), copy.removed) {
                (None, true) => continue,
                (None, false) => "vanished".to_owned(),
                (Some(_), true) => "came back under its UID".to_owned(),
                (Some(stored), false) if likeness(stored) != copy.now => {
                    format!("changed into {:?}", likeness(stored))
                }
                (Some(_), false) => continue,
            };
            self.violations
                .push(format!("{place}: {:?} {wrong} ({})", copy.now, copy.label));
        }
        for (place, stored) in present {
            let delivered = Origin::Delivered { confirmed: false };
            self.copies
                .entry(place)
                .or_insert_with(|| Copy::new(stored, delivered));
        }
    }

    /// A run ended well: whoever deletes what it delivered has really deleted it.
    pub(super) fn confirm(&mut self) {
        for copy in self.copies.values_mut() {
            if let Origin::Delivered { confirmed } = &mut copy.origin {
                *confirmed = true;
            }
        }
    }

    /// Somebody else has put a message there.
    pub(super) fn foreign(&mut self, place: Place, stored: &Stored) {
        self.copies
            .insert(place, Copy::new(stored, Origin::Foreign));
    }

    /// The user has deleted a message.
    pub(super) fn removed(&mut self, place: &Place) {
        if let Some(copy) = self.copies.get_mut(place) {
            copy.removed = true;
            if copy.origin == (Origin::Delivered { confirmed: false }) {
                self.unconfirmed_deletions += 1;
            }
        }
    }

    /// The user has changed a message's flags.
    pub(super) fn flagged(&mut self, place: &Place, stored: &Stored) {
        if let Some(copy) = self.copies.get_mut(place) {
            copy.now = likeness(stored);
        }
    }

    pub(super) fn source(&self) -> Option<&Account> {
        self.source.as_ref()
    }

    /// Messages that the engine has appended so far.
    pub(super) fn delivered(&self) -> u64 {
        let copies = self.copies.values();
        copies.filter(|copy| copy.origin != Origin::Foreign).count() as u64
    }

    /// Has the engine delivered anything into this mailbox?
    pub(super) fn has_deliveries(&self, mailbox: &Name) -> bool {
        self.copies.iter().any(|(place, copy)| {
            place.mailbox == *mailbox && matches!(copy.origin, Origin::Delivered { .. })
        })
    }
}

impl Copy {
    fn new(stored: &Stored, origin: Origin) -> Self {
        Self {
            came: likeness(stored),
            now: likeness(stored),
            label: label(&stored.body),
            origin,
            removed: false,
        }
    }
}

/// Every message of an account with its place.
fn messages(account: &Account) -> impl Iterator<Item = (Place, &Stored)> {
    account.mailboxes.iter().flat_map(|(name, mailbox)| {
        let name = segments(name, &account.hierarchy);
        mailbox.messages.iter().map(move |stored| {
            let place = Place {
                mailbox: name.clone(),
                uidvalidity: mailbox.uidvalidity,
                uid: stored.uid,
            };
            (place, stored)
        })
    })
}

/// The levels of a raw name without the prefix of the namespace; simulated names are ASCII.
pub(super) fn segments(name: &[u8], hierarchy: &Hierarchy) -> Name {
    let below = name.strip_prefix(&hierarchy.prefix[..]).unwrap_or(name);
    below
        .split(|&octet| octet == hierarchy.delimiter)
        .map(|level| String::from_utf8_lossy(level).into_owned())
        .collect()
}

pub(super) fn likeness(stored: &Stored) -> Message {
    let digest = stored.body.digest();
    Message {
        sha256: digest.sha256,
        length: digest.length,
        ..Message::new(b"", stored.internal_date.unix_seconds, &stored.flags)
    }
}

fn label(body: &Body) -> String {
    match body {
        Body::Bytes(octets) => octets[..octets.len().min(48)].escape_ascii().to_string(),
        other => format!("{:?}", other.digest()),
    }
}

fn is_untouched(before: &Account, now: &Account) -> bool {
    let same_mailbox = |(one, other): (&crate::server::Mailbox, &crate::server::Mailbox)| {
        one.uidvalidity == other.uidvalidity
            && one.uidnext == other.uidnext
            && one.highest_modseq == other.highest_modseq
            && one.messages.len() == other.messages.len()
    };
    before.subscriptions == now.subscriptions
        && before.mailboxes.keys().eq(now.mailboxes.keys())
        && before
            .mailboxes
            .values()
            .zip(now.mailboxes.values())
            .all(same_mailbox)
        && messages(before)
            .zip(messages(now))
            .all(|(one, other)| one.0 == other.0 && same_octets(one.1, other.1))
}

fn same_octets(one: &Stored, other: &Stored) -> bool {
    let same_body = match (&one.body, &other.body) {
        (Body::Bytes(one), Body::Bytes(other)) => one == other,
        (one, other) => one.digest() == other.digest(),
    };
    same_body && one.flags == other.flags && one.internal_date == other.internal_date
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.mailbox.join("/"), self.uid)
    }
}
