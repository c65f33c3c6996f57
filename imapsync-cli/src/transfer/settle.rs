//! After a cut: which messages of the destination are ours though the ledger has no row for them?
//!
//! In doubt are destination UIDs from the mark on that are not in the map, against source messages
//! that are not in it. They are few: their bodies are read and matched exactly, as a multiset;
//! then in the canonical form that servers are known to store.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use imap_client_lite::proto::{Command, FetchItem, MailboxName, SeqNumber, Uid, Untagged};
use imap_client_lite::{Client, Selected};

use super::digest::Digest;
use super::hash_bodies::hash_bodies;
use super::read_back::uids_from;
use crate::error::{Fault, OnSide};
use crate::ledger::{Delivery, Ledger, MailboxRow};
use crate::side::{Both, Side};

/// What settling found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Settled {
    /// Messages that had arrived without the ledger knowing it.
    pub(super) recovered: u64,
    /// Messages of the destination that are not ours.
    pub(super) foreign: u64,
}

/// Settles what is in doubt in one mailbox: the source is EXAMINEd, the destination SELECTed.
pub(super) async fn settle(
    clients: &mut Both<Client>,
    ledger: &Ledger,
    row: &MailboxRow,
    dest: &MailboxName,
    source_exists: u32,
) -> Result<Settled, Fault> {
    wait_until_quiet(&mut clients.dest, dest).await?;
    let mapped = ledger.mapped(row.id, row.mark)?;
    let mapped: HashSet<Uid> = mapped.into_iter().map(|(_, dest)| dest).collect();
    let present = uids_from(&mut clients.dest, row.mark).await?;
    let in_doubt: Vec<Uid> = present
        .into_iter()
        .map(|(uid, _)| uid)
        .filter(|uid| !mapped.contains(uid))
        .collect();
    if in_doubt.is_empty() {
        return Ok(Settled::default());
    }
    tracing::info!(
        "{dest}: {} messages are in doubt after a cut",
        in_doubt.len()
    );
    let digests = hash_bodies(&mut clients.dest, &in_doubt)
        .await
        .on(Side::Dest)?;
    let mut pool = Pool::new(&in_doubt, &digests);
    let candidates =
        Candidates::gather(&mut clients.source, ledger, row, source_exists, &pool).await?;
    for uids in candidates.by_size.chunks(AT_ONCE) {
        if pool.is_empty() {
            break;
        }
        claim(
            &mut clients.source,
            ledger,
            row,
            uids,
            &mut pool,
            Form::Exact,
        )
        .await?;
    }
    if !pool.is_empty() {
        claim(
            &mut clients.source,
            ledger,
            row,
            &candidates.first,
            &mut pool,
            Form::Canonical,
        )
        .await?;
    }
    ledger.commit()?;
    let foreign = pool.left.len() as u64;
    Ok(Settled {
        recovered: in_doubt.len() as u64 - foreign,
        foreign,
    })
}

