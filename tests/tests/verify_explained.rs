//! What `sync` has said already is explained by `verify`, with the reason, and apart from what nobody knew.

use std::time::{SystemTime, UNIX_EPOCH};

use imapsync_tests::corpus::{Account, InternalDate, MailboxSpec, MessageSpec, plain};
use imapsync_tests::program::Pair;
use imapsync_tests::server::{
    Alteration, Body, Delivery, Fault, FlagChange, InternalDate as Date, Profile, Rule,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");
const EXPLANATION: &str = "/explained/reason";

fn of_inbox(messages: Vec<MessageSpec>) -> Account {
    let mut inbox = MailboxSpec::new(&["INBOX"]);
    inbox.messages = messages;
    Account {
        mailboxes: vec![inbox],
    }
}

fn message(id: &str, text: &str) -> MessageSpec {
    MessageSpec::new(format!(
        "Message-ID: <{id}@x>\r\nSubject: {id}\r\n\r\n{text}"
    ))
}

/// A pair whose destination makes this of each message.
fn altered_by(alteration: Alteration, account: &Account) -> Pair {
    let pair = Pair::alike(PROGRAM, Profile::full(), account);
    let rule = Rule::new(Fault::Alter(alteration)).on_command("APPEND");
    pair.dest.add_fault(rule);
    pair
}

/// Changes one letter at the end of a message on the destination.
fn flip(pair: &Pair, uid: u32) {
    let mut store = pair.dest.store();
    let inbox = store.mailbox("alice", "INBOX").expect("it is there");
    let message = inbox.messages.iter_mut().find(|one| one.uid == uid);
    let message = message.expect("it is there");
    let Body::Bytes(octets) = &message.body else {
        panic!("the store keeps what is small");
    };
    let mut octets = octets.to_vec();
    let last = octets
        .iter_mut()
        .rev()
        .find(|one| one.is_ascii_alphabetic());
    *last.expect("there is text") ^= 1;
    message.body = octets.into();
}

/// Verifies with a ledger that knows nothing: then nothing is explained.
#[track_caller]
fn unexplained(pair: &Pair, level: &str) {
    let folder = tempfile::TempDir::new().expect("temporary folders can be made");
    let ledger = folder.path().join("none");
    let ledger = ledger.to_str().expect("UTF-8");
    let Pair { source, dest, .. } = pair;
    let program = imapsync_tests::program::Program::between(PROGRAM, source, dest);
    let verified = program.verified(&["--level", level], 4);
    assert_eq!(verified.get("explained")["count"], 0, "{ledger}");
}

#[test]
fn refused_messages_are_not_missing_without_a_word() {
    let large = "text\r\n".repeat(10_000);
    let account = of_inbox(vec![
        message("a", "x"),
        message("b", &large),
        message("c", "y"),
    ]);
    let limited = Profile {
        appendlimit: Some(50_000),
        ..Profile::full()
    };
    let pair = Pair::new(PROGRAM, Profile::full(), limited, &account);
    pair.program.sync(&[]).exits(3);
    for level in ["counts", "headers", "bodies"] {
        let verified = pair.program.verified(&["--level", level, "--strict"], 3);
        assert_eq!(verified.verdict(), "incomplete");
        assert_eq!(verified.list("wrong"), [""; 0]);
        let uid = if level == "counts" { "-" } else { "2" };
        assert_eq!(
            verified.list("explained"),
            [format!("missing INBOX {uid} -")]
        );
        let reasons = verified.texts("explained", EXPLANATION);
        assert!(reasons[0].contains("refused"), "{reasons:?}");
        unexplained(&pair, level);
    }
    let outcome = pair
        .program
        .verify(&[])
        .exits(3)
        .says("Message is too large");
    assert!(
        outcome.stdout.starts_with("NOT COMPLETE, as sync has said"),
        "{outcome}"
    );
    // One more that is missing is another matter.
    pair.dest
        .store()
        .mailbox("alice", "INBOX")
        .expect("it is there")
        .expunge(|one| one.uid == 1);
    for level in ["counts", "headers", "bodies"] {
        let verified = pair.program.verified(&["--level", level], 4);
        let uid = if level == "counts" { "-" } else { "1" };
        assert_eq!(verified.list("wrong"), [format!("missing INBOX {uid} -")]);
    }
}

#[test]
fn line_ends_that_the_destination_changed_are_explained() {
    let account = of_inbox(vec![
        message("a", "line\nline\n"),
        message("b", "nul \0\r\n"),
        message("c", "good\r\n"),
    ]);
    let pair = altered_by(Alteration::CleanLines, &account);
    pair.program
        .sync(&[])
        .exits(0)
        .says("altered by the destination");
    let verified = pair.program.verified(&["--strict"], 0);
    assert_eq!(verified.verdict(), "explained");
    assert_eq!(
        verified.list("explained"),
        ["altered INBOX 1 1", "altered INBOX 2 2"]
    );
    unexplained(&pair, "bodies");
    // Without the bodies nobody can know that only line ends differ.
    pair.program.verified(&["--level", "headers"], 4);
    flip(&pair, 1);
    let verified = pair.program.verified(&[], 4);
    assert_eq!(verified.list("wrong"), ["altered INBOX 1 1"]);
    assert_eq!(verified.list("explained"), ["altered INBOX 2 2"]);
}

#[test]
fn header_fields_that_the_destination_added_are_explained() {
    let account = of_inbox(
        (0..5)
            .map(|n| message(&n.to_string(), "text\r\n"))
            .collect(),
    );
    let pair = altered_by(Alteration::AddHeader("X-Stored-By: x".to_owned()), &account);
    pair.program.sync(&[]).exits(0);
    let verified = pair.program.verified(&["--strict"], 0);
    assert_eq!(
        verified.get("explained")["count"],
        5,
        "{}",
        verified.outcome
    );
    unexplained(&pair, "bodies");
    flip(&pair, 3);
    let verified = pair.program.verified(&[], 4);
    assert_eq!(verified.list("wrong"), ["altered INBOX 3 3"]);
}

/// The destination tells the present as the date of all mail: the copy of mail from the future is
/// explained, that of older mail is not.
#[test]
fn a_date_in_the_future_may_become_the_time_of_the_copy() {
    let dated = |id, seconds| message(id, "x\r\n").with_date(InternalDate::utc(seconds));
    let account = of_inbox(vec![
        dated("future", 4_102_444_800),
        dated("past", 1_600_000_000),
    ]);
    let pair = Pair::alike(PROGRAM, Profile::full(), &account);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970");
    let now = Date::utc(now.as_secs().cast_signed()).to_string();
    pair.dest.add_fault(Rule::new(Fault::InternalDate(now)));
    pair.program.sync(&[]).exits(0).says("internal date");
    for level in ["headers", "bodies"] {
        let verified = pair.program.verified(&["--level", level], 4);
        assert_eq!(verified.list("wrong"), ["differs INBOX 2 2"]);
        assert_eq!(verified.list("explained"), ["differs INBOX 1 1"]);
    }
    // A date that no run can have given.
    pair.dest.shared().faults().clear();
    let other = "01-Jan-2030 00:00:00 +0000".to_owned();
    pair.dest.add_fault(Rule::new(Fault::InternalDate(other)));
    let verified = pair.program.verified(&[], 4);
    assert_eq!(verified.list("wrong").len(), 2, "{}", verified.outcome);
}

#[test]
fn equal_messages_that_the_destination_keeps_once_are_explained() {
    let twin = message("twin", "the same\r\n");
    let account = of_inbox(vec![
        twin.clone(),
        message("other", "y\r\n"),
        twin.clone(),
        twin,
    ]);
    let pair = Pair::alike(PROGRAM, Profile::full(), &account);
    pair.dest
        .add_fault(Rule::new(Fault::MergeIdentical).on_command("APPEND"));
    pair.program.sync(&[]).exits(0);
    let verified = pair.program.verified(&["--strict"], 0);
    assert_eq!(
        verified.get("explained")["count"],
        2,
        "{}",
        verified.outcome
    );
    let reasons = verified.texts("explained", EXPLANATION);
    assert!(
        reasons
            .iter()
            .all(|reason| reason.contains("equal messages, UID 1")),
        "{reasons:?}"
    );
    pair.dest
        .store()
        .mailbox("alice", "INBOX")
        .expect("it is there")
        .expunge(|one| one.uid == 1);
    let verified = pair.program.verified(&[], 4);
    assert_eq!(verified.get("counts")["missing"], 3, "{}", verified.outcome);
}

/// Two of five equal messages stand under one UID, and of the others the first is lost: however they
/// are paired off, one is missing.
#[test]
fn what_stands_for_several_does_not_hide_a_loss() {
    let twin = message("twin", "the same\r\n");
    let pair = Pair::alike(PROGRAM, Profile::full(), &of_inbox(vec![twin; 5]));
    pair.program.sync(&[]).exits(0);
    // As if the destination had made one of two.
    let [ledger] = &pair.program.ledgers()[..] else {
        panic!("one ledger");
    };
    let db = rusqlite::Connection::open(ledger).expect("SQLite");
    let sql = "UPDATE message SET dest_uid = 4 WHERE source_uid = 5";
    assert_eq!(db.execute(sql, []).expect("written"), 1);
    drop(db);
    let expunge = |uid: u32| {
        let mut store = pair.dest.store();
        let inbox = store.mailbox("alice", "INBOX").expect("it is there");
        assert_eq!(inbox.expunge(|one| one.uid == uid), 1);
    };
    expunge(5);
    let verified = pair.program.verified(&["--strict"], 0);
    assert_eq!(verified.get("explained")["count"], 1);
    expunge(1);
    let verified = pair.program.verified(&[], 4);
    assert_eq!(verified.get("counts")["missing"], 1, "{}", verified.outcome);
    assert_eq!(verified.get("explained")["count"], 1);
}

#[test]
fn flags_that_nobody_can_be_sent_are_explained() {
    let pair = Pair::alike(PROGRAM, Profile::full(), &of_inbox(vec![]));
    let mail = Delivery::new(&b"Subject: x\r\n\r\n"[..]).flagged(&["\\Seen", "a]b"]);
    pair.source.store().deliver("alice", "INBOX", mail);
    pair.program
        .sync(&[])
        .exits(0)
        .says("flags not carried over");
    let verified = pair.program.verified(&["--strict"], 0);
    assert_eq!(verified.list("explained"), ["differs INBOX 1 1"]);
    let mut store = pair.dest.store();
    let inbox = store.mailbox("alice", "INBOX").expect("it is there");
    inbox.messages[0].flags.clear();
    drop(store);
    let verified = pair.program.verified(&[], 4);
    assert_eq!(verified.list("wrong"), ["differs INBOX 1 1"]);
}

#[test]
fn names_that_were_mapped_are_shown_and_no_difference() {
    let mut account = plain(1, 3, 1);
    let mut dotted = MailboxSpec::new(&["v1.2", "x"]);
    dotted.messages = vec![message("a", "x")];
    account.mailboxes.push(dotted);
    let dot = Profile {
        delimiter: '.',
        prefix: "INBOX.",
        ..Profile::full()
    };
    let pair = Pair::new(PROGRAM, Profile::full(), dot, &account);
    pair.program.sync(&[]).exits(0);
    let verified = pair.program.verified(&["--strict"], 0);
    assert_eq!(verified.get("renamed")["count"], 1, "{}", verified.outcome);
    pair.program.verify(&[]).says("v1.2/x -> INBOX.v1=2E2.x");
    let mut store = pair.dest.store();
    let mailbox = store
        .mailbox("alice", "INBOX.v1=2E2.x")
        .expect("it was made");
    mailbox.expunge(|_| true);
    drop(store);
    let outcome = pair.program.verify(&[]).exits(4);
    outcome.says("missing   v1.2/x -> INBOX.v1=2E2.x: UID 1, ");
}

#[test]
fn what_was_never_copied_is_told_from_what_was_lost() {
    let account = of_inbox(vec![message("a", "x"), message("b", "y")]);
    let pair = Pair::alike(PROGRAM, Profile::full(), &account);
    pair.program.sync(&[]).exits(0);
    let mail = Delivery::new(&b"Subject: later\r\n\r\n"[..]);
    pair.source.store().deliver("alice", "INBOX", mail);
    pair.dest
        .store()
        .mailbox("alice", "INBOX")
        .expect("it is there")
        .expunge(|one| one.uid == 2);
    let verified = pair.program.verified(&[], 4);
    assert_eq!(
        verified.list("wrong"),
        ["missing INBOX 2 -", "missing INBOX 3 -"]
    );
    let notes = verified.texts("wrong", "/note");
    assert!(
        notes[0].starts_with("sync stored it there as UID 2"),
        "{notes:?}"
    );
    assert_eq!(notes[1], "sync has not copied it");
}

#[test]
fn whose_flags_have_changed_is_told() {
    let account = of_inbox(vec![message("a", "x"), message("b", "y")]);
    let pair = Pair::alike(PROGRAM, Profile::full(), &account);
    pair.program.sync(&[]).exits(0);
    for (server, uid) in [(&pair.source, 1), (&pair.dest, 2)] {
        let mut store = server.store();
        let inbox = store.mailbox("alice", "INBOX").expect("it is there");
        inbox.change_flags(uid, FlagChange::Add, &["\\Seen".to_owned()]);
    }
    let verified = pair.program.verified(&[], 4);
    assert_eq!(
        verified.texts("wrong", "/note"),
        [
            "the source's flags have changed since sync copied it",
            "the source's flags are those that sync saw"
        ]
    );
}
