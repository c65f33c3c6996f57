//! Connections that fail in the middle of a run are made anew, as long as that makes sense.

use std::time::Duration;

use imapsync_tests::corpus::plain;
use imapsync_tests::program::{Outcome, Pair};
use imapsync_tests::server::{Fault, Profile, Rule};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");

/// Two mailboxes of a few messages, not copied yet.
fn pair(profile: Profile) -> Pair {
    Pair::alike(PROGRAM, profile, &plain(2, 10, 1))
}

fn refuse(text: &str) -> Rule {
    Rule::new(Fault::Refuse(text.to_owned()))
}

/// Every connection to the destination breaks sooner or later, and each lets some mail through: the
/// pauses stay short and the run comes to its end.
#[test]
fn a_line_that_keeps_dropping_is_no_obstacle() {
    for profile in [Profile::singles(), Profile::plain()] {
        let pair = Pair::alike(PROGRAM, profile, &plain(2, 30, 1));
        let cut = Fault::CutBeforeReply;
        for nth in [5, 12, 13, 25, 40, 55] {
            let rule = Rule::new(cut.clone()).on_command("APPEND");
            pair.dest.add_fault(rule.nth(nth));
        }
        let outcome = pair.program.sync(&[]).exits(0).says("connecting again");
        assert!(outcome.elapsed < Duration::from_secs(60), "{outcome}");
        assert!(pair.dest.shared().connections() > 4, "{outcome}");
        pair.assert_equal();
        pair.assert_settled();
    }
}

#[test]
fn only_the_side_that_failed_connects_again() {
    let pair = Pair::alike(PROGRAM, Profile::singles(), &plain(1, 3, 1));
    let cut = Rule::new(Fault::CutBeforeReply).on_command("APPEND");
    pair.dest.add_fault(cut.nth(3));
    pair.program.sync(&[]).exits(0);
    let connections = [&pair.source, &pair.dest].map(|server| server.shared().connections());
    assert_eq!(connections, [1, 2]);
    pair.assert_equal();
}

/// The connection that is given up makes room for its successor, also the one that was in order.
#[test]
fn a_server_that_allows_one_connection_is_enough() {
    let one = Profile {
        connection_limit: Some(1),
        ..Profile::full()
    };
    let pair = Pair::alike(PROGRAM, one, &plain(1, 200, 1));
    let cut = Rule::new(Fault::CutBeforeReply).on_command("APPEND");
    pair.dest.add_fault(cut.nth(2));
    pair.program.sync(&["--give-up-after", "20s"]).exits(0);
    pair.assert_equal();
}

#[test]
fn connections_lost_before_any_mail_moves_are_made_anew() {
    for command in ["LIST", "STATUS", "CREATE", "SUBSCRIBE", "SELECT"] {
        let pair = pair(Profile::plain());
        let cut = Rule::new(Fault::CutBeforeReply).on_command(command);
        pair.dest.add_fault(cut.nth(1));
        pair.program.sync(&[]).exits(0).says("connecting again");
        pair.assert_equal();
    }
}

#[test]
fn trouble_without_end_is_given_up() {
    let pair = pair(Profile::full());
    pair.dest
        .add_fault(Rule::new(Fault::CutBeforeReply).on_command("SELECT"));
    let outcome = pair.program.sync(&["--give-up-after", "5s"]).exits(5);
    let outcome = outcome.says("destination: ").says("gave up after trying");
    let outcome = outcome.says("run the same command again");
    let seconds = outcome.elapsed.as_secs();
    assert!((5..15).contains(&seconds), "{outcome}");
    pair.dest.shared().faults().clear();
    pair.program.sync(&[]).exits(0);
    pair.assert_equal();
}

#[test]
fn a_first_connection_that_cannot_be_made_ends_the_run_at_once() {
    let pair = pair(Profile::full());
    let closed = pair
        .program
        .source("imap+insecure://alice@127.0.0.1:1", "pw");
    let outcome = closed.sync(&[]).exits(10).says("cannot connect");
    assert!(outcome.elapsed < Duration::from_secs(10), "{outcome}");
    assert!(!outcome.stderr.contains("connecting again"), "{outcome}");
}

/// The password is changed while the run is under way.
#[test]
fn a_login_that_is_refused_later_ends_the_run_at_once() {
    let pair = pair(Profile::full());
    let cut = Rule::new(Fault::CutBeforeReply).on_command("APPEND");
    pair.dest.add_fault(cut.nth(3));
    for command in ["LOGIN", "AUTHENTICATE"] {
        let wrong = refuse("NO [AUTHENTICATIONFAILED] wrong").on_command(command);
        pair.dest.add_fault(wrong.on_connection(2));
    }
    let outcome = pair.program.sync_singly(&[]);
    outcome.exits(7).says("login refused");
    pair.dest.shared().faults().clear();
    pair.program.sync(&[]).exits(0);
    pair.assert_equal();
}

