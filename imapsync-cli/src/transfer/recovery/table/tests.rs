use super::*;
use crate::transfer::Hasher;

fn uid(value: u32) -> Uid {
    Uid::new(value).expect("above zero")
}

fn envelope(number: u32, body: &str) -> Envelope {
    Envelope {
        uid: uid(number),
        flags: imap_client_lite::proto::FlagSet::default(),
        unsendable: Vec::new(),
        internal_date: imap_client_lite::proto::InternalDate::new(1_000_000, 0),
        octets: Some(body.len() as u64),
    }
}

fn digest(body: &str) -> Digest {
    let mut hasher = Hasher::default();
    hasher.update(body.as_bytes());
    hasher.finish()
}

/// A table of messages with known bodies.
fn doubts(ours: &[(u32, &str, Known)], there: &[(u32, &str)]) -> Doubts {
    let doubts = Doubts::new().expect("a temporary table");
    for (number, body, known) in ours {
        doubts
            .add_ours(&envelope(*number, body), *known)
            .expect("a row");
        doubts
            .know(Side::Source, uid(*number), &digest(body))
            .expect("a row");
    }
    for (number, body) in there {
        doubts.add_there(&envelope(*number, body)).expect("a row");
        doubts
            .know(Side::Dest, uid(*number), &digest(body))
            .expect("a row");
    }
    doubts
}

fn everything() -> Range {
    (uid(1), uid(u32::MAX))
}

/// Claims in all forms, in order; then which source message stands for which.
fn claims(ours: &[(u32, &str, Known)], there: &[(u32, &str)]) -> Vec<(u32, u32)> {
    let doubts = doubts(ours, there);
    for form in Form::USUAL {
        doubts.claim(everything(), form).expect("claimed");
    }
    let claims = doubts.claims(everything()).expect("rows");
    claims
        .iter()
        .map(|claim| (claim.source.into(), claim.dest.into()))
        .collect()
}

const NOTHING: Known = Known::Nothing;

#[test]
fn each_claims_at_most_one() {
    let a = "Subject: a\r\n\r\na\r\n";
    let b = "Subject: b\r\n\r\nb\r\n";
    assert_eq!(
        claims(&[(1, a, NOTHING), (2, b, NOTHING)], &[(7, b), (8, a)]),
        [(2, 7), (1, 8)]
    );
    let copies = [(1, a, NOTHING), (2, a, NOTHING), (3, a, NOTHING)];
    assert_eq!(claims(&copies, &[(7, a), (8, a)]), [(1, 7), (2, 8)]);
    assert_eq!(claims(&copies[..1], &[(7, a), (8, a)]), [(1, 7)]);
}

#[test]
fn what_was_delivered_claims_first_and_its_own() {
    let a = "Subject: a\r\n\r\na\r\n";
    let b = "Subject: b\r\n\r\nb\r\n";
    // The delivered one is known to be there; the other may not be.
    assert_eq!(
        claims(&[(1, a, NOTHING), (2, a, Known::Unnamed)], &[(7, a)]),
        [(2, 7)]
    );
    let named = Known::Named(uid(8));
    assert_eq!(
        claims(&[(1, a, NOTHING), (2, a, named)], &[(7, a), (8, a)]),
        [(1, 7), (2, 8)]
    );
    // The server lied: the message at 8 is another's.
    assert_eq!(
        claims(&[(1, b, NOTHING), (2, a, named)], &[(7, a), (8, b)]),
        [(2, 7), (1, 8)]
    );
    let doubts = doubts(&[(2, a, named)], &[(8, b)]);
    doubts.claim(everything(), Form::Exact).expect("claimed");
    assert_eq!(doubts.misnamed(everything()).expect("rows"), [uid(2)]);
    assert_eq!(doubts.unclaimed(everything()).expect("a count"), 1);
}

#[test]
fn an_exact_equal_goes_before_an_altered_one() {
    let sent = "Message-ID: <a>\r\n\r\nbare\nline\r\n";
    let clean = "Message-ID: <a>\r\n\r\nbare\r\nline\r\n";
    let added = "X: y\r\nMessage-ID: <a>\r\n\r\nbare\r\nline\r\n";
    assert_eq!(
        claims(&[(1, sent, NOTHING)], &[(7, added), (8, clean), (9, sent)]),
        [(1, 9)]
    );
    assert_eq!(
        claims(&[(1, sent, NOTHING)], &[(7, added), (8, clean)]),
        [(1, 8)]
    );
    assert_eq!(claims(&[(1, sent, NOTHING)], &[(7, added)]), [(1, 7)]);
    assert_eq!(
        claims(&[(1, sent, NOTHING)], &[(7, "X: y\r\n\r\nother\r\n")]),
        []
    );
}

#[test]
fn only_bodies_that_may_be_equal_are_read() {
    let doubts = Doubts::new().expect("a temporary table");
    for (number, body, known) in [
        (1, "four", NOTHING),
        (2, "fives", NOTHING),
        (3, "sixsix", Known::Named(uid(9))),
    ] {
        doubts
            .add_ours(&envelope(number, body), known)
            .expect("a row");
    }
    for (number, body) in [(7, "four"), (8, "eighteight"), (9, "nine 9 nine")] {
        doubts.add_there(&envelope(number, body)).expect("a row");
    }
    let by_size = |side| doubts.suspects_by_size(everything(), side).expect("rows");
    assert_eq!(by_size(Side::Dest), [uid(7), uid(9)]);
    assert_eq!(by_size(Side::Source), [uid(1), uid(3)]);
    let by_date = |side, cut| {
        doubts
            .suspects_by_date(everything(), side, cut)
            .expect("rows")
    };
    assert_eq!(by_date(Side::Dest, AfterCut::No), [uid(7), uid(8), uid(9)]);
    assert_eq!(by_date(Side::Dest, AfterCut::Yes), [uid(7), uid(8), uid(9)]);
    assert_eq!(
        by_date(Side::Source, AfterCut::Yes),
        [uid(1), uid(2), uid(3)]
    );
    assert_eq!(doubts.absent(Some(uid(1)), 9).expect("rows"), [uid(1)]);
    assert_eq!(doubts.absent(None, 9).expect("rows"), [uid(1), uid(2)]);
}

#[test]
fn twins_are_told_apart_by_date_and_flags() {
    let body = "Subject: a\r\n\r\na\r\n";
    let dated = |number, seconds| Envelope {
        internal_date: imap_client_lite::proto::InternalDate::new(seconds, 0),
        ..envelope(number, body)
    };
    let doubts = Doubts::new().expect("a temporary table");
    for (number, seconds) in [(1, 100), (2, 200)] {
        doubts
            .add_ours(&dated(number, seconds), NOTHING)
            .expect("a row");
        doubts
            .know(Side::Source, uid(number), &digest(body))
            .expect("a row");
    }
    doubts.add_there(&dated(7, 200)).expect("a row");
    doubts
        .know(Side::Dest, uid(7), &digest(body))
        .expect("a row");
    doubts.claim(everything(), Form::Exact).expect("claimed");
    assert_eq!(doubts.absent(None, 9).expect("rows"), [uid(1)]);
}

#[test]
fn messages_that_say_nothing_about_themselves_are_not_taken_for_each_other() {
    let (sent, foreign) = ("no header, just text\r\n", "no header either\r\n");
    assert_eq!(claims(&[(1, sent, NOTHING)], &[(7, foreign), (8, "")]), []);
    let (sent, foreign) = ("To: x\r\n\r\n", "To: y\r\n\r\n");
    assert_eq!(claims(&[(1, sent, NOTHING)], &[(7, foreign)]), []);
}
