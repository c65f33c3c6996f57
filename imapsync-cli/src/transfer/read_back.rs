//! What the destination made of what was sent: read back, compared, reported.

use std::collections::{HashMap, HashSet};

use imap_client_lite::Client;
use imap_client_lite::proto::{
    Command, FetchItem, FlagSet, InternalDate, MailboxName, Uid, UidSet, Untagged,
};

use super::hash_bodies::hash_bodies;
use super::message::Envelope;
use crate::error::{Fault, OnSide};
use crate::ledger::{Delivery, Ledger, MailboxId};
use crate::report::{Alteration, Altered, MailboxReport};
use crate::side::Side;

/// A message that was stored, as it was sent.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) source: Uid,
    pub(super) dest: Option<Uid>,
    pub(super) flags: FlagSet,
    pub(super) internal_date: Option<InternalDate>,
    pub(super) octets: u64,
    pub(super) odd: Option<[u8; 32]>,
}

/// Messages stored and not yet read back.
#[derive(Debug)]
pub(super) struct ReadBack {
    /// Our messages have UIDs from here on.
    mark: Uid,
    sent: Vec<Sent>,
}

impl ReadBack {
    pub(super) const fn new(mark: Uid) -> Self {
        Self {
            mark,
            sent: Vec::new(),
        }
    }

    /// Whether a UID can be that of a message which we have just appended.
    pub(super) fn is_plausible(&self, uid: Uid) -> bool {
        uid >= self.mark
            && self
                .sent
                .last()
                .and_then(|sent| sent.dest)
                .is_none_or(|last| uid > last)
    }

    pub(super) fn note(&mut self, sent: Sent) {
        self.sent.push(sent);
    }

    /// Whether enough has gathered.
    pub(super) const fn is_due(&self) -> bool {
        self.sent.len() >= WINDOW
    }

    /// Reads back what was noted, and forgets it. All that was sent has been answered, so the mark
    /// moves behind the last message that is really there.
    pub(super) async fn run(
        &mut self,
        client: &mut Client,
        name: &MailboxName,
        ledger: &Ledger,
        mailbox: MailboxId,
        report: &mut MailboxReport,
    ) -> Result<(), Fault> {
        if self.sent.is_empty() {
            return Ok(());
        }
        // Some servers show own appends only to a new SELECT.
        client.select(name).await.on(Side::Dest)?;
        if self.sent.iter().any(|sent| sent.dest.is_none()) {
            self.find_uids(client, ledger, mailbox).await?;
        }
        let sent = std::mem::take(&mut self.sent);
        let stored = stored_envelopes(client, &sent).await?;
        let seen = stored.keys().max().map_or(self.mark, |uid| uid.next());
        self.mark = self.mark.max(seen);
        ledger.move_mark(mailbox, self.mark)?;
        let mut in_doubt = Vec::new();
        for sent in &sent {
            let Some(stored) = sent.dest.and_then(|uid| stored.get(&uid)) else {
                continue;
            };
            report.altered(sent.source, stored.uid, differences(sent, stored));
            if sent.odd.is_some() && stored.octets == Some(sent.octets) {
                in_doubt.push((sent, stored.uid));
            }
        }
        compare_bodies(client, &in_doubt, report).await
    }

    /// Finds the UIDs of messages that the server stored without naming them: those from the mark
    /// on that nobody owns, in order, if they are exactly as many.
    async fn find_uids(
        &mut self,
        client: &mut Client,
        ledger: &Ledger,
        mailbox: MailboxId,
    ) -> Result<(), Fault> {
        ledger.commit()?;
        let mapped = ledger.mapped(mailbox, self.mark)?;
        let mapped: HashSet<Uid> = mapped.into_iter().map(|(_, dest)| dest).collect();
        let found = uids_from(client, self.mark).await?;
        self.mark = found.last().map_or(self.mark, |(uid, _)| uid.next());
        let free: Vec<Uid> = found
            .into_iter()
            .map(|(uid, _)| uid)
            .filter(|uid| !mapped.contains(uid))
            .collect();
        let unnamed: Vec<&mut Sent> = self
            .sent
            .iter_mut()
            .filter(|sent| sent.dest.is_none())
            .collect();
        if free.len() != unnamed.len() {
            let (found, sent) = (free.len(), unnamed.len());
            tracing::warn!(
                "{found} new messages for {sent} that were appended: their UIDs stay unknown"
            );
            return Ok(());
        }
        for (sent, uid) in unnamed.into_iter().zip(free) {
            sent.dest = Some(uid);
            ledger.deliver(
                mailbox,
                Delivery {
                    source: sent.source,
                    dest: sent.dest,
                    flags: None,
                },
            )?;
        }
        ledger.commit()?;
        Ok(())
    }
}

/// UIDs from `first` on, with their sizes.
pub(super) async fn uids_from(
    client: &mut Client,
    first: Uid,
) -> Result<Vec<(Uid, Option<u64>)>, Fault> {
    let mut found = Vec::new();
    let items = [FetchItem::Uid, FetchItem::Size];
    client
        .run(
            &Command::UidFetchFrom {
                first,
                items: &items,
            },
            |untagged| {
                if let Untagged::Fetch(fetch) = untagged
                    && let Some(uid) = fetch.uid.filter(|&uid| uid >= first)
                {
                    found.push((uid, fetch.size));
                }
            },
        )
        .await
        .on(Side::Dest)?;
    found.sort_unstable();
    found.dedup_by_key(|(uid, _)| *uid);
    Ok(found)
}

async fn stored_envelopes(
    client: &mut Client,
    sent: &[Sent],
) -> Result<HashMap<Uid, Envelope>, Fault> {
    let mut stored = HashMap::with_capacity(sent.len());
    let uids: Vec<Uid> = sent.iter().filter_map(|sent| sent.dest).collect();
    let items = [
        FetchItem::Uid,
        FetchItem::Flags,
        FetchItem::InternalDate,
        FetchItem::Size,
    ];
    for some in uids.chunks(UIDS_AT_ONCE) {
        let set: UidSet = some.iter().copied().collect();
        client
            .run(
                &Command::UidFetch {
                    uids: &set,
                    items: &items,
                },
                |untagged| {
                    if let Untagged::Fetch(fetch) = untagged
                        && let Some(envelope) = Envelope::from_fetch(fetch)
                    {
                        stored.insert(envelope.uid, envelope);
                    }
                },
            )
            .await
            .on(Side::Dest)?;
    }
    Ok(stored)
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

/// Reads the bodies that servers are known to alter without changing the size.
async fn compare_bodies(
    client: &mut Client,
    in_doubt: &[(&Sent, Uid)],
    report: &mut MailboxReport,
) -> Result<(), Fault> {
    let uids: Vec<Uid> = in_doubt.iter().map(|(_, uid)| *uid).collect();
    let digests = hash_bodies(client, &uids).await.on(Side::Dest)?;
    for (sent, uid) in in_doubt {
        let stored = digests.get(uid).map(|digest| digest.exact);
        if stored.is_some() && stored != sent.odd {
            report.altered(sent.source, *uid, vec![Altered::Body]);
        }
    }
    Ok(())
}

impl MailboxReport {
    fn altered(&mut self, source: Uid, dest: Uid, what: Vec<Altered>) {
        if !what.is_empty() {
            self.alterations.push(Alteration { source, dest, what });
        }
    }
}

/// Messages between two read-backs.
const WINDOW: usize = 2000;
/// UIDs in one command line: well below 8,000 octets.
const UIDS_AT_ONCE: usize = 700;
