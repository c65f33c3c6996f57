//! What the ledger's tables keep, one by one.

use std::time::Duration;

use imap_client_lite::proto::{FlagSet, MailboxName, SystemFlag, Uid, UidValidity};
use imapsync_cli::ledger::{Beginning, Delivery, Key, Ledger, MailboxRow, Place, Refusal};

fn uid(value: u32) -> Uid {
    Uid::new(value).expect("above zero")
}

fn key(name: &MailboxName, dest_validity: u32) -> Key<'_> {
    Key {
        source: name,
        source_validity: UidValidity::new(7).expect("above zero"),
        dest: name,
        dest_validity: UidValidity::new(dest_validity).expect("above zero"),
    }
}

fn begun() -> (Ledger, MailboxRow) {
    let ledger = Ledger::in_memory().expect("SQLite");
    let row = ledger
        .begin_mailbox(key(&MailboxName::inbox(), 1), uid(1), Beginning::Empty)
        .expect("a row");
    (ledger, row)
}

fn row(ledger: &Ledger) -> MailboxRow {
    let row = ledger.mailbox(key(&MailboxName::inbox(), 1));
    row.expect("readable").expect("known")
}

fn deliver(ledger: &Ledger, row: &MailboxRow, source: u32, dest: Option<u32>) {
    let delivery = Delivery {
        source: uid(source),
        dest: dest.map(uid),
        flags: None,
    };
    ledger.deliver(row.id, delivery).expect("a row");
}

fn refusal(source: u32) -> Refusal {
    Refusal {
        source: uid(source),
        octets: None,
        internal_date: None,
        message_id: None,
        reason: "no".to_owned(),
    }
}

#[test]
fn a_mailbox_begins_settled_or_in_doubt() {
    let (ledger, empty) = begun();
    assert!(!empty.open);
    let inbox = MailboxName::inbox();
    let doubtful = ledger.begin_mailbox(key(&inbox, 2), uid(1), Beginning::InDoubt);
    assert!(doubtful.expect("a row").open);
    let other = MailboxName::from_wire(b"other".to_vec()).expect("fit to be sent");
    assert!(ledger.knows(&inbox, &inbox).expect("readable"));
    assert!(!ledger.knows(&inbox, &other).expect("readable"));
    assert!(!ledger.knows(&other, &inbox).expect("readable"));
    let stands = |name, validity| {
        let validity = UidValidity::new(validity).expect("above zero");
        let rows = ledger.dest_mailboxes(name, validity).expect("readable");
        rows.iter().map(|row| row.open).collect::<Vec<_>>()
    };
    assert_eq!(stands(&inbox, 1), [false]);
    assert_eq!(stands(&inbox, 2), [true]);
    assert_eq!((stands(&inbox, 3), stands(&other, 1)), (vec![], vec![]));
    let renamed = Key {
        source: &other,
        ..key(&inbox, 1)
    };
    let more = ledger.begin_mailbox(renamed, uid(1), Beginning::InDoubt);
    more.expect("a row");
    assert_eq!(stands(&inbox, 1), [false, true]);
}

#[test]
fn what_is_in_flight_only_grows_until_the_mailbox_is_closed() {
    let (ledger, begun) = begun();
    assert_eq!(begun.sent_to, None);
    for up_to in [64, 32] {
        ledger.sent_to(begun.id, uid(up_to)).expect("written");
    }
    assert_eq!(row(&ledger).sent_to, Some(uid(64)));
    ledger
        .close_mailbox(begun.id, uid(1), None)
        .expect("written");
    assert_eq!(row(&ledger).sent_to, None);
}

#[test]
fn a_void_map_puts_everything_in_doubt() {
    let (ledger, begun) = begun();
    let inbox = MailboxName::inbox();
    let other = ledger.begin_mailbox(key(&inbox, 2), uid(1), Beginning::Empty);
    let other = other.expect("a row");
    for mailbox in [&begun, &other] {
        deliver(&ledger, mailbox, 5, Some(9));
        ledger.refuse(mailbox.id, &refusal(6)).expect("a row");
        ledger.sent_to(mailbox.id, uid(8)).expect("written");
        ledger
            .close_mailbox(mailbox.id, uid(10), Some(uid(7)))
            .expect("written");
    }
    ledger.void(begun.id).expect("written");
    let void = MailboxRow {
        id: begun.id,
        mark: uid(1),
        open: true,
        source_next: uid(1),
        sent_to: None,
    };
    assert_eq!(row(&ledger), void);
    assert_eq!(ledger.mapped(begun.id, uid(1)).expect("readable"), []);
    let refused = ledger.settled(begun.id, uid(1), uid(99));
    assert_eq!(refused.expect("readable"), [uid(6)], "a refusal stays");
    let mapped = ledger.mapped(other.id, uid(1)).expect("readable");
    assert_eq!(mapped, [(uid(5), uid(9))], "other maps stay");
}

