//! An account as data.

use super::InternalDate;

/// What an account holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Parents stand before their children.
    pub mailboxes: Vec<MailboxSpec>,
}

/// One selectable mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxSpec {
    /// The name, level by level, in Unicode. `["INBOX"]` is INBOX.
    pub segments: Vec<String>,
    /// Whether it is in the list of subscriptions.
    pub subscribed: bool,
    /// In order of arrival.
    pub messages: Vec<MessageSpec>,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageSpec {
    /// The message's bytes, header and all.
    pub body: Vec<u8>,
    /// The internal date.
    pub internal_date: InternalDate,
    /// System flags (with backslash, never `\Recent`) and keywords.
    pub flags: Vec<String>,
}

impl Account {
    /// All messages of all mailboxes.
    pub fn message_count(&self) -> usize {
        self.mailboxes
            .iter()
            .map(|mailbox| mailbox.messages.len())
            .sum()
    }

    /// The sum of all message sizes, in bytes.
    pub fn total_bytes(&self) -> usize {
        self.mailboxes
            .iter()
            .flat_map(|mailbox| &mailbox.messages)
            .map(|message| message.body.len())
            .sum()
    }
}

impl MailboxSpec {
    /// A subscribed mailbox without messages.
    pub fn new(segments: &[&str]) -> Self {
        let segments = segments.iter().map(ToString::to_string).collect();
        Self {
            segments,
            subscribed: true,
            messages: Vec::new(),
        }
    }

    /// The same, not subscribed.
    pub fn unsubscribed(segments: &[&str]) -> Self {
        Self {
            subscribed: false,
            ..Self::new(segments)
        }
    }
}

impl MessageSpec {
    /// A message without flags, of one fixed day in 2020.
    pub fn new(body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: body.into(),
            internal_date: InternalDate::utc(1_600_000_000),
            flags: Vec::new(),
        }
    }

    /// The same with these flags.
    pub fn with_flags(self, flags: &[&str]) -> Self {
        Self {
            flags: flags.iter().map(ToString::to_string).collect(),
            ..self
        }
    }

    /// The same with this internal date.
    pub fn with_date(self, internal_date: InternalDate) -> Self {
        Self {
            internal_date,
            ..self
        }
    }
}
