//! Reads one mailbox whole into the table: streamed, only hashes are kept.

use std::collections::VecDeque;

use imap_client_lite::proto::{
    BodyValue, Command, Condition, FetchItem, MailboxName, Messages, SeqNumber, Untagged,
};
use imap_client_lite::{Client, Error, Event};

use super::table::{Row, Table};
use crate::error::{Fault, OnSide};
use crate::progress::Progress;
use crate::side::Side;
use crate::transfer::{Envelope, Hasher};

/// How many messages of a mailbox were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Read {
    pub(super) messages: u64,
    /// Messages that the server has and did not hand out.
    pub(super) unread: u64,
}

/// Reads all messages.
pub(super) async fn read_mailbox(
    client: &mut Client,
    side: Side,
    name: &MailboxName,
    table: &Table,
    progress: &Progress,
) -> Result<Read, Fault> {
    let selected = client.examine(name).await.on(side)?;
    let mut next = 1;
    let mut windows = VecDeque::new();
    let mut hasher = Hasher::default();
    let mut read = Read::default();
    let mut exists = selected.exists;
    loop {
        while windows.len() < WINDOWS && next <= exists {
            let last = exists.min(next.saturating_add(WINDOW - 1));
            let (Some(first), Some(last)) = (SeqNumber::new(next), SeqNumber::new(last)) else {
                break;
            };
            windows.push_back(
                client
                    .enqueue(&Command::fetch(
                        Messages::SequenceRange { first, last },
                        &ALL,
                    ))
                    .on(side)?,
            );
            next = u32::from(last).saturating_add(1);
        }
        if windows.is_empty() {
            read.unread = u64::from(exists).saturating_sub(read.messages);
            return Ok(read);
        }
        match client.next().await.on(side)? {
            Event::BodyStart { .. } => hasher = Hasher::default(),
            Event::BodyChunk(chunk) => {
                hasher.update(&chunk);
                progress.moved(chunk.len() as u64);
            }
            Event::Untagged(Untagged::Fetch(fetch)) => {
                let Some(section) = fetch.sections.first() else {
                    continue;
                };
                let mut hasher = std::mem::take(&mut hasher);
                if let BodyValue::Inline(text) = &section.value {
                    hasher.update(text);
                }
                if let Some(envelope) = Envelope::from_fetch(&fetch) {
                    table.add(side, &Row::new(&envelope, &hasher.finish()))?;
                    read.messages += 1;
                    if side == Side::Source {
                        progress.delivered();
                    }
                }
            }
            Event::Untagged(Untagged::Expunge(position)) => {
                exists = exists.saturating_sub(1);
                next -= u32::from(position < next);
            }
            Event::Done(done) => {
                if done.condition != Condition::Ok {
                    let text = done.message();
                    return Err(Error::Refused {
                        command: "FETCH",
                        condition: done.condition,
                        code: None,
                        text,
                    })
                    .on(side);
                }
                windows.retain(|ticket| *ticket != done.ticket);
            }
            _ => {}
        }
    }
}

const ALL: [FetchItem; 5] = [
    FetchItem::Uid,
    FetchItem::Flags,
    FetchItem::InternalDate,
    FetchItem::Size,
    FetchItem::BODY,
];
/// Messages asked for with one command.
const WINDOW: u32 = 200;
const WINDOWS: usize = 2;
