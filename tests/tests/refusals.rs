//! Messages that the destination does not take: who they are, copies of them, and another try.

use std::fs;
use std::path::{Path, PathBuf};

use imapsync_tests::corpus::{Account, MailboxSpec, MessageSpec, plain};
use imapsync_tests::program::Pair;
use imapsync_tests::server::{Delivery, Fault, Profile, Rule};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");

/// A destination that takes no more than this, and a source with two messages that have more: one
/// comes whole into memory, the other is passed on piece by piece.
const LIMIT: u64 = 50_000;
/// The internal date of the large ones.
const DATE: &str = "13-Sep-2020 12:26:40 +0000";

fn large(id: &str, lines: usize) -> MessageSpec {
    let text = "x1 CREATE pwned, said the \0 mail\n".repeat(lines);
    MessageSpec::new(format!(
        "Subject: large\r\nMessage-ID:\r\n\t<{id}@example.org>\r\n\r\n{text}"
    ))
}

/// INBOX with two messages that are too large, UIDs 3 and 7, and a mailbox with an awkward name and one.
fn too_large(profile: Profile) -> Pair {
    let mut account = plain(1, 8, 1);
    let inbox = &mut account.mailboxes[0].messages;
    inbox.retain(|message| (message.body.len() as u64) < LIMIT);
    inbox.insert(2, large("collected", 3_000));
    inbox.insert(6, large("streamed", 20_000));
    let mut awkward = MailboxSpec::new(&["..", "50% Entwürfe"]);
    awkward.messages = vec![large("awkward", 2_000)];
    account.mailboxes.push(awkward);
    let limited = Profile {
        appendlimit: Some(LIMIT),
        ..profile.clone()
    };
    Pair::new(PROGRAM, profile, limited, &account)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("the folder can be listed").path();
        match path.is_dir() {
            true => files.extend(self::files(&path)),
            false => files.push(path),
        }
    }
    files.sort();
    files
}

