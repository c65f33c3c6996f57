//! One whole response as a value: RFC 9051 section 7. Each kind has its rule in a file of its name; which
//! one it is, is found in `line.rs` and `dispatch.rs`.

pub(crate) mod acl;
pub(crate) mod address;
pub(crate) mod body_structure;
pub(crate) mod capability;
pub(crate) mod code;
mod dispatch;
pub(crate) mod envelope;
pub(crate) mod fetch;
mod fields;
pub(crate) mod identity;
pub(crate) mod language;
mod line;
pub(crate) mod list;
pub(crate) mod mailbox_status;
pub(crate) mod metadata;
pub(crate) mod namespace;
pub(crate) mod quota;
pub(crate) mod raw;
pub(crate) mod search;
pub(crate) mod status;
mod stray;
pub(crate) mod string_list;
mod tagged;
pub(crate) mod thread;
pub(crate) mod vanished;
mod words;

use alloc::borrow::Cow;

use crate::error::ParseError;
use crate::flag::Flags;
use crate::response::acl::{Acl, ListRights, MyRights};
use crate::response::capability::Capabilities;
use crate::response::fetch::Fetch;
use crate::response::fetch::fast::fetch_line;
use crate::response::identity::Identity;
use crate::response::language::Comparator;
use crate::response::list::List;
use crate::response::mailbox_status::MailboxStatus;
use crate::response::metadata::Metadata;
use crate::response::namespace::Namespaces;
use crate::response::quota::{Quota, QuotaRoot};
use crate::response::search::{Esearch, Numbers};
use crate::response::status::StatusResponse;
use crate::response::string_list::Strings;
use crate::response::thread::Threads;
use crate::response::vanished::Vanished;
use crate::tolerance::QuirkSet;

/// A response of the server (RFC 9051 sections 2.2.2 and 7), borrowed from its frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response<'a> {
    /// `+`: the server waits for the rest of a command.
    Continuation {
        /// What follows the `+`; base64 during AUTHENTICATE.
        text: &'a [u8],
    },
    /// The end of the command with this tag.
    Tagged {
        /// The tag as the client sent it.
        tag: &'a [u8],
        /// How it ended.
        status: StatusResponse<'a>,
    },
    /// Data or news from the server.
    Untagged(Untagged<'a>),
    /// A line that is no response ([`Quirk::StrayLine`](crate::Quirk::StrayLine)), without its line end: an error of a proxy, or
    /// what is left of a response that was cut wrongly.
    Stray(&'a [u8]),
}

/// An untagged response: RFC 9051 section 7.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Untagged<'a> {
    /// OK, NO, BAD, BYE or PREAUTH.
    Status(StatusResponse<'a>),
    /// CAPABILITY
    Capability(Capabilities<'a>),
    /// ENABLED
    Enabled(Capabilities<'a>),
    /// ID
    Id(Identity<'a>),
    /// LIST, also XLIST
    List(List<'a>),
    /// LSUB
    Lsub(List<'a>),
    /// NAMESPACE
    Namespace(Namespaces<'a>),
    /// STATUS
    MailboxStatus(MailboxStatus<'a>),
    /// FLAGS
    Flags(Flags<'a>),
    /// SEARCH
    Search(Numbers<'a>),
    /// ESEARCH
    Esearch(Esearch<'a>),
    /// EXISTS
    Exists(u32),
    /// RECENT
    Recent(u32),
    /// EXPUNGE: the message at this position is gone, those behind it move up.
    Expunge(u32),
    /// VANISHED
    Vanished(Vanished<'a>),
    /// FETCH, or UIDFETCH (RFC 9586)
    Fetch(Fetch<'a>),
    /// SORT (RFC 5256): numbers or UIDs in the order asked for.
    Sort(Numbers<'a>),
    /// THREAD (RFC 5256)
    Thread(Threads<'a>),
    /// QUOTA (RFC 9208)
    Quota(Quota<'a>),
    /// QUOTAROOT (RFC 9208)
    QuotaRoot(QuotaRoot<'a>),
    /// ACL (RFC 4314)
    Acl(Acl<'a>),
    /// LISTRIGHTS (RFC 4314)
    ListRights(ListRights<'a>),
    /// MYRIGHTS (RFC 4314)
    MyRights(MyRights<'a>),
    /// METADATA (RFC 5464)
    Metadata(Metadata<'a>),
    /// LANGUAGE (RFC 5255): language tags.
    Language(Strings<'a>),
    /// COMPARATOR (RFC 5255)
    Comparator(Comparator<'a>),
    /// JMAPACCESS (RFC 9698): where the same account is found over JMAP.
    JmapAccess(Cow<'a, [u8]>),
    /// A response that this crate does not know, without its line end; also one that it knows, but whose
    /// value makes no sense ([`Quirk::OddResponse`](crate::Quirk::OddResponse)).
    Other(&'a [u8]),
}

impl<'a> Response<'a> {
    /// Reads one frame of a [`Framer`](crate::Framer), with all that servers are known to get wrong.
    ///
    /// # Errors
    /// When the frame is no response, or one of a known kind with a malformed value.
    #[inline]
    pub fn parse(frame: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse_with(frame, QuirkSet::LENIENT).map(|(response, _)| response)
    }

    /// Reads one frame and accepts these quirks; says which of them were met.
    ///
    /// # Errors
    /// When the frame is no response, or one of a known kind with a malformed value, by the grammar
    /// that the accepted quirks widen.
    #[inline]
    pub fn parse_with(frame: &'a [u8], accepted: QuirkSet) -> Result<(Self, QuirkSet), ParseError> {
        match fetch_line(frame) {
            Some(fetch) => Ok((Self::Untagged(Untagged::Fetch(fetch)), QuirkSet::STRICT)),
            None => line::general(frame, accepted),
        }
    }
}

#[cfg(test)]
mod tests;
