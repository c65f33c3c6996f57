//! Looks for messages that were delivered and are gone from their mailbox: their user may have
//! moved them to another one.
//!
//! Only what nobody else owns counts: a message of another mailbox that is in the map there, or may
//! be, is that mailbox's own.

use std::collections::{HashMap, HashSet};

use imap_client_lite::proto::{Command, MailboxName, Uid, Untagged};
use imap_client_lite::{Client, Error};

use crate::error::{Fault, OnSide};
use crate::ledger::Ledger;
use crate::side::{Both, Side};
use crate::transfer::Digest;
use crate::transfer::hash_bodies::hash_bodies;

/// Which of the missing messages are in another mailbox of the destination.
pub(super) async fn look(
    clients: &mut Both<Client>,
    ledger: &Ledger,
    here: &MailboxName,
    missing: &[Uid],
) -> Result<HashSet<Uid>, Fault> {
    let mut wanted = hash_bodies(&mut clients.source, missing)
        .await
        .on(Side::Source)?;
    wanted.retain(|_, digest| digest.message_id.is_some());
    let mut found = HashSet::new();
    if wanted.is_empty() {
        return Ok(found);
    }
    let ours: HashSet<Vec<u8>> = ledger.names()?.into_iter().map(|(_, dest)| dest).collect();
    for listed in clients.dest.list("*").await.on(Side::Dest)? {
        if wanted.is_empty() {
            break;
        }
        if !listed.selectable || listed.name == *here {
            continue;
        }
        let planned = ours.contains(listed.name.as_wire());
        look_in(
            &mut clients.dest,
            ledger,
            &listed.name,
            planned,
            &mut wanted,
            &mut found,
        )
        .await?;
    }
    Ok(found)
}

async fn look_in(
    client: &mut Client,
    ledger: &Ledger,
    name: &MailboxName,
    planned: bool,
    wanted: &mut HashMap<Uid, Digest>,
    found: &mut HashSet<Uid>,
) -> Result<(), Fault> {
    let selected = match client.examine(name).await {
        Ok(selected) => selected,
        Err(Error::Refused { .. }) => return Ok(()),
        Err(error) => return Err(error).on(Side::Dest),
    };
    let row = match selected.uid_validity {
        Some(validity) => ledger.dest_mailbox(name, validity)?,
        None => None,
    };
    if selected.exists == 0 || row.is_some_and(|row| row.open) || (planned && row.is_none()) {
        return Ok(());
    }
    let mut taken = HashSet::new();
    let mut uids: Vec<Uid> = wanted.keys().copied().collect();
    uids.sort_unstable();
    for source in uids {
        let Some(digest) = wanted.get(&source) else {
            continue;
        };
        let mut candidates = search(client, digest).await?;
        if let Some(row) = row {
            let mut free = Vec::new();
            for uid in candidates {
                if ledger.is_mapped_to(row.id, uid)?.is_none() {
                    free.push(uid);
                }
            }
            candidates = free;
        }
        candidates.retain(|uid| !taken.contains(uid));
        let bodies = hash_bodies(client, &candidates).await.on(Side::Dest)?;
        let same = |uid: &Uid| {
            bodies
                .get(uid)
                .is_some_and(|body| body.canonical == digest.canonical || body.text == digest.text)
        };
        if let Some(uid) = candidates.iter().copied().find(same) {
            tracing::info!("message {source} was moved to {name}");
            taken.insert(uid);
            wanted.remove(&source);
            found.insert(source);
        }
    }
    Ok(())
}

/// The messages of the selected mailbox with this Message-ID. A server that cannot search has none.
async fn search(client: &mut Client, digest: &Digest) -> Result<Vec<Uid>, Fault> {
    let Some(message_id) = &digest.message_id else {
        return Ok(Vec::new());
    };
    let mut uids = Vec::new();
    let command = Command::UidSearchHeader {
        field: "Message-ID",
        value: message_id,
    };
    let searched = client.run(&command, |untagged| {
        if let Untagged::Search(numbers) = untagged {
            uids.extend(numbers.iter().filter_map(Uid::new));
        }
    });
    match searched.await {
        Ok(_) | Err(Error::Refused { .. }) => Ok(uids),
        Err(error) => Err(error).on(Side::Dest),
    }
}
