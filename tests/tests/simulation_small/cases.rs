//! One possibility, and how many of them are played.

use imapsync_cli::side::Side;
use imapsync_tests::real::long_campaign;
use imapsync_tests::server::Rule;
use imapsync_tests::simulation::{Course, Fate, Mode, Outcome, Plan, Tally, small};

/// Runs something in virtual time.
pub(crate) fn in_virtual_time<T>(what: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(what)
}

/// One possibility: what happens, and with which rules of the destination.
#[derive(Debug)]
pub(crate) struct Case {
    /// On which server.
    pub(crate) mode: Mode,
    /// What happens to the run.
    pub(crate) plan: Plan,
    /// What the destination does.
    pub(crate) rules: Vec<Rule>,
}

impl Case {
    /// A case without rules.
    pub(crate) fn new(mode: Mode, plan: Plan) -> Self {
        let rules = Vec::new();
        Self { mode, plan, rules }
    }

    /// Plays it, with clean runs after it.
    pub(crate) fn play(self) -> Outcome {
        in_virtual_time(async {
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
pub(crate) fn play_all(cases: impl IntoIterator<Item = Case>) -> Tally {
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
pub(crate) fn course(mode: Mode, others: Fate) -> Course {
    in_virtual_time(async {
        let mut play = small(mode);
        play.run(Plan {
            others,
            ..mode.plan()
        })
        .await;
        play.course()
    })
}

/// The modes that are so.
pub(crate) fn modes(are: impl Fn(&Mode) -> bool) -> Vec<Mode> {
    Mode::all().into_iter().filter(are).collect()
}

/// Some or all of `0..=end`: in CI about `share` of them, never the same remainder.
pub(crate) fn some(end: u64, share: u64, salt: u64) -> impl Iterator<Item = u64> {
    let step = if long_campaign() {
        1
    } else {
        (end / share).max(1) | 1
    };
    let first = salt * 7 % step;
    (first..=end).step_by(usize::try_from(step).unwrap_or(1))
}

/// The octets at which an exchange is cut: in the middle of a spliced body only now and then.
pub(crate) fn places(octets: u64, salt: u64) -> Vec<u64> {
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
