//! FETCH responses of many servers.

use std::borrow::Cow;

use super::*;
use crate::response::fetch::prefix::fetch_prefix_uid;
use crate::response::fetch::section::BodyValue;

fn parse(wire: &[u8]) -> Fetch<'_> {
    let (rest, fetch) = fetch(&Reading::lenient(), 12, wire).expect("well-formed");
    assert!(rest.is_empty());
    fetch
}

#[test]
fn the_items_of_a_sync() {
    let got = parse(b"(UID 42 FLAGS (\\Seen $Work) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 4286 MODSEQ (624140003))");
    assert_eq!(got.uid, Uid::new(42));
    assert_eq!(got.seq, SeqNumber::new(12));
    assert_eq!(got.flags.map(|flags| flags.iter().count()), Some(2));
    assert!(
        matches!(got.internal_date, Some(DateField::Valid(date)) if date.unix_seconds() == 837_596_665)
    );
    assert_eq!(
        (got.size, got.mod_seq),
        (Some(4286), Some(ModSeq(624_140_003)))
    );
    assert!(got.sections.is_empty());
}

/// A million of them are moved by value in a second.
#[test]
fn a_fetch_stays_small() {
    assert!(size_of::<Fetch<'_>>() <= 160, "{}", size_of::<Fetch<'_>>());
}

#[test]
fn bodies_leave_slots_and_headers_stay() {
    let got = parse(b"(BODY[] {11}\r\n UID 5 BODY[HEADER.FIELDS (\"T]o\")]<0> {6}\r\nTo: b\n RFC822 NIL BODY[1] \"a)\")");
    let values: Vec<_> = got
        .sections
        .iter()
        .map(|section| section.value.clone())
        .collect();
    assert_eq!(
        values,
        [
            BodyValue::Streamed(11),
            BodyValue::Inline(Cow::Borrowed(b"To: b\n")),
            BodyValue::Absent,
            BodyValue::Inline(Cow::Borrowed(b"a)")),
        ]
    );
    assert_eq!(got.uid, Uid::new(5));
}

#[test]
fn what_servers_send_wrong_costs_only_itself() {
    assert_eq!(parse(b"()").uid, None);
    assert_eq!(parse(b"(UID 19436 )").uid, Uid::new(19436));
    assert_eq!(parse(b"(MODSEQ (-1) UID 1)").mod_seq, None);
    assert_eq!(parse(b"(RFC822.SIZE -1 UID 1)").size, None);
    assert_eq!(parse(b"(RFC822.SIZE 9.3736e+06)").size, None);
    assert!(matches!(
        parse(b"(INTERNALDATE \"00-Jan-0000 00:00:00 +0000\")").internal_date,
        Some(DateField::Invalid(b"00-Jan-0000 00:00:00 +0000"))
    ));
    assert!(matches!(
        parse(b"(INTERNALDATE NIL)").internal_date,
        Some(DateField::Invalid(b"NIL"))
    ));
    assert_eq!(
        parse(b"(FLAGS (OIB-Seen-[Gmail]/All Mail) UID 3)").uid,
        Uid::new(3)
    );
    assert_eq!(
        parse(b"(BODY[1])")
            .sections
            .first()
            .map(|s| s.value.clone()),
        Some(BodyValue::Absent)
    );
    assert_eq!(
        parse(b"(ENVELOPE (\"(\" {3}\r\n))) NIL) X-GM-LABELS (\"\\\\Inbox\" NIL) UID 4)").uid,
        Uid::new(4)
    );
}

#[test]
fn a_uid_is_never_guessed() {
    for wire in [
        "(UID 0)",
        "(UID x)",
        "(UID 4294967296)",
        "(UID 1",
        "(UID 1FLAGS ())",
        "UID 1",
        "(BODY[ UID 1)",
    ] {
        assert!(
            fetch(&Reading::lenient(), 1, wire.as_bytes()).is_err(),
            "{wire}"
        );
    }
}

#[test]
fn a_body_that_the_framer_streamed_is_no_part_of_another_value() {
    for wire in [
        "(X (BODY[] {3}\r\n))) UID 7)",
        "(X (RFC822~{1}\r\n)) UID 7)",
        "(X (\" BODY[] {3}\r\n\") UID 7)",
        "(FLAGS (BODY[] {3}\r\n) UID 7)",
    ] {
        assert!(
            fetch(&Reading::lenient(), 1, wire.as_bytes()).is_err(),
            "{wire}"
        );
    }
    let odd = parse(b"(BODY[HEADER.FIELDS (\"[] BODY[\")] {3}\r\n UID 7)");
    let values: Vec<&BodyValue<'_>> = odd.sections.iter().map(|one| &one.value).collect();
    assert_eq!(values, [&BodyValue::Streamed(3)]);
}

#[test]
fn the_uid_before_a_body() {
    assert_eq!(
        fetch_prefix_uid(b"* 1 FETCH (FLAGS (a) UID 7 BODY[] {3}\r\n"),
        Uid::new(7)
    );
    assert_eq!(fetch_prefix_uid(b"* 1 FETCH (BODY[] {3}\r\n"), None);
    assert_eq!(
        fetch_prefix_uid(b"* 9 UIDFETCH (BODY[] {3}\r\n"),
        Uid::new(9)
    );
}
