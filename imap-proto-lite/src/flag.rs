//! Message flags: RFC 9051 section 2.3.2.

mod list;
mod set;

pub(crate) use list::{attribute_list, flag_list, flag_perm_list};
pub use set::FlagSet;

/// A flag that every server knows, except `\Recent`, which belongs to the server (RFC 9051 section 2.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum SystemFlag {
    /// `\Answered`
    Answered = 1,
    /// `\Deleted`
    Deleted = 2,
    /// `\Draft`
    Draft = 4,
    /// `\Flagged`
    Flagged = 8,
    /// `\Seen`
    Seen = 16,
}

impl SystemFlag {
    /// All five.
    pub const ALL: [Self; 5] = [
        Self::Answered,
        Self::Deleted,
        Self::Draft,
        Self::Flagged,
        Self::Seen,
    ];

    /// The flag as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "\\Answered",
            Self::Deleted => "\\Deleted",
            Self::Draft => "\\Draft",
            Self::Flagged => "\\Flagged",
            Self::Seen => "\\Seen",
        }
    }
}

/// One flag as a server writes it; system flags compare case-insensitively (RFC 9051 section 2.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag<'a> {
    /// One of the five that a client may set.
    System(SystemFlag),
    /// `\Recent`
    Recent,
    /// `\*` in PERMANENTFLAGS: new keywords may be made.
    Wildcard,
    /// Another word with a backslash.
    Extension(&'a [u8]),
    /// A word of the user's.
    Keyword(&'a [u8]),
}

impl<'a> Flag<'a> {
    /// Reads one word of a flag list.
    #[must_use]
    pub fn from_word(word: &'a [u8]) -> Self {
        if word.first() != Some(&b'\\') {
            return Self::Keyword(word);
        }
        let is = |wanted: &[u8]| word.eq_ignore_ascii_case(wanted);
        match word.len() {
            2 if is(b"\\*") => Self::Wildcard,
            5 if is(b"\\Seen") => Self::System(SystemFlag::Seen),
            6 if is(b"\\Draft") => Self::System(SystemFlag::Draft),
            7 if is(b"\\Recent") => Self::Recent,
            8 if is(b"\\Deleted") => Self::System(SystemFlag::Deleted),
            8 if is(b"\\Flagged") => Self::System(SystemFlag::Flagged),
            9 if is(b"\\Answered") => Self::System(SystemFlag::Answered),
            _ => Self::Extension(word),
        }
    }
}

/// A flag list in wire form (RFC 9051 section 9: `flag-list`, `flag-perm`), read as it is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags<'a>(pub(crate) &'a [u8]);

impl<'a> Flags<'a> {
    /// The flags in the server's order.
    pub fn iter(self) -> impl Iterator<Item = Flag<'a>> {
        self.0
            .split(|&byte| byte == b' ')
            .filter(|word| !word.is_empty())
            .map(Flag::from_word)
    }

    /// Whether `\*` is listed: the mailbox takes new keywords.
    #[must_use]
    pub fn allows_new_keywords(self) -> bool {
        self.iter().any(|flag| flag == Flag::Wildcard)
    }
}

#[cfg(test)]
mod tests;
