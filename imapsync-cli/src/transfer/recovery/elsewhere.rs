//! Looks for messages that were delivered and are gone from their mailbox: their user may have
//! moved them to another one.
//!
//! Only what nobody else owns counts: a message of another mailbox that is in the map there, or may
//! be, is that mailbox's own.

use std::collections::HashSet;

use imap_client_lite::proto::command::{self, Numbering, SearchKey};
use imap_client_lite::proto::{Command, MailboxName, Text, Uid, UidValidity, Untagged};
use imap_client_lite::{Client, Error};

use crate::error::{Fault, OnSide};
use crate::ledger::{Ledger, MailboxRow};
use crate::side::{Both, Side};
use crate::transfer::Digest;
use crate::transfer::hash_bodies::hash_bodies;

/// Which of these source messages are in another mailbox of the destination. The first of equal
/// ones takes the first copy.
pub(super) async fn look(
    clients: &mut Both<Client>,
    ledger: &Ledger,
    here: &MailboxName,
    wanted: &[Uid],
) -> Result<HashSet<Uid>, Fault> {
    let mut digests = hash_bodies(&mut clients.source, wanted)
        .await
        .on(Side::Source)?;
    let mut search = Search {
        client: &mut clients.dest,
        ledger,
        wanted: wanted
            .iter()
            .filter_map(|uid| Some((*uid, digests.remove(uid)?)))
            .filter(|(_, digest)| digest.message_id.is_some())
            .collect(),
        found: HashSet::new(),
    };
    if search.wanted.is_empty() {
        return Ok(search.found);
    }
    let ours: HashSet<Vec<u8>> = ledger.names()?.into_iter().map(|(_, dest)| dest).collect();
    for listed in search.client.list("*").await.on(Side::Dest)? {
        if listed.selectable && listed.name != *here {
            let planned = ours.contains(listed.name.as_wire());
            search.look_in(&listed.name, planned).await?;
        }
    }
    Ok(search.found)
}

struct Search<'a> {
    client: &'a mut Client,
    ledger: &'a Ledger,
    wanted: Vec<(Uid, Digest)>,
    found: HashSet<Uid>,
}

impl Search<'_> {
    async fn look_in(&mut self, name: &MailboxName, planned: bool) -> Result<(), Fault> {
        let selected = match self.client.examine(name).await {
            Ok(selected) => selected,
            Err(Error::Refused { .. }) => return Ok(()),
            Err(error) => return Err(error).on(Side::Dest),
        };
        let there = (name, selected.uid_validity);
        let rows = self.rows(there)?;
        if selected.exists == 0 || are_open(&rows) || (planned && rows.is_empty()) {
            return Ok(());
        }
        let mut taken = HashSet::new();
        for (source, digest) in std::mem::take(&mut self.wanted) {
            match self.copy_of(&digest, there, &taken).await? {
                Some(uid) => {
                    tracing::info!("message {source} was moved to {name}");
                    taken.insert(uid);
                    self.found.insert(source);
                }
                None => self.wanted.push((source, digest)),
            }
        }
        Ok(())
    }

    /// What the ledger knows of the selected mailbox now.
    fn rows(
        &self,
        (name, validity): (&MailboxName, Option<UidValidity>),
    ) -> Result<Vec<MailboxRow>, Fault> {
        match validity {
            Some(validity) => Ok(self.ledger.dest_mailboxes(name, validity)?),
            None => Ok(Vec::new()),
        }
    }

    /// A message of the selected mailbox with this body that nobody owns. Who owns what is asked at
    /// the end: another connection may have begun to copy into this mailbox meanwhile.
    async fn copy_of(
        &mut self,
        digest: &Digest,
        there: (&MailboxName, Option<UidValidity>),
        taken: &HashSet<Uid>,
    ) -> Result<Option<Uid>, Fault> {
        let mut candidates = search(self.client, digest).await?;
        candidates.retain(|uid| !taken.contains(uid));
        let bodies = hash_bodies(self.client, &candidates).await.on(Side::Dest)?;
        let alters = self.ledger.alters()?;
        let same = |uid: &Uid| {
            bodies.get(uid).is_some_and(|body| {
                body.canonical == digest.canonical || (alters && body.text == digest.text)
            })
        };
        let rows = self.rows(there)?;
        if are_open(&rows) {
            return Ok(None);
        }
        for &uid in candidates.iter().filter(|uid| same(uid)) {
            let mut owned = false;
            for row in &rows {
                owned |= self.ledger.is_mapped_to(row.id, uid)?.is_some();
            }
            if !owned {
                return Ok(Some(uid));
            }
        }
        Ok(None)
    }
}

/// Whether mail of ours may be there that the ledger does not know.
fn are_open(rows: &[MailboxRow]) -> bool {
    rows.iter().any(|row| row.open)
}

/// The messages of the selected mailbox with this Message-ID. A server that cannot search has none.
async fn search(client: &mut Client, digest: &Digest) -> Result<Vec<Uid>, Fault> {
    let Some(message_id) = &digest.message_id else {
        return Ok(Vec::new());
    };
    let mut uids = Vec::new();
    // One with NUL in it cannot be looked for.
    let (Ok(field), Ok(value)) = (Text::new("Message-ID"), Text::new(message_id)) else {
        return Ok(uids);
    };
    let command = Command::Search(command::Search {
        numbering: Numbering::Uid,
        returns: None,
        charset: None,
        keys: &[SearchKey::Header { field, value }],
    });
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
