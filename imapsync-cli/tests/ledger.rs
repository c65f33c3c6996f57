//! The ledger on disk: what it keeps, who may hold it, what it refuses to read.

use std::path::{Path, PathBuf};

use imap_client_lite::proto::{InternalDate, MailboxName, Uid, UidValidity};
use imapsync_cli::account::AccountUrl;
use imapsync_cli::ledger::{Beginning, Delivery, Key, Ledger, LedgerError, Refusal, ledger_path};
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
    let path = ledger_path(&folder.path().join("deep/er"), &accounts());
    (folder, path)
}

fn open(path: &Path) -> Result<Ledger, LedgerError> {
    Ledger::open(path, &accounts())
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
        Ledger::open(&path, &other),
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
    assert!(matches!(open(&path), Err(LedgerError::Unreadable { .. })));
    let kept = std::fs::read(&path).expect("readable");
    assert!(kept.starts_with(b"this is no database"));
}

#[test]
fn a_pair_has_its_own_file() {
    let folder = PathBuf::from("x");
    let swapped = Both {
        source: accounts().dest,
        dest: accounts().source,
    };
    assert_ne!(
        ledger_path(&folder, &accounts()),
        ledger_path(&folder, &swapped)
    );
    assert_eq!(
        ledger_path(&folder, &accounts()),
        ledger_path(&folder, &accounts())
    );
}
