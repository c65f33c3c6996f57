//! CREATE: RFC 9051 section 6.3.4, with the uses of RFC 6154 section 3.

use super::encode::Encoder;
use super::mailbox_name::MailboxName;

/// CREATE: RFC 9051 section 6.3.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Create<'a> {
    /// The new mailbox.
    pub mailbox: &'a MailboxName,
    /// What for, where the server offers CREATE-SPECIAL-USE; mostly nothing.
    pub special_use: &'a [SpecialUse],
}

/// A use that a mailbox can have: RFC 6154 section 2, `use-attr`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SpecialUse {
    /// `\All`
    All,
    /// `\Archive`
    Archive,
    /// `\Drafts`
    Drafts,
    /// `\Flagged`
    Flagged,
    /// `\Important` (RFC 8457)
    Important,
    /// `\Junk`
    Junk,
    /// `\Sent`
    Sent,
    /// `\Trash`
    Trash,
}

impl<'a> From<&'a MailboxName> for Create<'a> {
    /// For nothing special.
    fn from(mailbox: &'a MailboxName) -> Self {
        Self {
            mailbox,
            special_use: &[],
        }
    }
}

impl Create<'_> {
    pub(super) fn write(self, out: &mut Encoder) {
        out.raw(" ").mailbox(self.mailbox);
        if !self.special_use.is_empty() {
            let list = |out: &mut Encoder, one: &SpecialUse| {
                out.raw(one.as_str());
            };
            out.raw(" (USE ").list(self.special_use, list).raw(")");
        }
    }
}

impl SpecialUse {
    /// The attribute as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "\\All",
            Self::Archive => "\\Archive",
            Self::Drafts => "\\Drafts",
            Self::Flagged => "\\Flagged",
            Self::Important => "\\Important",
            Self::Junk => "\\Junk",
            Self::Sent => "\\Sent",
            Self::Trash => "\\Trash",
        }
    }
}
