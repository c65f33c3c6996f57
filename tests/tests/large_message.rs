//! Peak memory stays small, whatever the mailboxes and messages are.

use std::process::Command;
use std::time::Duration;

use imapsync_tests::corpus::Account;
use imapsync_tests::program::{Pair, Program, embedded_url};
use imapsync_tests::server::{Body, Delivery, Fault, Profile, Rule, ServerProcess};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");
const SERVER: &str = env!("CARGO_BIN_EXE_embedded-imapd");

fn server(options: &[&str]) -> ServerProcess {
    let mut program = Command::new(SERVER);
    program.args(options);
    ServerProcess::start(program).expect("the embedded server starts")
}

fn dump(server: &mut ServerProcess) -> Vec<String> {
    server.order("dump").expect("the server takes orders")
}

#[test]
fn a_huge_message_passes_through_little_memory() {
    for (profile, octets) in [("full", 1 << 30), ("plain", 1_u64 << 28)] {
        let large = octets.to_string();
        let mut source = server(&["--large", &large, "--profile", profile]);
        let mut dest = server(&["--hash-over", "1000000", "--profile", profile]);
        let program = Program::new(PROGRAM)
            .source(&embedded_url(source.port()), "pw")
            .dest(&embedded_url(dest.port()), "pw");
        let outcome = program.sync(&[]).exits(0).stays_small();
        println!("{octets} octets, {profile}: {outcome}");
        let (sent, stored) = (dump(&mut source), dump(&mut dest));
        assert_eq!(sent, stored);
        assert!(stored[0].contains(&large), "{stored:?}");
    }
}

/// A pair whose source holds messages of this many octets, so many each.
fn filled(kinds: &[(u64, usize)]) -> Pair {
    let pair = Pair::alike(PROGRAM, Profile::full(), &Account::default());
    let mut store = pair.source.store();
    for &(octets, count) in kinds {
        for number in 0..count {
            let body = Body::synthesized(number as u64, octets);
            store.deliver("alice", "INBOX", Delivery::new(body).flagged(&["\\Seen"]));
        }
    }
    drop(store);
    pair
}

#[test]
fn many_messages_pass_through_little_memory() {
    let pair = filled(&[(2000, 10_000), (5, 20_000)]);
    let outcome = pair.program.sync(&[]).exits(0).stays_small();
    println!("{outcome}");
    pair.assert_equal();
    pair.assert_settled().stays_small();
    let outcome = pair.program.verify(&[]).exits(0).stays_small();
    println!("{outcome}");
}

#[test]
fn messages_of_all_sizes_pass_through_little_memory() {
    let pair = filled(&[(9_000_000, 3), (262_000, 100), (400_000, 30), (60_000, 300)]);
    let outcome = pair.program.sync(&[]).exits(0).stays_small();
    println!("{outcome}");
    pair.assert_equal();
}

#[test]
fn a_slow_destination_does_not_fill_the_memory() {
    let pair = filled(&[(200_000, 300)]);
    let pause = Fault::Delay(Duration::from_millis(10));
    pair.dest.add_fault(Rule::new(pause).on_command("APPEND"));
    pair.program.sync(&[]).exits(0).stays_small();
    pair.assert_equal();
}

#[test]
fn a_slow_source_does_not_fill_the_memory() {
    let pair = filled(&[(200_000, 300)]);
    let pause = Fault::DelayResponses(Duration::from_millis(5));
    pair.source
        .add_fault(Rule::new(pause).on_command("UID FETCH"));
    pair.program.sync(&[]).exits(0).stays_small();
    pair.assert_equal();
}
