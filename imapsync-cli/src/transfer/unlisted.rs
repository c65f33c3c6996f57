//! Were messages left out by the source, or only expunged while it was listed? EXPUNGE must not be
//! sent during FETCH, so the count that a listing is measured by may be too high: one more look at
//! a fresh view tells.

use imap_client_lite::Client;
use imap_client_lite::proto::{
    Command, FetchItem, MailboxName, Messages, SeqNumber, Uid, Untagged,
};

use super::recovery::SettledUids;
use crate::error::{Fault, OnSide};
use crate::ledger::{Ledger, MailboxId};
use crate::side::Side;

/// Looks again: how many messages below `end` the source has and does not list, or lists only now.
pub(super) async fn count_unlisted(
    client: &mut Client,
    ledger: &Ledger,
    mailbox: MailboxId,
    name: &MailboxName,
    end: Option<Uid>,
    missing: &[Uid],
) -> Result<u64, Fault> {
    let exists = client.examine(name).await.on(Side::Source)?.exists;
    let mut settled = SettledUids::default();
    let (mut listed, mut unsettled) = (0, 0);
    let mut first = 1;
    let mut taken = Ok(());
    while let (Some(from), Some(to)) = (
        SeqNumber::new(first),
        SeqNumber::new(exists.min(first.saturating_add(LISTING - 1))),
    ) {
        if from > to {
            break;
        }
        let items = [FetchItem::Uid];
        let range = Messages::SequenceRange {
            first: from,
            last: to,
        };
        let command = Command::fetch(range, &items);
        let listing = client.run(&command, |untagged| {
            let Untagged::Fetch(fetch) = untagged else {
                return;
            };
            let Some(uid) = fetch.uid else { return };
            listed += 1;
            let new = end.is_some_and(|end| uid >= end);
            match settled.contains(ledger, mailbox, uid) {
                Ok(known) if !known && !new && !missing.contains(&uid) => unsettled += 1,
                Ok(_) => {}
                Err(error) => taken = Err(error),
            }
        });
        listing.await.on(Side::Source)?;
        first = u32::from(to).saturating_add(1);
    }
    taken?;
    Ok(u64::from(exists).saturating_sub(listed) + unsettled)
}

/// Messages listed with one command.
const LISTING: u32 = 1000;
