//! What an account holds, as far as two exact copies must agree.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use sha2::{Digest, Sha256};

/// The mailboxes of an account, their messages in order of arrival, and the subscriptions.
///
/// Build one from rows with [`add_mailbox`](Self::add_mailbox) and [`add_message`](Self::add_message).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Selectable mailboxes by the segments of their names, each with its messages in UID order.
    pub mailboxes: BTreeMap<Vec<String>, Vec<Message>>,
    /// Subscribed names, by segments.
    pub subscriptions: BTreeSet<Vec<String>>,
}

/// One message, as far as a copy must agree with it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Message {
    /// SHA-256 of the message's bytes.
    pub sha256: [u8; 32],
    /// The number of bytes.
    pub length: u64,
    /// The internal date, in seconds since 1970: dates compare as instants.
    pub internal_date: i64,
    /// Flags and keywords without `\Recent`; system flags in RFC 3501's spelling.
    pub flags: BTreeSet<String>,
}

impl Snapshot {
    /// Adds a mailbox that may have no messages.
    pub fn add_mailbox(&mut self, segments: &[String]) {
        self.mailboxes.entry(segments.to_vec()).or_default();
    }

    /// Adds a subscription.
    pub fn add_subscription(&mut self, segments: &[String]) {
        self.subscriptions.insert(segments.to_vec());
    }

    /// Adds a message after those already in its mailbox.
    pub fn add_message(&mut self, segments: &[String], message: Message) {
        self.mailboxes
            .entry(segments.to_vec())
            .or_default()
            .push(message);
    }

    /// The number of messages in all mailboxes.
    pub fn message_count(&self) -> usize {
        self.mailboxes.values().map(Vec::len).sum()
    }

    /// Without the order of the messages: each mailbox is a multiset.
    #[must_use]
    pub fn unordered(mut self) -> Self {
        self.mailboxes
            .values_mut()
            .for_each(|messages| messages.sort());
        self
    }

    /// The same account on a server whose prefix is `INBOX.`: there the children of INBOX are the
    /// top-level mailboxes.
    pub fn under_inbox_prefix(self) -> Self {
        let moved = |segments: Vec<String>| match segments.as_slice() {
            [inbox, rest @ ..] if inbox == "INBOX" && !rest.is_empty() => rest.to_vec(),
            _ => segments,
        };
        Self {
            mailboxes: self
                .mailboxes
                .into_iter()
                .map(|(name, messages)| (moved(name), messages))
                .collect(),
            subscriptions: self.subscriptions.into_iter().map(moved).collect(),
        }
    }
}

impl Message {
    /// A message from its bytes, its internal date in Unix seconds, and its flags in any order.
    pub fn new<F: AsRef<str>>(
        body: &[u8],
        internal_date: i64,
        flags: impl IntoIterator<Item = F>,
    ) -> Self {
        let flags = flags
            .into_iter()
            .map(|flag| spelled(flag.as_ref()))
            .filter(|flag| flag != "\\Recent");
        Self {
            sha256: Sha256::digest(body).into(),
            length: body.len() as u64,
            internal_date,
            flags: flags.collect(),
        }
    }

    /// The first digits of the hash, to name the message by.
    pub(super) fn short_hash(&self) -> String {
        self.sha256
            .iter()
            .take(6)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flags: Vec<&str> = self.flags.iter().map(String::as_str).collect();
        let flags = flags.join(" ");
        write!(
            f,
            "{}.. ({} bytes, date {}, flags ({flags}))",
            self.short_hash(),
            self.length,
            self.internal_date
        )
    }
}

/// System flags compare without case; keywords are left as they are.
fn spelled(flag: &str) -> String {
    let known = SYSTEM_FLAGS
        .iter()
        .find(|known| known.eq_ignore_ascii_case(flag));
    known.map_or_else(|| flag.to_owned(), ToString::to_string)
}

const SYSTEM_FLAGS: [&str; 6] = [
    "\\Answered",
    "\\Deleted",
    "\\Draft",
    "\\Flagged",
    "\\Recent",
    "\\Seen",
];
