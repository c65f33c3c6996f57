//! METADATA responses: RFC 5464 section 4.4, also for LIST-METADATA (RFC 9590).

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::error::Parsed;
use crate::primitive::{Next, astring, byte, next_in_list, no_sp, nstring, sp};
use crate::response::words::astrings;
use crate::tolerance::Reading;

/// Annotations of a mailbox, or of the server (RFC 5464 section 4.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata<'a> {
    /// The mailbox's name in wire form; empty for the server.
    pub mailbox: Cow<'a, [u8]>,
    /// What is said about them.
    pub entries: MetadataEntries<'a>,
}

/// Entries with or without their values (RFC 5464 section 4.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetadataEntries<'a> {
    /// With values: the answer to GETMETADATA.
    Values(Vec<MetadataEntry<'a>>),
    /// Names of entries that have changed.
    Changed(Vec<Cow<'a, [u8]>>),
}

/// One annotation (RFC 5464 section 4.4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetadataEntry<'a> {
    /// Its name, such as `/private/comment`.
    pub name: Cow<'a, [u8]>,
    /// Its value; NIL where there is none.
    pub value: Option<Cow<'a, [u8]>>,
}

/// `metadata-resp = "METADATA" SP mailbox SP (entry-values / entry-list)`, after the keyword and its space.
pub(crate) fn metadata<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Metadata<'a>> {
    let (rest, mailbox) = astring(reading, input)?;
    let (list, ()) = sp(reading, rest)?;
    let (rest, entries) = if list.first() == Some(&b'(') {
        entry_values(reading, list)?
    } else {
        let (tail, first) = astring(reading, list)?;
        let (tail, mut names) = astrings(reading, tail)?;
        names.insert(0, first);
        (tail, MetadataEntries::Changed(names))
    };
    Ok((rest, Metadata { mailbox, entries }))
}

/// `entry-values = "(" entry-value *(SP entry-value) ")"`; LIST-METADATA sends an empty list, too.
fn entry_values<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, MetadataEntries<'a>> {
    let (rest, ()) = byte(b'(', "a list of entries", input)?;
    let (mut rest, ()) = no_sp(reading, rest)?;
    let mut values = Vec::new();
    if let Some(after) = rest.strip_prefix(b")") {
        return Ok((after, MetadataEntries::Values(values)));
    }
    loop {
        let (tail, name) = astring(reading, rest)?;
        let (tail, ()) = sp(reading, tail)?;
        let (tail, value) = nstring(reading, tail)?;
        values.push(MetadataEntry { name, value });
        match next_in_list(reading, tail)? {
            (next, Next::Element) => rest = next,
            (after, Next::End) => return Ok((after, MetadataEntries::Values(values))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_with_and_without_values() {
        let reading = Reading::lenient();
        let wire = b"\"INBOX\" (/private/comment \"My own comment\" /shared/x NIL /b ~{1}\r\n\0)";
        let (rest, found) = metadata(&reading, wire).expect("three");
        assert!(rest.is_empty());
        let MetadataEntries::Values(values) = found.entries else {
            panic!("values")
        };
        let values: Vec<Option<&[u8]>> =
            values.iter().map(|entry| entry.value.as_deref()).collect();
        assert_eq!(values, [Some(&b"My own comment"[..]), None, Some(b"\0")]);

        let (_, found) = metadata(&reading, b"\"\" /shared/comment /private/x").expect("names");
        assert!(matches!(found.entries, MetadataEntries::Changed(names) if names.len() == 2));
    }

    #[test]
    fn what_is_no_annotation_is_refused() {
        for wire in [
            "",
            "INBOX",
            "INBOX (",
            "INBOX (/a)",
            "INBOX (/a x)",
            "INBOX (/a NIL",
        ] {
            assert!(
                metadata(&Reading::lenient(), wire.as_bytes()).is_err(),
                "{wire}"
            );
        }
    }
}
