//! Reads one mailbox into the table: streamed, only hashes are kept. A second look at its end tells
//! what happened to the mailbox meanwhile.

use std::collections::VecDeque;

use imap_client_lite::proto::command::{FetchSection, SectionText};
use imap_client_lite::proto::{
    BodyValue, Command, Condition, Fetch, FetchItem, MailboxName, Messages, SeqNumber, Text, Uid,
    UidValidity, Untagged,
};
use imap_client_lite::{Client, Done, Error, Event, Selected, Ticket};

use super::level::Level;
use super::record::Record;
use super::table::Table;
use crate::error::{Fault, OnSide};
use crate::progress::Progress;
use crate::side::Side;
use crate::transfer::{Envelope, Hasher};

/// What came of reading a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Read {
    /// The generation of its UIDs.
    pub(super) uid_validity: Option<UidValidity>,
    /// Messages that were read.
    pub(super) messages: u64,
    /// Messages that the server has and did not hand out.
    pub(super) unread: u64,
    /// Messages that came while it was read; they are not among those that were read.
    pub(super) arrived: u64,
    /// Messages that went while it was read: their numbers went to others, which may have been missed.
    pub(super) expunged: u64,
}

/// What reading needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) level: Level,
    pub(super) table: &'a Table,
    pub(super) progress: &'a Progress,
}

/// What the server has said so far.
#[derive(Debug)]
struct Intake<'a> {
    reader: Reader<'a>,
    side: Side,
    hasher: Hasher,
    header: Vec<u8>,
    messages: u64,
    /// The highest UID so far.
    last: Option<Uid>,
    windows: VecDeque<Ticket>,
    refused: Option<Error>,
}

impl Reader<'_> {
    /// Reads all messages.
    pub(super) async fn read(
        self,
        client: &mut Client,
        side: Side,
        name: &MailboxName,
    ) -> Result<Read, Fault> {
        let before = client.examine(name).await.on(side)?;
        let mut intake = Intake::new(self, side);
        let fields = field_names().on(side)?;
        let items = items(self.level, &fields);
        let mut next = 1;
        loop {
            while intake.windows.len() < WINDOWS
                && let Some(window) = window(&mut next, before.exists)
            {
                let ticket = client.enqueue(&Command::fetch(window, &items)).on(side)?;
                intake.windows.push_back(ticket);
            }
            if intake.windows.is_empty() {
                break;
            }
            let event = client.next().await.on(side)?;
            intake.take(event)?;
        }
        let read = second_look(client, side, name, &before, &intake).await?;
        match intake.refused {
            // Messages that went may be why.
            Some(error) if read.expunged == 0 => Err(error).on(side),
            _ => Ok(read),
        }
    }
}

impl<'a> Intake<'a> {
    fn new(reader: Reader<'a>, side: Side) -> Self {
        Self {
            reader,
            side,
            hasher: Hasher::default(),
            header: Vec::new(),
            messages: 0,
            last: None,
            windows: VecDeque::new(),
            refused: None,
        }
    }

    fn take(&mut self, event: Event<'_>) -> Result<(), Fault> {
        match event {
            Event::BodyStart { .. } => {
                self.hasher = Hasher::default();
                self.header.clear();
            }
            Event::BodyChunk(chunk) => {
                self.update(&chunk);
                self.reader.progress.moved(chunk.len() as u64);
            }
            Event::Untagged(Untagged::Fetch(fetch)) => self.message(&fetch)?,
            Event::Done(done) => self.done(&done),
            _ => {}
        }
        Ok(())
    }

    fn update(&mut self, octets: &[u8]) {
        match self.reader.level {
            Level::Bodies => self.hasher.update(octets),
            Level::Counts | Level::Headers => {
                let room = LONGEST_HEADER.saturating_sub(self.header.len());
                let octets = octets.get(..room).unwrap_or(octets);
                self.header.extend_from_slice(octets);
            }
        }
    }

