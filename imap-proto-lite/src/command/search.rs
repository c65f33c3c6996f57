//! SEARCH: RFC 9051 section 6.4.4; SORT and THREAD: RFC 5256; RETURN: RFC 4731, 5182, 9394.

use super::argument::Atom;
use super::encode::Encoder;
use super::messages::{Numbering, PartialRange};
use super::search_key::{SearchKey, write_keys};

/// SEARCH, or UID SEARCH where it shall answer with UIDs (RFC 9051 section 6.4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Search<'a> {
    /// How the messages found are to be named.
    pub numbering: Numbering,
    /// What is to be told of them, where the server offers ESEARCH; `RETURN ()` tells all.
    pub returns: Option<&'a [SearchReturn]>,
    /// The charset of the texts, which IMAP4rev1 wants where they are not ASCII.
    pub charset: Option<Atom<'a>>,
    /// What they must meet, all of it.
    pub keys: &'a [SearchKey<'a>],
}

/// What SEARCH is to tell: RFC 9051 section 6.4.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SearchReturn {
    /// `MIN`: the lowest number.
    Min,
    /// `MAX`: the highest number.
    Max,
    /// `ALL`: all, as a set.
    All,
    /// `COUNT`: how many.
    Count,
    /// `SAVE`: nothing, but keep it as `$` (RFC 9051 section 6.4.4.1).
    Save,
    /// `PARTIAL`: some of them (RFC 9394 section 3.1).
    Partial(PartialRange),
}

/// SORT, or UID SORT: RFC 5256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort<'a> {
    /// How the messages found are to be named.
    pub numbering: Numbering,
    /// What is to be told of them, where the server offers ESORT (RFC 5267).
    pub returns: Option<&'a [SearchReturn]>,
    /// What they are sorted by, one at least.
    pub criteria: &'a [SortCriterion],
    /// The charset of the texts.
    pub charset: Atom<'a>,
    /// What they must meet, all of it.
    pub keys: &'a [SearchKey<'a>],
}

/// What SORT compares: RFC 5256 section 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortCriterion {
    /// From low to high.
    Ascending(SortKey),
    /// `REVERSE`: from high to low.
    Descending(SortKey),
}

/// A property that SORT compares: RFC 5256 section 3, RFC 5957.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of the protocol")]
pub enum SortKey {
    Arrival,
    Cc,
    Date,
    DisplayFrom,
    DisplayTo,
    From,
    Size,
    Subject,
    To,
}

/// THREAD, or UID THREAD: RFC 5256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thread<'a> {
    /// How the messages found are to be named.
    pub numbering: Numbering,
    /// `REFERENCES`, `ORDEREDSUBJECT` or another algorithm.
    pub algorithm: Atom<'a>,
    /// The charset of the texts.
    pub charset: Atom<'a>,
    /// What they must meet, all of it.
    pub keys: &'a [SearchKey<'a>],
}

impl Search<'_> {
    pub(super) fn write(self, out: &mut Encoder) {
        write_returns(out, self.returns);
        if let Some(charset) = self.charset {
            out.raw(" CHARSET ").atom(charset);
        }
        write_keys(out.raw(" "), self.keys);
    }
}

impl Sort<'_> {
    pub(super) fn write(self, out: &mut Encoder) {
        write_returns(out, self.returns);
        out.raw(" ").list(self.criteria, |out, one| {
            match one {
                SortCriterion::Ascending(key) => out.raw(key.word()),
                SortCriterion::Descending(key) => out.raw("REVERSE ").raw(key.word()),
            };
        });
        out.raw(" ").atom(self.charset);
        write_keys(out.raw(" "), self.keys);
    }
}

impl Thread<'_> {
    pub(super) fn write(self, out: &mut Encoder) {
        out.raw(" ").atom(self.algorithm);
        out.raw(" ").atom(self.charset);
        write_keys(out.raw(" "), self.keys);
    }
}

fn write_returns(out: &mut Encoder, returns: Option<&[SearchReturn]>) {
    if let Some(returns) = returns {
        out.raw(" RETURN ").list(returns, |out, one| one.write(out));
    }
}

impl SearchReturn {
    fn write(self, out: &mut Encoder) {
        match self {
            Self::Min => out.raw("MIN"),
            Self::Max => out.raw("MAX"),
            Self::All => out.raw("ALL"),
            Self::Count => out.raw("COUNT"),
            Self::Save => out.raw("SAVE"),
            Self::Partial(range) => range.write(out),
        };
    }
}

impl SortKey {
    const fn word(self) -> &'static str {
        match self {
            Self::Arrival => "ARRIVAL",
            Self::Cc => "CC",
            Self::Date => "DATE",
            Self::DisplayFrom => "DISPLAYFROM",
            Self::DisplayTo => "DISPLAYTO",
            Self::From => "FROM",
            Self::Size => "SIZE",
            Self::Subject => "SUBJECT",
            Self::To => "TO",
        }
    }
}
