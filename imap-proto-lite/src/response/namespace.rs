//! NAMESPACE responses: RFC 9051 section 7.3.2.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::error::Parsed;
use crate::primitive::{Next, any_value, byte, next_in_list, nil, no_sp, sp, string};
use crate::quirk::Quirk;
use crate::response::list::delimiter;
use crate::tolerance::Reading;

/// One namespace (RFC 9051 section 6.3.10): every name in it begins with the prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namespace<'a> {
    /// The prefix in wire form, usually ending in the delimiter; empty for the whole tree.
    pub prefix: Cow<'a, [u8]>,
    /// The hierarchy delimiter of its names.
    pub delimiter: Option<u8>,
}

/// What NAMESPACE answers; each list may be empty (RFC 9051 section 6.3.10).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Namespaces<'a> {
    /// The user's own mailboxes.
    pub personal: Vec<Namespace<'a>>,
    /// Other users' mailboxes.
    pub other_users: Vec<Namespace<'a>>,
    /// Mailboxes shared by several users.
    pub shared: Vec<Namespace<'a>>,
}

/// `namespace-response = "NAMESPACE" SP namespace SP namespace SP namespace`, after the keyword.
pub(crate) fn namespaces<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Namespaces<'a>> {
    let (rest, personal) = namespace(reading, input)?;
    let (rest, ()) = sp(reading, rest)?;
    let (rest, other_users) = namespace(reading, rest)?;
    let (rest, ()) = sp(reading, rest)?;
    let (rest, shared) = namespace(reading, rest)?;
    Ok((
        rest,
        Namespaces {
            personal,
            other_users,
            shared,
        },
    ))
}

/// `namespace = nil / "(" 1*namespace-descr ")"`
fn namespace<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Vec<Namespace<'a>>> {
    if let Ok((rest, ())) = nil(input) {
        return Ok((rest, Vec::new()));
    }
    let (rest, ()) = byte(b'(', "a namespace list", input)?;
    let (mut rest, ()) = no_sp(reading, rest)?;
    let mut found = Vec::new();
    if rest.first() == Some(&b')') {
        reading.accept(Quirk::OddItem, rest, "a namespace or NIL")?;
    }
    loop {
        if let Some(after) = rest.strip_prefix(b")") {
            return Ok((after, found));
        }
        let (tail, one) = namespace_descr(reading, rest)?;
        found.push(one);
        rest = no_sp(reading, tail)?.0;
    }
}

/// `namespace-descr = "(" string SP (DQUOTE QUOTED-CHAR DQUOTE / nil) *extension ")"`
fn namespace_descr<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Namespace<'a>> {
    let (rest, ()) = byte(b'(', "a namespace", input)?;
    let (rest, prefix) = string(reading, rest)?;
    let (rest, ()) = sp(reading, rest)?;
    let (mut rest, delimiter) = delimiter(reading, rest)?;
    loop {
        match next_in_list(reading, rest)? {
            (after, Next::End) => return Ok((after, Namespace { prefix, delimiter })),
            (extension, Next::Element) => rest = any_value(reading, extension)?.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_of_real_servers() {
        let (_, all) = namespaces(
            &Reading::lenient(),
            b"((\"INBOX.\" \".\")) NIL ((\"#shared.\" \".\")(\"shared.\" \".\"))",
        )
        .expect("Courier");
        assert_eq!(
            all.personal
                .first()
                .map(|one| (one.prefix.as_ref(), one.delimiter)),
            Some((&b"INBOX."[..], Some(b'.')))
        );
        assert_eq!((all.other_users.len(), all.shared.len()), (0, 2));
        let (_, all) = namespaces(
            &Reading::lenient(),
            b"((\"\" NIL \"X-PARAM\" (\"a\" \"b\"))) NIL NIL",
        )
        .expect("extended");
        assert_eq!(all.personal.first().map(|one| one.delimiter), Some(None));
        assert!(namespaces(&Reading::lenient(), b"((\"\" \"/\")) NIL").is_err());
    }
}
