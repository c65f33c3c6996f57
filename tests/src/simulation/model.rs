//! What both stores really did, as the users see it: which messages the source ever had, and what
//! became of every message that the destination ever held. The engine is never asked.

use std::collections::{BTreeMap, BTreeSet};

use super::habits::Habits;
use super::history::History;
use crate::compare::Message;
use crate::server::{Account, Body, Digest, Hierarchy, Mailbox, Message as Stored};

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
    /// What stays of it wherever it is.
    pub(super) essence: Message,
    /// Whether it can be known again there.
    pub(super) knowable: bool,
    /// As the destination stores it.
    pub(super) stored: Digest,
    /// Its first octets, to know it by.
    pub(super) label: String,
    /// Its user has deleted it.
    pub(super) expunged: bool,
}

/// A message that the destination held at some time.
#[derive(Clone, Debug)]
pub(super) struct Copy {
    /// What it is, whoever has stored it.
    pub(super) essence: Message,
    /// As it came.
    pub(super) came: Message,
    /// As it should be now.
    pub(super) now: Message,
    pub(super) label: String,
    pub(super) origin: Origin,
    /// The user has deleted it.
    pub(super) removed: bool,
    /// It is gone, and nobody could know that it had arrived: it may come once more.
    pub(super) forgiven: bool,
}

/// Who put a message there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The engine, by APPEND. It is confirmed when a run has ended well since.
    Delivered { confirmed: bool },
    /// Somebody else; perhaps before the first run.
    Foreign { first: bool },
}

/// The copies that a ledger knows for certain.
#[derive(Clone, Debug, Default)]
pub(super) struct Confirmed(BTreeSet<Place>);

/// What was seen of both accounts.
#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) originals: BTreeMap<Place, Original>,
    pub(super) copies: BTreeMap<Place, Copy>,
    /// What the destination does with every message.
    pub(super) habits: Habits,
    /// The source as its users left it.
    source: Option<Account>,
    /// The copies that the destination's backup holds.
    backup: BTreeMap<Place, Copy>,
    /// Mailboxes that the backup was put into, until a run has ended well.
    pub(super) set_back: BTreeSet<Name>,
    /// Mailboxes that the destination's user has deleted.
    pub(super) dropped: BTreeSet<Name>,
    /// Runs that have begun.
    runs: u64,
    /// The first run that can know what is in a mailbox whose UIDs have changed.
    unsettled: BTreeMap<Name, u64>,
    /// What must not be.
    pub(super) violations: Vec<String>,
}

impl Model {
    pub(super) fn new(habits: Habits) -> Self {
        Self {
            habits,
            ..Self::default()
        }
    }

    /// The source has changed by its users' hands.
    pub(super) fn source_changed(&mut self, account: &Account) {
        for original in self.originals.values_mut() {
            original.expunged = true;
        }
        for (place, stored) in messages(account) {
            let original = Original {
                essence: self.essence(stored),
                knowable: self.habits.can_be_known(&stored.body),
                stored: self.habits.stored(&stored.body).digest(),
                label: label(&stored.body),
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
            if !self.copies.contains_key(&place) {
                let copy = self.copy(stored, Origin::Delivered { confirmed: false });
                self.copies.insert(place, copy);
            }
        }
    }

    /// What a ledger of now knows, whatever happens later.
    pub(super) fn confirmed(&self) -> Confirmed {
        let confirmed = Origin::Delivered { confirmed: true };
        let known = self.copies.iter();
        let known = known.filter(|(_, copy)| copy.origin == confirmed);
        Confirmed(known.map(|(place, _)| place.clone()).collect())
    }

    /// The ledger is lost, or one that knows only this much has taken its place.
    pub(super) fn ledger_lost(&mut self, known: &Confirmed) {
        for (place, copy) in &mut self.copies {
            if known.0.contains(place) {
                continue;
            }
            copy.forgiven |= copy.removed;
            if let Origin::Delivered { confirmed } = &mut copy.origin {
                *confirmed = false;
            }
        }
    }

    /// A run begins.
    pub(super) fn begin_run(&mut self) {
        self.runs += 1;
    }

    /// The run ended well: whoever deletes what was delivered until now has really deleted it.
    pub(super) fn confirm(&mut self) {
        self.set_back.clear();
        let (runs, unsettled) = (self.runs, &self.unsettled);
        for (place, copy) in &mut self.copies {
            let since = unsettled.get(&place.mailbox);
            if let Origin::Delivered { confirmed } = &mut copy.origin
                && since.is_none_or(|&since| since <= runs)
            {
                *confirmed = true;
            }
        }
    }

    /// What is in a mailbox has to be found out anew: until then nobody knows what is deleted from
    /// it, and nobody remembers what was.
    fn unsettle(&mut self, mailbox: &Name) {
        self.unsettled.insert(mailbox.clone(), self.runs + 1);
        for (place, copy) in &mut self.copies {
            if place.mailbox != *mailbox {
                continue;
            }
            copy.forgiven |= copy.removed;
            if let Origin::Delivered { confirmed } = &mut copy.origin {
                *confirmed = false;
            }
        }
    }

    /// Somebody else has put a message there.
    pub(super) fn foreign(&mut self, place: Place, stored: &Stored) {
        let first = self.runs == 0;
        let copy = self.copy(stored, Origin::Foreign { first });
        self.copies.insert(place, copy);
    }

    /// The user has deleted a message; tells whether an engine can know that it was there.
    pub(super) fn removed(&mut self, place: &Place) -> &'static str {
        let unconfirmed = Origin::Delivered { confirmed: false };
        match self.copies.get_mut(place) {
            Some(copy) => {
                copy.removed = true;
                copy.forgiven |= copy.origin == unconfirmed;
                if copy.forgiven {
                    "unconfirmed"
                } else {
                    "known"
                }
            }
            None => "unseen",
        }
    }

