//! The process is killed: at every turn, again and again, and while a slow server works on.

use std::collections::VecDeque;
use std::time::Duration;

use crate::cases::{Case, course, in_virtual_time, modes, play_all, some};
use imapsync_tests::real::long_campaign;
use imapsync_tests::server::{Fault, Rule};
use imapsync_tests::simulation::{Ending, Fate, Kill, Mode, Plan, small};

/// Both ways in which a server ends; in CI one of them.
fn endings(salt: u64) -> impl Iterator<Item = Ending> {
    let both = [Ending::Stops, Ending::WorksOn];
    let one = usize::from(salt.is_multiple_of(2));
    let count = if long_campaign() { 2 } else { 1 };
    both.into_iter().cycle().skip(one).take(count)
}

/// The process is killed at every turn of its scheduler, in modes that are so.
fn killed_at_every_turn(are: impl Fn(&Mode) -> bool) {
    let mut cases = Vec::new();
    for (salt, mode) in (0..).zip(modes(are)) {
        for buffer in [100, 1000, 64 << 10] {
            if mode.spliced && buffer == 100 {
                continue;
            }
            let others = Fate {
                buffer,
                ..Fate::default()
            };
            let turns = course(mode, others).turns;
            for turn in some(turns, 20, salt) {
                cases.extend(endings(turn).map(|ending| {
                    let others = Fate { ending, ..others };
                    let kill = Some(Kill::AtTurn(turn));
                    Case::new(
                        mode,
                        Plan {
                            others,
                            kill,
                            ..mode.plan()
                        },
                    )
                }));
            }
        }
    }
    let count = cases.len() as u64;
    let tally = play_all(cases);
    assert!(
        tally.kills > count / 2,
        "most runs are really killed: {tally:?}"
    );
}

#[test]
fn with_batches_at_every_turn() {
    killed_at_every_turn(|mode| mode.batched && mode.uidplus && !mode.spliced);
}

#[test]
fn with_single_messages_at_every_turn() {
    killed_at_every_turn(|mode| !mode.batched && mode.uidplus && !mode.spliced);
}

#[test]
fn with_batches_and_without_uids_at_every_turn() {
    killed_at_every_turn(|mode| mode.batched && !mode.uidplus && !mode.spliced);
}

#[test]
fn with_single_messages_and_without_uids_at_every_turn() {
    killed_at_every_turn(|mode| !mode.batched && !mode.uidplus && !mode.spliced);
}

#[test]
fn with_batches_and_a_spliced_message_at_every_turn() {
    killed_at_every_turn(|mode| mode.batched && mode.spliced);
}

#[test]
fn with_a_spliced_message_at_every_turn() {
    killed_at_every_turn(|mode| !mode.batched && mode.spliced);
}

/// A server that is slow to store works on, for seconds, with what the pipeline held.
fn slow_server(batched: bool) {
    let mut cases = Vec::new();
    for mode in modes(|mode| mode.batched == batched) {
        for milliseconds in [100, 700, 1500] {
            let count = if long_campaign() { 140 } else { 12 };
            for kill_after in (0..count).map(|n| 14 * milliseconds * n / count) {
                let fault = Fault::Delay(Duration::from_millis(milliseconds));
                let rules = vec![Rule::new(fault).on_command("APPEND").times(14)];
                let plan = Plan {
                    others: Fate {
                        ending: Ending::WorksOn,
                        ..Fate::default()
                    },
                    kill: Some(Kill::After(Duration::from_millis(kill_after))),
                    ..mode.plan()
                };
                cases.push(Case {
                    rules,
                    ..Case::new(mode, plan)
                });
            }
        }
    }
    let tally = play_all(cases);
    assert!(tally.recovered > 0 && tally.kills > 0, "{tally:?}");
}

#[test]
fn a_slow_server_works_on_with_a_batch() {
    slow_server(true);
}

#[test]
fn a_slow_server_works_on_with_single_messages() {
    slow_server(false);
}

/// Several kills, one after the other, each run as short as the one before.
#[test]
fn killed_again_and_again() {
    for mode in modes(|mode| !mode.spliced) {
        let turns = course(mode, Fate::default()).turns;
        let mut at: VecDeque<u64> = some(turns, 10, 3).collect();
        let outcome = in_virtual_time(async {
            let mut play = small(mode);
            while let Some(turn) = at.pop_front() {
                let kill = Some(Kill::AtTurn(turn));
                play.run(Plan {
                    kill,
                    ..mode.plan()
                })
                .await;
            }
            play.conclude().await;
            play.outcome()
        });
        assert!(
            outcome.violations.is_empty(),
            "{mode:?}: {:#?}",
            outcome.violations
        );
    }
}