#[test]
fn the_map_is_read_from_both_sides() {
    let (ledger, begun) = begun();
    for (source, dest) in [(1, Some(12)), (2, Some(10)), (3, None), (4, Some(11))] {
        deliver(&ledger, &begun, source, dest);
    }
    let mapped = ledger.mapped(begun.id, uid(11)).expect("readable");
    assert_eq!(mapped, [(uid(4), uid(11)), (uid(1), uid(12))]);
    let stands = |dest| ledger.is_mapped_to(begun.id, uid(dest)).expect("readable");
    assert_eq!((stands(10), stands(13)), (Some(uid(2)), None));
    assert_eq!(ledger.unnamed(begun.id).expect("readable"), [uid(3)]);
    ledger
        .rename_dest(begun.id, uid(3), Some(uid(13)))
        .expect("written");
    ledger.rename_dest(begun.id, uid(2), None).expect("written");
    assert_eq!((stands(10), stands(13)), (None, Some(uid(3))));
    assert_eq!(ledger.unnamed(begun.id).expect("readable"), [uid(2)]);
}

#[test]
fn flags_are_kept_once_a_set_and_not_wiped_out() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("a.ledger");
    let accounts = imapsync_cli::side::Both {
        source: "imaps://joe@old.example".parse().expect("an account"),
        dest: "imaps://joe@new.example".parse().expect("an account"),
    };
    let ledger = Ledger::open(&Place::file(path.clone()), &accounts).expect("a new ledger");
    let inbox = MailboxName::inbox();
    let begun = ledger.begin_mailbox(key(&inbox, 1), uid(1), Beginning::Empty);
    let begun = begun.expect("a row");
    let (mut seen, none) = (FlagSet::default(), FlagSet::default());
    seen.insert(SystemFlag::Seen);
    seen.insert(SystemFlag::Answered);
    for (source, flags) in [
        (1, Some(&seen)),
        (2, Some(&seen)),
        (3, Some(&none)),
        (4, None),
        (1, None),
    ] {
        let delivery = Delivery {
            source: uid(source),
            dest: None,
            flags,
        };
        ledger.deliver(begun.id, delivery).expect("a row");
    }
    drop((ledger.commit(), ledger));
    let db = rusqlite::Connection::open(&path).expect("SQLite");
    let sql = "SELECT group_concat(ifnull('(' || words || ')', '-')) FROM message LEFT JOIN flag_set ON flag_set.id = flags";
    let kept: String = db.query_row(sql, [], |row| row.get(0)).expect("a row");
    assert_eq!(kept, "(\\Answered \\Seen),(\\Answered \\Seen),(),-");
    let sets: u32 = db
        .query_row("SELECT count(*) FROM flag_set", [], |row| row.get(0))
        .expect("a number");
    assert_eq!(sets, 2);
}

#[test]
fn forgotten_refusals_are_read_again() {
    let (ledger, begun) = begun();
    ledger
        .close_mailbox(begun.id, uid(1), Some(uid(50)))
        .expect("written");
    for source in [3, 9, 3] {
        ledger.refuse(begun.id, &refusal(source)).expect("a row");
    }
    assert_eq!(ledger.refused_names().expect("readable").len(), 1);
    assert_eq!(ledger.forget_refusals().expect("written"), 2);
    assert_eq!(ledger.refusals(begun.id).expect("readable"), []);
    assert_eq!(row(&ledger).source_next, uid(1));
}

#[test]
fn traits_of_the_destination_only_get_worse() {
    let (ledger, _) = begun();
    assert_eq!(ledger.slowest_commit().expect("readable"), None);
    for millis in [20, 1500, 3] {
        ledger
            .keep_slowest_commit(Duration::from_millis(millis))
            .expect("written");
    }
    let slowest = ledger.slowest_commit().expect("readable");
    assert_eq!(slowest, Some(Duration::from_millis(1500)));
    assert!(!ledger.alters().expect("readable"));
    ledger.note_alters().expect("written");
    ledger.note_alters().expect("written twice");
    assert!(ledger.alters().expect("readable"));
    assert!(!ledger.skips_uids().expect("readable"));
    ledger.note_skips_uids().expect("written");
    assert!(ledger.skips_uids().expect("readable"));
}

#[test]
fn runs_are_remembered_and_one_that_was_cut_off_has_no_end() {
    let (ledger, _) = begun();
    assert_eq!(ledger.last_run().expect("readable"), None);
    let first = ledger.begin_run(1000).expect("durable");
    ledger
        .end_run(first, 1060, 3, 10, 5000, 2)
        .expect("written");
    let run = ledger.last_run().expect("readable").expect("a run");
    assert_eq!(
        (run.started, run.ended, run.exit),
        (1000, Some(1060), Some(3))
    );
    assert_eq!((run.copied, run.octets, run.recovered), (10, 5000, 2));
    ledger.begin_run(2000).expect("durable");
    let cut = ledger.last_run().expect("readable").expect("a run");
    assert_eq!((cut.started, cut.ended, cut.exit), (2000, None, None));
    assert_eq!(ledger.runs(9).expect("readable"), [cut, run]);
}
