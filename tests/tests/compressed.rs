//! Copies over compressed connections (RFC 4978) are as exact as others: whole, cut off, against servers
//! that refuse or lie.

use std::time::Duration;

use imapsync_tests::corpus::{Account, awkward, plain};
use imapsync_tests::program::interruption::{each, hard_to_resume};
use imapsync_tests::program::{Outcome, Pair, SINGLY};
use imapsync_tests::real::long_campaign;
use imapsync_tests::server::{Body, Compressing, Delivery, EmbeddedServer, Fault, Profile, Rule};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");
const ALWAYS: [&str; 2] = ["--compress", "always"];

fn pair(account: &Account) -> Pair {
    let profile = Profile::full().compressing(Compressing::Works);
    Pair::alike(PROGRAM, profile, account)
}

fn asked(server: &EmbeddedServer) -> usize {
    server.log().count("COMPRESS")
}

/// What the source sent and the destination received so far, in octets on the wire.
fn traffic(pair: &Pair) -> (u64, u64) {
    let (source, dest) = (pair.source.shared(), pair.dest.shared());
    (source.octets_sent(), dest.octets_received())
}

#[test]
fn whole_accounts_arrive_exactly() {
    for account in [awkward(7), plain(3, 200, 7), hard_to_resume()] {
        let pair = pair(&account);
        let outcome = pair.program.sync_singly(&ALWAYS).exits(0);
        assert_eq!(
            (asked(&pair.source), asked(&pair.dest)),
            (1, 1),
            "{outcome}"
        );
        pair.assert_equal();
        pair.assert_source_only_read();
        let singly = [&ALWAYS[..], &SINGLY].concat();
        pair.program.verify(&singly).exits(0);
        assert_eq!((asked(&pair.source), asked(&pair.dest)), (2, 2));
        pair.assert_settled();
    }
}

#[test]
fn compression_saves_octets_both_ways() {
    let account = hard_to_resume();
    let [with, without] = ["always", "never"].map(|when| {
        let pair = pair(&account);
        pair.program.sync(&["--compress", when]).exits(0);
        pair.assert_equal();
        traffic(&pair)
    });
    println!("source sent, destination received: {with:?} compressed, {without:?} plain");
    assert!(with.0 * 2 < without.0 && with.1 * 2 < without.1);
}

#[test]
fn every_lane_is_compressed() {
    let pair = pair(&plain(4, 100, 3));
    let options = [&ALWAYS[..], &["--connections", "4"]].concat();
    pair.program.sync(&options).exits(0);
    let connections = |server: &EmbeddedServer| server.shared().connections() as usize;
    assert!(connections(&pair.dest) > 1);
    assert_eq!(asked(&pair.source), connections(&pair.source));
    assert_eq!(asked(&pair.dest), connections(&pair.dest));
    pair.assert_equal();
}

#[test]
fn large_messages_pass_through_little_memory() {
    let pair = pair(&Account::default());
    let mut store = pair.source.store();
    for (seed, octets) in [(1, 5_000_000), (2, 900_000), (3, 30_000_000)] {
        let body = Body::synthesized(seed, octets);
        store.deliver("alice", "INBOX", Delivery::new(body));
    }
    let zeros = [b"Subject: a bomb\r\n\r\n".to_vec(), vec![b'0'; 40_000_000]].concat();
    store.deliver("alice", "INBOX", Delivery::new(zeros));
    drop(store);
    let outcome = pair.program.sync_singly(&ALWAYS).exits(0).stays_small();
    println!("{outcome}");
    pair.assert_equal();
}

/// Where to cut a connection that carries so many octets: more densely where compression begins.
fn places(octets: u64) -> Vec<u64> {
    let parts = if long_campaign() { 200 } else { 9 };
    let spread = (0..parts).map(|part| 1200 + octets * part / parts);
    let early = (0..12).map(|step| 330 + step * 37);
    early.chain(spread).collect()
}

/// Runs against the cut connection, and once more without faults.
#[track_caller]
fn assert_mends(pair: &Pair) -> Outcome {
    let outcome = pair.program.sync_singly(&ALWAYS);
    let code = outcome.code();
    assert!(matches!(code, Some(0 | 5 | 10)), "{outcome}");
    if code == Some(0) {
        pair.assert_equal();
        let connections = [&pair.source, &pair.dest].map(|server| server.shared().connections());
        assert!(
            connections.iter().sum::<u64>() > 2,
            "nothing was cut: {outcome}"
        );
    }
    pair.source.shared().faults().clear();
    pair.dest.shared().faults().clear();
    let outcome = pair.program.sync_singly(&ALWAYS).exits(0);
    pair.assert_equal();
    pair.assert_settled();
    pair.assert_source_only_read();
    outcome
}

