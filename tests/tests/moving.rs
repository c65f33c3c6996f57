//! Things that move while a run is under way, or between runs: each has one outcome, which the README
//! documents. What a user deleted on the destination stays deleted, and what moves is never doubled.

use std::collections::BTreeMap;

use imapsync_tests::corpus::plain;
use imapsync_tests::program::{Outcome, Pair};
use imapsync_tests::server::{EmbeddedServer, Fault, Operation, Profile, Rule, Which};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");

/// INBOX, "Mailbox 1" and "Mailbox 2" with ten messages each, not copied yet.
fn pair(profile: Profile) -> Pair {
    Pair::alike(PROGRAM, profile, &plain(3, 10, 1))
}

/// The same, copied.
fn copied(profile: Profile) -> Pair {
    let pair = pair(profile);
    pair.program.sync(&[]).exits(0);
    pair.assert_equal();
    pair
}

/// A server that names the UIDs of what it stores, one that does not, and one that does not even show
/// what is new before the next SELECT.
fn profiles() -> [Profile; 3] {
    let hiding = Profile {
        hides_new_mail: true,
        ..Profile::plain()
    };
    [Profile::singles(), Profile::plain(), hiding]
}

fn operate(server: &EmbeddedServer, operation: Operation) {
    let done = server.store().account("alice").operate(&operation);
    done.unwrap_or_else(|refusal| panic!("{operation:?}: {refusal}"));
}

/// The user does this just before the nth command of this name.
fn meanwhile(server: &EmbeddedServer, command: &str, nth: usize, operation: Operation) {
    let rule = Rule::new(Fault::Meanwhile(operation)).on_command(command);
    server.add_fault(rule.nth(nth));
}

fn deliver(mailbox: &str, subject: &str) -> Operation {
    let body = format!("Subject: {subject}\r\n\r\nbody of {subject}\r\n");
    Operation::Deliver {
        mailbox: mailbox.to_owned(),
        body: body.into(),
    }
}

fn expunge(mailbox: &str, which: Which) -> Operation {
    Operation::Expunge {
        mailbox: mailbox.to_owned(),
        which,
    }
}

fn delete(mailbox: &str) -> Operation {
    Operation::Delete {
        mailbox: mailbox.to_owned(),
    }
}

fn rename(from: &str, to: &str) -> Operation {
    Operation::Rename {
        from: from.to_owned(),
        to: to.to_owned(),
    }
}

fn renumber(mailbox: &str) -> Operation {
    Operation::Renumber {
        mailbox: mailbox.to_owned(),
    }
}

fn move_all(from: &str, which: Which, to: &str) -> Operation {
    Operation::Move {
        from: from.to_owned(),
        which,
        to: to.to_owned(),
    }
}

/// How many messages the mailbox holds; none where it is not there.
fn count(server: &EmbeddedServer, mailbox: &str) -> usize {
    let mut store = server.store();
    let mailbox = store.mailbox("alice", mailbox);
    mailbox.map_or(0, |mailbox| mailbox.messages.len())
}

fn exists(server: &EmbeddedServer, mailbox: &str) -> bool {
    server.store().mailbox("alice", mailbox).is_some()
}

/// How often each message is there, in whatever mailbox.
fn copies(server: &EmbeddedServer) -> BTreeMap<[u8; 32], usize> {
    let mut copies = BTreeMap::new();
    for row in server.dump("alice") {
        *copies.entry(row.digest.sha256).or_default() += 1;
    }
    copies
}

/// Fails the test unless no message of the source is on the destination more often than on the source.
#[track_caller]
fn assert_none_doubled(pair: &Pair) {
    let source = copies(&pair.source);
    for (hash, count) in copies(&pair.dest) {
        if let Some(&there) = source.get(&hash) {
            assert!(
                count <= there,
                "a message is there {count} times, not {there}"
            );
        }
    }
}

/// A further run has this exit code and changes nothing.
#[track_caller]
fn assert_still(pair: &Pair, code: i32) -> Outcome {
    pair.dest.log().clear();
    let outcome = pair.program.sync(&[]).exits(code);
    assert_eq!(pair.changes(), [""; 0], "{outcome}");
    outcome
}

