//! A whole account from one Dovecot to another: every mailbox, message, date, flag and subscription
//! arrives, the source stays as it is, and a second run has nothing to do.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use imapsync_tests::compare::Snapshot;
use imapsync_tests::corpus::{Account, awkward, dotted, plain};
use imapsync_tests::program::{DovecotPair, USER, Way};
use imapsync_tests::real::{Dovecot, DovecotOptions, MailFormat, Namespace, dovecot_or_not_run};

/// Copies `account` and compares what arrived, twice.
fn arrives(way: Way, source: MailFormat, dest: DovecotOptions, account: &Account) -> DovecotPair {
    let pair = DovecotPair::start(PROGRAM, way, options(source), dest, account);
    pair.sync().exits(0);
    let truth = Snapshot::of_account(account);
    let truth = if pair.dest.options().namespace.children_live_in_inbox() {
        truth.under_inbox_prefix()
    } else {
        truth
    };
    pair.assert_holds(&truth);
    pair.assert_settled();
    pair
}

fn options(format: MailFormat) -> DovecotOptions {
    DovecotOptions::with_format(format).expect("certificates can be made")
}

/// Every mail file of a Maildir: its name tells flags and whether it is new, then its bytes.
fn mail_files(server: &Dovecot) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let root = server.mail_folder(USER);
    for mailbox in entries(&root).into_iter().chain([root]) {
        for part in ["new", "cur"] {
            for path in entries(&mailbox.join(part)) {
                let bytes = fs::read(&path).expect("root reads mail");
                files.insert(path, bytes);
            }
        }
    }
    files
}

/// What a folder holds; nothing where there is none.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let listed = fs::read_dir(folder).into_iter().flatten();
    listed
        .map(|entry| entry.expect("the folder can be listed").path())
        .collect()
}

#[test]
fn the_awkward_account_arrives_whole_and_the_source_stays_as_it_was() {
    if !dovecot_or_not_run() {
        return;
    }
    let account = awkward(1);
    let dest = options(MailFormat::Maildir);
    let source = options(MailFormat::Maildir);
    let pair = DovecotPair::start(PROGRAM, Way::Tls, source, dest, &account);
    let before = mail_files(&pair.source);
    assert_eq!(before.len(), account.message_count());
    pair.sync().exits(0).stays_small();
    pair.assert_holds(&Snapshot::of_account(&account));
    pair.assert_settled();
    pair.verify(&["--strict"]).exits(0).stays_small();
    assert!(before == mail_files(&pair.source), "the source has changed");
}

#[test]
fn the_awkward_account_arrives_in_an_mdbox() {
    if !dovecot_or_not_run() {
        return;
    }
    let dest = options(MailFormat::Mdbox);
    arrives(Way::Tls, MailFormat::Maildir, dest, &awkward(2));
}

#[test]
fn the_awkward_account_arrives_under_an_inbox_prefix() {
    if !dovecot_or_not_run() {
        return;
    }
    let dest = DovecotOptions::with_namespace(Namespace::inbox_dot());
    let dest = dest.expect("certificates can be made");
    let pair = arrives(Way::Plain, MailFormat::Maildir, dest, &awkward(3));
    pair.verify(&["--strict"]).exits(0);
}

#[test]
fn the_awkward_account_arrives_without_any_extension() {
    if !dovecot_or_not_run() {
        return;
    }
    let dest = DovecotOptions::with_capability("IMAP4rev1").expect("certificates can be made");
    arrives(Way::Plain, MailFormat::Maildir, dest, &awkward(4));
}

#[test]
fn starttls_serves_as_well() {
    if !dovecot_or_not_run() {
        return;
    }
    let dest = options(MailFormat::Maildir);
    arrives(Way::StartTls, MailFormat::Maildir, dest, &plain(3, 40, 5));
}

#[test]
fn names_with_dots_arrive_where_dots_are_possible() {
    if !dovecot_or_not_run() {
        return;
    }
    let mut account = dotted(6);
    account
        .mailboxes
        .extend(plain(4, 5, 6).mailboxes.drain(1..));
    let dest = options(MailFormat::MaildirNested);
    arrives(Way::Tls, MailFormat::MaildirNested, dest, &account);
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");
