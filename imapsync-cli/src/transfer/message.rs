//! A message on its way.

use bytes::Bytes;
use imap_client_lite::proto::{DateField, Fetch, FlagSet, InternalDate, Uid};

use super::budget::Share;

/// What is known of a source message before its body is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Its UID on the source.
    pub uid: Uid,
    /// The flags that can be sent.
    pub flags: FlagSet,
    /// Flags that no server could be sent, as the source wrote them.
    pub unsendable: Vec<String>,
    /// Its internal date; `None` where the source has none that is a date.
    pub internal_date: Option<InternalDate>,
    /// Its size by RFC822.SIZE, which is only a hint.
    pub octets: Option<u64>,
}

impl Envelope {
    /// From a FETCH of UID, FLAGS, INTERNALDATE and RFC822.SIZE. What a server leaves out is
    /// unknown; `None` for news about flags alone, which nobody asked for.
    #[must_use]
    pub fn from_fetch(fetch: &Fetch<'_>) -> Option<Self> {
        let uid = fetch.uid?;
        if fetch.internal_date.is_none() && fetch.size.is_none() {
            return None;
        }
        let flags = fetch.flags.unwrap_or_default();
        let mut unsendable = Vec::new();
        let flags = FlagSet::from_flags(flags, |word| {
            unsendable.push(String::from_utf8_lossy(word).into_owned())
        });
        let internal_date = match fetch.internal_date {
            Some(DateField::Valid(date)) => Some(date),
            Some(DateField::Invalid(_)) | None => None,
        };
        Some(Self {
            uid,
            flags,
            unsendable,
            internal_date,
            octets: fetch.size,
        })
    }
}

impl Envelope {
    /// The budget that the message takes when it is collected: its octets, and its part of the
    /// response and of the read buffers that it keeps alive.
    pub(super) fn cost(&self) -> u64 {
        self.octets.unwrap_or(LARGE) + OVERHEAD
    }

    /// Whether it must not be collected, or may turn out so.
    pub(super) fn is_large(&self) -> bool {
        self.octets.is_none_or(|octets| octets > LARGE)
    }
}

/// A message whose body is in memory.
#[derive(Debug)]
pub struct Message {
    /// Its metadata.
    pub envelope: Envelope,
    /// Its body, in the buffers that it was read into.
    pub body: Vec<Bytes>,
    /// Its share of the memory budget; none where it was fetched alone.
    pub permit: Option<Share>,
    /// The last message of the window that it came in.
    pub window_end: Uid,
}

/// What the reader hands to the writer, in order.
#[derive(Debug)]
pub enum Parcel {
    /// A whole message.
    Whole(Message),
    /// A large message begins: exactly so many octets follow as chunks.
    LargeStart(Envelope, u64),
    /// The next octets of the large message.
    Chunk(Bytes, Share),
}

/// The octets of a body.
pub(super) fn octets(body: &[Bytes]) -> u64 {
    body.iter().map(|chunk| chunk.len() as u64).sum()
}

/// Larger messages are spliced: at most this much of one message is in memory otherwise.
pub(super) const LARGE: u64 = 256 << 10;
/// Octets of a message's response besides its body, generously.
pub(super) const OVERHEAD: u64 = 512;