#[test]
fn source_messages_expunged_while_they_are_read_are_no_loss() {
    for profile in profiles() {
        // Listed and gone before their bodies are fetched; and gone before they are listed.
        for command in ["UID FETCH", "FETCH"] {
            let pair = pair(profile.clone());
            let gone = expunge("INBOX", Which::Uids(vec![2, 3, 10]));
            meanwhile(&pair.source, command, 1, gone);
            let outcome = pair.program.sync(&[]).exits(0);
            assert!(!outcome.stdout.contains("not handed out"), "{outcome}");
            assert_eq!(count(&pair.dest, "INBOX"), 7, "{outcome}");
            pair.assert_equal();
            pair.assert_settled();
        }
    }
}

#[test]
fn mail_that_arrives_on_the_source_during_the_run_comes_now_or_next_time() {
    for profile in profiles() {
        for (command, nth) in [
            ("FETCH", 1),
            ("UID FETCH", 1),
            ("EXAMINE", 2),
            ("LOGOUT", 1),
        ] {
            let pair = pair(profile.clone());
            let new = deliver("INBOX", "new");
            meanwhile(&pair.source, command, nth, new);
            pair.program.sync(&[]).exits(0);
            pair.program.sync(&[]).exits(0);
            assert_eq!(count(&pair.dest, "INBOX"), 11, "{command}");
            pair.assert_equal();
            pair.assert_settled();
        }
    }
}

#[test]
fn mail_that_arrives_on_the_destination_during_the_run_stays_and_is_no_obstacle() {
    for profile in profiles() {
        for nth in [1, 5, 10] {
            let pair = pair(profile.clone());
            meanwhile(&pair.dest, "APPEND", nth, deliver("INBOX", "own"));
            pair.program.sync(&[]).exits(0);
            assert_eq!(count(&pair.dest, "INBOX"), 11);
            assert_none_doubled(&pair);
            pair.assert_settled();
        }
    }
}

/// The same, and the connection breaks, so that what arrived has to be told from what did not.
#[test]
fn mail_from_elsewhere_is_not_taken_for_ours_after_a_cut() {
    for profile in profiles() {
        let pair = pair(profile);
        meanwhile(&pair.dest, "APPEND", 4, deliver("INBOX", "own"));
        let cut = Rule::new(Fault::CutBeforeReply).on_command("APPEND");
        pair.dest.add_fault(cut.nth(5));
        pair.program.sync(&[]).exits(0);
        assert_eq!(count(&pair.dest, "INBOX"), 11);
        assert_none_doubled(&pair);
        pair.assert_settled();
    }
}

/// What goes before it was read back cannot be told from what was never stored: it is listed, once.
#[test]
fn what_the_user_deletes_or_moves_during_the_run_is_not_resurrected() {
    for profile in profiles() {
        for nth in [4, 10, 11, 25] {
            let pair = pair(profile.clone());
            let kept = Operation::Create {
                mailbox: "kept".to_owned(),
            };
            operate(&pair.dest, kept);
            let gone = expunge("INBOX", Which::First(2));
            let moved = move_all("INBOX", Which::First(1), "kept");
            meanwhile(&pair.dest, "APPEND", nth, gone);
            meanwhile(&pair.dest, "APPEND", nth, moved);
            let outcome = pair.program.sync_singly(&[]);
            let listed = outcome.stdout.matches("not found there: UID").count();
            match outcome.code() {
                Some(3) => assert_eq!(listed, 3, "{outcome}"),
                code => assert_eq!((code, listed), (Some(0), 0), "{outcome}"),
            }
            let there = [count(&pair.dest, "INBOX"), count(&pair.dest, "kept")];
            assert_eq!(there, [7, 1], "at APPEND {nth}");
            assert_none_doubled(&pair);
            pair.assert_settled();
        }
    }
}

/// The reply to an APPEND is lost, and before we look its message is in another mailbox.
#[test]
fn a_message_that_was_moved_before_it_was_confirmed_is_found_where_it_is() {
    for profile in profiles() {
        let pair = pair(profile);
        operate(
            &pair.dest,
            Operation::Create {
                mailbox: "kept".to_owned(),
            },
        );
        let cut = Rule::new(Fault::CutBeforeReply).on_command("APPEND");
        pair.dest.add_fault(cut.nth(5));
        let login = Rule::new(Fault::Meanwhile(move_all("INBOX", Which::Last(1), "kept")));
        pair.dest
            .add_fault(login.on_command("SELECT").on_connection(2).times(1));
        let outcome = pair.program.sync(&[]);
        assert_none_doubled(&pair);
        assert_eq!(copies(&pair.dest), copies(&pair.source), "{outcome}");
    }
}

