//! The fast path beside the general rule, on lines as they are and on lines that are somehow wrong.

use super::*;
use crate::quirk::Quirk;
use crate::response::line::general;
use crate::response::{Response, Untagged};
use crate::tolerance::QuirkSet;
use proptest::prelude::*;

/// What it reads is what the general rule reads from the same frame, without a quirk, whatever is accepted.
fn is_as_the_general_rule(frame: &[u8]) -> Result<bool, TestCaseError> {
    let Some(fetch) = fetch_line(frame) else {
        return Ok(false);
    };
    let wanted = Response::Untagged(Untagged::Fetch(fetch));
    for accepted in [QuirkSet::STRICT, QuirkSet::LENIENT] {
        prop_assert_eq!(
            general(frame, accepted),
            Ok((wanted.clone(), QuirkSet::STRICT))
        );
    }
    Ok(true)
}

/// One to all of the items that it knows, each once.
fn items() -> impl Strategy<Value = Vec<String>> {
    let flag = "(\\\\(Seen|Answered|Recent|X-New)|[$]?[A-Za-z]{1,12})";
    let flags = proptest::collection::vec(flag, 0..4)
        .prop_map(|flags| format!("FLAGS ({})", flags.join(" ")));
    let date = "INTERNALDATE \"[ 0-2][1-8]-(Jan|Feb|Dec)-(19|20)[0-9]{2} [01][0-9]:[0-5][0-9]:[0-5][0-9] [+-]0[0-9]30\"";
    let all = (
        "UID [1-9][0-9]{0,8}",
        flags,
        date,
        "RFC822[.]SIZE (0|[1-9][0-9]{0,8})",
        value().prop_map(|value| format!("ENVELOPE ({value})")),
        value().prop_map(|value| format!("BODYSTRUCTURE ({value})")),
        "MODSEQ [(][1-9][0-9]{0,8}[)]",
    );
    let shuffled = all
        .prop_map(|(a, b, c, d, e, f, g)| vec![a, b, c, d, e, f, g])
        .prop_shuffle();
    (shuffled, 1_usize..8).prop_map(|(mut items, count)| {
        items.truncate(count);
        items
    })
}

/// Lists, strings, numbers and NIL, some levels deep.
fn value() -> impl Strategy<Value = String> {
    let text = "([ !#-\\[\\]-~]|\\\\\"|\\\\\\\\){0,20}".prop_map(|text| format!("\"{text}\""));
    let leaf = prop_oneof![Just("NIL".to_owned()), "[0-9]{1,12}", text];
    leaf.prop_recursive(4, 24, 4, |inner| {
        proptest::collection::vec(inner, 0..4).prop_map(|values| format!("({})", values.join(" ")))
    })
}

fn line() -> impl Strategy<Value = String> {
    ("[1-9][0-9]{0,8}", items())
        .prop_map(|(n, items)| format!("* {n} FETCH ({})\r\n", items.join(" ")))
}

/// Bytes that mean something in such a line, beside any other.
fn odd_byte() -> impl Strategy<Value = u8> {
    prop_oneof![
        proptest::sample::select(&b" ()\"\\{}[]*0\r\n-+9aZ\x80\x00"[..]),
        any::<u8>()
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn lines_of_a_listing_are_read_as_by_the_general_rule(line in line()) {
        let uids = line.matches("UID ").count();
        prop_assert!(is_as_the_general_rule(line.as_bytes())? || uids > 1, "declined {line:?}");
    }

    #[test]
    fn mutated_lines_are_declined_or_read_the_same(
        line in line(),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), 0..3, odd_byte()), 1..4),
    ) {
        let mut frame = line.into_bytes();
        for (at, edit, byte) in edits {
            let at = at.index(frame.len());
            match edit {
                0 => frame.insert(at, byte),
                1 if frame.len() > 1 => drop(frame.remove(at)),
                _ => frame.splice(at..=at, [byte]).for_each(drop),
            }
        }
        is_as_the_general_rule(&frame)?;
    }

    #[test]
    fn the_beginnings_of_a_line_are_declined(line in line(), at in any::<prop::sample::Index>()) {
        let frame = line.as_bytes().split_at(at.index(line.len())).0;
        prop_assert_eq!(fetch_line(frame), None);
    }
}

#[test]
fn what_strict_grammar_forbids_is_declined() {
    for line in [
        "* 0 FETCH (UID 1)\r\n",
        "* 1 FETCH ()\r\n",
        "* 1 FETCH (UID 0)\r\n",
        "* 1 FETCH (UID 1 UID 2)\r\n",
        "* 1 FETCH (INTERNALDATE \"17-Jul-1996\r02:44:25 -0700\")\r\n",
        "* 1 FETCH (UID 01)\r\n",
        "*  1 FETCH (UID 1)\r\n",
        "* 1 FETCH (UID 1 )\r\n",
        "* 1 FETCH (UID 1) \r\n",
        "* 1 FETCH (UID 1)\n",
        "* 1 FETCH (FLAGS (\\Seen ))\r\n",
        "* 1 FETCH (FLAGS (\\))\r\n",
        "* 1 FETCH (FLAGS (\\*))\r\n",
        "* 1 FETCH (FLAGS (a]b))\r\n",
        "* 1 FETCH (INTERNALDATE \"00-Jan-0000 00:00:00 +0000\")\r\n",
        "* 1 FETCH (RFC822.SIZE -1)\r\n",
        "* 1 FETCH (UID 1 BODY[] NIL)\r\n",
        "* 1 FETCH (ENVELOPE NIL)\r\n",
        "* 1 FETCH (ENVELOPE (NIL  NIL))\r\n",
        "* 1 FETCH (ENVELOPE (NIL NIL )\r\n",
        "* 1 FETCH (BODYSTRUCTURE (\"a\\b\"))\r\n",
        "* 1 FETCH (BODYSTRUCTURE ((NIL)\r\n",
        "* 1 FETCH (BODYSTRUCTURE )\r\n",
    ] {
        assert_eq!(fetch_line(line.as_bytes()), None, "{line:?}");
    }
}

#[test]
fn the_response_says_that_it_met_nothing() {
    let line = b"* 7 FETCH (UID 42 FLAGS (\\Seen))\r\n";
    let (response, met) = Response::parse_with(line, QuirkSet::LENIENT).expect("strict");
    assert_eq!(met, QuirkSet::STRICT);
    assert!(!met.contains(Quirk::ExtraBlanks));
    assert!(
        matches!(response, Response::Untagged(Untagged::Fetch(fetch)) if fetch.uid == Uid::new(42))
    );
}