/// A server goes on working after its client is gone: waits until nothing new shows up.
async fn wait_until_quiet(client: &mut Client, name: &MailboxName) -> Result<(), Fault> {
    let mut last: Option<Selected> = None;
    let mut unchanged = 0;
    for _ in 0..LOOKS_AT_MOST {
        let now = client.select(name).await.on(Side::Dest)?;
        let same = last
            .as_ref()
            .is_some_and(|last| (last.exists, last.uid_next) == (now.exists, now.uid_next));
        unchanged = if same { unchanged + 1 } else { 0 };
        if unchanged == LOOKS_UNCHANGED {
            return Ok(());
        }
        last = Some(now);
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Exact,
    Canonical,
}

/// The destination's messages in doubt, not claimed yet.
struct Pool {
    left: HashSet<Uid>,
    sizes: HashSet<u64>,
    exact: HashMap<[u8; 32], VecDeque<Uid>>,
    canonical: HashMap<[u8; 32], VecDeque<Uid>>,
}

impl Pool {
    fn new(in_doubt: &[Uid], digests: &HashMap<Uid, Digest>) -> Self {
        let mut pool = Self {
            left: in_doubt.iter().copied().collect(),
            sizes: HashSet::new(),
            exact: HashMap::new(),
            canonical: HashMap::new(),
        };
        for uid in in_doubt {
            let Some(digest) = digests.get(uid) else {
                continue;
            };
            pool.sizes.insert(digest.octets);
            pool.exact.entry(digest.exact).or_default().push_back(*uid);
            pool.canonical
                .entry(digest.canonical)
                .or_default()
                .push_back(*uid);
        }
        pool
    }

    fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    /// Takes the first message with this body, exclusively.
    fn take(&mut self, digest: &Digest, form: Form) -> Option<Uid> {
        let queue = match form {
            Form::Exact => self.exact.get_mut(&digest.exact),
            Form::Canonical => self.canonical.get_mut(&digest.canonical),
        }?;
        while let Some(uid) = queue.pop_front() {
            if self.left.remove(&uid) {
                return Some(uid);
            }
        }
        None
    }
}

/// Source messages that may be the ones in doubt.
#[derive(Debug, Default)]
struct Candidates {
    /// Those of a size that occurs in doubt.
    by_size: Vec<Uid>,
    /// The first ones that were not delivered: appends go in order.
    first: Vec<Uid>,
}

impl Candidates {
    async fn gather(
        client: &mut Client,
        ledger: &Ledger,
        row: &MailboxRow,
        exists: u32,
        pool: &Pool,
    ) -> Result<Self, Fault> {
        let mut found = Self::default();
        let unnamed: HashSet<Uid> = ledger.unnamed(row.id)?.into_iter().collect();
        let limit = pool.left.len() + FIRST_MORE;
        let mut next = 1;
        while let (Some(first), Some(last)) = (
            SeqNumber::new(next),
            SeqNumber::new(exists.min(next + LISTING - 1)),
        ) {
            if first > last {
                break;
            }
            let listed = sizes(client, first, last).await?;
            let range = listed.first().zip(listed.last());
            let settled = match range {
                Some((&(low, _), &(high, _))) => ledger.settled(row.id, low, high)?,
                None => Vec::new(),
            };
            for (uid, octets) in listed {
                if settled.binary_search(&uid).is_ok() && !unnamed.contains(&uid) {
                    continue;
                }
                if octets.is_none_or(|octets| pool.sizes.contains(&octets)) {
                    found.by_size.push(uid);
                }
                if found.first.len() < limit {
                    found.first.push(uid);
                }
            }
            next += LISTING;
        }
        Ok(found)
    }
}

/// UIDs and sizes of a range of source messages, in order.
async fn sizes(
    client: &mut Client,
    first: SeqNumber,
    last: SeqNumber,
) -> Result<Vec<(Uid, Option<u64>)>, Fault> {
    let mut listed = Vec::new();
    let items = [FetchItem::Uid, FetchItem::Size];
    let command = Command::Fetch {
        first,
        last,
        items: &items,
    };
    client
        .run(&command, |untagged| {
            if let Untagged::Fetch(fetch) = untagged
                && let Some(uid) = fetch.uid
            {
                listed.push((uid, fetch.size));
            }
        })
        .await
        .on(Side::Source)?;
    listed.sort_unstable();
    Ok(listed)
}

/// Lets source messages claim what is theirs.
async fn claim(
    client: &mut Client,
    ledger: &Ledger,
    row: &MailboxRow,
    uids: &[Uid],
    pool: &mut Pool,
    form: Form,
) -> Result<(), Fault> {
    let digests = hash_bodies(client, uids).await.on(Side::Source)?;
    for &source in uids {
        let Some(digest) = digests.get(&source) else {
            continue;
        };
        if let Some(dest) = pool.take(digest, form) {
            ledger.deliver(
                row.id,
                Delivery {
                    source,
                    dest: Some(dest),
                    flags: None,
                },
            )?;
        }
    }
    Ok(())
}

/// The mailbox is quiet when it stays as it is for this many looks: 2 s.
const LOOKS_UNCHANGED: u32 = 4;
const LOOK_EVERY: Duration = Duration::from_millis(500);
const LOOKS_AT_MOST: u32 = 1200;
const LISTING: u32 = 1000;
const AT_ONCE: usize = 100;
const FIRST_MORE: usize = 200;