#[test]
fn what_the_user_deletes_or_moves_between_runs_is_not_resurrected() {
    for profile in profiles() {
        let pair = copied(profile);
        operate(&pair.dest, expunge("INBOX", Which::First(3)));
        operate(&pair.dest, expunge("INBOX", Which::Last(2)));
        operate(&pair.dest, move_all("Mailbox 1", Which::All, "Mailbox 2"));
        pair.assert_settled();
        operate(&pair.source, deliver("INBOX", "new"));
        operate(&pair.source, deliver("Mailbox 1", "newer"));
        pair.program.sync(&[]).exits(0);
        let names = ["INBOX", "Mailbox 1", "Mailbox 2"];
        let there = names.map(|name| count(&pair.dest, name));
        assert_eq!(there, [6, 1, 20]);
        assert_none_doubled(&pair);
        pair.assert_settled();
    }
}

#[test]
fn a_source_mailbox_that_goes_during_the_run_is_listed_and_the_others_are_copied() {
    for profile in profiles() {
        for operation in [delete("Mailbox 1"), rename("Mailbox 1", "elsewhere")] {
            // Before it is opened; and between its listing and its messages.
            for command in ["EXAMINE", "UID FETCH"] {
                let pair = pair(profile.clone());
                let rule = Rule::new(Fault::Meanwhile(operation.clone())).on_command(command);
                pair.source.add_fault(rule.on_mailbox("Mailbox 1").nth(1));
                let outcome = pair.program.sync(&[]).exits(3);
                let outcome = outcome.says("Mailbox 1").says("not copied: source: ");
                assert_eq!(count(&pair.dest, "INBOX"), 10, "{outcome}");
                assert_eq!(count(&pair.dest, "Mailbox 2"), 10, "{outcome}");
                // The next run sees only what is there now.
                pair.program.sync(&[]).exits(0);
                assert_eq!(
                    count(&pair.dest, "elsewhere"),
                    count(&pair.source, "elsewhere")
                );
                assert_still(&pair, 0);
            }
        }
    }
}

#[test]
fn a_source_mailbox_that_is_made_during_the_run_comes_next_time() {
    for profile in profiles() {
        let pair = pair(profile);
        meanwhile(&pair.source, "EXAMINE", 2, deliver("later", "new"));
        pair.program.sync(&[]).exits(0);
        pair.program.sync(&[]).exits(0);
        assert_eq!(count(&pair.dest, "later"), 1);
        pair.assert_equal();
        pair.assert_settled();
    }
}

/// Renamed between runs: the mail is copied under its new name, and what stands under the old one stays.
#[test]
fn a_source_mailbox_that_was_renamed_between_runs_loses_nothing() {
    for profile in profiles() {
        let pair = copied(profile);
        operate(&pair.source, rename("Mailbox 1", "elsewhere"));
        pair.program.sync(&[]).exits(0);
        let there = ["Mailbox 1", "elsewhere"].map(|name| count(&pair.dest, name));
        assert_eq!(there[1], 10);
        assert!(
            there[0] == 10 || !exists(&pair.dest, "Mailbox 1"),
            "nothing is deleted"
        );
        assert_still(&pair, 0);
    }
}

#[test]
fn a_destination_mailbox_that_goes_during_the_run_is_listed_and_the_others_are_copied() {
    for profile in profiles() {
        for operation in [delete("Mailbox 1"), rename("Mailbox 1", "elsewhere")] {
            // Before it is opened; in the middle of it; when all is there and is read back.
            for (command, nth) in [("SELECT", 3), ("APPEND", 15), ("APPEND", 20)] {
                let pair = pair(profile.clone());
                let rule = Rule::new(Fault::Meanwhile(operation.clone())).on_command(command);
                let rule = match command {
                    "SELECT" => rule.on_mailbox("Mailbox 1").times(1),
                    _ => rule.nth(nth),
                };
                pair.dest.add_fault(rule);
                let outcome = pair.program.sync(&[]).exits(3).says("Mailbox 1");
                assert_eq!(count(&pair.dest, "INBOX"), 10, "{outcome}");
                assert_eq!(count(&pair.dest, "Mailbox 2"), 10, "{outcome}");
                assert!(!exists(&pair.dest, "Mailbox 1"), "{outcome}");
                assert_none_doubled(&pair);
            }
        }
    }
}

