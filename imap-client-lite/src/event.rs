//! What [`Client::next`](crate::Client::next) lends.

use bytes::Bytes;
use imap_proto_lite::{Code, Condition, Uid, Untagged};

use crate::printable::printable;
use crate::tag::Ticket;

/// One thing that the server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event<'a> {
    /// Data or news. A FETCH whose body was streamed comes after the body's chunks.
    Untagged(Untagged<'a>),
    /// A body begins; exactly `octets` follow as chunks.
    BodyStart {
        /// The message, where the server names it before the body; the FETCH that follows the
        /// body always does.
        uid: Option<Uid>,
        /// Octets of the body.
        octets: u64,
    },
    /// The next octets of the body.
    BodyChunk(Bytes),
    /// A command ended.
    Done(Done<'a>),
    /// A response that cannot be read, without its line end. What was asked for may be missing.
    Unreadable(&'a [u8]),
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done<'a> {
    /// Which command.
    pub ticket: Ticket,
    /// OK, NO or BAD.
    pub condition: Condition,
    /// The response code.
    pub code: Option<Code<'a>>,
    /// Text for a person; escape it before a terminal sees it.
    pub text: &'a [u8],
}

impl Done<'_> {
    /// The text, with everything that a terminal would obey made visible.
    #[must_use]
    pub fn message(&self) -> String {
        printable(self.text)
    }
}
