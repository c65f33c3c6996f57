//! Parameters of a media type or a disposition: `body-fld-param`, RFC 9051 section 9.

use alloc::borrow::Cow;

use crate::error::Parsed;
use crate::primitive::nil;
use crate::quirk::Quirk;
use crate::response::string_list::{Strings, string_list};
use crate::tolerance::Reading;

/// Pairs of name and value in wire form: checked, and read as they are walked.
/// See RFC 9051 section 9, `body-fld-param`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parameters<'a>(Strings<'a>);

impl<'a> Parameters<'a> {
    /// The pairs in the server's order; a value that is NIL or missing is empty.
    pub fn iter(self) -> impl Iterator<Item = (Cow<'a, [u8]>, Cow<'a, [u8]>)> {
        let mut strings = self.0.iter();
        core::iter::from_fn(move || {
            let name = strings.next()?;
            Some((name, strings.next().unwrap_or_default()))
        })
    }

    /// The value of a parameter; names compare case-insensitively.
    #[must_use]
    pub fn get(self, name: &str) -> Option<Cow<'a, [u8]>> {
        self.iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| value)
    }
}

/// `body-fld-param = "(" string SP string *(SP string SP string) ")" / nil`
pub(crate) fn body_fld_param<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Parameters<'a>> {
    if let Ok((rest, ())) = nil(input) {
        return Ok((rest, Parameters::default()));
    }
    let (rest, (strings, count)) = string_list(reading, Quirk::OddParameters, input)?;
    if count % 2 != 0 {
        reading.accept(Quirk::OddParameters, input, "pairs of strings")?;
    }
    Ok((rest, Parameters(strings)))
}
