//! The comparison proved on real mail files: it sees every kind of damage done to a Maildir.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use imapsync_tests::compare::Snapshot;
use imapsync_tests::corpus::plain;
use imapsync_tests::real::{Dovecot, DovecotOptions, MailFormat, dovecot_or_not_run};

/// A small account on a Maildir, and what it holds before the damage.
struct Victim {
    server: Dovecot,
    before: Snapshot,
}

impl Victim {
    fn new() -> Self {
        let account = plain(2, 10, 5);
        let options =
            DovecotOptions::with_format(MailFormat::Maildir).expect("certificates can be made");
        let server = Dovecot::start(options).expect("dovecot starts");
        server
            .fill("alice", &account)
            .expect("dovecot takes the corpus");
        let before = snapshot(&server);
        assert_equal(&Snapshot::of_account(&account), &before);
        Self { server, before }
    }

    fn folder(&self) -> PathBuf {
        self.server.mail_folder("alice")
    }

    /// Does the damage, asks for the one line that names it, undoes it.
    #[track_caller]
    fn sees(&self, words: &str, damage: impl FnOnce(&Path), undo: impl FnOnce(&Path)) {
        damage(&self.folder());
        let lines = self.before.differences(&snapshot(&self.server));
        assert!(!lines.is_empty(), "not seen: {words}");
        assert!(
            lines.iter().any(|line| line.contains(words)),
            "{words}: {lines:?}"
        );
        undo(&self.folder());
        assert_equal(&self.before, &snapshot(&self.server));
    }
}

fn snapshot(server: &Dovecot) -> Snapshot {
    Snapshot::of_dovecot(server, "alice").expect("the mail store is readable")
}

#[track_caller]
fn assert_equal(expected: &Snapshot, actual: &Snapshot) {
    let differences = expected.differences(actual);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// The first mail file of INBOX whose name says that it was seen.
fn seen_mail(folder: &Path) -> PathBuf {
    let mut files: Vec<PathBuf> = entries(&folder.join("cur")).collect();
    files.sort();
    let seen = files
        .into_iter()
        .find(|path| path.to_string_lossy().ends_with(":2,S"));
    seen.expect("half of all messages are seen")
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
}

/// Rewrites a file and keeps its modification time, which is the internal date.
fn rewrite(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let modified = fs::metadata(path)
        .and_then(|metadata| metadata.modified())
        .expect("a mail file");
    let mut bytes = fs::read(path).expect("a mail file");
    change(&mut bytes);
    fs::write(path, bytes).expect("root writes");
    File::options()
        .write(true)
        .open(path)
        .and_then(|file| file.set_modified(modified))
        .expect("root sets times");
}

fn rename(from: &Path, to: &Path) {
    fs::rename(from, to).expect("root renames");
}

#[test]
fn sees_one_changed_byte_flag_and_date() {
    if !dovecot_or_not_run() {
        return;
    }
    let victim = Victim::new();
    let mail = seen_mail(&victim.folder());
    let flip = |_: &Path| rewrite(&mail, |bytes| *bytes.last_mut().expect("not empty") ^= 1);
    victim.sees("missing", flip, flip);

    let flagged = PathBuf::from(format!("{}F", mail.display()).replace(":2,SF", ":2,FS"));
    victim.sees(
        "flags",
        |_| rename(&mail, &flagged),
        |_| rename(&flagged, &mail),
    );

    let modified = fs::metadata(&mail)
        .and_then(|metadata| metadata.modified())
        .expect("a mail file");
    let set = |time| {
        File::options()
            .write(true)
            .open(&mail)
            .and_then(|file| file.set_modified(time))
    };
    let second = modified + Duration::from_secs(1);
    assert!(modified > UNIX_EPOCH);
    victim.sees(
        "internal date",
        |_| set(second).expect("root"),
        |_| set(modified).expect("root"),
    );
}

#[test]
fn sees_one_name_more_or_less_and_one_message_missing_or_doubled() {
    if !dovecot_or_not_run() {
        return;
    }
    let victim = Victim::new();
    let (name, other) = (
        victim.folder().join(".Mailbox 1"),
        victim.folder().join(".Mailbox  1"),
    );
    victim.sees(
        "Mailbox  1",
        |_| rename(&name, &other),
        |_| rename(&other, &name),
    );

    let mail = seen_mail(&victim.folder());
    let (hidden, copy) = (
        victim.folder().join("hidden"),
        mail.with_file_name("copy:2,S"),
    );
    victim.sees(
        "missing",
        |_| rename(&mail, &hidden),
        |_| rename(&hidden, &mail),
    );

    let double = |_: &Path| {
        fs::copy(&mail, &copy).expect("root copies");
        let time = fs::metadata(&mail)
            .and_then(|metadata| metadata.modified())
            .expect("a mail file");
        File::options()
            .write(true)
            .open(&copy)
            .and_then(|file| file.set_modified(time))
            .expect("root sets times");
    };
    victim.sees("should not be there", double, |_| {
        fs::remove_file(&copy).expect("root removes")
    });

    let list = victim.folder().join("subscriptions");
    let before = fs::read(&list).expect("there are subscriptions");
    let shorter = String::from_utf8_lossy(&before).replace("Mailbox 1\n", "");
    victim.sees(
        "subscription",
        |_| fs::write(&list, shorter).expect("root"),
        |_| fs::write(&list, &before).expect("root"),
    );
}

#[test]
fn sees_two_messages_in_another_order() {
    if !dovecot_or_not_run() {
        return;
    }
    let victim = Victim::new();
    let list = victim.folder().join("dovecot-uidlist");
    let before = fs::read_to_string(&list).expect("a list of UIDs");
    let swapped = before
        .replacen("\n1 :", "\nx :", 1)
        .replacen("\n2 :", "\n1 :", 1)
        .replacen("\nx :", "\n2 :", 1);
    assert_ne!(before, swapped);
    victim.sees(
        "order",
        |_| fs::write(&list, swapped).expect("root"),
        |_| fs::write(&list, &before).expect("root"),
    );
}