#[test]
fn a_server_that_is_away_for_a_while_is_waited_for() {
    let pair = pair(Profile::full());
    let cut = Rule::new(Fault::CutBeforeReply).on_command("APPEND");
    pair.dest.add_fault(cut.nth(3));
    for (connection, greeting) in [
        (2, &b"* BYE [UNAVAILABLE] restarting\r\n"[..]),
        (3, b""),
        (4, b"HTTP/1.1 502 Bad Gateway\r\n"),
    ] {
        let away = Rule::new(Fault::Greeting(greeting.to_vec()));
        pair.dest.add_fault(away.on_connection(connection));
    }
    let outcome = pair.program.sync_singly(&[]);
    outcome.exits(0).says("restarting");
    assert_eq!(pair.dest.shared().connections(), 5);
    pair.assert_equal();
}

#[test]
fn throttling_is_waited_for_as_long_as_the_server_asks() {
    for text in [
        "BAD Request is throttled. Suggested Backoff Time: 2500 milliseconds",
        "NO [LIMIT] too fast, try again in 2500 ms",
    ] {
        // The last message of the first mailbox: what is on its way behind a refused one may arrive.
        for (command, nth) in [("APPEND", 10), ("SELECT", 2)] {
            let pair = pair(Profile::singles());
            pair.dest
                .add_fault(refuse(text).on_command(command).nth(nth));
            let outcome = pair.program.sync_singly(&[]).exits(0);
            assert!(outcome.elapsed > Duration::from_millis(2500), "{outcome}");
            pair.assert_equal();
            pair.assert_settled();
        }
    }
}

/// What holds for one mailbox, and does not pass, costs only that mailbox.
#[test]
fn a_mailbox_that_stays_locked_is_listed_and_the_others_are_copied() {
    let pair = pair(Profile::full());
    let locked = refuse("NO [INUSE] locked").on_command("APPEND");
    pair.dest.add_fault(locked.on_mailbox("INBOX"));
    let outcome = pair.program.sync(&[]).exits(3);
    outcome.says("INBOX").says("not copied: destination: ");
    assert_eq!(pair.dest.store().message_count("alice"), 10);
    pair.dest.shared().faults().clear();
    pair.program.sync(&[]).exits(0);
    pair.assert_equal();
}

#[test]
fn a_signal_ends_a_pause_at_once() {
    let pair = pair(Profile::full());
    let text = "NO [LIMIT] too fast, try again in 9 minutes";
    pair.dest.add_fault(refuse(text).on_command("APPEND"));
    let mut running = pair.program.start("sync", &[]);
    assert!(running.until(|| pair.dest.log().count("APPEND") > 0));
    std::thread::sleep(Duration::from_millis(300));
    running.interrupt();
    let outcome = running.wait().exits(130).says("run the same command again");
    assert!(outcome.elapsed < Duration::from_secs(20), "{outcome}");
}

#[test]
fn a_deadline_ends_the_run_at_a_checkpoint() {
    for profile in ["singles", "plain"] {
        let pair = Pair::slow(PROGRAM, profile);
        let slow = Fault::Delay(Duration::from_millis(20));
        pair.dest.add_fault(Rule::new(slow).on_command("APPEND"));
        let outcome = pair.program.sync_singly(&["--deadline", "2s"]).exits(8);
        let outcome = outcome
            .says("--deadline")
            .says("run the same command again");
        assert!(outcome.elapsed < Duration::from_secs(30), "{outcome}");
        let arrived = pair.arrived();
        assert!(arrived > 0, "{outcome}");
        assert_nothing_was_in_doubt(&pair.assert_finishes());
    }
}

/// A checkpoint leaves nothing to be settled.
#[track_caller]
fn assert_nothing_was_in_doubt(outcome: &Outcome) {
    assert!(!outcome.stdout.contains("recognised"), "{outcome}");
}

#[test]
fn a_deadline_ends_a_pause_too() {
    let pair = pair(Profile::full());
    let text = "NO [LIMIT] too fast, try again in 9 minutes";
    pair.dest.add_fault(refuse(text).on_command("APPEND"));
    let outcome = pair.program.sync(&["--deadline", "1s"]).exits(8);
    assert!(outcome.elapsed < Duration::from_secs(20), "{outcome}");
}

#[test]
fn times_need_a_unit() {
    let pair = pair(Profile::full());
    for option in ["--deadline", "--give-up-after"] {
        let outcome = pair.program.sync(&[option, "90"]).exits(2);
        outcome.says(option).says("90s, 15m, 2h");
    }
}
