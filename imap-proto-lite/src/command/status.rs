//! STATUS: RFC 9051 section 6.3.11 with the items of its extensions.

use super::encode::Encoder;

/// A STATUS item to ask for: RFC 9051 section 6.3.11.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StatusItem {
    /// `MESSAGES`
    Messages,
    /// `UIDNEXT`
    UidNext,
    /// `UIDVALIDITY`
    UidValidity,
    /// `UNSEEN`
    Unseen,
    /// `DELETED` (RFC 9051; RFC 9208 before)
    Deleted,
    /// `SIZE` (RFC 9051; RFC 8438 before)
    Size,
    /// `RECENT` (RFC 3501 section 6.3.10)
    Recent,
    /// `HIGHESTMODSEQ` (RFC 7162 section 3.1.7)
    HighestModSeq,
    /// `APPENDLIMIT` (RFC 7889 section 3)
    AppendLimit,
    /// `MAILBOXID` (RFC 8474 section 4.3)
    MailboxId,
    /// `DELETED-STORAGE` (RFC 9208 section 4.1.4)
    DeletedStorage,
}

impl StatusItem {
    pub(super) fn write(self, out: &mut Encoder) {
        out.raw(match self {
            Self::Messages => "MESSAGES",
            Self::UidNext => "UIDNEXT",
            Self::UidValidity => "UIDVALIDITY",
            Self::Unseen => "UNSEEN",
            Self::Deleted => "DELETED",
            Self::Size => "SIZE",
            Self::Recent => "RECENT",
            Self::HighestModSeq => "HIGHESTMODSEQ",
            Self::AppendLimit => "APPENDLIMIT",
            Self::MailboxId => "MAILBOXID",
            Self::DeletedStorage => "DELETED-STORAGE",
        });
    }
}
