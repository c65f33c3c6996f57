//! Response codes: RFC 9051 section 7.1, RFC 5530, RFC 4315, RFC 7162 and others.

mod bracketed;
mod extension;
mod known;
mod plain;

use crate::flag::Flags;
use crate::ids::{ModSeq, Uid, UidValidity};
use crate::response::capability::Capabilities;
use crate::response::code::plain::PLAIN;
use crate::sequence_set::SequenceSet;

pub(crate) use bracketed::resp_text_code;

/// A response code. Known codes whose payload makes no sense are kept as [`Code::Other`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[expect(
    missing_docs,
    reason = "each name is the code's own, defined by its RFC"
)]
pub enum Code<'a> {
    Alert,
    AlreadyExists,
    /// Where appended messages went; UIDs in the order of the messages (RFC 4315).
    AppendUid {
        uid_validity: UidValidity,
        uids: SequenceSet<'a>,
    },
    AuthenticationFailed,
    AuthorizationFailed,
    /// The charsets that the server knows, in wire form; empty when it does not say.
    BadCharset(&'a [u8]),
    /// No such comparator (RFC 5255).
    BadComparator,
    /// The events that the server knows, in wire form (RFC 5465).
    BadEvent(&'a [u8]),
    /// The URL that the server could not use (RFC 4469).
    BadUrl(&'a [u8]),
    Cannot,
    Capability(Capabilities<'a>),
    ClientBug,
    Closed,
    /// The connection is compressed already (RFC 4978).
    CompressionActive,
    ContactAdmin,
    /// Which UIDs became which (RFC 4315).
    CopyUid {
        uid_validity: UidValidity,
        from: SequenceSet<'a>,
        to: SequenceSet<'a>,
    },
    Corruption,
    Expired,
    ExpungeIssued,
    HasChildren,
    HighestModSeq(ModSeq),
    /// How far a long command is (RFC 9585).
    InProgress {
        /// The command's tag.
        tag: Option<&'a [u8]>,
        /// How much is done.
        done: Option<u32>,
        /// How much there is to do.
        goal: Option<u32>,
    },
    InUse,
    Limit,
    /// The mailbox's ID (RFC 8474).
    MailboxId(&'a [u8]),
    /// A command is about more messages than the server takes at once (RFC 9738).
    MessageLimit {
        /// How many it takes.
        limit: u32,
        /// The lowest UID that was not dealt with.
        lowest: Option<Uid>,
    },
    /// Some entries were too long to be sent; the longest has so many octets (RFC 5464).
    MetadataLongEntries(u32),
    /// A value has more octets than these (RFC 5464).
    MetadataMaxSize(u32),
    /// The server has no private annotations (RFC 5464).
    MetadataNoPrivate,
    /// No more annotations can be made (RFC 5464).
    MetadataTooMany,
    /// These messages had changed and were left alone (RFC 7162).
    Modified(SequenceSet<'a>),
    NoModSeq,
    NonExistent,
    NoPerm,
    /// The search result was not saved (RFC 5182).
    NotSaved,
    /// The server gave up telling of changes (RFC 5465).
    NotificationOverflow,
    /// The server keeps no result for the search with this tag up to date (RFC 5267).
    NoUpdate(&'a [u8]),
    OverQuota,
    Parse,
    PermanentFlags(Flags<'a>),
    PrivacyRequired,
    ReadOnly,
    ReadWrite,
    /// Another server has the account. Never follow it by yourself (RFC 2221).
    Referral(&'a [u8]),
    ServerBug,
    /// The server cannot convert the message for now (RFC 5259).
    TempFail,
    TooBig,
    TryCreate,
    UidNext(Uid),
    UidNotSticky,
    /// Message sequence numbers cannot be used any more (RFC 9586).
    UidRequired,
    UidValidity(UidValidity),
    Unavailable,
    UnknownCte,
    /// The filter with this name does not exist (RFC 5466).
    UndefinedFilter(&'a [u8]),
    Unseen(u32),
    /// The mailbox cannot have this special use (RFC 6154).
    UseAttr,
    /// Anything else: the name as sent, and what stands behind it.
    Other {
        name: &'a [u8],
        value: &'a [u8],
    },
}

impl Code<'_> {
    /// The code apart from its frame, when it carries nothing that would have to be kept.
    #[must_use]
    pub fn detached(self) -> Option<Code<'static>> {
        match self {
            Self::Unseen(number) => Some(Code::Unseen(number)),
            Self::UidNext(uid) => Some(Code::UidNext(uid)),
            Self::UidValidity(value) => Some(Code::UidValidity(value)),
            Self::HighestModSeq(value) => Some(Code::HighestModSeq(value)),
            Self::MessageLimit { limit, lowest } => Some(Code::MessageLimit { limit, lowest }),
            Self::MetadataLongEntries(octets) => Some(Code::MetadataLongEntries(octets)),
            Self::MetadataMaxSize(octets) => Some(Code::MetadataMaxSize(octets)),
            Self::AppendUid { .. }
            | Self::Capability(_)
            | Self::CopyUid { .. }
            | Self::PermanentFlags(_)
            | Self::Other { .. } => None,
            _ => PLAIN
                .into_iter()
                .find(|(_, code)| *code == self)
                .map(|(_, code)| code),
        }
    }
}

#[cfg(test)]
mod tests;
