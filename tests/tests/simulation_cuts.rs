//! Everything that can happen to one small account, one after the other and in virtual time: a cut at
//! every octet, a kill at every turn, each reply lost, each message late. After each of them a clean
//! run follows at once, then one that must find nothing to do.
//!
//! Some of the possibilities in CI, evenly spread; each of them in the long campaign.

use std::collections::VecDeque;
use std::time::Duration;

use imapsync_cli::cli::Exit;
use imapsync_cli::side::Side;
use imapsync_tests::real::long_campaign;
use imapsync_tests::server::{Fault, HangUp, Rule};
use imapsync_tests::simulation::{
    Course, Cut, Direction, Ending, Fate, Kill, Mode, Outcome, Plan, Play, Tally, small,
};

/// One possibility: what happens, and with which rules of the destination.
#[derive(Debug)]
struct Case {
    mode: Mode,
    plan: Plan,
    rules: Vec<Rule>,
}

impl Case {
    fn new(mode: Mode, plan: Plan) -> Self {
        let rules = Vec::new();
        Self { mode, plan, rules }
    }

    fn play(self) -> Outcome {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let mut play = small(self.mode);
            for rule in self.rules {
                play.server(Side::Dest).add_fault(rule);
            }
            play.run(self.plan).await;
            play.conclude().await;
            play.outcome()
        })
    }
}

/// Plays all cases and fails with those that went wrong.
fn play_all(cases: impl IntoIterator<Item = Case>) -> Tally {
    let mut tally = Tally::default();
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in cases {
        let name = format!("{case:?}");
        let outcome = case.play();
        count += 1;
        tally += outcome.tally;
        if !outcome.violations.is_empty() {
            wrong.push(format!("{name}: {:#?}", outcome.violations));
        }
    }
    println!("{count} cases, {tally:?}");
    let first = wrong.iter().take(5).cloned().collect::<Vec<_>>().join("\n");
    assert!(
        wrong.is_empty(),
        "{} of {count} went wrong:\n{first}",
        wrong.len()
    );
    tally
}

/// How far an undisturbed run comes.
fn course(mode: Mode, others: Fate) -> Course {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let mut play: Play = small(mode);
        play.run(Plan {
            others,
            ..Plan::default()
        })
        .await;
        play.course()
    })
}

/// The modes that are so.
fn modes(are: impl Fn(&Mode) -> bool) -> Vec<Mode> {
    Mode::all().into_iter().filter(are).collect()
}

/// Some or all of `0..=end`: in CI about `share` of them, never the same remainder.
fn some(end: u64, share: u64, salt: u64) -> impl Iterator<Item = u64> {
    let step = if long_campaign() {
        1
    } else {
        (end / share).max(1) | 1
    };
    let first = salt * 7 % step;
    (first..=end).step_by(usize::try_from(step).unwrap_or(1))
}

/// The octets at which an exchange is cut: in the middle of a spliced body only now and then.
fn places(octets: u64, salt: u64) -> Vec<u64> {
    let (head, tail) = (3000, 2600);
    if octets <= 2 * (head + tail) {
        return some(octets, 40, salt).collect();
    }
    let end = octets - tail;
    let middle = (head..end).step_by(9973);
    let mut places: Vec<u64> = some(head, 30, salt).chain(middle).collect();
    places.extend(some(tail, 20, salt).map(|place| end + place));
    places
}

/// The connection to one side is cut everywhere, in each direction.
fn cut_everywhere(side: Side, modes: Vec<Mode>) {
    let mut cases = Vec::new();
    for (salt, mode) in (0..).zip(modes) {
        let course = course(mode, Fate::default());
        for direction in [Direction::ToServer, Direction::ToClient] {
            let octets = match side {
                Side::Source => course.source,
                Side::Dest => course.dest,
            }[direction as usize];
            for octets in places(octets, salt) {
                cases.push(Case::new(mode, cut(side, direction, octets, mode)));
            }
        }
    }
    let count = cases.len() as u64;
    let tally = play_all(cases);
    assert!(
        tally.cuts > count / 2,
        "most connections are really cut: {tally:?}"
    );
}

/// One cut. Neighbouring octets and modes take turns in how the server ends, and in whether the
/// process dies with its connection or goes on.
fn cut(side: Side, direction: Direction, octets: u64, mode: Mode) -> Plan {
    let turn = octets + 2 * u64::from(mode.literal_plus) + u64::from(mode.uidnext);
    let fate = Fate {
        cut: Some(Cut { direction, octets }),
        ending: [Ending::Stops, Ending::WorksOn][usize::from(turn & 1 == 0)],
        ..Fate::default()
    };
    let kill = (turn & 2 == 0).then_some(Kill::AtCut);
    let (source, dest) = match side {
        Side::Source => (vec![fate], Vec::new()),
        Side::Dest => (Vec::new(), vec![fate]),
    };
    Plan {
        source,
        dest,
        kill,
        ..Plan::default()
    }
}

/// Both ways in which a server ends; in CI one of them.
fn endings(salt: u64) -> impl Iterator<Item = Ending> {
    let both = [Ending::Stops, Ending::WorksOn];
    let one = usize::from(salt.is_multiple_of(2));
    let count = if long_campaign() { 2 } else { 1 };
    both.into_iter().cycle().skip(one).take(count)
}

#[test]
fn a_destination_that_names_uids_is_cut_everywhere() {
    cut_everywhere(Side::Dest, modes(|mode| !mode.spliced && mode.uidplus));
}

#[test]
fn a_destination_that_names_no_uids_is_cut_everywhere() {
    cut_everywhere(Side::Dest, modes(|mode| !mode.spliced && !mode.uidplus));
}

#[test]
fn the_destination_is_cut_everywhere_when_a_message_is_spliced() {
    let few = |mode: &Mode| mode.spliced && mode.literal_plus && mode.uidnext;
    cut_everywhere(Side::Dest, modes(few));
}

#[test]
fn the_source_is_cut_everywhere() {
    let few = |mode: &Mode| mode.literal_plus && mode.uidnext;
    cut_everywhere(Side::Source, modes(few));
}

#[test]
fn the_process_is_killed_at_every_turn() {
    let mut cases = Vec::new();
    for (salt, mode) in (0..).zip(Mode::all()) {
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
                            ..Plan::default()
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
                        ..Plan::default()
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

/// A server that is slow to store works on, for seconds, with what the pipeline held.
#[test]
fn a_slow_server_works_on_after_a_kill() {
    let mut cases = Vec::new();
    for mode in Mode::all() {
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
                    ..Plan::default()
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

/// Several kills, one after the other, each run as short as the one before.
#[test]
fn killed_again_and_again() {
    for mode in modes(|mode| !mode.spliced) {
        let turns = course(mode, Fate::default()).turns;
        let mut at: VecDeque<u64> = some(turns, 10, 3).collect();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime");
        let outcome = runtime.block_on(async {
            let mut play = small(mode);
            while let Some(turn) = at.pop_front() {
                let kill = Some(Kill::AtTurn(turn));
                play.run(Plan {
                    kill,
                    ..Plan::default()
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

/// A run with a ledger that fails after so many writes; a clean run at once, and the last one.
fn fail_ledger_after(mode: Mode, writes: u64) -> (Outcome, Option<Exit>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let mut play = small(mode);
        let plan = Plan {
            ledger_writes: Some(writes),
            ..Plan::default()
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
