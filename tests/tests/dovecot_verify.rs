//! `verify` sees what was done to the destination's mail behind its back, names it, and says so by its
//! exit code.

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{Duration, UNIX_EPOCH};

use imapsync_tests::corpus::{MessageSpec, plain};
use imapsync_tests::program::{DovecotPair, Outcome, USER, Way};
use imapsync_tests::real::{DovecotOptions, MailFormat, dovecot_or_not_run};

/// A small account, copied: 20 messages in INBOX, 20 in another mailbox.
fn copied() -> DovecotPair {
    let options = || DovecotOptions::with_format(MailFormat::Maildir).expect("certificates");
    let account = plain(2, 20, 7);
    let pair = DovecotPair::start(PROGRAM, Way::Plain, options(), options(), &account);
    pair.sync().exits(0);
    pair.verify(&["--strict"]).exits(0);
    pair
}

/// The file of INBOX's message with this UID, by Dovecot's own list: `uid [fields] :name`.
fn mail_file(pair: &DovecotPair, uid: u32) -> PathBuf {
    let inbox = pair.dest.mail_folder(USER);
    let list = fs::read_to_string(inbox.join("dovecot-uidlist")).expect("a list of UIDs");
    let uid = format!("{uid} ");
    let line = list.lines().skip(1).find(|line| line.starts_with(&uid));
    let name = line
        .and_then(|line| line.split_once(" :"))
        .expect("listed")
        .1;
    let folders = ["new", "cur"].map(|part| fs::read_dir(inbox.join(part)).expect("a Maildir"));
    let paths = folders.into_iter().flatten();
    let paths = paths.map(|entry| entry.expect("the folder can be listed").path());
    let is_it = |path: &PathBuf| path.to_string_lossy().contains(name);
    paths.into_iter().find(is_it).expect("the file is there")
}

/// Rewrites a file and keeps its modification time, which is the internal date.
fn flip_last_letter(path: &PathBuf) {
    let modified = fs::metadata(path).and_then(|metadata| metadata.modified());
    let mut bytes = fs::read(path).expect("root reads mail");
    let last = bytes
        .iter_mut()
        .rev()
        .find(|byte| byte.is_ascii_alphabetic());
    *last.expect("there is text") ^= 1;
    fs::write(path, bytes).expect("root writes");
    let file = File::options().write(true).open(path).expect("root opens");
    file.set_modified(modified.expect("a mail file"))
        .expect("root sets times");
}

/// The lines that name a difference, of this kind.
#[track_caller]
fn assert_found(outcome: &Outcome, wanted: &[&str]) {
    let lines: Vec<&str> = outcome
        .stdout
        .lines()
        .filter(|line| KINDS.iter().any(|kind| line.starts_with(kind)))
        .collect();
    assert_eq!(lines.len(), wanted.len(), "{outcome}");
    for start in wanted {
        let found = lines.iter().any(|line| line.starts_with(start));
        assert!(found, "no line {start:?}\n{outcome}");
    }
}

#[test]
fn one_flipped_byte_is_found() {
    if !dovecot_or_not_run() {
        return;
    }
    let pair = copied();
    flip_last_letter(&mail_file(&pair, 5));
    let outcome = pair.verify(&[]).exits(4).says("NOT THE SAME");
    assert_found(&outcome, &["altered   INBOX: UID 5, "]);
}

#[test]
fn one_missing_and_one_extra_message_are_found() {
    if !dovecot_or_not_run() {
        return;
    }
    let pair = copied();
    let mut client = pair.dest.login(USER).expect("alice logs in");
    let extra = MessageSpec::new("Subject: extra\r\n\r\nfrom elsewhere\r\n");
    client.append("Mailbox 1", &[extra]).expect("appended");
    let extra = "extra     Mailbox 1: on the destination UID 21, ";
    let outcome = pair.verify(&[]).exits(0);
    assert_found(&outcome, &[extra]);
    let outcome = pair.verify(&["--strict"]).exits(4);
    assert_found(&outcome, &[extra]);

    fs::remove_file(mail_file(&pair, 9)).expect("root removes");
    let outcome = pair
        .verify(&[])
        .exits(4)
        .says("1 missing or altered, 1 extra");
    assert_found(&outcome, &["missing   INBOX: UID 9, ", extra]);
}

#[test]
fn one_changed_flag_is_found() {
    if !dovecot_or_not_run() {
        return;
    }
    let pair = copied();
    let mut client = pair.dest.login(USER).expect("alice logs in");
    client.run("SELECT \"Mailbox 1\"").expect("it is there");
    client.run("STORE 7 +FLAGS (Unheard-Of)").expect("stored");
    let outcome = pair.verify(&[]).exits(4).says("unheard-of");
    assert_found(&outcome, &["differs   Mailbox 1: UID 7, "]);
}

#[test]
fn one_changed_date_is_found() {
    if !dovecot_or_not_run() {
        return;
    }
    let pair = copied();
    let inbox = pair.dest.mail_folder(USER);
    let file = File::options().write(true).open(mail_file(&pair, 3));
    let date = UNIX_EPOCH + Duration::from_secs(86_400);
    file.and_then(|file| file.set_modified(date))
        .expect("root sets times");
    // It keeps dates that a client once asked for.
    fs::remove_file(inbox.join("dovecot.index.cache")).expect("root removes");
    let outcome = pair.verify(&[]).exits(4).says("02-Jan-1970 00:00:00 +0000");
    assert_found(&outcome, &["differs   INBOX: UID 3, "]);
}

#[test]
fn a_missing_mailbox_is_found() {
    if !dovecot_or_not_run() {
        return;
    }
    let pair = copied();
    let mut client = pair.dest.login(USER).expect("alice logs in");
    client.run("DELETE \"Mailbox 1\"").expect("deleted");
    let outcome = pair.verify(&[]).exits(4);
    assert_found(
        &outcome,
        &["missing   Mailbox 1: the mailbox Mailbox 1 with 20 messages"],
    );
}

const KINDS: [&str; 4] = ["altered ", "differs ", "extra ", "missing "];
const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");
