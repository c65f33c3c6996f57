//! LANGUAGE and COMPARATOR responses: RFC 5255 sections 3.3 and 4.8.

use alloc::borrow::Cow;

use crate::error::Parsed;
use crate::primitive::{astring, blanks, sp};
use crate::quirk::Quirk;
use crate::response::string_list::{Strings, string_list};
use crate::tolerance::Reading;

/// How the server compares strings (RFC 5255 section 4.8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparator<'a> {
    /// The comparator in use.
    pub active: Cow<'a, [u8]>,
    /// Those that match what the client asked for.
    pub matching: Strings<'a>,
}

/// `language-data = "LANGUAGE" SP "(" lang-tag-quoted *(SP lang-tag-quoted) ")"`, after the keyword and its
/// space: the language in use, or those that the server has.
pub(crate) fn languages<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Strings<'a>> {
    string_list(reading, Quirk::OddItem, input).map(|(rest, (tags, _))| (rest, tags))
}

/// `comparator-data = "COMPARATOR" SP comp-sel-quoted [SP "(" comp-id-quoted *(SP comp-id-quoted) ")"]`,
/// after the keyword and its space.
pub(crate) fn comparator<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Comparator<'a>> {
    let (rest, active) = astring(reading, input)?;
    let mut found = Comparator {
        active,
        matching: Strings::default(),
    };
    if blanks(rest).is_empty() {
        return Ok((rest, found));
    }
    let (rest, ()) = sp(reading, rest)?;
    let (rest, (matching, _)) = string_list(reading, Quirk::OddItem, rest)?;
    found.matching = matching;
    Ok((rest, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_and_comparators_as_the_rfc_has_them() {
        let reading = Reading::lenient();
        let (_, tags) = languages(&reading, b"(\"EN\" \"DE\" \"i-default\")").expect("three");
        assert_eq!(tags.iter().count(), 3);
        assert!(languages(&reading, b"EN").is_err());
        let (_, one) = comparator(&reading, b"\"i;basic\" (\"i;basic\" \"i;octet\")").expect("two");
        assert_eq!(
            (one.active.as_ref(), one.matching.iter().count()),
            (&b"i;basic"[..], 2)
        );
        let (_, one) = comparator(&reading, b"i;unicode-casemap").expect("one");
        assert!(one.matching.is_empty());
        assert!(comparator(&reading, b"\"a\" b").is_err());
    }
}
