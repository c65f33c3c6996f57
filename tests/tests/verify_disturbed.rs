//! `verify` while connections break, servers refuse, and mailboxes change under its hands.

use imapsync_tests::corpus::{Account, MailboxSpec, MessageSpec, plain};
use imapsync_tests::program::Pair;
use imapsync_tests::server::{EmbeddedServer, Fault, Operation, Profile, Rule, Which};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");
const SINGLY: [&str; 2] = ["--connections", "1"];

/// 1,000 small messages in INBOX, copied: five windows.
fn copied() -> Pair {
    let mut inbox = MailboxSpec::new(&["INBOX"]);
    let message = |number| {
        MessageSpec::new(format!(
            "Message-ID: <{number}@x>\r\nSubject: x\r\n\r\ntext\r\n"
        ))
    };
    inbox.messages = (0..1_000).map(message).collect();
    let account = Account {
        mailboxes: vec![inbox],
    };
    let pair = Pair::alike(PROGRAM, Profile::full(), &account);
    pair.program.sync(&[]).exits(0);
    pair
}

/// Before the n-th FETCH, the account's user does this.
fn meanwhile(server: &EmbeddedServer, operation: Operation, nth: usize) {
    let rule = Rule::new(Fault::Meanwhile(operation)).on_command("FETCH");
    server.add_fault(rule.nth(nth));
}

fn expunge(which: Which) -> Operation {
    Operation::Expunge {
        mailbox: "INBOX".to_owned(),
        which,
    }
}

#[test]
fn a_connection_that_is_lost_is_made_anew() {
    for level in ["headers", "bodies"] {
        for side in ["source", "destination"] {
            let pair = copied();
            let server = if side == "source" {
                &pair.source
            } else {
                &pair.dest
            };
            let cut = Fault::CutInLiteral {
                literal: 500,
                after: 7,
            };
            let connection = server.shared().connections() + 1;
            server.add_fault(Rule::new(cut).on_connection(connection));
            let verified = pair.program.verified(&["--level", level, "--strict"], 0);
            assert_eq!(server.shared().connections(), connection + 1);
            assert!(verified.outcome.stderr.contains("connecting again"));
            assert_eq!(verified.get("messages"), 1_000);
        }
    }
}

#[test]
fn a_connection_that_stays_lost_is_no_verdict() {
    let pair = copied();
    let cut = Rule::new(Fault::CutBeforeReply).on_command("FETCH");
    pair.dest.add_fault(cut);
    let outcome = pair.program.verify(&["--give-up-after", "1s"]).exits(5);
    assert_eq!(outcome.stdout, "");
}

/// Those behind it get other numbers, and one of them is not read the first time.
#[test]
fn mail_that_is_expunged_on_the_source_is_not_missing() {
    let pair = copied();
    meanwhile(&pair.source, expunge(Which::First(3)), 3);
    let verified = pair.program.verified(&SINGLY, 0);
    let notes = verified.get("notes").to_string();
    assert!(
        notes.contains("INBOX: 3 messages were expunged on the source"),
        "{notes}"
    );
    assert_eq!(verified.get("messages"), 997);
    let extra = ["extra INBOX - 1", "extra INBOX - 2", "extra INBOX - 3"];
    assert_eq!(verified.list("extra"), extra);
}

#[test]
fn mail_that_is_expunged_on_the_destination_meanwhile_is_no_loss_and_no_verdict() {
    for level in ["headers", "bodies"] {
        let pair = copied();
        meanwhile(&pair.dest, expunge(Which::Uids(vec![7, 8])), 4);
        let options = [&SINGLY[..], &["--level", level]].concat();
        let verified = pair.program.verified(&options, 5);
        assert_eq!(verified.verdict(), "unsettled");
        assert_eq!(verified.list("wrong"), [""; 0]);
        assert_eq!(
            verified.list("unsettled"),
            ["vanished INBOX 7 -", "vanished INBOX 8 -"]
        );
        // Now it is as it is.
        let verified = pair.program.verified(&options, 4);
        assert_eq!(
            verified.list("wrong"),
            ["missing INBOX 7 -", "missing INBOX 8 -"]
        );
    }
}

