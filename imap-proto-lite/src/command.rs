//! Commands as values: RFC 9051 section 6. What a value can hold, a command line can carry.

pub(crate) mod encode;

use std::fmt;

use crate::command::encode::Literals;
use crate::date::InternalDate;
use crate::flag::FlagSet;
use crate::ids::SeqNumber;
use crate::uid_set::UidSet;

/// A mailbox name in wire form, fit to be sent: it holds no NUL, CR or LF.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailboxName(Box<[u8]>);

/// A name that no command can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a mailbox name cannot hold NUL, CR or LF")]
pub struct NameError;

impl MailboxName {
    /// A name as it stands on the wire (modified UTF-7).
    ///
    /// # Errors
    /// When it holds NUL, CR or LF.
    pub fn from_wire(wire: impl Into<Box<[u8]>>) -> Result<Self, NameError> {
        let wire = wire.into();
        if wire.iter().any(|byte| matches!(byte, 0 | b'\r' | b'\n')) {
            Err(NameError)
        } else {
            Ok(Self(wire))
        }
    }

    /// INBOX, which every account has.
    #[must_use]
    pub fn inbox() -> Self {
        Self(b"INBOX"[..].into())
    }

    /// The name's bytes on the wire.
    #[must_use]
    pub const fn as_wire(&self) -> &[u8] {
        &self.0
    }

    /// Whether this is INBOX, in any case.
    #[must_use]
    pub fn is_inbox(&self) -> bool {
        self.0.eq_ignore_ascii_case(b"INBOX")
    }
}

impl fmt::Display for MailboxName {
    /// For people: decoded where it is modified UTF-7, with controls escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match crate::mutf7::decode(&self.0) {
            Some(name) if !name.chars().any(char::is_control) => f.write_str(&name),
            Some(name) => write!(f, "{}", name.escape_debug()),
            None => write!(f, "{}", self.0.escape_ascii()),
        }
    }
}

/// A message data item to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FetchItem {
    /// `UID`
    Uid,
    /// `FLAGS`
    Flags,
    /// `INTERNALDATE`
    InternalDate,
    /// `RFC822.SIZE`
    Size,
    /// `BODY.PEEK[]`: the whole message, without setting `\Seen`.
    Body,
    /// `BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]`: the header field of that name, and an empty line.
    MessageId,
}

impl FetchItem {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Uid => "UID",
            Self::Flags => "FLAGS",
            Self::InternalDate => "INTERNALDATE",
            Self::Size => "RFC822.SIZE",
            Self::Body => "BODY.PEEK[]",
            Self::MessageId => "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]",
        }
    }
}

/// A STATUS item to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of the protocol")]
pub enum StatusItem {
    Messages,
    UidNext,
    UidValidity,
    HighestModSeq,
    Size,
}

impl StatusItem {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Messages => "MESSAGES",
            Self::UidNext => "UIDNEXT",
            Self::UidValidity => "UIDVALIDITY",
            Self::HighestModSeq => "HIGHESTMODSEQ",
            Self::Size => "SIZE",
        }
    }
}

/// The data items of one FETCH.
pub type Items<'a> = &'a [FetchItem];

/// What LIST is to send besides the names (RFC 5258, RFC 5819).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListReturn<'a> {
    /// A plain LIST, as every server knows it.
    Nothing,
    /// The STATUS of each mailbox.
    Status(&'a [StatusItem]),
}

/// Messages to be appended: one, or where the server offers MULTIAPPEND (RFC 3502) any number. All
/// of them are stored or none, says that RFC; not every server keeps to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Append<'a> {
    /// Where to.
    pub mailbox: &'a MailboxName,
    /// The messages, in order; without any the command is none.
    pub messages: &'a [AppendMessage<'a>],
}

/// One message to be appended; its body follows as a stream of exactly `octets`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppendMessage<'a> {
    /// Its flags; an empty list is sent too, since some servers insist.
    pub flags: &'a FlagSet,
    /// Its internal date; without one the server takes the present.
    pub internal_date: Option<InternalDate>,
    /// Octets of the body.
    pub octets: u64,
    /// How its literal is announced, where that is another way than that of the whole command: one that
    /// waits lets the server refuse flags or date before it gets a body (RFC 7888 section 4).
    pub literal: Option<Literals>,
}

/// A command, without its tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the words of the protocol")]
pub enum Command<'a> {
    Append(Append<'a>),
    /// AUTHENTICATE PLAIN (RFC 4616): base64, sent with the command (SASL-IR) or after a `+`.
    AuthenticatePlain {
        response: &'a str,
        initial: bool,
    },
    Capability,
    /// COMPRESS DEFLATE (RFC 4978): after its OK both directions are deflated.
    Compress,
    Create(&'a MailboxName),
    Examine(&'a MailboxName),
    Fetch {
        first: SeqNumber,
        last: SeqNumber,
        items: Items<'a>,
    },
    /// ID with field and value pairs (RFC 2971).
    Id(&'a [(&'a str, &'a str)]),
    List {
        pattern: &'a str,
        with: ListReturn<'a>,
    },
    Login {
        user: &'a str,
        password: &'a str,
    },
    Logout,
    Lsub {
        pattern: &'a str,
    },
    Namespace,
    Noop,
    Select(&'a MailboxName),
    StartTls,
    Status {
        mailbox: &'a MailboxName,
        items: &'a [StatusItem],
    },
    Subscribe(&'a MailboxName),
    UidFetch {
        uids: &'a UidSet,
        items: Items<'a>,
    },
    /// UIDs of the selected mailbox's messages whose header field holds this text.
    UidSearchHeader {
        field: &'a str,
        value: &'a str,
    },
    /// All messages from this UID on. Servers answer with the last message when none is there.
    UidFetchFrom {
        first: crate::Uid,
        items: Items<'a>,
    },
}

impl Command<'_> {
    /// The command's name, for messages and logs.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Append(_) => "APPEND",
            Self::AuthenticatePlain { .. } => "AUTHENTICATE PLAIN",
            Self::Capability => "CAPABILITY",
            Self::Compress => "COMPRESS",
            Self::Create(_) => "CREATE",
            Self::Examine(_) => "EXAMINE",
            Self::Fetch { .. } => "FETCH",
            Self::Id(_) => "ID",
            Self::List { .. } => "LIST",
            Self::Login { .. } => "LOGIN",
            Self::Logout => "LOGOUT",
            Self::Lsub { .. } => "LSUB",
            Self::Namespace => "NAMESPACE",
            Self::Noop => "NOOP",
            Self::Select(_) => "SELECT",
            Self::StartTls => "STARTTLS",
            Self::Status { .. } => "STATUS",
            Self::Subscribe(_) => "SUBSCRIBE",
            Self::UidFetch { .. } | Self::UidFetchFrom { .. } => "UID FETCH",
            Self::UidSearchHeader { .. } => "UID SEARCH",
        }
    }

    /// Whether the command line carries a credential and must not be shown.
    #[must_use]
    pub const fn is_secret(&self) -> bool {
        matches!(self, Self::Login { .. } | Self::AuthenticatePlain { .. })
    }
}
