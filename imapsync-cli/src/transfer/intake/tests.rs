//! Listings and windows as a source may answer them.

use super::*;
use imap_client_lite::proto::{Condition, Response};

/// What the server says, as an event.
fn say(intake: &mut Intake, wire: &str) -> Option<Step> {
    let Ok(Response::Untagged(untagged)) = Response::parse(wire.as_bytes()) else {
        panic!("{wire:?} is no untagged response")
    };
    intake
        .take(Event::Untagged(untagged))
        .expect("nothing is refused")
}

fn done(intake: &mut Intake, number: u64) -> Option<Step> {
    let ticket = Ticket::numbered(number);
    let done = Done {
        ticket,
        condition: Condition::Ok,
        code: None,
        text: b"",
    };
    intake.take(Event::Done(done)).expect("nothing is refused")
}

fn body(intake: &mut Intake, octets: u64, text: &'static [u8]) -> Option<Step> {
    let start = intake
        .take(Event::BodyStart { uid: None, octets })
        .expect("a body");
    let chunk = intake
        .take(Event::BodyChunk(Bytes::from_static(text)))
        .expect("a chunk");
    start.or(chunk)
}

/// An intake that has listed messages with these UIDs and sizes, and queued them.
fn listed(messages: &[(u32, u64)]) -> Intake {
    let count = u32::try_from(messages.len()).expect("few");
    let mut intake = Intake::new(count, First::Oldest);
    intake.listing = Some((Ticket::numbered(1), count));
    intake.cursor.advance(count);
    for (uid, octets) in messages {
        let wire = format!(
            "* 1 FETCH (UID {uid} FLAGS () INTERNALDATE \"01-Jan-2024 00:00:00 +0000\" RFC822.SIZE {octets})\r\n"
        );
        assert!(say(&mut intake, &wire).is_none());
    }
    let Some(Step::Listed(envelopes)) = done(&mut intake, 1) else {
        panic!("a listing ends")
    };
    intake.queue(envelopes);
    intake
}

fn open_window(intake: &mut Intake, number: u64, count: usize, kind: Kind) {
    let wanted: VecDeque<Envelope> = intake.queue.drain(..count).collect();
    let last = wanted.iter().map(|envelope| envelope.uid).max();
    intake.windows.push_back(Window {
        ticket: Ticket::numbered(number),
        kind,
        wanted,
        last: last.expect("a window is not empty"),
        permit: None,
    });
}

fn uid(step: Option<Step>) -> Option<u32> {
    match step {
        Some(Step::Message(message)) => Some(message.envelope.uid.into()),
        _ => None,
    }
}

#[test]
fn messages_are_told_apart_by_uid_not_by_order() {
    let mut intake = listed(&[(4, 3), (9, 3)]);
    open_window(&mut intake, 2, 2, Kind::Collected);
    assert!(body(&mut intake, 3, b"abc").is_none());
    assert_eq!(
        uid(say(&mut intake, "* 2 FETCH (UID 9 BODY[] {3}\r\n)\r\n")),
        Some(9)
    );
    // News about flags, and a body that nobody asked for.
    assert!(say(&mut intake, "* 1 FETCH (UID 4 FLAGS (\\Seen))\r\n").is_none());
    assert!(say(&mut intake, "* 1 FETCH (UID 5 BODY[] \"x\")\r\n").is_none());
    assert_eq!(
        uid(say(&mut intake, "* 1 FETCH (BODY[] \"abc\" UID 4)\r\n")),
        Some(4)
    );
    done(&mut intake, 2);
    assert!(intake.outcome.missing.is_empty());
    assert_eq!(intake.outcome.new, 2);
}

#[test]
fn what_does_not_come_is_missing() {
    let mut intake = listed(&[(4, 3), (9, 3), (11, 3)]);
    open_window(&mut intake, 2, 3, Kind::Collected);
    assert!(say(&mut intake, "* 1 FETCH (UID 4 BODY[] NIL)\r\n").is_none());
    assert!(say(&mut intake, "* 1 FETCH (UID 9)\r\n").is_none());
    done(&mut intake, 2);
    let missing: Vec<u32> = intake
        .outcome
        .missing
        .iter()
        .copied()
        .map(u32::from)
        .collect();
    assert_eq!(missing, [4, 9, 11]);
}

