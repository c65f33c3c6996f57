//! What the fuzz targets found, once and for all: one test for each finding.

use imap_proto_lite::{Quirk, QuirkSet, Response, Uid, Untagged};

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

/// The list of a STATUS begins behind the name, not at the last ` (`: an item's value may be a list, too
/// (RFC 8474 section 4.3).
#[test]
fn a_status_item_may_be_a_list() {
    for (wire, name) in [
        (&b"* STATUS a (MAILBOXID (F1) UIDNEXT 9)\r\n"[..], &b"a"[..]),
        (b"* STATUS \"a (b\" (UIDNEXT 9 MAILBOXID (F1))\r\n", b"a (b"),
    ] {
        let Untagged::MailboxStatus(status) = strict(wire) else {
            panic!("a STATUS")
        };
        assert_eq!(
            (status.mailbox.as_ref(), status.uid_next),
            (name, Uid::new(9))
        );
    }
    let unquoted = b"* STATUS Sent (old) (UIDNEXT 9)\r\n";
    let lenient = Response::parse_with(unquoted, QuirkSet::LENIENT);
    assert!(matches!(
        lenient,
        Ok((Response::Untagged(Untagged::MailboxStatus(status)), met))
            if status.mailbox.as_ref() == b"Sent (old)" && met.contains(Quirk::UnquotedName)
    ));
}

/// Text that begins with a bracket and has no other is text, whatever word follows.
#[test]
fn flags_in_a_text_are_no_code() {
    for accepted in [QuirkSet::STRICT, QuirkSet::LENIENT] {
        let read = Response::parse_with(b"* OK [PERMANENTFLAGS (a\"b) c\r\n", accepted);
        assert!(matches!(
            read,
            Ok((Response::Untagged(Untagged::Status(status)), met))
                if status.code.is_none() && met.is_empty()
        ));
    }
}

/// `\*` is a flag of PERMANENTFLAGS, and no beginning of one.
#[test]
fn nothing_follows_the_wildcard() {
    for wire in [&b"* FLAGS (\\*a)\r\n"[..], b"* LIST (\\*a) NIL b\r\n"] {
        assert!(Response::parse_with(wire, QuirkSet::STRICT).is_err());
        let lenient = Response::parse_with(wire, QuirkSet::LENIENT);
        assert!(lenient.is_ok_and(|(_, met)| met.contains(Quirk::OddFlag)));
    }
}

/// Only the day may have a blank in place of its first digit (RFC 9051 section 9 `date-day-fixed`).
#[test]
fn hours_and_seconds_have_two_digits() {
    for time in [" 2:28:23", "02:28:3 "] {
        let wire = format!("* 1 FETCH (INTERNALDATE \"28-Sep-2020 {time} +0100\")\r\n");
        assert!(Response::parse_with(wire.as_bytes(), QuirkSet::STRICT).is_err());
        let lenient = Response::parse_with(wire.as_bytes(), QuirkSet::LENIENT);
        assert!(lenient.is_ok_and(|(_, met)| met.contains(Quirk::OddDate)));
    }
}

/// A line with a bracket that is no bare code is an unknown response, or none at all.
#[test]
fn a_stray_bracket_is_no_code() {
    for wire in [&b"* [PERMANENTFLAGS (a  b] )\r\n"[..], b"* [COPYUID x]\r\n"] {
        assert!(Response::parse_with(wire, QuirkSet::STRICT).is_err());
        let (response, met) = Response::parse_with(wire, QuirkSet::LENIENT).expect("kept raw");
        assert!(matches!(response, Response::Untagged(Untagged::Other(_))));
        assert_eq!(met, QuirkSet::STRICT.with(Quirk::OddResponse));
    }
}

/// The framer streams the literal behind `BODY[]` wherever it stands in a FETCH; a list of labels must not
/// read what comes after it as the literal.
#[test]
fn a_body_among_labels_is_no_label() {
    let wire = b"* 4 FETCH (X-GM-LABELS (a BODY[] {3}\r\n b c) UID 7)\r\n";
    for accepted in [QuirkSet::STRICT, QuirkSet::LENIENT] {
        assert!(Response::parse_with(wire, accepted).is_err());
    }
    let wire = b"* 4 FETCH (X-GM-LABELS ({1}\r\n[ a] {3}\r\nb c) UID 7)\r\n";
    assert!(matches!(strict(wire), Untagged::Fetch(fetch) if fetch.uid == Uid::new(7)));
}
