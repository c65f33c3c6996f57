//! ACL, LISTRIGHTS and MYRIGHTS responses: RFC 4314 section 3.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::error::{Parsed, fail};
use crate::primitive::{astring, sp};
use crate::response::words::astrings;
use crate::tolerance::Reading;

/// Who may do what with a mailbox: RFC 4314 section 3.6.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acl<'a> {
    /// The mailbox's name in wire form.
    pub mailbox: Cow<'a, [u8]>,
    /// The entries in the server's order.
    pub entries: Vec<AclEntry<'a>>,
}

/// What somebody may do (RFC 4314 section 3.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AclEntry<'a> {
    /// Who; with `-` in front, the rights are those that he has not.
    pub identifier: Cow<'a, [u8]>,
    /// A letter for each right.
    pub rights: Cow<'a, [u8]>,
}

/// Which rights somebody can be given: RFC 4314 section 3.7.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRights<'a> {
    /// The mailbox's name in wire form.
    pub mailbox: Cow<'a, [u8]>,
    /// Who it is about.
    pub identifier: Cow<'a, [u8]>,
    /// Rights that are always granted.
    pub required: Cow<'a, [u8]>,
    /// Rights that can be granted; those of one string only together.
    pub optional: Vec<Cow<'a, [u8]>>,
}

/// What the user may do: RFC 4314 section 3.8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyRights<'a> {
    /// The mailbox's name in wire form.
    pub mailbox: Cow<'a, [u8]>,
    /// A letter for each right.
    pub rights: Cow<'a, [u8]>,
}

/// `acl-data = "ACL" SP mailbox *(SP identifier SP rights)`, after the keyword and its space.
pub(crate) fn acl<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Acl<'a>> {
    let (rest, mailbox) = astring(reading, input)?;
    let (rest, words) = astrings(reading, rest)?;
    if words.len() % 2 != 0 {
        return fail(rest, "rights");
    }
    let mut words = words.into_iter();
    let mut entries = Vec::with_capacity(words.len() / 2);
    while let (Some(identifier), Some(rights)) = (words.next(), words.next()) {
        entries.push(AclEntry { identifier, rights });
    }
    Ok((rest, Acl { mailbox, entries }))
}

/// `listrights-data = "LISTRIGHTS" SP mailbox SP identifier SP rights *(SP rights)`, after the keyword and
/// its space.
pub(crate) fn list_rights<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, ListRights<'a>> {
    let (rest, mailbox) = astring(reading, input)?;
    let (rest, ()) = sp(reading, rest)?;
    let (rest, identifier) = astring(reading, rest)?;
    let (rest, ()) = sp(reading, rest)?;
    let (rest, required) = astring(reading, rest)?;
    let (rest, optional) = astrings(reading, rest)?;
    Ok((
        rest,
        ListRights {
            mailbox,
            identifier,
            required,
            optional,
        },
    ))
}

/// `myrights-data = "MYRIGHTS" SP mailbox SP rights`, after the keyword and its space.
pub(crate) fn my_rights<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, MyRights<'a>> {
    let (rest, mailbox) = astring(reading, input)?;
    let (rest, ()) = sp(reading, rest)?;
    let (rest, rights) = astring(reading, rest)?;
    Ok((rest, MyRights { mailbox, rights }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_as_the_rfc_has_them() {
        let reading = Reading::lenient();
        let (rest, found) = acl(&reading, b"INBOX Fred rwipslda \"-a b\" \"\"").expect("two");
        assert!(rest.is_empty());
        let entries: Vec<(&[u8], &[u8])> = found
            .entries
            .iter()
            .map(|entry| (entry.identifier.as_ref(), entry.rights.as_ref()))
            .collect();
        assert_eq!(entries, [(&b"Fred"[..], &b"rwipslda"[..]), (b"-a b", b"")]);
        assert!(acl(&reading, b"INBOX").expect("none").1.entries.is_empty());

        let (_, found) =
            list_rights(&reading, b"~/Mail/saved smith la r swicdkxte").expect("RFC 4314");
        assert_eq!(
            (found.required.as_ref(), found.optional.len()),
            (&b"la"[..], 2)
        );
        let (_, found) = my_rights(&reading, b"INBOX rwiptsldaex").expect("RFC 4314");
        assert_eq!(found.rights.as_ref(), b"rwiptsldaex");
    }

    #[test]
    fn what_lacks_a_word_is_refused() {
        let reading = Reading::lenient();
        assert!(acl(&reading, b"INBOX Fred").is_err());
        assert!(acl(&reading, b"").is_err());
        assert!(list_rights(&reading, b"INBOX smith").is_err());
        assert!(my_rights(&reading, b"INBOX").is_err());
        assert!(my_rights(&reading, b"INBOX (r)").is_err());
    }
}
