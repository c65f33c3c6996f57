//! Connections that are lost in the middle of a run, and replies that never come. The run mends it by
//! itself, or the next one does; nothing is lost and nothing arrives twice.

use std::time::Duration;

use imapsync_tests::program::Pair;
use imapsync_tests::program::interruption::{each, on_both_profiles};
use imapsync_tests::real::long_campaign;
use imapsync_tests::server::{Fault, HangUp, Rule};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");

/// How many octets a whole run moves: what the source sends, what the destination receives.
fn traffic(profile: &str) -> (u64, u64) {
    let pair = Pair::to_interrupt(PROGRAM, profile);
    pair.program.sync(&[]).exits(0);
    let (source, dest) = (pair.source.shared(), pair.dest.shared());
    (source.octets_sent(), dest.octets_received())
}

/// Where to cut a connection that carries so many octets.
fn places(octets: u64) -> Vec<u64> {
    let parts = if long_campaign() { 200 } else { 9 };
    let spread = (0..parts).map(|part| 3000 + octets * part / parts);
    [0, 10, 700].into_iter().chain(spread).collect()
}

/// A cut before there is anything to copy may end the run, later ones are mended within it.
#[track_caller]
fn assert_mends(pair: &Pair) {
    let outcome = pair.program.sync(&[]);
    let code = outcome.code();
    assert!(matches!(code, Some(0 | 5 | 10)), "{outcome}");
    if code == Some(0) {
        pair.assert_equal();
    } else {
        assert_eq!(pair.arrived(), 0, "it gave up too early: {outcome}");
    }
    pair.assert_finishes();
}

#[test]
fn a_source_cut_anywhere_is_mended() {
    for profile in ["full", "plain"] {
        let (sent, _) = traffic(profile);
        each(&places(sent), |octets| {
            let pair = Pair::to_interrupt(PROGRAM, profile);
            let cut = Rule::new(Fault::CutAfterSent(*octets)).on_connection(1);
            pair.source.add_fault(cut);
            assert_mends(&pair);
        });
    }
}

#[test]
fn a_destination_cut_anywhere_is_mended() {
    for profile in ["full", "plain"] {
        let (_, received) = traffic(profile);
        each(&places(received), |octets| {
            let pair = Pair::to_interrupt(PROGRAM, profile);
            let cut = Rule::new(Fault::CutAfterReceived(*octets)).on_connection(1);
            pair.dest.add_fault(cut);
            assert_mends(&pair);
        });
    }
}

#[test]
fn both_connections_lost_are_opened_anew() {
    let pair = Pair::slow(PROGRAM, "full");
    let running = pair.run_until(100);
    pair.source.shared().cut_all();
    pair.dest.shared().cut_all();
    running.wait().exits(0).says("connecting again");
    pair.assert_equal();
    pair.assert_finishes();
}

#[test]
fn a_server_that_always_hangs_up_is_given_up_and_the_next_run_goes_on() {
    let pair = Pair::to_interrupt(PROGRAM, "full");
    let cut = Rule::new(Fault::CutAfterSent(60_000));
    pair.source.add_fault(cut);
    let outcome = pair.program.sync(&["--give-up-after", "4s"]).exits(5);
    outcome.says("gave up").says("run the same command");
    let connections = pair.source.shared().connections();
    assert!(connections >= 4, "it tried again");
    pair.assert_finishes();
}

#[test]
fn a_lost_reply_doubles_nothing() {
    let mut cases = on_both_profiles(&[1, 2, 40, 60, 91, 240]);
    cases.extend(BATCHES);
    each(&cases, |(nth, profile)| {
        let pair = Pair::to_interrupt(PROGRAM, profile);
        let rule = Rule::new(Fault::CutBeforeReply).on_command("APPEND");
        pair.dest.add_fault(rule.nth(*nth));
        pair.program.sync(&[]).exits(0).says("recognised");
        pair.assert_equal();
        pair.assert_finishes();
    });
}

#[test]
fn a_commit_after_the_server_hung_up_doubles_nothing() {
    let mut cases = on_both_profiles(&[1, 60, 91]);
    cases.extend(BATCHES);
    each(&cases, |(nth, profile)| {
        let pair = Pair::to_interrupt(PROGRAM, profile);
        // Later than the program's first look after the loss.
        let late = Fault::CommitLate {
            after: Duration::from_millis(1500),
            hang_up: HangUp::Server,
        };
        let rule = Rule::new(late).on_command("APPEND");
        pair.dest.add_fault(rule.nth(*nth));
        pair.program.sync(&[]).exits(0).says("recognised");
        pair.assert_equal();
        pair.assert_finishes();
    });
}

/// Where all messages of a mailbox may be in one APPEND: each of the first ones.
const BATCHES: [(usize, &str); 4] = [(1, "full"), (2, "full"), (3, "full"), (4, "full")];
