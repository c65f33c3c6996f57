//! Several connections that add to one mailbox (`--unordered`): as many as are allowed and worth while, and
//! each message there once, whatever becomes of them.

use std::time::Duration;

use imapsync_tests::corpus::{Account, plain};
use imapsync_tests::program::Pair;
use imapsync_tests::program::interruption::each;
use imapsync_tests::server::{AppendUidLie, Fault, Profile, Rule};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");
const OPTIONS: [&str; 3] = ["--unordered", "--connections", "6"];

/// One large mailbox, in which some messages are there twice.
fn account() -> Account {
    let mut account = plain(1, 300, 1);
    let messages = &mut account.mailboxes[0].messages;
    let some: Vec<_> = messages.iter().step_by(30).cloned().collect();
    messages.extend(some);
    account
}

/// A destination that takes its time, so that all connections have something to do.
fn pair(profile: &str) -> Pair {
    let profile = Profile::named(profile).expect("there is such a profile");
    let pair = Pair::alike(PROGRAM, profile, &account());
    let slow = Fault::Delay(Duration::from_millis(5));
    pair.dest.add_fault(Rule::new(slow).on_command("APPEND"));
    pair
}

/// Without faults a run completes, and leaves nothing to do.
#[track_caller]
fn assert_finishes(pair: &Pair) {
    pair.dest.shared().faults().clear();
    pair.program.sync(&OPTIONS).exits(0);
    pair.assert_same_mail();
    pair.assert_settled();
    pair.assert_source_only_read();
}

const PROFILES: [&str; 3] = ["full", "singles", "plain"];

#[test]
fn all_connections_append_to_one_mailbox() {
    for profile in PROFILES {
        let pair = pair(profile);
        pair.program.sync(&OPTIONS).exits(0).says("310 messages");
        assert_eq!(pair.source.shared().connections(), 1);
        assert_eq!(pair.dest.shared().connections(), 6);
        if profile != "full" {
            for connection in 1..=6 {
                let entries = pair.dest.log().entries();
                let appends = entries
                    .iter()
                    .filter(|entry| entry.connection == connection && entry.command == "APPEND");
                assert!(appends.count() > 20, "{profile}, connection {connection}");
            }
        }
        pair.assert_same_mail();
        pair.assert_settled();
    }
}

#[test]
fn without_leave_a_mailbox_has_one_connection_and_its_order() {
    let pair = pair("plain");
    pair.program.sync(&["--connections", "6"]).exits(0);
    assert_eq!(pair.dest.shared().connections(), 1);
    pair.assert_equal();
}

#[test]
fn a_server_that_allows_fewer_is_enough() {
    for limit in [1, 3] {
        let dest = Profile {
            connection_limit: Some(limit),
            ..Profile::plain()
        };
        let pair = Pair::new(PROGRAM, Profile::full(), dest, &account());
        pair.program.sync(&OPTIONS).exits(0);
        pair.assert_same_mail();
        pair.assert_settled();
    }
}

#[test]
fn replies_that_are_lost_double_nothing() {
    let cases: Vec<_> = (1..=6)
        .flat_map(|connection| PROFILES.map(|profile| (connection, profile)))
        .collect();
    each(&cases, |(connection, profile)| {
        let pair = pair(profile);
        let cut = Rule::new(Fault::CutBeforeReply).on_command("APPEND");
        pair.dest.add_fault(cut.on_connection(*connection).times(1));
        pair.program.sync(&OPTIONS).exits(0);
        pair.assert_same_mail();
        assert_finishes(&pair);
    });
}

#[test]
fn kills_and_signals_lose_and_double_nothing() {
    let cases: Vec<_> = [1, 20, 90, 200]
        .into_iter()
        .flat_map(|arrived| PROFILES.map(|profile| (arrived, profile)))
        .collect();
    each(&cases, |(arrived, profile)| {
        let pair = pair(profile);
        let mut running = pair.program.start("sync", &OPTIONS);
        running.until(|| pair.arrived() >= *arrived);
        running.kill();
        running.wait();
        let mut running = pair.program.start("sync", &OPTIONS);
        running.until(|| pair.arrived() >= arrived + 60);
        running.interrupt();
        running.wait();
        assert_finishes(&pair);
    });
}

/// What was sent by other connections comes after the answer that was lost.
#[test]
fn without_uids_or_with_wrong_ones_each_message_is_there_once() {
    let lies = [
        AppendUidLie::Another { seed: 1 },
        AppendUidLie::Random { seed: 1 },
        AppendUidLie::Always(1),
        AppendUidLie::Shifted(1),
    ];
    each(&lies, |lie| {
        let pair = pair("singles");
        pair.dest
            .add_fault(Rule::new(Fault::AppendUid(*lie)).on_command("APPEND"));
        let outcome = pair.program.sync(&OPTIONS);
        assert!(matches!(outcome.code(), Some(0 | 3)), "{outcome}");
        pair.assert_same_mail();
        assert_finishes(&pair);
    });
    let without = Profile {
        uidplus: false,
        ..Profile::full()
    };
    let pair = Pair::new(PROGRAM, Profile::full(), without, &account());
    let cut = Rule::new(Fault::CutBeforeReply).on_command("APPEND");
    pair.dest.add_fault(cut.nth(7));
    pair.program.sync(&OPTIONS).exits(0);
    pair.assert_same_mail();
    assert_finishes(&pair);
}

#[test]
fn refused_messages_and_batches_are_isolated() {
    let texts = ["NO not now", "NO [LIMITS] too many messages at once"];
    each(&[(5, 0), (5, 3), (50, 0)], |(over, keeps)| {
        for text in texts {
            let pair = pair("full");
            let (over, keeps, text) = (*over, *keeps, text.to_owned());
            let refused = Fault::RefuseBatch { over, keeps, text };
            pair.dest.add_fault(Rule::new(refused).on_command("APPEND"));
            pair.program.sync(&OPTIONS).exits(0);
            pair.assert_same_mail();
            assert_finishes(&pair);
        }
    });
    let mut account = account();
    for at in [30, 31, 77] {
        let long = format!("Subject: long\r\n\r\n{}\r\n", "y".repeat(400_000));
        account.mailboxes[0].messages[at].body = long.into();
    }
    let limited = Profile {
        appendlimit: Some(300_000),
        ..Profile::full()
    };
    let pair = Pair::new(PROGRAM, Profile::full(), limited, &account);
    let outcome = pair.program.sync(&OPTIONS).exits(3);
    outcome.says("UID 31,").says("UID 32,").says("UID 78,");
    assert_eq!(pair.arrived(), 307);
}
