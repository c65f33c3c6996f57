//! How much of what servers get wrong is read nevertheless: a value that the caller chooses, and a count of
//! what was met.

use core::cell::Cell;
use core::fmt;

use crate::error::Fail;
use crate::quirk::Quirk;

/// A set of quirks: those that a reading accepts, or those that it met.
///
/// ```
/// use imap_proto_lite::{Quirk, QuirkSet, Response};
///
/// let line = b"*  1843 EXISTS\r\n";
/// let (_, met) = Response::parse_with(line, QuirkSet::LENIENT)?;
/// assert_eq!(met.iter().collect::<Vec<_>>(), [Quirk::ExtraBlanks]);
/// let error = Response::parse_with(line, QuirkSet::STRICT).expect_err("two spaces");
/// assert_eq!(error.offset, 2);
/// # Ok::<(), imap_proto_lite::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct QuirkSet(u64);

impl QuirkSet {
    /// No quirk: the grammar of RFC 9051 section 9, RFC 3501 and their extensions, and nothing else.
    pub const STRICT: Self = Self(0);
    /// All that this crate knows.
    pub const LENIENT: Self = Self(u64::MAX >> (u64::BITS as usize - Quirk::ALL.len()));

    /// The set with `quirk`.
    #[must_use]
    pub const fn with(self, quirk: Quirk) -> Self {
        Self(self.0 | Self::bit(quirk))
    }

    /// The set without `quirk`.
    #[must_use]
    pub const fn without(self, quirk: Quirk) -> Self {
        Self(self.0 & !Self::bit(quirk))
    }

    /// Whether `quirk` is in the set.
    #[must_use]
    pub const fn contains(self, quirk: Quirk) -> bool {
        self.0 & Self::bit(quirk) != 0
    }

    /// Whether the set holds nothing.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The quirks in the set.
    pub fn iter(self) -> impl Iterator<Item = Quirk> {
        Quirk::ALL
            .into_iter()
            .filter(move |&quirk| self.contains(quirk))
    }

    const fn bit(quirk: Quirk) -> u64 {
        1 << quirk as u8
    }
}

impl fmt::Debug for QuirkSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl FromIterator<Quirk> for QuirkSet {
    fn from_iter<I: IntoIterator<Item = Quirk>>(quirks: I) -> Self {
        quirks.into_iter().fold(Self::STRICT, Self::with)
    }
}

/// How many responses showed each quirk.
#[derive(Clone, PartialEq, Eq)]
pub struct Tally([u64; Quirk::ALL.len()]);

impl Default for Tally {
    fn default() -> Self {
        Self([0; Quirk::ALL.len()])
    }
}

impl Tally {
    /// Counts what one response showed.
    pub fn add(&mut self, met: QuirkSet) {
        if met.is_empty() {
            return;
        }
        for (quirk, count) in Quirk::ALL.into_iter().zip(&mut self.0) {
            *count += u64::from(met.contains(quirk));
        }
    }

    /// The quirks that were met, and how many responses showed each.
    pub fn iter(&self) -> impl Iterator<Item = (Quirk, u64)> {
        Quirk::ALL
            .into_iter()
            .zip(self.0)
            .filter(|&(_, count)| count > 0)
    }
}

impl fmt::Debug for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// One reading of a response: what it accepts, and what it met so far.
#[derive(Debug)]
pub(crate) struct Reading {
    accepted: QuirkSet,
    met: Cell<QuirkSet>,
    refused: Cell<bool>,
}

impl Reading {
    pub(crate) const fn new(accepted: QuirkSet) -> Self {
        Self {
            accepted,
            met: Cell::new(QuirkSet::STRICT),
            refused: Cell::new(false),
        }
    }

    /// One that accepts all.
    pub(crate) const fn lenient() -> Self {
        Self::new(QuirkSet::LENIENT)
    }

    /// Runs a rule that has an alternative: when it fails, what it met is forgotten.
    pub(crate) fn attempt<T, E>(&self, rule: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let before = self.met.get();
        let read = rule();
        if read.is_err() {
            self.met.set(before);
        }
        read
    }

    /// Whether some rule failed because its quirk is not accepted.
    pub(crate) const fn refused(&self) -> bool {
        self.refused.get()
    }

    /// What was met. A rule that fails after it accepted something leaves that in here.
    pub(crate) const fn met(&self) -> QuirkSet {
        self.met.get()
    }

    /// Whether `quirk` may be read; notes it.
    pub(crate) fn accepts(&self, quirk: Quirk) -> bool {
        let accepted = self.accepted.contains(quirk);
        if accepted {
            self.met.set(self.met.get().with(quirk));
        }
        accepted
    }

    /// The same as a rule: fails at `at`, where the grammar wants `expected`. The failure is final:
    /// what is refused here is not to be read as something else.
    pub(crate) fn accept<'a>(
        &self,
        quirk: Quirk,
        at: &'a [u8],
        expected: &'static str,
    ) -> Result<(), nom::Err<Fail<'a>>> {
        if self.accepts(quirk) {
            return Ok(());
        }
        self.refused.set(true);
        Err(nom::Err::Failure(Fail { at, expected }))
    }
}
