//! The ledger on disk: what it keeps, who may hold it, what it refuses to read.

use std::path::{Path, PathBuf};

use imap_client_lite::proto::{InternalDate, MailboxName, Uid, UidValidity};
use imapsync_cli::account::AccountUrl;
use imapsync_cli::ledger::{Beginning, Delivery, Key, Ledger, LedgerError, Place, Refusal};
use imapsync_cli::side::Both;
use tempfile::TempDir;

fn accounts() -> Both<AccountUrl> {
    let url = |text: &str| text.parse().expect("an account");
    Both {
        source: url("imaps://joe@old.example"),
        dest: url("imaps://joe@new.example"),
    }
}

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = Place::in_state_dir(&folder.path().join("deep/er"), &accounts());
    (folder, place.path().to_owned())
}

fn open(path: &Path) -> Result<Ledger, LedgerError> {
    let folder = path.parent().expect("a state folder");
    Ledger::open(&Place::in_state_dir(folder, &accounts()), &accounts())
}

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

#[test]
fn what_was_delivered_is_known_after_a_restart() {
    let (_folder, path) = place();
    let inbox = MailboxName::inbox();
    let refusal = Refusal {
        source: uid(12),
        octets: Some(9),
        internal_date: InternalDate::parse(b" 1-Feb-2003 04:05:06 +0700"),
        message_id: Some("<a@b>".to_owned()),
        reason: "no".to_owned(),
    };
    {
        let ledger = open(&path).expect("a new ledger");
        assert!(ledger.is_new().expect("readable"));
        let row = ledger
            .begin_mailbox(key(&inbox, 1), uid(5), Beginning::Empty)
            .expect("a row");
        ledger.open_mailbox(row.id).expect("durable");
        for (source, dest) in [(10, Some(uid(5))), (11, None), (13, Some(uid(6)))] {
            let delivery = Delivery {
                source: uid(source),
                dest,
                flags: None,
            };
            ledger.deliver(row.id, delivery).expect("a row");
        }
        ledger.refuse(row.id, &refusal).expect("a row");
        ledger.keep_name(&inbox, &inbox).expect("a row");
        ledger.commit().expect("durable");
    }
    let ledger = open(&path).expect("the same ledger");
    let row = ledger
        .mailbox(key(&inbox, 1))
        .expect("readable")
        .expect("known");
    assert!(row.open, "the run did not end");
    assert_eq!((row.mark, row.source_next), (uid(5), uid(1)));
    let settled = ledger.settled(row.id, uid(11), uid(99)).expect("readable");
    assert_eq!(settled, [uid(11), uid(12), uid(13)]);
    assert_eq!(ledger.settled_count(row.id).expect("readable"), 4);
    assert_eq!(ledger.mapped(row.id, uid(6)).expect("readable").len(), 1);
    assert_eq!(ledger.unnamed(row.id).expect("readable"), [uid(11)]);
    assert_eq!(ledger.refusals(row.id).expect("readable"), [refusal]);
    assert_eq!(
        ledger.names().expect("readable"),
        [(b"INBOX".to_vec(), b"INBOX".to_vec())]
    );
    assert!(
        ledger.mailbox(key(&inbox, 2)).expect("readable").is_none(),
        "another UIDVALIDITY is another mailbox"
    );
}

#[test]
fn marks_only_move_forward() {
    let (_folder, path) = place();
    let inbox = MailboxName::inbox();
    let ledger = open(&path).expect("a new ledger");
    let row = ledger
        .begin_mailbox(key(&inbox, 1), uid(5), Beginning::Empty)
        .expect("a row");
    ledger.open_mailbox(row.id).expect("durable");
    ledger
        .close_mailbox(row.id, uid(9), Some(uid(20)))
        .expect("a row");
    ledger.close_mailbox(row.id, uid(3), None).expect("a row");
    let row = ledger
        .mailbox(key(&inbox, 1))
        .expect("readable")
        .expect("known");
    assert_eq!(
        (row.mark, row.source_next, row.open),
        (uid(9), uid(20), false)
    );
}

