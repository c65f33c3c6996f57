//! The newest messages first (`--newest-first`): what a run that was ended early has copied, and that the
//! next one copies the rest, once.

use std::time::Duration;

use imapsync_tests::corpus::{Account, plain};
use imapsync_tests::program::Pair;
use imapsync_tests::program::interruption::each;
use imapsync_tests::server::{Delivery, EmbeddedServer, Fault, Message, Profile, Rule};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");

/// One mailbox whose messages are numbered.
fn numbered() -> Account {
    let mut account = plain(1, 2500, 1);
    for (number, message) in account.mailboxes[0].messages.iter_mut().enumerate() {
        message.body = format!("Subject: {number}\r\n\r\n").into();
    }
    account
}

/// The numbers of INBOX in the order in which they arrived.
fn numbers(server: &EmbeddedServer) -> Vec<usize> {
    let mut store = server.store();
    let mailbox = store.mailbox("alice", "INBOX").expect("INBOX is there");
    let number = |message: &Message| {
        let header = message.body.header();
        let text = std::str::from_utf8(&header).expect("ASCII");
        let number = text.trim().trim_start_matches("Subject: ").parse();
        number.expect("a number")
    };
    mailbox.messages.iter().map(number).collect()
}

#[test]
fn blocks_arrive_from_the_last_to_the_first_each_in_its_order() {
    for profile in [Profile::full(), Profile::singles()] {
        let pair = Pair::alike(PROGRAM, profile, &numbered());
        pair.program.sync(&["--newest-first"]).exits(0);
        let expected: Vec<usize> = (1500..2500).chain(500..1500).chain(0..500).collect();
        assert_eq!(numbers(&pair.dest), expected);
        pair.assert_same_mail();
        pair.assert_settled();
    }
}

#[test]
fn after_a_kill_the_newest_are_there_and_the_rest_comes_once() {
    let cases: Vec<_> = [1, 700, 1300]
        .into_iter()
        .flat_map(|arrived| ["full", "singles", "plain"].map(|profile| (arrived, profile)))
        .collect();
    each(&cases, |(arrived, profile)| {
        let profile = Profile::named(profile).expect("there is such a profile");
        let pair = Pair::alike(PROGRAM, profile, &numbered());
        let slow = Fault::Delay(Duration::from_millis(1));
        pair.dest.add_fault(Rule::new(slow).on_command("APPEND"));
        let mut running = pair.program.start("sync", &["--newest-first"]);
        running.until(|| pair.arrived() >= *arrived);
        running.kill();
        running.wait();
        let there = numbers(&pair.dest);
        assert_eq!(there.first(), Some(&1500), "{} are there", there.len());
        for number in 2500..2510 {
            let body = format!("Subject: {number}\r\n\r\n").into_bytes();
            pair.source
                .store()
                .deliver("alice", "INBOX", Delivery::new(body));
        }
        pair.program
            .sync(&["--newest-first", "--unordered"])
            .exits(0);
        pair.assert_same_mail();
        pair.assert_settled();
        pair.assert_source_only_read();
    });
}
