//! Flags that a client may send with APPEND and STORE: RFC 9051 section 2.3.2.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use super::{Flag, Flags, SystemFlag};
use crate::chars::is_strict_atom_char;
use crate::command::Atom;

/// Flags that may be sent with an APPEND or STORE: the five system flags and keywords that are
/// valid atoms. Nothing else can get in, so no server stops reading in the middle of a command.
/// See RFC 9051 section 2.3.2.
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
        match core::str::from_utf8(word) {
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
        let (kept, removed) = core::mem::take(&mut self.keywords)
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

impl fmt::Display for FlagSet {
    /// The words with a space between them, without parentheses.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, word) in self.words().enumerate() {
            let space = if index > 0 { " " } else { "" };
            write!(f, "{space}{word}")?;
        }
        Ok(())
    }
}
