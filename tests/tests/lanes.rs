//! Several mailboxes at once (`--connections`): each over connections of its own, as many as the servers
//! allow, and whatever becomes of them.

use std::time::Duration;

use imapsync_tests::corpus::{Account, plain};
use imapsync_tests::program::Pair;
use imapsync_tests::program::interruption::each;
use imapsync_tests::server::{Fault, Profile, Rule};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");

fn account() -> Account {
    plain(7, 40, 1)
}

/// A destination that takes its time, so that there is something to do for others.
fn pair(profile: Profile) -> Pair {
    let pair = Pair::alike(PROGRAM, profile, &account());
    let slow = Fault::Delay(Duration::from_millis(5));
    pair.dest.add_fault(Rule::new(slow).on_command("APPEND"));
    pair
}

fn connections(pair: &Pair) -> [u64; 2] {
    [&pair.source, &pair.dest].map(|server| server.shared().connections())
}

#[test]
fn as_many_as_the_user_allows_and_no_more_than_mailboxes() {
    for (option, wanted) in [("1", 1), ("3", 3), ("32", 4)] {
        let pair = pair(Profile::singles());
        let outcome = pair
            .program
            .sync(&["--connections", option, "--memory", "33554432"]);
        outcome.exits(0).says("280 messages copied");
        assert_eq!(connections(&pair), [wanted; 2]);
        pair.assert_equal();
        pair.assert_settled();
    }
}

#[test]
fn as_many_as_the_servers_allow() {
    for limit in [1, 2] {
        let dest = Profile {
            connection_limit: Some(limit),
            ..Profile::full()
        };
        let pair = Pair::new(PROGRAM, Profile::full(), dest, &account());
        pair.program.sync(&["--connections", "4"]).exits(0);
        pair.assert_equal();
        pair.assert_settled();
    }
}

#[test]
fn a_mailbox_whose_connections_are_lost_is_finished_by_another() {
    let cases: Vec<_> = (1..=4)
        .flat_map(|connection| ["full", "singles", "plain"].map(|profile| (connection, profile)))
        .collect();
    each(&cases, |(connection, profile)| {
        let pair = pair(Profile::named(profile).expect("there is such a profile"));
        let cut = Rule::new(Fault::CutBeforeReply).on_command("APPEND");
        pair.dest.add_fault(cut.on_connection(*connection));
        pair.program.sync(&["--connections", "4"]).exits(0);
        pair.assert_equal();
        pair.assert_finishes();
    });
}

#[test]
fn a_server_that_allows_one_connection_less_after_a_loss_is_enough() {
    let pair = pair(Profile::singles());
    let cut = Rule::new(Fault::CutBeforeReply).on_command("APPEND");
    pair.dest.add_fault(cut.on_connection(2));
    let refuse = Fault::Refuse("NO [LIMIT] too many connections".to_owned());
    for connection in 4..100 {
        let login = Rule::new(refuse.clone()).on_command("LOGIN");
        pair.dest.add_fault(login.on_connection(connection));
        let login = Rule::new(refuse.clone()).on_command("AUTHENTICATE");
        pair.dest.add_fault(login.on_connection(connection));
    }
    let outcome = pair.program.sync(&["--connections", "3"]).exits(0);
    assert!(outcome.elapsed < Duration::from_secs(60), "{outcome}");
    pair.assert_equal();
    pair.assert_finishes();
}

#[test]
fn kills_and_signals_lose_and_double_nothing() {
    let cases: Vec<_> = [1, 20, 90, 200]
        .into_iter()
        .flat_map(|arrived| ["full", "singles", "plain"].map(|profile| (arrived, profile)))
        .collect();
    each(&cases, |(arrived, profile)| {
        let pair = pair(Profile::named(profile).expect("there is such a profile"));
        let mut running = pair.program.start("sync", &["--connections", "4"]);
        running.until(|| pair.arrived() >= *arrived);
        running.kill();
        running.wait();
        let mut running = pair.program.start("sync", &["--connections", "3"]);
        running.until(|| pair.arrived() >= arrived + 60);
        running.interrupt();
        running.wait();
        pair.assert_finishes();
    });
}

#[test]
fn what_cannot_be_cured_ends_all_of_them() {
    let pair = pair(Profile::singles());
    let full = Fault::Refuse("NO [OVERQUOTA] mailbox is full".to_owned());
    pair.dest
        .add_fault(Rule::new(full).on_command("APPEND").on_connection(2));
    pair.program
        .sync(&["--connections", "3"])
        .exits(9)
        .says("quota");
}

#[test]
fn lanes_are_added_while_that_helps() {
    let pair = Pair::alike(PROGRAM, Profile::singles(), &plain(16, 60, 1));
    let slow = Fault::Delay(Duration::from_millis(20));
    pair.dest.add_fault(Rule::new(slow).on_command("APPEND"));
    let outcome = pair.program.sync(&["--connections", "7"]).exits(0);
    let [source, dest] = connections(&pair);
    assert!(
        (5..=7).contains(&dest) && source == dest,
        "{dest}: {outcome}"
    );
    pair.assert_equal();
    pair.assert_settled();
}

/// Windows are asked for by the size that was announced: what is larger needs more while they hold
/// their share, and others hold the rest.
#[test]
fn messages_larger_than_announced_do_not_block_the_lanes() {
    let mut account = plain(3, 30, 1);
    for message in account
        .mailboxes
        .iter_mut()
        .flat_map(|mailbox| &mut mailbox.messages)
    {
        message
            .body
            .extend("A line of text.\r\n".repeat(12_000).bytes());
        message.body.truncate(200_000);
    }
    let pair = Pair::alike(PROGRAM, Profile::full(), &account);
    let lie = Fault::SizeOff(-140_000);
    pair.source.add_fault(Rule::new(lie).on_command("FETCH"));
    let mut running = pair.program.start("sync", &["--memory", "2097152"]);
    let began = std::time::Instant::now();
    if running.until(|| began.elapsed() > Duration::from_secs(60)) {
        running.kill();
    }
    running.wait().exits(0);
    pair.assert_equal();
}
