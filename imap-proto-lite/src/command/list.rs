//! LIST: RFC 9051 section 6.3.9, with the options of RFC 5258, 5819, 6154, 8440 and 9590.

use super::argument::Text;
use super::encode::Encoder;
use super::status::StatusItem;

/// LIST. A server that does not know LIST-EXTENDED takes one pattern and no options (RFC 9051 section 6.3.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListCommand<'a> {
    /// Which mailboxes count, where not all.
    pub selection: &'a [ListSelection],
    /// What the patterns are relative to; mostly nothing.
    pub reference: Text<'a>,
    /// Names with the wildcards `*` and `%`; one at least.
    pub patterns: &'a [Text<'a>],
    /// What to send besides the names.
    pub returns: &'a [ListReturn<'a>],
}

/// A selection option: RFC 5258 section 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListSelection {
    /// `SUBSCRIBED`: subscribed names only, also of mailboxes that do not exist.
    Subscribed,
    /// `REMOTE`: mailboxes on other servers, too.
    Remote,
    /// `RECURSIVEMATCH`: parents of what matches, too; never alone.
    RecursiveMatch,
    /// `SPECIAL-USE`: mailboxes with a use only (RFC 6154 section 3).
    SpecialUse,
}

/// What LIST is to send besides the names: RFC 5258 section 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListReturn<'a> {
    /// `SUBSCRIBED`: which are subscribed.
    Subscribed,
    /// `CHILDREN`: which have children.
    Children,
    /// `SPECIAL-USE`: what they are for (RFC 6154 section 3).
    SpecialUse,
    /// `MYRIGHTS`: what the user may do (RFC 8440).
    MyRights,
    /// `STATUS`: how each mailbox stands (RFC 5819).
    Status(&'a [StatusItem]),
    /// `METADATA`: these entries of each mailbox (RFC 9590).
    Metadata(&'a [Text<'a>]),
}

impl ListCommand<'_> {
    pub(super) fn write(self, out: &mut Encoder) {
        if !self.selection.is_empty() {
            out.raw(" ").list(self.selection, |out, one| {
                out.raw(one.word());
            });
        }
        out.raw(" ").string(self.reference).raw(" ");
        match self.patterns {
            [pattern] => out.string(*pattern),
            patterns => out.list(patterns, |out, &pattern| {
                out.string(pattern);
            }),
        };
        if !self.returns.is_empty() {
            out.raw(" RETURN ")
                .list(self.returns, |out, one| one.write(out));
        }
    }
}

impl ListSelection {
    const fn word(self) -> &'static str {
        match self {
            Self::Subscribed => "SUBSCRIBED",
            Self::Remote => "REMOTE",
            Self::RecursiveMatch => "RECURSIVEMATCH",
            Self::SpecialUse => "SPECIAL-USE",
        }
    }
}

impl ListReturn<'_> {
    fn write(self, out: &mut Encoder) {
        match self {
            Self::Subscribed => out.raw("SUBSCRIBED"),
            Self::Children => out.raw("CHILDREN"),
            Self::SpecialUse => out.raw("SPECIAL-USE"),
            Self::MyRights => out.raw("MYRIGHTS"),
            Self::Status(items) => out.raw("STATUS ").list(items, |out, one| one.write(out)),
            Self::Metadata(entries) => out.raw("METADATA ").list(entries, |out, &entry| {
                out.astring(entry);
            }),
        };
    }
}

/// LSUB (RFC 3501 section 6.3.9), and XLIST (Gmail) of servers without SPECIAL-USE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListOld<'a> {
    /// What the pattern is relative to; mostly nothing.
    pub reference: Text<'a>,
    /// Names with the wildcards `*` and `%`.
    pub pattern: Text<'a>,
}

impl ListOld<'_> {
    pub(super) fn write(self, out: &mut Encoder) {
        out.raw(" ").string(self.reference);
        out.raw(" ").string(self.pattern);
    }
}