#[test]
fn what_is_lost_besides_is_found_all_the_same() {
    let pair = copied();
    let mut store = pair.dest.store();
    store
        .mailbox("alice", "INBOX")
        .expect("it is there")
        .expunge(|one| one.uid == 500);
    drop(store);
    meanwhile(&pair.dest, expunge(Which::Uids(vec![7])), 4);
    let verified = pair.program.verified(&SINGLY, 4);
    assert_eq!(verified.list("wrong"), ["missing INBOX 500 -"]);
    assert_eq!(verified.list("unsettled"), ["vanished INBOX 7 -"]);
}

#[test]
fn mail_that_arrives_meanwhile_is_not_missing() {
    for level in ["headers", "bodies"] {
        for side in ["source", "destination"] {
            let pair = copied();
            let server = if side == "source" {
                &pair.source
            } else {
                &pair.dest
            };
            let deliver = Operation::Deliver {
                mailbox: "INBOX".to_owned(),
                body: "Subject: new\r\n\r\n".into(),
            };
            meanwhile(server, deliver, 3);
            let options = [&SINGLY[..], &["--level", level, "--strict"]].concat();
            let verified = pair.program.verified(&options, 0);
            let note = format!("1 messages arrived on the {side} while it was read");
            let notes = verified.get("notes").to_string();
            assert!(notes.contains(&note), "{notes}");
        }
    }
}

#[test]
fn a_mailbox_that_never_rests_is_no_verdict() {
    let pair = copied();
    let rule = Rule::new(Fault::Meanwhile(expunge(Which::First(1))));
    pair.source.add_fault(rule.on_command("FETCH"));
    let verified = pair.program.verified(&SINGLY, 5);
    assert_eq!(verified.list("unsettled"), ["unsettled INBOX - -"]);
    assert_eq!(verified.list("wrong"), [""; 0]);
}

#[test]
fn one_mailbox_that_is_refused_does_not_keep_us_from_the_others() {
    let pair = Pair::alike(PROGRAM, Profile::full(), &plain(3, 20, 7));
    pair.program.sync(&[]).exits(0);
    let no = Fault::Refuse("NO [NOPERM] not you".to_owned());
    let rule = Rule::new(no).on_command("EXAMINE").on_mailbox("Mailbox 1");
    pair.dest.add_fault(rule);
    let mut store = pair.dest.store();
    store
        .mailbox("alice", "Mailbox 2")
        .expect("it is there")
        .expunge(|one| one.uid == 4);
    drop(store);
    for connections in ["1", "3"] {
        let verified = pair.program.verified(&["--connections", connections], 4);
        let wrong = ["unread Mailbox 1 - -", "missing Mailbox 2 4 -"];
        assert_eq!(verified.list("wrong"), wrong);
        let notes = verified.texts("wrong", "/note");
        assert!(notes[0].contains("not you"), "{notes:?}");
    }
}

#[test]
fn a_server_that_allows_one_connection_is_enough() {
    let one = Profile {
        connection_limit: Some(1),
        ..Profile::full()
    };
    let pair = Pair::alike(PROGRAM, one, &plain(4, 20, 7));
    pair.program.sync(&[]).exits(0);
    let verified = pair.program.verified(&["--strict"], 0);
    assert_eq!(verified.get("messages"), 80);
}

/// Helpers whose connections stay lost put their mailboxes back for the first pair of connections.
#[test]
fn what_helpers_cannot_read_is_read_all_the_same() {
    let pair = Pair::alike(PROGRAM, Profile::full(), &plain(4, 20, 7));
    pair.program.sync(&[]).exits(0);
    let bye = Fault::Bye("go away".to_owned());
    let connections = pair.source.shared().connections();
    for connection in connections + 2..connections + 40 {
        let rule = Rule::new(bye.clone()).on_command("FETCH");
        pair.source.add_fault(rule.on_connection(connection));
    }
    let verified = pair
        .program
        .verified(&["--strict", "--give-up-after", "1s"], 0);
    assert_eq!(verified.get("messages"), 80, "{}", verified.outcome);
    assert!(pair.source.shared().connections() > connections + 4);
}