    fn message(&mut self, fetch: &Fetch<'_>) -> Result<(), Fault> {
        let Some(section) = fetch.sections.first() else {
            return Ok(());
        };
        match &section.value {
            BodyValue::Inline(text) => self.update(text),
            BodyValue::Streamed(_) => {}
            // It has just been expunged.
            BodyValue::Absent if self.reader.level == Level::Bodies => return Ok(()),
            BodyValue::Absent => {}
        }
        let hasher = std::mem::take(&mut self.hasher);
        if let Some(envelope) = Envelope::from_fetch(fetch) {
            let record = Record::new(self.reader.level, &envelope, &self.header, hasher);
            self.reader.table.add(self.side, &record)?;
            self.messages += 1;
            self.last = self.last.max(Some(envelope.uid));
            if self.side == Side::Source {
                self.reader.progress.delivered();
            }
        }
        self.header.clear();
        Ok(())
    }

    fn done(&mut self, done: &Done<'_>) {
        self.windows.retain(|ticket| *ticket != done.ticket);
        if done.condition != Condition::Ok {
            self.refused.get_or_insert_with(|| Error::Refused {
                command: "FETCH",
                condition: done.condition,
                code: None,
                text: done.message(),
            });
        }
    }
}

/// Opens the mailbox once more: some servers show what others did only then.
async fn second_look(
    client: &mut Client,
    side: Side,
    name: &MailboxName,
    before: &Selected,
    intake: &Intake<'_>,
) -> Result<Read, Fault> {
    let after = client.examine(name).await.on(side)?;
    let mut read = Read {
        uid_validity: before.uid_validity,
        messages: intake.messages,
        ..Read::default()
    };
    if after.uid_validity != before.uid_validity {
        read.expunged = u64::from(before.exists).max(1);
        return Ok(read);
    }
    let unchanged = after.uid_next.is_some()
        && (after.uid_next, after.exists) == (before.uid_next, before.exists);
    if !unchanged {
        let behind = intake.last.map_or(Uid::new(1), |last| Some(last.next()));
        if let Some(first) = before.uid_next.or(behind) {
            read.arrived = count_from(client, side, first).await?;
        }
        let stayed = u64::from(after.exists).saturating_sub(read.arrived);
        read.expunged = u64::from(before.exists).saturating_sub(stayed);
    }
    if read.expunged == 0 {
        read.unread = u64::from(before.exists).saturating_sub(read.messages);
    }
    Ok(read)
}

/// Messages with UIDs from `first` on.
async fn count_from(client: &mut Client, side: Side, first: Uid) -> Result<u64, Fault> {
    let mut count = 0;
    let command = Command::fetch(Messages::UidsFrom(first), &[FetchItem::Uid]);
    let counting = client.run(&command, |untagged| {
        if let Untagged::Fetch(fetch) = untagged {
            // The last message comes in any case.
            count += u64::from(fetch.uid.is_some_and(|uid| uid >= first));
        }
    });
    counting.await.on(side)?;
    Ok(count)
}

/// The next messages to ask for.
fn window(next: &mut u32, exists: u32) -> Option<Messages<'static>> {
    let first = SeqNumber::new(*next).filter(|_| *next <= exists)?;
    let last = SeqNumber::new(exists.min(next.saturating_add(WINDOW - 1)))?;
    *next = u32::from(last).saturating_add(1);
    Some(Messages::SequenceRange { first, last })
}

/// The header fields by which messages are known.
fn field_names() -> Result<[Text<'static>; 4], Error> {
    Ok([
        Text::new("MESSAGE-ID")?,
        Text::new("DATE")?,
        Text::new("FROM")?,
        Text::new("SUBJECT")?,
    ])
}

fn items<'a>(level: Level, fields: &'a [Text<'a>]) -> [FetchItem<'a>; 5] {
    [
        FetchItem::Uid,
        FetchItem::Flags,
        FetchItem::InternalDate,
        FetchItem::Size,
        match level {
            Level::Bodies => FetchItem::BODY,
            Level::Counts | Level::Headers => {
                FetchItem::peek(FetchSection::of_message(SectionText::HeaderFields(fields)))
            }
        },
    ]
}

/// Messages asked for with one command.
const WINDOW: u32 = 200;
const WINDOWS: usize = 2;
/// Octets of header fields that are looked at.
const LONGEST_HEADER: usize = 256 << 10;
