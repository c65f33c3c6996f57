//! What the fuzz targets found, once and for all: one test for each finding.

use imap_proto_lite::{QuirkSet, Response, Uid, Untagged};

fn strict(wire: &[u8]) -> Untagged<'_> {
    match Response::parse_with(wire, QuirkSet::STRICT) {
        Ok((Response::Untagged(untagged), met)) if met.is_empty() => untagged,
        other => panic!("{}: {other:?}", wire.escape_ascii()),
    }
}

/// A `~` begins a literal only before `{`; it is a character of atoms else (RFC 9051 section 7.3.1 has
/// `~/Mail/foo`).
#[test]
fn a_name_may_begin_with_a_tilde() {
    for (wire, name) in [
        (&b"* LIST () NIL ~\r\n"[..], &b"~"[..]),
        (b"* LIST (\\Noselect) \"/\" ~/Mail/foo\r\n", b"~/Mail/foo"),
        (b"* LIST () \"/\" ~{2}\r\na)\r\n", b"a)"),
    ] {
        assert!(matches!(strict(wire), Untagged::List(list) if list.name.as_ref() == name));
    }
}

/// The same within a value that is passed over, such as a label of Gmail.
#[test]
fn a_word_of_an_unknown_item_may_begin_with_a_tilde() {
    let wire = b"* 1 FETCH (X-NEW (~a ~{2}\r\n)) ~) UID 7)\r\n";
    assert!(matches!(strict(wire), Untagged::Fetch(fetch) if fetch.uid == Uid::new(7)));
}
