//! What is in doubt after a cut, point by point: how it is recognised, what happens where it cannot be,
//! and what is said about it.

use std::collections::BTreeMap;
use std::time::Duration;

use imapsync_tests::corpus::{Account, MailboxSpec, MessageSpec, plain};
use imapsync_tests::program::interruption::each;
use imapsync_tests::program::{Outcome, Pair};
use imapsync_tests::server::{
    Alteration, AppendUidLie, Delivery, EmbeddedServer, Fault, HangUp, Operation, Profile, Rule,
    Which,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");

/// One mailbox; bodies of few sizes, so that sizes alone tell little.
fn inbox(messages: usize) -> Account {
    let mut account = plain(1, messages, 1);
    for (number, message) in account.mailboxes[0].messages.iter_mut().enumerate() {
        let body = format!(
            "Message-ID: <{number:04}@example.org>\r\nSubject: {number:04}\r\n\r\n{}\r\n",
            "x".repeat(number % 3)
        );
        message.body = body.into();
    }
    account
}

fn on_append(fault: Fault, nth: usize) -> Rule {
    Rule::new(fault).on_command("APPEND").nth(nth)
}

fn count(pair: &Pair, mailbox: &str) -> usize {
    let mut store = pair.dest.store();
    store
        .mailbox("alice", mailbox)
        .map_or(0, |mailbox| mailbox.messages.len())
}

/// The ledger's map, each source UID with the destination UID that it stands under, if it is known.
fn map(pair: &Pair) -> BTreeMap<u32, Option<u32>> {
    let ledgers = pair.program.ledgers();
    let db = rusqlite::Connection::open(&ledgers[0]).expect("a ledger");
    let mut query = db
        .prepare("SELECT source_uid, dest_uid FROM message")
        .expect("its table");
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.expect("rows")
        .collect::<Result<_, _>>()
        .expect("numbers")
}

/// Fails the test unless every message stands in the map under the UID of the message with its body.
#[track_caller]
fn assert_map_is_right(pair: &Pair) {
    for (source, dest) in map(pair) {
        let dest = dest.unwrap_or_else(|| panic!("the UID of message {source} is not known"));
        let body = |server: &EmbeddedServer, uid: u32| {
            let mut store = server.store();
            let mailbox = store.mailbox("alice", "INBOX").expect("it exists");
            mailbox.message(uid).map(|message| message.body.digest())
        };
        assert_eq!(
            body(&pair.source, source),
            body(&pair.dest, dest),
            "message {source}"
        );
    }
}

/// A run whose connection to the destination is lost after the 20th message was stored.
fn cut_after_twenty(pair: &Pair, options: &[&str]) -> Outcome {
    pair.dest.add_fault(on_append(Fault::CutBeforeReply, 20));
    pair.program.sync(options)
}

// Point 1: what lies below the mark is not looked at again.

#[test]
fn only_what_lies_above_the_mark_is_in_doubt() {
    let pair = Pair::alike(PROGRAM, Profile::singles(), &inbox(100));
    pair.program.sync(&[]).exits(0);
    for number in 0..30 {
        let body = format!("Subject: new {number}\r\n\r\nx\r\n");
        pair.source
            .store()
            .deliver("alice", "INBOX", Delivery::new(body.into_bytes()));
    }
    pair.dest.log().clear();
    cut_after_twenty(&pair, &[]).exits(0).says("recognised");
    for arguments in pair.dest.log().arguments("UID FETCH") {
        let first: u32 = arguments
            .split([':', ',', ' '])
            .next()
            .and_then(|n| n.parse().ok())
            .expect("a UID");
        assert!(first > 100, "it looked at {arguments}");
    }
    pair.assert_finishes();
}

// Point 2: APPENDUID is a claim.

#[test]
fn a_server_that_lies_about_uids_is_found_out() {
    let lies = [
        AppendUidLie::Swapped,
        AppendUidLie::OtherValidity,
        AppendUidLie::Shifted(1),
        AppendUidLie::Shifted(7),
        AppendUidLie::Below(1),
        AppendUidLie::TooMany,
        AppendUidLie::Missing,
        AppendUidLie::Always(1),
        AppendUidLie::Another { seed: 1 },
        AppendUidLie::Random { seed: 1 },
    ];
    let cases: Vec<_> = lies
        .into_iter()
        .flat_map(|lie| [(lie, false), (lie, true)])
        .collect();
    each(&cases, |&(lie, cut)| {
        let pair = Pair::alike(PROGRAM, Profile::full(), &inbox(50));
        pair.dest
            .add_fault(Rule::new(Fault::AppendUid(lie)).on_command("APPEND"));
        let outcome = match cut {
            true => cut_after_twenty(&pair, &[]),
            false => pair.program.sync(&[]),
        };
        outcome.exits(0);
        pair.assert_equal();
        assert_map_is_right(&pair);
        pair.assert_finishes();
    });
}

/// The lie names the UID of a message whose own answer is then lost.
#[test]
fn a_lie_about_the_last_message_before_a_cut_costs_nothing() {
    each(&[1, 19], |&shift| {
        let pair = Pair::alike(PROGRAM, Profile::singles(), &inbox(50));
        let lie = AppendUidLie::Shifted(shift);
        pair.dest.add_fault(on_append(Fault::AppendUid(lie), 19));
        cut_after_twenty(&pair, &[]).exits(0);
        pair.assert_equal();
        assert_map_is_right(&pair);
        pair.assert_finishes();
    });
}

#[test]
fn without_appenduid_messages_are_found_though_other_mail_arrives() {
    let pair = Pair::alike(PROGRAM, Profile::plain(), &inbox(50));
    for nth in [3, 20, 41] {
        let deliver = Operation::Deliver {
            mailbox: "INBOX".to_owned(),
            body: format!("Subject: own {nth}\r\n\r\n{}\r\n", "y".repeat(nth)).into(),
        };
        pair.dest
            .add_fault(on_append(Fault::Meanwhile(deliver), nth));
    }
    pair.program
        .sync(&[])
        .exits(0)
        .says("3 messages on the destination are from elsewhere");
    assert_map_is_right(&pair);
    pair.assert_settled();
    assert_eq!(count(&pair, "INBOX"), 53);
}

#[test]
fn equal_messages_that_the_destination_keeps_once_are_reported() {
    for profile in [Profile::full(), Profile::plain()] {
        let mut account = inbox(20);
        let messages = &mut account.mailboxes[0].messages;
        messages[7].body = messages[3].body.clone();
        let pair = Pair::alike(PROGRAM, profile, &account);
        pair.dest
            .add_fault(Rule::new(Fault::MergeIdentical).on_command("APPEND"));
        let outcome = pair.program.sync(&[]).exits(0);
        outcome.says("UID 8, there 4: not stored again, an equal message was there");
        assert_eq!(count(&pair, "INBOX"), 19);
        pair.assert_settled();
    }
}

// Point 3: bodies are matched exactly, then in the forms that servers store.

#[test]
fn what_a_destination_alters_is_recognised_and_reported() {
    let alterations = [
        Alteration::AddHeader("X-Stored-By: an altering server".to_owned()),
        Alteration::StripHeader("X-Mailer".to_owned()),
        Alteration::CleanLines,
    ];
    let cases: Vec<_> = alterations
        .into_iter()
        .flat_map(|one| [(one.clone(), "full"), (one, "plain")])
        .collect();
    each(&cases, |(alteration, profile)| {
        let mut account = inbox(50);
        for message in &mut account.mailboxes[0].messages {
            let text = String::from_utf8(message.body.to_vec()).expect("text");
            let text = text.replacen("\r\n\r\n", "\r\nX-Mailer: y\r\n\r\nbare\nline\0feed\r\n", 1);
            message.body = text.into();
        }
        let profile = Profile::named(profile).expect("there is such a profile");
        let pair = Pair::alike(PROGRAM, profile, &account);
        pair.dest
            .add_fault(Rule::new(Fault::Alter(alteration.clone())).on_command("APPEND"));
        let outcome = cut_after_twenty(&pair, &[]).exits(0);
        assert_eq!(count(&pair, "INBOX"), 50, "{outcome}");
        outcome.says("50 messages were altered by the destination");
        pair.assert_settled();
    });
}

#[test]
fn identical_copies_stay_as_many_as_they_are() {
    each(&[1, 2, 3, 5], |&nth| {
        let copy = "Subject: the same\r\n\r\nx\r\n";
        let messages = (0..5).map(|_| MessageSpec::new(copy)).collect();
        let account = Account {
            mailboxes: vec![MailboxSpec {
                messages,
                ..inbox(1).mailboxes.remove(0)
            }],
        };
        for profile in [Profile::full(), Profile::plain()] {
            let pair = Pair::alike(PROGRAM, profile, &account);
            pair.dest.add_fault(on_append(Fault::CutBeforeReply, nth));
            pair.program.sync(&[]).exits(0);
            pair.assert_equal();
            pair.assert_finishes();
        }
    });
}

// Point 4: absent is not yet absent; what is there needs no waiting.

#[test]
fn nothing_is_waited_for_when_all_is_there() {
    let pair = Pair::alike(PROGRAM, Profile::singles(), &inbox(50));
    pair.dest.add_fault(on_append(Fault::CutBeforeReply, 50));
    let outcome = pair.program.sync(&[]).exits(0).says("recognised");
    // One second lies between the loss and the new connection.
    assert!(outcome.elapsed < Duration::from_millis(2500), "{outcome}");
    pair.assert_finishes();
}

#[test]
fn a_message_that_arrives_late_is_waited_for() {
    let pair = Pair::alike(PROGRAM, Profile::singles(), &inbox(50));
    // A second lies between the loss and the new connection.
    let late = Fault::CommitLate {
        after: Duration::from_millis(2200),
        hang_up: HangUp::Server,
    };
    pair.dest.add_fault(on_append(late, 20));
    pair.program.sync(&[]).exits(0).says("recognised");
    pair.assert_equal();
    pair.assert_finishes();
}

#[test]
fn a_message_that_arrives_after_all_patience_is_reported() {
    let pair = Pair::alike(PROGRAM, Profile::singles(), &inbox(60));
    let late = Fault::CommitLate {
        after: Duration::from_millis(4500),
        hang_up: HangUp::Server,
    };
    pair.dest.add_fault(on_append(late, 20));
    // The run is still under way when it arrives.
    let slow = Rule::new(Fault::Delay(Duration::from_millis(100))).on_command("APPEND");
    pair.dest.add_fault(slow.on_connection(2));
    let outcome = pair.program.sync(&[]).exits(3);
    outcome.says("arrived twice, once very late: UID 20");
    assert_eq!(count(&pair, "INBOX"), 61);
}

// Point 5: where UIDNEXT is not told, and where own mail shows late.

#[test]
fn servers_that_hide_things_lose_nothing() {
    let hiding = Profile {
        hides_new_mail: true,
        ..Profile::plain()
    };
    let silent = Profile {
        select_uidnext: false,
        ..Profile::plain()
    };
    each(&[hiding, silent], |profile| {
        let pair = Pair::alike(PROGRAM, profile.clone(), &inbox(50));
        if !profile.select_uidnext {
            pair.dest.add_fault(Rule::new(Fault::NoUidNext));
        }
        cut_after_twenty(&pair, &[]).exits(0);
        pair.assert_equal();
        assert_map_is_right(&pair);
        pair.assert_finishes();
    });
}

// Point 6: what arrived and is gone again.

/// The user acts between the loss of the connection and the program's next look.
fn meanwhile(pair: &Pair, operation: Operation) {
    pair.dest
        .store()
        .create("alice", "Trash")
        .map(drop)
        .expect("created");
    let rule = Rule::new(Fault::Meanwhile(operation)).on_command("SELECT");
    pair.dest.add_fault(rule.on_mailbox("INBOX").nth(2));
}

#[test]
fn a_message_that_was_moved_meanwhile_is_found_elsewhere() {
    for profile in [Profile::singles(), Profile::plain()] {
        let pair = Pair::alike(PROGRAM, profile, &inbox(50));
        let operation = Operation::Move {
            from: "INBOX".to_owned(),
            which: Which::Last(1),
            to: "Trash".to_owned(),
        };
        meanwhile(&pair, operation);
        let outcome = cut_after_twenty(&pair, &[]).exits(0);
        assert_eq!(
            (count(&pair, "INBOX"), count(&pair, "Trash")),
            (49, 1),
            "{outcome}"
        );
        outcome.says("1 messages had been moved to other mailboxes");
        pair.assert_settled();
    }
}

#[test]
fn a_message_that_was_deleted_meanwhile_is_uncertain() {
    for (options, kept) in [(&[][..], 50), (&["--uncertain", "skip"], 49)] {
        let pair = Pair::alike(PROGRAM, Profile::singles(), &inbox(50));
        let operation = Operation::Expunge {
            mailbox: "INBOX".to_owned(),
            which: Which::Last(1),
        };
        meanwhile(&pair, operation);
        let outcome = cut_after_twenty(&pair, options).exits(3);
        outcome.says("may have arrived and been moved or deleted there: UID 20");
        assert_eq!(count(&pair, "INBOX"), kept);
    }
}

/// A read-back, which comes after 2,000 messages and what is then in flight, has shown the gaps.
#[test]
fn a_server_that_skips_uids_is_not_taken_for_one_that_lost_mail() {
    let pair = Pair::alike(PROGRAM, Profile::full(), &inbox(2200));
    pair.dest
        .add_fault(Rule::new(Fault::SkipUids(3)).on_command("APPEND"));
    pair.dest.add_fault(on_append(Fault::CutBeforeReply, 2150));
    pair.program.sync(&[]).exits(0);
    pair.assert_equal();
    pair.assert_finishes();
}

// Point 9: with no usable ledger everything is in doubt.

#[test]
fn a_void_map_means_that_everything_is_in_doubt() {
    each(&["source", "dest"], |side| {
        let pair = Pair::alike(PROGRAM, Profile::full(), &inbox(50));
        pair.program.sync(&[]).exits(0);
        let server = match *side {
            "source" => &pair.source,
            _ => &pair.dest,
        };
        server
            .store()
            .account("alice")
            .renumber(b"INBOX")
            .expect("it exists");
        let outcome = pair.program.sync(&[]).exits(0);
        outcome.says("50 messages were there without the ledger knowing it");
        pair.assert_equal();
        pair.assert_finishes();
    });
}

#[test]
fn a_destination_that_was_set_back_gets_what_it_lost() {
    let pair = Pair::alike(PROGRAM, Profile::full(), &inbox(50));
    pair.program.sync(&[]).exits(0);
    pair.dest
        .store()
        .account("alice")
        .back_up(b"INBOX")
        .expect("it exists");
    for number in 0..10 {
        let body = format!("Subject: new {number}\r\n\r\nx\r\n");
        pair.source
            .store()
            .deliver("alice", "INBOX", Delivery::new(body.into_bytes()));
    }
    pair.program.sync(&[]).exits(0);
    pair.dest
        .store()
        .account("alice")
        .restore(b"INBOX")
        .expect("it was remembered");
    let outcome = pair.program.sync(&[]).exits(0);
    outcome.says("50 messages were there without the ledger knowing it");
    pair.assert_equal();
    pair.assert_finishes();
}