#[test]
fn a_uid_found_later_is_filled_in_and_never_lost() {
    let (_folder, path) = place();
    let inbox = MailboxName::inbox();
    let ledger = open(&path).expect("a new ledger");
    let row = ledger
        .begin_mailbox(key(&inbox, 1), uid(1), Beginning::Empty)
        .expect("a row");
    for dest in [None, Some(uid(4)), None] {
        ledger
            .deliver(
                row.id,
                Delivery {
                    source: uid(1),
                    dest,
                    flags: None,
                },
            )
            .expect("a row");
    }
    let mapped = ledger.mapped(row.id, uid(1)).expect("readable");
    assert_eq!(mapped, [(uid(1), uid(4))]);
}

#[test]
fn one_run_at_a_time() {
    let (_folder, path) = place();
    let first = open(&path).expect("a new ledger");
    assert!(matches!(open(&path), Err(LedgerError::Busy { .. })));
    drop(first);
    open(&path).expect("free again");
}

#[test]
fn what_is_no_ledger_of_ours_is_left_alone() {
    let (_folder, path) = place();
    drop(open(&path).expect("a new ledger"));
    let other = Both {
        source: accounts().dest,
        dest: accounts().source,
    };
    assert!(matches!(
        Ledger::open(&Place::file(path.clone()), &other),
        Err(LedgerError::OtherAccounts { .. })
    ));
    let db = rusqlite::Connection::open(&path).expect("SQLite");
    db.pragma_update(None, "user_version", 99)
        .expect("writable");
    drop(db);
    assert!(matches!(
        open(&path),
        Err(LedgerError::Newer { found: 99, .. })
    ));
    std::fs::write(
        &path,
        b"this is no database, and long enough to be seen as none",
    )
    .expect("writable");
    let named = Ledger::open(&Place::file(path.clone()), &accounts());
    assert!(matches!(named, Err(LedgerError::Unreadable { .. })));
    let kept = std::fs::read(&path).expect("readable");
    assert!(kept.starts_with(b"this is no database"));
    let db = path.with_file_name("other.db");
    let other = rusqlite::Connection::open(&db).expect("SQLite");
    other
        .execute_batch("CREATE TABLE theirs (x)")
        .expect("a table");
    drop(other);
    let before = std::fs::read(&db).expect("readable");
    let named = Ledger::open(&Place::file(db.clone()), &accounts());
    assert!(matches!(named, Err(LedgerError::Unreadable { .. })));
    assert_eq!(std::fs::read(&db).expect("readable"), before);
}

/// Other programs number their files from 1, too, and some of them are torn.
#[test]
fn a_database_of_another_program_is_left_alone_whatever_its_version() {
    let (id, theirs, empty) = (0x0bad_cafe, "CREATE TABLE theirs (x);", "");
    for (application, version, tables) in [
        (0, 0, theirs),
        (0, 1, theirs),
        (0, 2, theirs),
        (0, 1, empty),
        (0, 99, empty),
        (id, 0, empty),
        (id, 1, theirs),
        (id, 2, theirs),
        (0, 1, "CREATE TABLE account (x); CREATE TABLE message (x);"),
    ] {
        for torn in [false, true] {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let path = folder.path().join("theirs.db");
            let db = rusqlite::Connection::open(&path).expect("SQLite");
            let all = format!(
                "PRAGMA application_id = {application}; PRAGMA user_version = {version}; {tables}"
            );
            db.execute_batch(&all).expect("a database");
            drop(db);
            let mut before = std::fs::read(&path).expect("readable");
            if torn {
                before.truncate(5000);
                before.get_mut(100..).expect("a page").fill(0x55);
                std::fs::write(&path, &before).expect("writable");
            }
            let place = Place::file(path.clone());
            for opened in [
                Ledger::open(&place, &accounts()),
                Ledger::look(&place, &accounts()),
            ] {
                let refused = matches!(opened, Err(LedgerError::Unreadable { .. }));
                assert!(refused, "{application} {version} {tables} {torn}");
            }
            let after = std::fs::read(&path).expect("it is where it was");
            assert!(after == before, "{application} {version} {tables} {torn}");
        }
    }
}

