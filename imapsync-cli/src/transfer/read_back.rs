//! What the destination made of what was sent: read back, identified, compared, reported.

use std::collections::{BTreeMap, HashSet};

use imap_client_lite::proto::{
    Command, FetchItem, FlagSet, InternalDate, MailboxName, Messages, Uid, UidValidity, Untagged,
};
use imap_client_lite::{Client, Selected};

use super::found::{find_merged, identify};
use super::hash_bodies::hash_bodies;
use super::message::Envelope;
use super::order::Order;
use super::writer::Naming;
use crate::error::{Fault, OnSide};
use crate::ledger::{Ledger, MailboxId};
use crate::report::{Altered, MailboxReport};
use crate::side::Side;

/// What identifies a body that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) exact: [u8; 32],
    /// For a body that servers are known to alter: the form in which they store it.
    pub(super) stored_as: Option<[u8; 32]>,
}

/// A message that was stored, as it was sent.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) source: Uid,
    /// The UID that the server named, as far as that was credible.
    pub(super) named: Option<Uid>,
    /// The UID that the server named, credible or not.
    pub(super) claimed: Option<Uid>,
    pub(super) flags: FlagSet,
    pub(super) internal_date: Option<InternalDate>,
    pub(super) octets: u64,
    pub(super) identity: Option<Identity>,
}

/// Messages stored and not yet read back.
#[derive(Debug)]
pub(super) struct ReadBack {
    /// Our messages have UIDs from here on.
    mark: Uid,
    validity: UidValidity,
    naming: Naming,
    order: Order,
    sent: Vec<Sent>,
    /// UIDs that the server named, where they come in any order.
    named: HashSet<Uid>,
    /// Parts of a batch that was refused may be there.
    doubtful: bool,
    /// Messages that appeared meanwhile and are not ours: the first of them.
    strangers: Vec<Envelope>,
}

/// Where a read-back happens.
pub(super) struct Place<'a> {
    pub(super) client: &'a mut Client,
    pub(super) name: &'a MailboxName,
    pub(super) ledger: &'a Ledger,
    pub(super) mailbox: MailboxId,
}

impl ReadBack {
    pub(super) fn new(mark: Uid, validity: UidValidity, naming: Naming, order: Order) -> Self {
        Self {
            mark,
            validity,
            naming,
            order,
            sent: Vec::new(),
            named: HashSet::new(),
            doubtful: false,
            strangers: Vec::new(),
        }
    }

    /// The UID that the server named for the message which it has just stored, if that can be.
    pub(super) fn credible(&mut self, uid: Option<Uid>) -> Option<Uid> {
        let uid = uid.filter(|&uid| self.naming == Naming::Believed && uid >= self.mark)?;
        let is_new = match self.order {
            Order::Kept => {
                let last = self.sent.iter().rev().find_map(|sent| sent.named);
                last.is_none_or(|last| uid > last)
            }
            Order::Free => self.named.insert(uid),
        };
        is_new.then_some(uid)
    }

    /// Every destination UID below this one is accounted for.
    pub(super) const fn mark(&self) -> Uid {
        self.mark
    }

    pub(super) fn note(&mut self, sent: Sent) {
        self.sent.push(sent);
    }

    /// A batch was refused: what is there without being named may be a part of it.
    pub(super) const fn doubt(&mut self) {
        self.doubtful = true;
    }

    /// Whether enough has gathered.
    pub(super) const fn is_due(&self) -> bool {
        self.sent.len() >= WINDOW
    }

    /// The messages that appeared meanwhile and are not ours.
    pub(super) fn into_strangers(self) -> Vec<Envelope> {
        self.strangers
    }

    /// Reads back what was noted, and forgets it. All that was sent has been answered, so the mark
    /// moves behind the last message that is really there.
    pub(super) async fn run(
        &mut self,
        place: &mut Place<'_>,
        report: &mut MailboxReport,
    ) -> Result<(), Fault> {
        if self.sent.is_empty() && !self.doubtful {
            return Ok(());
        }
        // Some servers show own appends only to a new SELECT.
        let (selected, stored) = stored_from(place, self.mark).await?;
        if selected.uid_validity != Some(self.validity) {
            return Err(Fault::Renumbered {
                mailbox: place.name.to_string(),
            });
        }
        let sent = std::mem::take(&mut self.sent);
        self.named.clear();
        if std::mem::take(&mut self.doubtful) && !all_explained(&sent, &stored) {
            return Err(Fault::Torn {
                mailbox: place.name.to_string(),
            });
        }
        let all_named = |sent: &Sent| sent.named.is_some_and(|uid| stored.contains_key(&uid));
        let found: Vec<Option<Uid>> = if sent.iter().all(all_named) {
            sent.iter().map(|sent| sent.named).collect()
        } else {
            let mut found = identify(place, &sent, &stored).await?;
            find_merged(place, &sent, &mut found, report).await?;
            found
        };
        self.record(place, &sent, &found)?;
        let ours: HashSet<Uid> = found.iter().flatten().copied().collect();
        let strangers = stored.values().filter(|one| !ours.contains(&one.uid));
        for stranger in strangers {
            report.foreign += 1;
            if self.strangers.len() < STRANGERS {
                self.strangers.push(stranger.clone());
            }
        }
        if has_gaps(stored.keys().copied()) {
            place.ledger.note_skips_uids()?;
        }
        if let Some(last) = stored.keys().next_back() {
            self.mark = self.mark.max(last.next());
        }
        place.ledger.move_mark(place.mailbox, self.mark)?;
        compare(place, &sent, &found, &stored, report).await
    }