#[test]
fn a_compressed_source_cut_anywhere_is_mended() {
    let whole = pair(&hard_to_resume());
    whole.program.sync_singly(&ALWAYS).exits(0);
    each(&places(traffic(&whole).0), |octets| {
        let pair = pair(&hard_to_resume());
        let cut = Rule::new(Fault::CutAfterSent(*octets)).on_connection(1);
        pair.source.add_fault(cut);
        assert_mends(&pair);
    });
}

#[test]
fn a_compressed_destination_cut_anywhere_is_mended() {
    let whole = pair(&hard_to_resume());
    whole.program.sync_singly(&ALWAYS).exits(0);
    each(&places(traffic(&whole).1), |octets| {
        let pair = pair(&hard_to_resume());
        let cut = Rule::new(Fault::CutAfterReceived(*octets)).on_connection(1);
        pair.dest.add_fault(cut);
        assert_mends(&pair);
    });
}

#[test]
fn a_lost_reply_doubles_nothing_under_compression() {
    each(&[1, 2, 3, 4], |nth| {
        let pair = pair(&hard_to_resume());
        let rule = Rule::new(Fault::CutBeforeReply).on_command("APPEND");
        pair.dest.add_fault(rule.nth(*nth));
        pair.program
            .sync_singly(&ALWAYS)
            .exits(0)
            .says("recognised");
        pair.assert_equal();
        pair.assert_finishes();
    });
}

#[test]
fn a_refusal_is_told_and_costs_nothing() {
    let pair = pair(&plain(2, 20, 1));
    let refusal = Fault::Refuse("NO [COMPRESSIONACTIVE] TLS compresses already".to_owned());
    pair.source
        .add_fault(Rule::new(refusal).on_command("COMPRESS"));
    let outcome = pair.program.sync_singly(&ALWAYS).exits(0);
    outcome.says("source: compression refused: TLS compresses already");
    assert_eq!(pair.source.shared().connections(), 1);
    pair.assert_equal();
}

#[test]
fn what_is_not_offered_is_told_and_not_asked_for() {
    let pair = Pair::alike(PROGRAM, Profile::full(), &plain(2, 20, 1));
    let outcome = pair.program.sync_singly(&ALWAYS).exits(0);
    outcome
        .says("source: the server offers no compression")
        .says("destination: the server offers no compression");
    assert_eq!((asked(&pair.source), asked(&pair.dest)), (0, 0));
    pair.assert_equal();
}

#[test]
fn a_server_that_lies_is_noticed_and_used_without() {
    let liar = Profile::full().compressing(Compressing::Lies);
    let pair = Pair::alike(PROGRAM, liar, &hard_to_resume());
    let outcome = pair.program.sync_singly(&ALWAYS).exits(0);
    outcome
        .says("source: compression does not work: the server broke the protocol")
        .says("destination: compression does not work");
    for server in [&pair.source, &pair.dest] {
        assert_eq!((asked(server), server.shared().connections()), (1, 2));
    }
    pair.assert_equal();
}

/// A server is far when even its quickest answer takes long.
#[test]
fn far_servers_are_compressed_by_themselves_and_each_side_as_told() {
    // Options; whether the source and the destination, both far, are then asked.
    let table: [(&[&str], (usize, usize)); 5] = [
        (&[], (1, 1)),
        (&["--compress", "never"], (0, 0)),
        (&["--source-compress", "never"], (0, 1)),
        (&["--dest-compress", "never"], (1, 0)),
        (
            &["--compress", "never", "--dest-compress", "always"],
            (0, 1),
        ),
    ];
    each(&table, |(options, expected)| {
        let pair = pair(&plain(1, 3, 1));
        let far = Fault::Delay(Duration::from_millis(11));
        for server in [&pair.source, &pair.dest] {
            server.add_fault(Rule::new(far.clone()));
        }
        pair.program.sync(options).exits(0);
        assert_eq!((asked(&pair.source), asked(&pair.dest)), *expected);
        pair.assert_equal();
    });
}

#[test]
fn check_tells_what_a_server_offers() {
    let offering = pair(&plain(1, 1, 1));
    offering
        .program
        .check(&[])
        .exits(0)
        .says("compression   offered; the quickest answer took");
    assert_eq!(asked(&offering.source), 0);
    let without = Pair::alike(PROGRAM, Profile::full(), &plain(1, 1, 1));
    without
        .program
        .check(&[])
        .exits(0)
        .says("compression   not offered");
}