    /// A mailbox of the source has new UIDs: what was deleted from its copy may come once more.
    pub(super) fn source_renumbered(&mut self, mailbox: &Name) {
        self.originals
            .retain(|place, original| place.mailbox != *mailbox || original.expunged);
        self.unsettle(mailbox);
    }

    /// A mailbox of the destination has new UIDs, in the same order.
    pub(super) fn dest_renumbered(&mut self, name: &Name, mailbox: &Mailbox) {
        let mut uids = mailbox.messages.iter().map(|message| message.uid);
        self.unsettle(name);
        for (place, copy) in std::mem::take(&mut self.copies) {
            let moves = place.mailbox == *name && !copy.removed;

            let place = match moves.then(|| uids.next()).flatten() {
                Some(uid) => Place {
                    uidvalidity: mailbox.uidvalidity,
                    uid,
                    ..place
                },
                None => place,
            };
            self.copies.insert(place, copy);
        }
    }

    /// The destination is backed up.
    pub(super) fn dest_backed_up(&mut self) {
        self.backup = self.copies.clone();
    }

    /// A mailbox of the destination is as the backup knows it: what was delivered since never was.
    pub(super) fn dest_restored(&mut self, mailbox: &Name) {
        let before = self.copies.clone();
        self.copies.retain(|place, _| place.mailbox != *mailbox);
        for (place, copy) in &self.backup {
            if place.mailbox != *mailbox {
                continue;
            }
            // What comes back may have been given up meanwhile, and sent again.
            let was_there = before.get(place).is_some_and(|copy| !copy.removed);
            let forgiven = copy.forgiven || !was_there;
            let copy = Copy {
                forgiven,
                ..copy.clone()
            };
            self.copies.insert(place.clone(), copy);
        }
        self.unsettle(mailbox);
        self.set_back.insert(mailbox.clone());
    }

    /// A mailbox of the destination is gone with its mail.
    pub(super) fn dest_dropped(&mut self, mailbox: &Name) {
        for (place, copy) in &mut self.copies {
            copy.removed |= place.mailbox == *mailbox;
        }
        self.unsettle(mailbox);
        self.dropped.insert(mailbox.clone());
    }

    /// The user has changed a message's flags.
    pub(super) fn flagged(&mut self, place: &Place, stored: &Stored) {
        if let Some(copy) = self.copies.get_mut(place) {
            copy.now = likeness(stored);
        }
    }

    /// Tells what there was on both sides, and what became of it.
    pub(super) fn tell(&self, history: &History) {
        for (place, original) in &self.originals {
            let (message, label) = (&original.essence, &original.label);
            let gone = if original.expunged { " (expunged)" } else { "" };
            history.note(format!("original {place}{gone}: {message:?} {label}"));
        }
        for (place, copy) in &self.copies {
            let gone = match (copy.removed, copy.forgiven) {
                (true, true) => " (removed, forgiven)",
                (true, false) => " (removed)",
                (false, _) => "",
            };
            let (origin, came, label) = (copy.origin, &copy.came, &copy.label);
            history.note(format!("copy {place}{gone}: {origin:?} {came:?} {label}"));
        }
    }

    pub(super) fn source(&self) -> Option<&Account> {
        self.source.as_ref()
    }

    /// Messages that the engine has appended so far.
    pub(super) fn delivered(&self) -> u64 {
        let copies = self.copies.values();
        copies
            .filter(|copy| matches!(copy.origin, Origin::Delivered { .. }))
            .count() as u64
    }
}

impl Model {
    fn essence(&self, stored: &Stored) -> Message {
        likeness(&Stored {
            body: self.habits.essence(&stored.body),
            ..stored.clone()
        })
    }

    fn copy(&self, stored: &Stored, origin: Origin) -> Copy {
        Copy {
            essence: self.essence(stored),
            came: likeness(stored),
            now: likeness(stored),
            label: label(&stored.body),
            origin,
            removed: false,
            forgiven: false,
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
    let same_mailbox = |(one, other): (&Mailbox, &Mailbox)| {
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