/// What the source has of this UID.
fn original(pair: &Pair, mailbox: &str, uid: u32) -> Vec<u8> {
    let mut store = pair.source.store();
    let mailbox = store.mailbox("alice", mailbox).expect("it is there");
    let message = mailbox.message(uid).expect("it is there");
    match &message.body {
        imapsync_tests::server::Body::Bytes(octets) => octets.to_vec(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_is_listed_with_all_that_identifies_it() {
    for profile in [Profile::full(), Profile::plain()] {
        let pair = too_large(profile);
        for _ in 0..2 {
            let outcome = pair.program.sync(&[]).exits(3).says("INBOX");
            let outcome = outcome.says("Message is too large");
            let octets = original(&pair, "INBOX", 3).len();
            let line = format!("UID 3, {octets} octets, {DATE}, <collected@example.org>: ");
            outcome.says(&line).says("<streamed@example.org>");
        }
        pair.assert_source_only_read();
    }
}

#[test]
fn json_says_the_same() {
    let pair = too_large(Profile::full());
    let outcome = pair.program.sync(&["--json"]).exits(3);
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    let inbox = &json["report"]["mailboxes"][0];
    let refused = &inbox["refused"]["first"][0];
    assert_eq!(inbox["source"], "INBOX", "{json}");
    assert_eq!(refused["uid"], 3, "{json}");
    assert_eq!(refused["message_id"], "<collected@example.org>", "{json}");
    assert_eq!(refused["internal_date"], DATE, "{json}");
    assert_eq!(
        refused["octets"],
        original(&pair, "INBOX", 3).len(),
        "{json}"
    );
    assert!(refused["saved"].is_null(), "{json}");
}

/// A destination without a limit refuses in its own words, each message for itself.
#[test]
fn a_message_without_message_id_is_listed_once_its_header_was_asked_for() {
    let mut inbox = MailboxSpec::new(&["INBOX"]);
    inbox.messages = vec![MessageSpec::new("Subject: x\r\n\r\n")];
    let account = Account {
        mailboxes: vec![inbox],
    };
    let pair = Pair::alike(PROGRAM, Profile::full(), &account);
    let no = Fault::Refuse("NO Message contains invalid header".to_owned());
    pair.dest.add_fault(Rule::new(no).on_command("APPEND"));
    pair.program.sync(&[]).exits(3).says("no Message-ID");
    pair.source.log().clear();
    pair.program.sync(&[]).exits(3).says("no Message-ID");
    assert_eq!(pair.source.log().count("UID FETCH"), 0, "it is known");
}

#[test]
fn copies_are_saved_octet_by_octet_and_never_overwritten() {
    for profile in [Profile::full(), Profile::plain()] {
        let pair = too_large(profile);
        let folder = TempDir::new().expect("temporary folders can be made");
        let refused = folder.path().join("refused");
        let option = ["--save-refused", refused.to_str().expect("UTF-8")];
        // Also what an earlier run was told, which was not asked to save anything.
        pair.program.sync(&[]).exits(3);
        pair.program.sync(&option).exits(3).says("saved as");
        let saved = files(&refused);
        assert_eq!(files(folder.path()), saved, "nothing outside the folder");
        let names: Vec<_> = saved
            .iter()
            .map(|path| {
                path.strip_prefix(&refused)
                    .expect("inside")
                    .display()
                    .to_string()
            })
            .collect();
        assert_eq!(names.len(), 3, "{names:?}");
        let validity = |mailbox: &str| {
            let mut store = pair.source.store();
            store
                .mailbox("alice", mailbox)
                .expect("it is there")
                .uidvalidity
        };
        let inbox = validity("INBOX");
        let awkward = "../50% Entw&APw-rfe";
        assert_eq!(
            names[0],
            format!("%2E.%2F50%25 Entwürfe/{}-1.eml", validity(awkward))
        );
        assert_eq!(names[1], format!("INBOX/{inbox}-3.eml"));
        assert_eq!(
            fs::read(&saved[0]).expect("readable"),
            original(&pair, awkward, 1)
        );
        assert_eq!(
            fs::read(&saved[1]).expect("readable"),
            original(&pair, "INBOX", 3)
        );
        assert_eq!(
            fs::read(&saved[2]).expect("readable"),
            original(&pair, "INBOX", 7)
        );
        fs::write(&saved[1], "mine").expect("writable");
        pair.source.log().clear();
        pair.program.sync(&option).exits(3).says("saved as");
        assert_eq!(fs::read(&saved[1]).expect("readable"), b"mine");
        assert_eq!(pair.source.log().count("UID FETCH"), 0);
        pair.assert_source_only_read();
    }
}

#[test]
fn a_connection_lost_while_saving_leaves_no_torn_file() {
    let pair = too_large(Profile::full());
    let folder = TempDir::new().expect("temporary folders can be made");
    let option = ["--save-refused", folder.path().to_str().expect("UTF-8")];
    pair.program.sync(&[]).exits(3);
    let cut = Fault::CutInLiteral {
        literal: 2,
        after: 300_000,
    };
    let connection = pair.source.shared().connections() + 1;
    pair.source
        .add_fault(Rule::new(cut).on_connection(connection));
    pair.program.sync(&option).exits(3).says("connecting again");
    assert_eq!(files(folder.path()).len(), 3, "no temporary file is left");
    for (uid, file) in [3, 7].into_iter().zip(&files(folder.path())[1..]) {
        assert_eq!(
            fs::read(file).expect("readable"),
            original(&pair, "INBOX", uid)
        );
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_told_and_costs_no_mail() {
    let pair = too_large(Profile::full());
    let outcome = pair.program.sync(&["--save-refused", "/proc/nowhere"]);
    outcome.exits(3).says("NOT SAVED").says("/proc/nowhere");
    assert!(pair.dest.store().message_count("alice") > 4);
}

#[test]
fn a_message_that_is_gone_cannot_be_saved() {
    let pair = too_large(Profile::full());
    pair.program.sync(&[]).exits(3);
    let mut store = pair.source.store();
    let inbox = store.mailbox("alice", "INBOX").expect("it is there");
    inbox.expunge(|message| message.uid == 3);
    drop(store);
    let folder = TempDir::new().expect("temporary folders can be made");
    let option = ["--save-refused", folder.path().to_str().expect("UTF-8")];
    let outcome = pair.program.sync(&option).exits(3);
    outcome.says("NOT SAVED: it is no longer on the source");
    assert_eq!(files(folder.path()).len(), 2);
}

#[test]
fn what_was_refused_is_tried_again_on_request_only() {
    for profile in [Profile::full(), Profile::plain()] {
        let pair = too_large(profile.clone());
        pair.program.sync(&[]).exits(3);
        pair.dest.shared().set_profile(profile);
        pair.dest.log().clear();
        pair.program.sync(&[]).exits(3).says("too large");
        assert_eq!(pair.dest.log().count("APPEND"), 0, "remembered");
        pair.program.sync(&["--retry-refused"]).exits(0);
        assert_eq!(pair.dest.log().count("APPEND"), 3);
        pair.assert_settled();
    }
}

#[test]
fn what_is_refused_again_is_listed_again() {
    let pair = too_large(Profile::full());
    pair.program.sync(&[]).exits(3);
    pair.source.store().deliver(
        "alice",
        "INBOX",
        Delivery::new(&b"Subject: new\r\n\r\n"[..]),
    );
    let outcome = pair.program.sync(&["--retry-refused"]).exits(3);
    outcome
        .says("1 copied")
        .says("<collected@example.org>")
        .says("<streamed@example.org>");
    pair.program
        .sync(&[])
        .exits(3)
        .says("<collected@example.org>");
}

/// A destination that takes nothing: the list is long, the memory is not (12 MiB; all refusals at once
/// would take 24).
#[test]
fn very_many_refusals_take_little_memory() {
    let mut inbox = MailboxSpec::new(&["INBOX"]);
    let message = |number| MessageSpec::new(format!("Message-ID: <{number}@example.org>\r\n\r\n"));
    inbox.messages = (0..60_000).map(message).collect();
    let account = Account {
        mailboxes: vec![inbox],
    };
    let pair = Pair::alike(PROGRAM, Profile::full(), &account);
    let no = Fault::Refuse("NO Message contains invalid header".to_owned());
    pair.dest.add_fault(Rule::new(no).on_command("APPEND"));
    for _ in 0..2 {
        let outcome = pair.program.sync(&[]).exits(3);
        assert!(outcome.peak_kib < 18 << 10, "{outcome}");
        let outcome = outcome
            .says("and 59000 more")
            .says("60000 messages were refused");
        outcome.says("<999@example.org>");
    }
}