/// The first page is there, and the journal that would take it back: a run that was killed at its
/// very first write.
#[test]
fn a_named_ledger_that_had_hardly_begun_is_used() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("mine.db");
    for journal in [false, true] {
        let db = rusqlite::Connection::open(&path).expect("SQLite");
        db.pragma_update(None, "journal_mode", "WAL")
            .expect("a page");
        drop(db);
        if journal {
            let mut header = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7".to_vec();
            for number in [0_u32, 1, 0, 512, 4096] {
                header.extend(number.to_be_bytes());
            }
            header.resize(512, 0);
            std::fs::write(folder.path().join("mine.db-journal"), header).expect("writable");
        }
        let ledger = Ledger::open(&Place::file(path.clone()), &accounts());
        drop(ledger.expect("an empty database is nobody's"));
        std::fs::remove_file(&path).expect("removed");
    }
}

/// A ledger with some hundred rows whose run did not end.
fn cut_off(path: &Path) {
    let ledger = open(path).expect("a new ledger");
    ledger.begin_run(1).expect("written");
    let inbox = MailboxName::inbox();
    let row = ledger.begin_mailbox(key(&inbox, 1), uid(1), Beginning::Empty);
    let row = row.expect("a row");
    for number in 1..2000 {
        let delivery = Delivery {
            source: uid(number),
            dest: Some(uid(number)),
            flags: None,
        };
        ledger.deliver(row.id, delivery).expect("written");
    }
    ledger.commit().expect("written");
}

#[test]
fn a_damaged_ledger_is_set_aside_and_replaced() {
    let torn = |bytes: &mut Vec<u8>, at: usize| {
        let end = (at + 512).min(bytes.len());
        bytes[at..end].fill(0);
    };
    type Damage<'a> = &'a dyn Fn(&mut Vec<u8>);
    let damages: [Damage<'_>; 5] = [
        &|bytes| bytes.truncate(5000),
        &|bytes| bytes.truncate(100),
        &|bytes| torn(bytes, 0),
        &|bytes| torn(bytes, bytes.len() - 4096),
        &|bytes| bytes.fill(b'x'),
    ];
    for damage in damages {
        let (_folder, path) = place();
        cut_off(&path);
        let mut bytes = std::fs::read(&path).expect("readable");
        damage(&mut bytes);
        std::fs::write(&path, &bytes).expect("writable");
        let ledger = open(&path).expect("a new ledger");
        let aside = ledger.set_aside().expect("it tells where").to_owned();
        assert_eq!(std::fs::read(&aside).expect("readable"), bytes);
        assert!(ledger.is_new().expect("readable"));
        drop(ledger);
        // As long as no run has come to its end, this is not forgotten.
        let ledger = open(&path).expect("sound");
        assert_eq!(ledger.set_aside(), Some(aside.as_path()));
        let run = ledger.begin_run(5).expect("written");
        ledger.end_run(run, 6, 0, 0, 0, 0).expect("written");
        drop(ledger);
        assert_eq!(open(&path).expect("sound").set_aside(), None);
    }
}

#[test]
fn a_log_without_its_ledger_is_set_aside() {
    let (_folder, path) = place();
    cut_off(&path);
    std::fs::remove_file(&path).expect("removed");
    let log = path.with_file_name(format!(
        "{}-wal",
        path.file_name().and_then(|n| n.to_str()).expect("a name")
    ));
    std::fs::write(&log, b"the last rows").expect("writable");
    let ledger = open(&path).expect("a new ledger");
    assert!(ledger.set_aside().is_some());
}

#[test]
fn a_sound_ledger_of_a_run_that_was_cut_off_stays() {
    let (_folder, path) = place();
    cut_off(&path);
    let ledger = open(&path).expect("sound");
    assert_eq!(ledger.set_aside(), None);
    assert!(!ledger.is_new().expect("readable"));
}

