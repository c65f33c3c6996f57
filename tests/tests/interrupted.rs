//! Runs that a signal ends in the middle. Whenever that is, a clean run later both sides hold the same, and
//! one more run has nothing to do.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use imapsync_tests::corpus::plain;
use imapsync_tests::program::interruption::{MESSAGES, each, on_both_profiles};
use imapsync_tests::program::{Pair, Running, SINGLY};
use imapsync_tests::real::long_campaign;
use imapsync_tests::server::{Body, Delivery, Fault, HangUp, Profile, Rule};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");

#[test]
fn signals_end_it_after_a_checkpoint() {
    each(
        &on_both_profiles(&[("INT", 130), ("TERM", 143)]),
        |((name, code), profile)| {
            let pair = Pair::slow(PROGRAM, profile);
            let running = pair.run_until(100);
            running.signal(name);
            let outcome = running.wait().exits(*code).says("run the same command");
            assert!(pair.arrived() < MESSAGES, "it came too late: {outcome}");
            let next = pair.assert_finishes();
            // A checkpoint means that nothing is in doubt.
            assert!(!next.stdout.contains("recognised"), "{next}");
        },
    );
}

#[test]
fn a_signal_before_the_first_message_ends_it() {
    let pair = Pair::to_interrupt(PROGRAM, "full");
    let pause = Fault::Delay(Duration::from_secs(60));
    let rule = Rule::new(pause).on_command("AUTHENTICATE").times(1);
    pair.source.add_fault(rule);
    let mut running = pair.program.start("sync", &[]);
    assert!(running.until(|| pair.source.log().count("AUTHENTICATE") > 0));
    running.interrupt();
    running.wait().exits(130);
    pair.assert_finishes();
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let pair = Pair::slow(PROGRAM, "full");
    let stuck = Fault::Delay(Duration::from_secs(60));
    let rule = Rule::new(stuck).on_command("APPEND").nth(2);
    pair.dest.add_fault(rule);
    let mut running = pair.run_until(1);
    assert!(is_stuck(&mut running, &pair, 2));
    running.interrupt();
    // Two at the same moment would count as one.
    let began = Instant::now();
    running.until(|| began.elapsed() > Duration::from_millis(300));
    running.interrupt();
    let outcome = running.wait().exits(130);
    assert!(began.elapsed() < Duration::from_secs(5), "{outcome}");
    pair.assert_finishes();
}

/// With little mail all of it is on its way, with much the source waits for room in memory.
#[test]
fn one_signal_ends_it_though_the_destination_is_stuck() {
    each(&[10, 1000], |messages| {
        let pair = Pair::alike(PROGRAM, Profile::singles(), &plain(1, *messages, 1));
        let stuck = Fault::Delay(Duration::from_secs(60));
        let rule = Rule::new(stuck).on_command("APPEND");
        pair.dest.add_fault(rule.nth(5));
        let mut running = pair.program.start("sync", &[]);
        assert!(is_stuck(&mut running, &pair, 5));
        let began = Instant::now();
        running.interrupt();
        let outcome = running.wait().exits(130);
        assert!(began.elapsed() < Duration::from_secs(40), "{outcome}");
        pair.assert_finishes();
    });
}

#[test]
fn a_signal_inside_a_large_message_ends_it() {
    let pair = Pair::to_interrupt(PROGRAM, "full");
    let large = Delivery::new(Body::synthesized(1, 64 << 20));
    pair.source.store().deliver("alice", "INBOX", large);
    let mut running = pair.program.start("sync", &SINGLY);
    let inside = || pair.dest.shared().octets_received() > 8 << 20;
    assert!(running.until(inside), "the message is under way");
    running.interrupt();
    let outcome = running.wait().exits(130);
    assert!(pair.arrived() <= 60, "too late: {outcome}");
    pair.assert_finishes();
}

#[test]
fn a_kill_at_any_moment_loses_and_doubles_nothing() {
    let moments: Vec<usize> = match long_campaign() {
        true => (0..MESSAGES - 5).collect(),
        false => vec![0, 1, 17, 59, 61, 120, 180, 235],
    };
    let cases = on_both_profiles(&moments);
    let killed = AtomicUsize::new(0);
    each(&cases, |(moment, profile)| {
        let pair = Pair::slow(PROGRAM, profile);
        let running = pair.run_until(*moment);
        running.kill();
        // On a busy machine the run may be faster than the kill; not often.
        match running.wait().code() {
            None => killed.fetch_add(1, Ordering::Relaxed),
            Some(code) => {
                assert_eq!(code, 0, "it ended by itself, badly");
                0
            }
        };
        pair.assert_finishes();
    });
    let killed = killed.into_inner();
    assert!(
        killed * 2 > cases.len(),
        "only {killed} of {} runs were killed",
        cases.len()
    );
}

#[test]
fn a_commit_after_a_kill_is_awaited_by_the_next_run() {
    let mut cases = on_both_profiles(&[1, 60, 91]);
    cases.extend([1, 2, 4].map(|nth| (nth, "full")));
    each(&cases, |(nth, profile)| {
        let pair = Pair::to_interrupt(PROGRAM, profile);
        let late = Fault::CommitLate {
            after: Duration::from_millis(700),
            hang_up: HangUp::Client,
        };
        let rule = Rule::new(late).on_command("APPEND");
        pair.dest.add_fault(rule.nth(*nth));
        let mut running = pair.program.start("sync", &[]);
        assert!(is_stuck(&mut running, &pair, *nth));
        running.kill();
        running.wait();
        pair.assert_finishes();
    });
}

/// Waits until the n-th message is sent, whole, and the program waits for an answer.
fn is_stuck(running: &mut Running, pair: &Pair, nth: usize) -> bool {
    let (mut last, mut since) = (0, Instant::now());
    running.until(|| {
        let now = pair.dest.shared().octets_received();
        if now != last || pair.arrived() + 1 < nth {
            (last, since) = (now, Instant::now());
        }
        since.elapsed() > Duration::from_millis(150)
    })
}
