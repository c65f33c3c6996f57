//! Message flags: RFC 9051 section 2.3.2.

use crate::chars::is_strict_atom_char;
use crate::command::Atom;
use crate::error::Parsed;
use crate::primitive::flat_list;

/// A flag that every server knows, except `\Recent`, which belongs to the server.
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

/// One flag as a server writes it; system flags compare case-insensitively.
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
        let system = SystemFlag::ALL
            .into_iter()
            .find(|flag| word.eq_ignore_ascii_case(flag.as_str().as_bytes()));
        match system {
            Some(flag) => Self::System(flag),
            None if word.eq_ignore_ascii_case(b"\\Recent") => Self::Recent,
            None if word == b"\\*" => Self::Wildcard,
            None => Self::Extension(word),
        }
    }
}

/// A flag list in wire form, read as it is walked.
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

/// `flag-list = "(" [flag *(SP flag)] ")"`, split leniently: servers put anything in a flag.
pub(crate) fn flag_list(input: &[u8]) -> Parsed<'_, Flags<'_>> {
    flat_list(input).map(|(rest, inside)| (rest, Flags(inside)))
}

/// Flags that may be sent with an APPEND or STORE: the five system flags and keywords that are
/// valid atoms. Nothing else can get in, so no server stops reading in the middle of a command.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct FlagSet {
    system: u8,
    keywords: Vec<Box<str>>,
}

impl FlagSet {
    /// Takes what may be sent from `flags`; the words that may not are handed to `refused`.
    /// `\Recent` is the server's own and is passed over in silence.
    pub fn from_flags<'a>(flags: Flags<'a>, mut refused: impl FnMut(&'a [u8])) -> Self {
        let mut set = Self::default();
        for flag in flags.iter() {
            match flag {
                Flag::System(system) => set.insert(system),
                Flag::Keyword(word) => {
                    if !set.insert_keyword(word) {
                        refused(word);
                    }
                }
                Flag::Extension(word) => refused(word),
                Flag::Recent | Flag::Wildcard => {}
            }
        }
        set.keywords.sort_unstable();
        set.keywords.dedup();
        set
    }

    /// Adds a system flag.
    pub const fn insert(&mut self, flag: SystemFlag) {
        self.system |= flag as u8;
    }

    /// Adds a keyword.
    pub fn insert_atom(&mut self, keyword: Atom<'_>) {
        let word = keyword.as_str();
        if let Err(at) = self.keywords.binary_search_by(|one| (**one).cmp(word)) {
            self.keywords.insert(at, word.into());
        }
    }

    /// Adds a keyword unless it is no valid atom; says whether it did.
    fn insert_keyword(&mut self, word: &[u8]) -> bool {
        let valid = !word.is_empty() && word.iter().all(|&byte| is_strict_atom_char(byte));
        match std::str::from_utf8(word) {
            Ok(text) if valid => {
                self.keywords.push(text.into());
                true
            }
            _ => false,
        }
    }

    /// Whether the system flag is set.
    #[must_use]
    pub const fn contains(&self, flag: SystemFlag) -> bool {
        self.system & flag as u8 != 0
    }

    /// The keywords, sorted.
    pub fn keywords(&self) -> impl Iterator<Item = &str> {
        self.keywords.iter().map(|keyword| &**keyword)
    }

    /// Removes the keywords for which `keep` is false, and returns them.
    pub fn split_keywords(&mut self, mut keep: impl FnMut(&str) -> bool) -> Vec<Box<str>> {
        let (kept, removed) = std::mem::take(&mut self.keywords)
            .into_iter()
            .partition(|word| keep(word));
        self.keywords = kept;
        removed
    }

    /// The flags as words: system flags first, then keywords, each sorted.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let system = SystemFlag::ALL
            .into_iter()
            .filter(|&flag| self.contains(flag));
        system.map(|flag| flag.as_str()).chain(self.keywords())
    }
}

impl std::fmt::Display for FlagSet {
    /// The words with a space between them, without parentheses.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, word) in self.words().enumerate() {
            let space = if index > 0 { " " } else { "" };
            write!(f, "{space}{word}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_split_leniently() {
        let (rest, flags) =
            flag_list(b"(\\SEEN \\Recent  $Forwarded a]b \\* \\X)x").expect("a list");
        assert_eq!(rest, b"x");
        let seen: Vec<Flag<'_>> = flags.iter().collect();
        assert_eq!(
            seen,
            [
                Flag::System(SystemFlag::Seen),
                Flag::Recent,
                Flag::Keyword(b"$Forwarded"),
                Flag::Keyword(b"a]b"),
                Flag::Wildcard,
                Flag::Extension(b"\\X"),
            ]
        );
        assert!(flags.allows_new_keywords());
    }

    #[test]
    fn only_what_may_be_sent_gets_into_a_set() {
        let mut refused = Vec::new();
        let flags = Flags(b"\\Seen \\Recent b a b \\Odd a]b \xc3\xa9 x\"y \\answered");
        let set = FlagSet::from_flags(flags, |word| refused.push(word));
        assert_eq!(set.to_string(), "\\Answered \\Seen a b");
        assert_eq!(refused, [&b"\\Odd"[..], b"a]b", b"\xc3\xa9", b"x\"y"]);
    }
}