#[test]
fn a_full_disk_stops_every_write_and_no_read() {
    let (_folder, path) = place();
    let place = Place::file(path).failing_after(3);
    let ledger = Ledger::open(&place, &accounts()).expect("a new ledger");
    ledger.begin_run(1).expect("two writes: a row and a commit");
    let failed = (0..3).find_map(|_| ledger.begin_run(2).err());
    assert!(failed.is_some_and(|error| error.to_string().contains("no more writes")));
    assert!(ledger.last_run().expect("readable").is_some());
}

#[test]
fn a_pair_has_its_own_file() {
    let folder = PathBuf::from("x");
    let swapped = Both {
        source: accounts().dest,
        dest: accounts().source,
    };
    let place = |accounts: &Both<AccountUrl>| Place::in_state_dir(&folder, accounts);
    assert_ne!(place(&accounts()), place(&swapped));
    assert_eq!(place(&accounts()), place(&accounts()));
}

#[test]
fn a_named_ledger_of_the_first_version_is_taken_over() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("old.db");
    let db = rusqlite::Connection::open(&path).expect("SQLite");
    db.execute_batch(include_str!("../src/ledger/schema_1.sql"))
        .expect("the old tables with a few rows");
    drop(db);
    let old = std::fs::read(&path).expect("readable");
    let urls = |source: &str, dest: &str| Both {
        source: source.parse().expect("a URL"),
        dest: dest.parse().expect("a URL"),
    };
    // That version wrote the port, too; here the accounts are others, which is said and nothing else.
    let others = urls("imaps://eve@old.example", "imaps://joe@new.example");
    let opened = Ledger::open(&Place::file(path.clone()), &others);
    assert!(matches!(opened, Err(LedgerError::OtherAccounts { .. })));
    let db = rusqlite::Connection::open(&path).expect("SQLite");
    db.execute_batch("UPDATE account SET url = url || ':993'")
        .expect("as written by the program");
    drop(db);
    assert_ne!(std::fs::read(&path).expect("readable"), old);
    let ledger = Ledger::open(&Place::file(path), &accounts()).expect("taken over");
    assert_eq!(ledger.set_aside(), None);
    let row = ledger.mailbox(key(&MailboxName::inbox(), 1));
    let row = row.expect("readable").expect("known");
    assert_eq!(
        (row.mark, row.open, row.source_next),
        (uid(5), true, uid(3))
    );
    assert_eq!(ledger.settled_count(row.id).expect("readable"), 3);
}

/// One octet of each page in turn is another. It is noticed, or what is read is what was written.
#[test]
fn a_flipped_octet_is_noticed_or_harmless() {
    let (_folder, path) = place();
    cut_off(&path);
    let good = std::fs::read(&path).expect("readable");
    let (mut noticed, mut harmless) = (0, 0);
    for (number, at) in (0..good.len()).step_by(509).enumerate() {
        let mut bytes = good.clone();
        bytes[at] ^= [0x01, 0x80, 0xff][number % 3];
        std::fs::write(&path, &bytes).expect("writable");
        let ledger = open(&path).expect("set aside, or sound");
        match ledger.set_aside() {
            Some(aside) => {
                noticed += 1;
                assert!(std::fs::read(aside).expect("readable") == bytes);
            }
            None => {
                harmless += 1;
                let inbox = MailboxName::inbox();
                let row = ledger.mailbox(key(&inbox, 1)).expect("readable");
                let row = row.unwrap_or_else(|| panic!("octet {at}: the row is gone"));
                let count = ledger.settled_count(row.id).expect("readable");
                assert_eq!(count, 1999, "octet {at}");
            }
        }
        drop(ledger);
        std::fs::remove_dir_all(path.parent().expect("a folder")).expect("removed");
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    }
    println!("{noticed} noticed, {harmless} harmless");
    assert!(noticed > 10 && harmless > 10, "{noticed} {harmless}");
}
