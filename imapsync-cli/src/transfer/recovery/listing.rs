//! Lists both sides of a mailbox into the table of doubts.

use std::collections::{HashMap, HashSet};

use imap_client_lite::Client;
use imap_client_lite::proto::{Command, FetchItem, Messages, Uid, UidSet, Untagged};

use super::Settling;
use super::settled_uids::SettledUids;
use super::table::{Doubts, Known};
use crate::error::{Fault, OnSide};
use crate::ledger::LedgerError;
use crate::side::Side;
use crate::transfer::Envelope;

impl Settling<'_> {
    /// Lists the source messages that are in doubt: those that the ledger does not know, and those
    /// that were delivered and not looked at since.
    pub(super) async fn list_ours(&mut self, doubts: &Doubts) -> Result<(), Fault> {
        let (ledger, row) = (self.ledger, self.row);
        let named: HashMap<Uid, Uid> = ledger.mapped(row.id, row.mark)?.into_iter().collect();
        let unnamed: HashSet<Uid> = match row.open {
            true => ledger.unnamed(row.id)?.into_iter().collect(),
            false => HashSet::new(),
        };
        let known = |uid| match named.get(&uid) {
            Some(&dest) => Known::Named(dest),
            None if unnamed.contains(&uid) => Known::Unnamed,
            None => Known::Nothing,
        };
        let before = |uid: &Uid| *uid < row.source_next;
        let again: Vec<Uid> = named
            .keys()
            .chain(&unnamed)
            .copied()
            .filter(before)
            .collect();
        for envelope in list_these(&mut self.clients.source, Side::Source, &again).await? {
            doubts.add_ours(&envelope, known(envelope.uid))?;
        }
        let first = row.source_next;
        let mut settled = SettledUids::default();
        let command = Command::fetch(Messages::UidsFrom(first), &ITEMS);
        list(
            &mut self.clients.source,
            Side::Source,
            &command,
            |envelope| {
                let uid = envelope.uid;
                let known = known(uid);
                let skip = uid < first
                    || (known == Known::Nothing && settled.contains(self.ledger, row.id, uid)?);
                if skip {
                    Ok(())
                } else {
                    doubts.add_ours(envelope, known)
                }
            },
        )
        .await
    }
}

/// Lists the destination's messages from a UID on. Says which is the highest.
pub(super) async fn list_there(
    client: &mut Client,
    first: Uid,
    doubts: &Doubts,
) -> Result<Option<Uid>, Fault> {
    let mut highest = None;
    let command = Command::fetch(Messages::UidsFrom(first), &ITEMS);
    list(client, Side::Dest, &command, |envelope| {
        // The answer to n:* holds the last message also when it is below n.
        if envelope.uid < first {
            return Ok(());
        }
        highest = highest.max(Some(envelope.uid));
        doubts.add_there(envelope)
    })
    .await?;
    Ok(highest)
}

/// Lists some messages.
pub(super) async fn list_these(
    client: &mut Client,
    side: Side,
    uids: &[Uid],
) -> Result<Vec<Envelope>, Fault> {
    let mut listed = Vec::with_capacity(uids.len());
    for some in uids.chunks(UIDS_AT_ONCE) {
        let Some(uids) = UidSet::collect(some.iter().copied()) else {
            break;
        };
        let command = Command::fetch(Messages::Uids(&uids), &ITEMS);
        list(client, side, &command, |envelope| {
            if uids.contains(envelope.uid) {
                listed.push(envelope.clone());
            }
            Ok(())
        })
        .await?;
    }
    Ok(listed)
}

async fn list(
    client: &mut Client,
    side: Side,
    command: &Command<'_>,
    mut take: impl FnMut(&Envelope) -> Result<(), LedgerError>,
) -> Result<(), Fault> {
    let mut taken = Ok(());
    let listing = client.run(command, |untagged| {
        if let Untagged::Fetch(fetch) = untagged
            && let Some(envelope) = Envelope::from_fetch(fetch)
            && taken.is_ok()
        {
            taken = take(&envelope);
        }
    });
    listing.await.on(side)?;
    Ok(taken?)
}

const ITEMS: [FetchItem; 4] = [
    FetchItem::Uid,
    FetchItem::Flags,
    FetchItem::InternalDate,
    FetchItem::Size,
];
/// UIDs in one command line: well below 8,000 octets.
const UIDS_AT_ONCE: usize = 700;
