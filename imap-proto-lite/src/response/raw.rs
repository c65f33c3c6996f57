//! A value that is kept as its octets until somebody asks for it.

use core::fmt;

use crate::error::{ParseError, Parsed, fail, locate};
use crate::tolerance::{QuirkSet, Reading};

/// One value in wire form: an atom, a number, a string, or a list with balanced parentheses.
/// See RFC 9051 section 4.
///
/// Literals within it stand as they were sent, header and all.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Raw<'a>(pub(crate) &'a [u8]);

impl<'a> Raw<'a> {
    /// The octets as the server sent them.
    #[must_use]
    pub const fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// Reads all of the value by one rule.
    pub(crate) fn read<T>(
        self,
        accepted: QuirkSet,
        rule: impl FnOnce(&Reading, &'a [u8]) -> Parsed<'a, T>,
    ) -> Result<(T, QuirkSet), ParseError> {
        let reading = Reading::new(accepted);
        let read = rule(&reading, self.0).and_then(|(rest, value)| match rest {
            [] => Ok((rest, value)),
            _ => fail(rest, "the end of the value"),
        });
        match read {
            Ok((_, value)) => Ok((value, reading.met())),
            Err(error) => Err(locate(self.0, error)),
        }
    }
}

impl fmt::Debug for Raw<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Raw({})", self.0.escape_ascii())
    }
}
