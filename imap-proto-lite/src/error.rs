//! What can be wrong with bytes from a peer.

use nom::error::{ErrorKind, ParseError as NomError};

use crate::excerpt::Excerpt;

/// A complete response that does not follow the grammar of RFC 9051 section 9, widened by the quirks that
/// were accepted.
///
/// It can be logged: what it shows of the response is redacted (see [`Excerpt`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[error("malformed response at byte {offset}: expected {expected}, {excerpt}")]
pub struct ParseError {
    /// Where in the frame, counted from its first byte.
    pub offset: usize,
    /// What the grammar wanted there.
    pub expected: &'static str,
    /// What stood around it.
    pub excerpt: Excerpt,
}

/// Bytes that cannot be cut into responses (RFC 9051 sections 2.2 and 4.3); the connection cannot be used
/// any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// A response grew over [`Limits::response_bytes`](crate::Limits).
    #[error("a response is longer than {limit} bytes")]
    ResponseTooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// A literal announces more octets than allowed.
    #[error("a literal of {announced} octets is over the limit of {limit}")]
    LiteralTooLong {
        /// What the peer announced.
        announced: u64,
        /// The limit in octets.
        limit: u64,
    },
    /// A response holds more literals, or streams more bodies, than [`Limits`](crate::Limits) allow.
    #[error("a response holds more than {limit} literals")]
    TooManyLiterals {
        /// The limit.
        limit: u32,
    },
    /// A literal's length is negative or does not fit 64 bits.
    #[error("a literal's length is no number")]
    LiteralLength,
}

/// How a rule failed: where, and what it wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fail<'a> {
    pub(crate) at: &'a [u8],
    pub(crate) expected: &'static str,
}

impl<'a> NomError<&'a [u8]> for Fail<'a> {
    fn from_error_kind(at: &'a [u8], kind: ErrorKind) -> Self {
        Self {
            at,
            expected: match kind {
                ErrorKind::TakeWhile1 => "a word",
                ErrorKind::Tag => "a parenthesis",
                _ => "more octets",
            },
        }
    }

    fn append(_: &'a [u8], _: ErrorKind, other: Self) -> Self {
        other
    }
}

/// The outcome of a grammar rule: what is left, and the value.
pub(crate) type Parsed<'a, T> = nom::IResult<&'a [u8], T, Fail<'a>>;

/// A recoverable failure of a rule at `at`.
pub(crate) fn fail<'a, T>(at: &'a [u8], expected: &'static str) -> Parsed<'a, T> {
    Err(nom::Err::Error(Fail { at, expected }))
}

/// Gives a rule's failure its place within `whole`.
pub(crate) fn locate(whole: &[u8], error: nom::Err<Fail<'_>>) -> ParseError {
    let (offset, expected) = match error {
        nom::Err::Error(fail) | nom::Err::Failure(fail) => {
            (whole.len().saturating_sub(fail.at.len()), fail.expected)
        }
        nom::Err::Incomplete(_) => (whole.len(), "a complete response"),
    };
    ParseError {
        offset,
        expected,
        excerpt: Excerpt::around(whole, offset),
    }
}