    /// Writes the UIDs that were found, where they are not those that were named.
    fn record(
        &mut self,
        place: &Place<'_>,
        sent: &[Sent],
        found: &[Option<Uid>],
    ) -> Result<(), Fault> {
        for (sent, &found) in sent.iter().zip(found) {
            if sent.named == found {
                continue;
            }
            place
                .ledger
                .rename_dest(place.mailbox, sent.source, found)?;
            if sent.named.is_some() && found.is_some() && self.naming == Naming::Believed {
                tracing::warn!(
                    "{}: the server names wrong UIDs; they do not count any more",
                    place.name
                );
                self.naming = Naming::Unasked;
            }
        }
        place.ledger.commit()?;
        Ok(())
    }
}

/// Whether all that is there was named when it was stored, and nothing was stored without a name.
fn all_explained(sent: &[Sent], stored: &BTreeMap<Uid, Envelope>) -> bool {
    let named: HashSet<Uid> = sent.iter().filter_map(|sent| sent.named).collect();
    named.len() == sent.len() && stored.keys().all(|uid| named.contains(uid))
}

/// Whether a server that has just stored these used up more UIDs than messages, and not just for
/// one that somebody deleted in this moment.
fn has_gaps(uids: impl Iterator<Item = Uid> + Clone) -> bool {
    let count = uids.clone().count() as u64;
    let range = uids.clone().min().zip(uids.max());
    range.is_some_and(|(first, last)| {
        let span = u64::from(u32::from(last) - u32::from(first)) + 1;
        count > 2 && span - count >= count / 2
    })
}

/// Compares what was sent with what is stored: envelopes always, bodies where servers are known to
/// alter them.
async fn compare(
    place: &mut Place<'_>,
    sent: &[Sent],
    found: &[Option<Uid>],
    stored: &BTreeMap<Uid, Envelope>,
    report: &mut MailboxReport,
) -> Result<(), Fault> {
    let alters = place.ledger.alters()?;
    let mut in_doubt = Vec::new();
    for (sent, stored) in sent.iter().zip(found).filter_map(|(sent, uid)| {
        let uid = uid.as_ref()?;
        Some((sent, stored.get(uid)?))
    }) {
        report.altered(sent.source, stored.uid, differences(sent, stored));
        let same_size = stored.octets == Some(sent.octets);
        let odd = sent
            .identity
            .is_some_and(|identity| identity.stored_as.is_some());
        if (same_size && odd) || (!same_size && !alters) {
            in_doubt.push((sent, stored));
        }
    }
    let uids: Vec<Uid> = in_doubt.iter().map(|(_, stored)| stored.uid).collect();
    let digests = hash_bodies(place.client, &uids).await.on(Side::Dest)?;
    for (sent, stored) in in_doubt {
        let (Some(digest), Some(identity)) = (digests.get(&stored.uid), sent.identity) else {
            continue;
        };
        let same_size = stored.octets == Some(sent.octets);
        if same_size && digest.exact != identity.exact {
            report.altered(sent.source, stored.uid, vec![Altered::Body]);
        }
        if digest.exact != identity.exact
            && digest.canonical != identity.stored_as.unwrap_or(identity.exact)
        {
            place.ledger.note_alters()?;
        }
    }
    Ok(())
}

/// Selects the mailbox anew and lists all messages from `first` on.
async fn stored_from(
    place: &mut Place<'_>,
    first: Uid,
) -> Result<(Selected, BTreeMap<Uid, Envelope>), Fault> {
    let mut stored = BTreeMap::new();
    let items = [
        FetchItem::Uid,
        FetchItem::Flags,
        FetchItem::InternalDate,
        FetchItem::Size,
    ];
    let command = Command::fetch(Messages::UidsFrom(first), &items);
    let listing = place
        .client
        .select_and_fetch(place.name, &command, |untagged| {
            if let Untagged::Fetch(fetch) = untagged
                && let Some(envelope) = Envelope::from_fetch(fetch)
                && envelope.uid >= first
            {
                stored.insert(envelope.uid, envelope);
            }
        });
    let selected = listing.await.on(Side::Dest)?;
    Ok((selected, stored))
}

/// What differs without looking at the body.
fn differences(sent: &Sent, stored: &Envelope) -> Vec<Altered> {
    let mut found = Vec::new();
    if stored.octets.is_some_and(|octets| octets != sent.octets) {
        found.push(Altered::Size {
            sent: sent.octets,
            stored: stored.octets.unwrap_or(0),
        });
    }
    let date_differs = sent.internal_date.is_some_and(|date| {
        stored
            .internal_date
            .is_none_or(|stored| stored.unix_seconds() != date.unix_seconds())
    });
    if date_differs {
        found.push(Altered::InternalDate {
            sent: sent.internal_date,
            stored: stored.internal_date,
        });
    }
    if !same_flags(&sent.flags, &stored.flags) {
        found.push(Altered::Flags {
            sent: sent.flags.to_string(),
            stored: stored.flags.to_string(),
        });
    }
    found
}

/// Flags compare as a destination stores them: keywords without case.
fn same_flags(sent: &FlagSet, stored: &FlagSet) -> bool {
    let words = |set: &FlagSet| {
        let mut words: Vec<String> = set.words().map(str::to_ascii_lowercase).collect();
        words.sort_unstable();
        words
    };
    words(sent) == words(stored)
}

/// Messages between two read-backs.
const WINDOW: usize = 2000;
/// Strangers that are remembered: more are not in flight from a connection that was cut.
const STRANGERS: usize = 2200;
