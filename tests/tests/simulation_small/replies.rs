//! Replies that are lost, messages that come late, and a ledger that cannot be written.

use std::time::Duration;

use crate::cases::{Case, in_virtual_time, modes, play_all, some};
use imapsync_cli::cli::Exit;
use imapsync_tests::real::long_campaign;
use imapsync_tests::server::{Fault, HangUp, Rule};
use imapsync_tests::simulation::{Kill, Mode, Outcome, Plan, small};

/// An APPEND's rule.
fn append(fault: Fault, number: usize) -> Rule {
    Rule::new(fault).on_command("APPEND").nth(number)
}

#[test]
fn each_reply_to_append_is_lost() {
    let mut cases = Vec::new();
    for mode in Mode::all() {
        for number in 1..=12 {
            let rules = vec![append(Fault::CutBeforeReply, number)];
            cases.push(Case {
                rules,
                ..Case::new(mode, Plan::default())
            });
        }
    }
    let tally = play_all(cases);
    assert!(tally.recovered > 0, "{tally:?}");
}

/// Each message appears late, with the process alive or killed; then a run begins at once.
#[test]
fn each_message_is_late() {
    let mut cases = Vec::new();
    for mode in Mode::all() {
        for number in (1..=12).step_by(if long_campaign() { 1 } else { 3 }) {
            let times: &[u64] = if long_campaign() {
                &[10, 400, 1000, 1500, 1990]
            } else {
                &[10, 1990]
            };
            for &milliseconds in times {
                for (hang_up, kill) in [(HangUp::Server, None), (HangUp::Client, Some(KILL_SOON))] {
                    let after = Duration::from_millis(milliseconds);
                    let fault = Fault::CommitLate { after, hang_up };
                    let rules = vec![append(fault, number)];
                    let plan = Plan {
                        kill,
                        ..mode.plan()
                    };
                    cases.push(Case {
                        rules,
                        ..Case::new(mode, plan)
                    });
                }
            }
        }
    }
    let tally = play_all(cases);
    assert!(tally.recovered > 0 && tally.kills > 0, "{tally:?}");
}

const KILL_SOON: Kill = Kill::After(Duration::from_secs(1));

/// A run with a ledger that fails after so many writes; a clean run at once, and the last one.
fn fail_ledger_after(mode: Mode, writes: u64) -> (Outcome, Option<Exit>) {
    in_virtual_time(async {
        let mut play = small(mode);
        let plan = Plan {
            ledger_writes: Some(writes),
            ..mode.plan()
        };
        let ended = play.run(plan).await;
        play.conclude().await;
        (play.outcome(), ended.exit())
    })
}

/// How many writes of the ledger a whole run needs.
fn ledger_writes(mode: Mode) -> u64 {
    let (mut few, mut enough) = (0, 1 << 12);
    while few + 1 < enough {
        let middle = (few + enough) / 2;
        match fail_ledger_after(mode, middle).1 {
            Some(Exit::Ledger) => few = middle,
            exit => {
                assert_eq!(exit, Some(Exit::Complete), "{mode:?} with {middle} writes");
                enough = middle;
            }
        }
    }
    enough
}

#[test]
fn each_write_of_the_ledger_fails() {
    let few = |mode: &Mode| long_campaign() || mode.literal_plus == mode.uidnext;
    for (salt, mode) in (0..).zip(modes(few)) {
        let writes = ledger_writes(mode);
        assert!(writes > 20, "{mode:?}: {writes} writes");
        for step in some(writes - 1, 10, salt) {
            let (outcome, exit) = fail_ledger_after(mode, step);
            assert_eq!(
                exit,
                Some(Exit::Ledger),
                "{mode:?}, {step} of {writes} writes"
            );
            let wrong = &outcome.violations;
            assert!(
                wrong.is_empty(),
                "{mode:?}, {step} of {writes} writes: {wrong:#?}"
            );
        }
    }
}
