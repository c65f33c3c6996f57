//! Messages that the destination does not take: who they are, for the report and the ledger.

use imap_client_lite::Client;
use imap_client_lite::proto::{BodyValue, Command, FetchItem, Messages, Uid, UidSet, Untagged};

use super::mailbox::Context;
use super::message_id::message_id;
use super::opened::Opened;
use super::save_refused::Saver;
use crate::error::{Fault, OnSide};
use crate::ledger::{Ledger, MailboxId, Refusal};
use crate::mapping::Mapped;
use crate::report::{Capped, MailboxReport};
use crate::side::{Both, Side};

/// Lists what a mailbox's destination has refused, now or earlier, and saves it where the user wants
/// that. The source's mailbox is selected and nothing is under way there.
pub(super) async fn list_refused(
    cx: &Context<'_>,
    clients: &mut Both<Client>,
    mailbox: &Mapped,
    opened: &Opened,
    report: &mut MailboxReport,
) -> Result<(), Fault> {
    let (id, source) = (opened.row.id, &mut clients.source);
    let saver = match (cx.save_refused, opened.source.uid_validity) {
        (Some(folder), Some(validity)) => Some(Saver::new(folder, &mailbox.source, validity)),
        _ => None,
    };
    // The messages that were refused just now are among them.
    report.refused = Capped::default();
    let mut page = cx.ledger.refusals_after(id, None, PAGE)?;
    while let Some(last) = page.last().map(|refusal| refusal.source) {
        identify(cx.ledger, source, id, &mut page).await?;
        for refusal in page {
            let saved = match &saver {
                Some(saver) => Some(saver.save(source, refusal.source).await?),
                None => None,
            };
            report.refused(refusal, saved);
        }
        page = cx.ledger.refusals_after(id, Some(last), PAGE)?;
    }
    Ok(())
}

/// Shows each refusal that the ledger remembers.
pub(super) fn each_refusal(
    ledger: &Ledger,
    id: MailboxId,
    mut show: impl FnMut(Refusal),
) -> Result<(), Fault> {
    let mut page = ledger.refusals_after(id, None, PAGE)?;
    while let Some(last) = page.last().map(|refusal| refusal.source) {
        page.into_iter().for_each(&mut show);
        page = ledger.refusals_after(id, Some(last), PAGE)?;
    }
    Ok(())
}

/// Finds out the Message-IDs that are not known yet. Empty is known: there is none.
async fn identify(
    ledger: &Ledger,
    source: &mut Client,
    id: MailboxId,
    refusals: &mut [Refusal],
) -> Result<(), Fault> {
    let mut nameless: Vec<&mut Refusal> = refusals
        .iter_mut()
        .filter(|refusal| refusal.message_id.is_none())
        .collect();
    let Some(uids) = UidSet::collect(nameless.iter().map(|refusal| refusal.source)) else {
        return Ok(());
    };
    for (uid, message_id) in message_ids(source, &uids).await? {
        if let Some(refusal) = nameless.iter_mut().find(|one| one.source == uid) {
            refusal.message_id = Some(message_id);
            ledger.refuse(id, refusal)?;
        }
    }
    ledger.commit()?;
    Ok(())
}

/// The Message-IDs of those messages that are still there.
async fn message_ids(source: &mut Client, uids: &UidSet) -> Result<Vec<(Uid, String)>, Fault> {
    let mut found = Vec::new();
    let items = [FetchItem::Uid, FetchItem::MESSAGE_ID];
    let command = Command::fetch(Messages::Uids(uids), &items);
    source
        .run(&command, |untagged| {
            if let Untagged::Fetch(fetch) = untagged
                && let (Some(uid), Some(section)) = (fetch.uid, fetch.sections.first())
            {
                let header = match &section.value {
                    BodyValue::Inline(header) => header.as_ref(),
                    BodyValue::Absent | BodyValue::Streamed(_) => b"",
                };
                found.push((uid, message_id(header)));
            }
        })
        .await
        .on(Side::Source)?;
    Ok(found)
}

/// Refusals in memory at a time, and messages asked for with one command.
const PAGE: u32 = 200;