#[test]
fn a_message_larger_than_announced_is_asked_for_again_with_all_behind_it() {
    let mut intake = listed(&[(4, 3), (5, 3), (6, 3), (7, 3)]);
    open_window(&mut intake, 2, 3, Kind::Collected);
    assert!(body(&mut intake, 3, b"abc").is_none());
    assert_eq!(
        uid(say(&mut intake, "* 1 FETCH (UID 4 BODY[] {3}\r\n)\r\n")),
        Some(4)
    );
    for (uid, octets) in [(5, LARGE + 1), (6, 3)] {
        assert!(body(&mut intake, octets, b"abc").is_none());
        let fetch = format!("* 1 FETCH (UID {uid} BODY[] {{{octets}}}\r\n)\r\n");
        assert!(say(&mut intake, &fetch).is_none());
    }
    assert!(!intake.may_ask(), "nothing overtakes it");
    done(&mut intake, 2);
    assert!(intake.may_ask() && intake.large_is_next());
    let order: Vec<u32> = intake.queue.iter().map(|one| one.uid.into()).collect();
    assert_eq!(order, [5, 6, 7]);
    assert!(intake.outcome.missing.is_empty());
}

#[test]
fn windows_end_before_a_large_message() {
    let mut intake = listed(&[(1, 10), (2, 10), (3, LARGE + 1), (4, 10)]);
    assert_eq!(intake.next_window(u64::MAX).0, 2);
    assert_eq!(intake.next_window(600).0, 1, "one at least");
    open_window(&mut intake, 2, 2, Kind::Collected);
    assert!(intake.large_is_next());
    assert_eq!(intake.next_window(u64::MAX).0, 0);
}

#[test]
fn a_large_message_is_passed_on_in_pieces() {
    let mut intake = listed(&[(3, LARGE + 1)]);
    open_window(&mut intake, 2, 1, Kind::Large);
    let other = Uid::new(7);
    assert!(
        intake
            .take(Event::BodyStart {
                uid: other,
                octets: 1
            })
            .expect("another's")
            .is_none()
    );
    assert!(
        intake
            .take(Event::BodyChunk(Bytes::from_static(b"x")))
            .expect("drained")
            .is_none()
    );
    say(&mut intake, "* 9 FETCH (UID 7 BODY[] {1}\r\n)\r\n");
    let start = intake
        .take(Event::BodyStart {
            uid: Uid::new(3),
            octets: 300_000,
        })
        .expect("ours");
    assert!(matches!(start, Some(Step::Large(envelope, 300_000)) if u32::from(envelope.uid) == 3));
    let chunk = intake
        .take(Event::BodyChunk(Bytes::from_static(b"x")))
        .expect("ours");
    assert!(matches!(chunk, Some(Step::Chunk(_))));
    say(&mut intake, "* 1 FETCH (UID 3 BODY[] {300000}\r\n)\r\n");
    done(&mut intake, 2);
    assert!(intake.outcome.missing.is_empty());
}

#[test]
fn a_listing_counts_what_it_lacks_and_takes_nothing_twice() {
    let mut intake = listed(&[(4, 3), (9, 3), (9, 3)]);
    assert_eq!((intake.outcome.new, intake.outcome.unlisted), (2, 0));
    intake.listing = Some((Ticket::numbered(2), 3));
    say(&mut intake, "* 3 FETCH (UID 9 RFC822.SIZE 3)\r\n");
    say(&mut intake, "* 4 FETCH (UID 12 RFC822.SIZE 3)\r\n");
    let Some(Step::Listed(envelopes)) = done(&mut intake, 2) else {
        panic!("a listing ends")
    };
    let uids: Vec<u32> = envelopes
        .iter()
        .map(|envelope| envelope.uid.into())
        .collect();
    assert_eq!(uids, [12], "9 was listed before");
    assert_eq!(intake.outcome.unlisted, 1);
}

#[test]
fn an_expunge_moves_the_next_listing() {
    let mut intake = Intake::new(10, First::Oldest);
    intake.cursor.advance(5);
    say(&mut intake, "* 3 EXPUNGE\r\n");
    say(&mut intake, "* 9 EXPUNGE\r\n");
    let left = intake.cursor.advance(100);
    let left = left.map(|(first, last)| (u32::from(first), u32::from(last)));
    assert_eq!(left, Some((5, 8)));
}