/// Its user deleted or renamed it: it is not made and filled again, and the report says why.
#[test]
fn a_destination_mailbox_that_the_user_removed_is_not_made_again() {
    for profile in profiles() {
        for operation in [delete("Mailbox 1"), rename("Mailbox 1", "elsewhere")] {
            let pair = copied(profile.clone());
            operate(&pair.dest, operation);
            operate(&pair.source, deliver("INBOX", "new"));
            let outcome = pair.program.sync(&[]).exits(3).says("Mailbox 1");
            assert_eq!(count(&pair.dest, "INBOX"), 11, "{outcome}");
            assert!(!exists(&pair.dest, "Mailbox 1"), "{outcome}");
            assert_none_doubled(&pair);
            assert_still(&pair, 3);
            assert_still(&pair, 3);
        }
    }
}

/// The map is void; the mail is recognised by its bytes.
#[test]
fn a_new_uidvalidity_between_runs_doubles_nothing() {
    for profile in profiles() {
        for source in [true, false] {
            let pair = copied(profile.clone());
            let server = if source { &pair.source } else { &pair.dest };
            operate(server, renumber("INBOX"));
            operate(&pair.source, deliver("INBOX", "new"));
            let outcome = pair.program.sync(&[]).exits(0);
            assert_eq!(count(&pair.dest, "INBOX"), 11, "{outcome}");
            pair.assert_equal();
            pair.assert_settled();
        }
    }
}

#[test]
fn a_new_uidvalidity_within_a_run_doubles_nothing() {
    for profile in profiles() {
        for (on_source, command, nth) in [
            (true, "EXAMINE", 2),
            (true, "UID FETCH", 1),
            (false, "SELECT", 1),
            (false, "APPEND", 5),
            (false, "APPEND", 10),
        ] {
            let pair = pair(profile.clone());
            let server = if on_source { &pair.source } else { &pair.dest };
            meanwhile(server, command, nth, renumber("INBOX"));
            // It may take a second run; a third has nothing to do.
            let first = pair.program.sync(&[]);
            assert_none_doubled(&pair);
            let second = pair.program.sync(&[]).exits(0);
            let names = ["INBOX", "Mailbox 1", "Mailbox 2"];
            let there = names.map(|name| count(&pair.dest, name));
            assert_eq!(there, [10; 3], "{command} {nth}\n{first}\n{second}");
            assert_none_doubled(&pair);
            pair.assert_settled();
        }
    }
}

/// The destination's administrator restored yesterday's backup: what it lacks is copied again.
#[test]
fn a_destination_restored_from_a_backup_is_completed() {
    for profile in profiles() {
        let pair = copied(profile);
        let inbox = "INBOX".to_owned();
        let backup = Operation::BackUp {
            mailbox: inbox.clone(),
        };
        operate(&pair.dest, backup);
        for subject in ["a", "b", "c"] {
            operate(&pair.source, deliver("INBOX", subject));
        }
        pair.program.sync(&[]).exits(0);
        pair.assert_equal();
        operate(&pair.dest, Operation::Restore { mailbox: inbox });
        assert_eq!(count(&pair.dest, "INBOX"), 10);
        let outcome = pair.program.sync(&[]).exits(0);
        assert_eq!(count(&pair.dest, "INBOX"), 13, "{outcome}");
        pair.assert_equal();
        pair.assert_settled();
    }
}

/// The same, and mail has arrived since, so that UIDs which were ours are those of other messages.
#[test]
fn a_restored_destination_whose_uids_were_given_anew_is_completed() {
    for profile in profiles() {
        let pair = copied(profile);
        let inbox = "INBOX".to_owned();
        let backup = Operation::BackUp {
            mailbox: inbox.clone(),
        };
        operate(&pair.dest, backup);
        for subject in ["a", "b", "c"] {
            operate(&pair.source, deliver("INBOX", subject));
        }
        pair.program.sync(&[]).exits(0);
        operate(&pair.dest, Operation::Restore { mailbox: inbox });
        operate(&pair.dest, deliver("INBOX", "own"));
        let outcome = pair.program.sync(&[]).exits(0);
        assert_eq!(count(&pair.dest, "INBOX"), 14, "{outcome}");
        assert_none_doubled(&pair);
        pair.assert_settled();
    }
}
