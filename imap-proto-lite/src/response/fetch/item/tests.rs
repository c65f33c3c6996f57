//! The rarer message data items, each with an odd value, too.

use super::*;
use crate::ids::{ModSeq, Uid};
use crate::response::fetch::section::BodyValue;
use crate::response::fetch::{fetch, uid_fetch};
use crate::tolerance::QuirkSet;

/// All of a FETCH, and what it met.
fn read(wire: &str) -> (Fetch<'_>, QuirkSet) {
    let reading = Reading::lenient();
    let (rest, read) = fetch(&reading, 1, wire.as_bytes()).expect(wire);
    assert!(rest.is_empty(), "{wire}");
    (read, reading.met())
}

#[test]
fn items_of_extensions() {
    let (read, met) = read(
        "(EMAILID (M6d99ac3275bb4e) threadid (T64b478a75b7ea9) SAVEDATE \"17-Jul-1996 02:44:25 -0700\" \
         PREVIEW \"a (b\" X-GM-MSGID 18446744073709551615 X-GM-THRID 7 BINARY.SIZE[1.2] 88 UID 4)",
    );
    assert!(met.is_empty(), "{met:?}");
    assert_eq!(read.email_id(), Some(&b"M6d99ac3275bb4e"[..]));
    assert_eq!(read.thread_id(), Some(&b"T64b478a75b7ea9"[..]));
    assert!(matches!(read.save_date(), Some(DateField::Valid(_))));
    assert_eq!(read.preview(), Some(&b"a (b"[..]));
    assert_eq!(read.gmail_message_id(), Some(u64::MAX));
    assert_eq!((read.gmail_thread_id(), read.uid), (Some(7), Uid::new(4)));
    let (section, octets) = (&b"1.2"[..], 88);
    assert!(read.items.contains(&Item::BinarySize { section, octets }));
}

#[test]
fn nil_is_a_value_where_the_grammar_has_it() {
    let (read, met) = read("(THREADID NIL SAVEDATE NIL PREVIEW NIL)");
    assert!(met.is_empty(), "{met:?}");
    assert_eq!(
        read.items,
        [
            Item::ThreadId(None),
            Item::SaveDate(None),
            Item::Preview(None)
        ]
    );
}

#[test]
fn labels_of_gmail() {
    let cases: [(&str, &[&str]); 3] = [
        (
            r#"(X-GM-LABELS (\Inbox Important "a b" "\\Starred" M&APw-ll))"#,
            &["\\Inbox", "Important", "a b", "\\Starred", "M&APw-ll"],
        ),
        ("(X-GM-LABELS ())", &[]),
        (r#"(X-GM-LABELS ("a" NIL b))"#, &["a", "b"]),
    ];
    for (wire, labels) in cases {
        let (read, met) = read(wire);
        let found: Vec<_> = read.gmail_labels().expect(wire).iter().collect();
        let found: Vec<_> = found
            .iter()
            .map(|label| String::from_utf8_lossy(label))
            .collect();
        assert_eq!(found, labels, "{wire}");
        assert!(met.is_empty(), "{wire}: {met:?}");
    }
}

#[test]
fn what_is_unknown_or_odd_is_kept_raw() {
    for (wire, name, value, quirk) in [
        (
            "(X-NEW (a {3}\r\n))) b) UID 4)",
            "X-NEW",
            "(a {3}\r\n))) b)",
            false,
        ),
        ("(X-NEW[1.2 (a)] 5 UID 4)", "X-NEW[1.2 (a)]", "5", false),
        ("(EMAILID NIL UID 4)", "EMAILID", "NIL", true),
        ("(EMAILID (a b) UID 4)", "EMAILID", "(a b)", true),
        (
            "(X-GM-MSGID 18446744073709551616 UID 4)",
            "X-GM-MSGID",
            "18446744073709551616",
            true,
        ),
        ("(X-GM-LABELS \"a\" UID 4)", "X-GM-LABELS", "\"a\"", true),
        ("(BINARY.SIZE[1] NIL UID 4)", "BINARY.SIZE[1]", "NIL", true),
        (
            "(PREVIEW (FUZZY \"x\") UID 4)",
            "PREVIEW",
            "(FUZZY \"x\")",
            true,
        ),
    ] {
        let (read, met) = read(wire);
        assert_eq!(
            read.other(name).map(Raw::as_bytes),
            Some(value.as_bytes()),
            "{wire}"
        );
        assert_eq!(met.contains(Quirk::OddItem), quirk, "{wire}");
        assert_eq!(read.uid, Uid::new(4), "{wire}");
    }
}

#[test]
fn binary_sections_are_sections() {
    let (read, met) = read("(BINARY[1] ~{3}\r\n BINARY[2]<0> \"a\")");
    let values: Vec<_> = read.sections.iter().map(|one| &one.value).collect();
    let inline = BodyValue::Inline(Cow::Borrowed(&b"a"[..]));
    assert_eq!(values, [&BodyValue::Streamed(3), &inline]);
    assert!(met.is_empty() && read.items.is_empty(), "{met:?}");
}

#[test]
fn the_number_of_a_uid_fetch_is_the_uid() {
    let uid = Uid::new(25_900).expect("not zero");
    let read = |wire: &'static [u8]| uid_fetch(&Reading::lenient(), uid, wire);
    let (_, fetch) = read(b"(FLAGS (\\Seen) MODSEQ (8))").expect("RFC 9586");
    assert_eq!((fetch.seq, fetch.uid), (None, Some(uid)));
    assert_eq!(fetch.mod_seq, Some(ModSeq(8)));
    assert!(read(b"(UID 25900)").is_ok());
    assert!(read(b"(UID 25901)").is_err());
}
