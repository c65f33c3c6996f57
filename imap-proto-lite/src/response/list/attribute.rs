//! Name attributes: RFC 9051 section 7.3.1, RFC 5258, RFC 6154, RFC 8457, and those of XLIST.

/// A name attribute that a client can know what to do with (RFC 9051 section 7.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NameAttribute {
    /// `\Noselect`: no mailbox, only a name with children.
    NoSelect,
    /// `\NonExistent`: not even that.
    NonExistent,
    /// `\Noinferiors`: no children can be made.
    NoInferiors,
    /// `\HasChildren`
    HasChildren,
    /// `\HasNoChildren`
    HasNoChildren,
    /// `\Marked`: messages may have come since it was selected.
    Marked,
    /// `\Unmarked`: none have come.
    Unmarked,
    /// `\Subscribed`
    Subscribed,
    /// `\Remote`: on another server.
    Remote,
    /// `\All`, or XLIST's `\AllMail`: all messages of the account.
    All,
    /// `\Archive`
    Archive,
    /// `\Drafts`
    Drafts,
    /// `\Flagged`, or XLIST's `\Starred`
    Flagged,
    /// `\Important` (RFC 8457)
    Important,
    /// XLIST's `\Inbox`
    Inbox,
    /// `\Junk`, or XLIST's `\Spam`
    Junk,
    /// `\Sent`
    Sent,
    /// `\Trash`
    Trash,
}

impl NameAttribute {
    /// Reads one word with its backslash; words compare case-insensitively.
    #[must_use]
    pub fn from_word(word: &[u8]) -> Option<Self> {
        WORDS
            .into_iter()
            .find(|(known, _)| word.eq_ignore_ascii_case(known))
            .map(|(_, attribute)| attribute)
    }

    /// Whether it says what a mailbox is for: RFC 6154 section 2.
    #[must_use]
    pub const fn is_special_use(self) -> bool {
        matches!(
            self,
            Self::All
                | Self::Archive
                | Self::Drafts
                | Self::Flagged
                | Self::Important
                | Self::Inbox
                | Self::Junk
                | Self::Sent
                | Self::Trash
        )
    }
}

const WORDS: [(&[u8], NameAttribute); 21] = [
    (b"\\Noselect", NameAttribute::NoSelect),
    (b"\\NonExistent", NameAttribute::NonExistent),
    (b"\\Noinferiors", NameAttribute::NoInferiors),
    (b"\\HasChildren", NameAttribute::HasChildren),
    (b"\\HasNoChildren", NameAttribute::HasNoChildren),
    (b"\\Marked", NameAttribute::Marked),
    (b"\\Unmarked", NameAttribute::Unmarked),
    (b"\\Subscribed", NameAttribute::Subscribed),
    (b"\\Remote", NameAttribute::Remote),
    (b"\\All", NameAttribute::All),
    (b"\\AllMail", NameAttribute::All),
    (b"\\Archive", NameAttribute::Archive),
    (b"\\Drafts", NameAttribute::Drafts),
    (b"\\Flagged", NameAttribute::Flagged),
    (b"\\Starred", NameAttribute::Flagged),
    (b"\\Important", NameAttribute::Important),
    (b"\\Inbox", NameAttribute::Inbox),
    (b"\\Junk", NameAttribute::Junk),
    (b"\\Spam", NameAttribute::Junk),
    (b"\\Sent", NameAttribute::Sent),
    (b"\\Trash", NameAttribute::Trash),
];
