//! The seeded simulation: the real engine and two embedded servers in one process, in virtual time.
//!
//! A seed that fails prints the command that replays it with its whole history.

use imapsync_tests::real::long_campaign;
use imapsync_tests::simulation::{Outcome, Tally, Telling, simulate};

/// Plays one seed; equal seeds give equal histories.
fn play(seed: u64, telling: Telling) -> Outcome {
    let _guard = Named(seed);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(simulate(seed, telling))
}

/// Names the seed when the engine panics.
struct Named(u64);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("{}", replay_command(self.0));
        }
    }
}

fn replay_command(seed: u64) -> String {
    format!(
        "replay with: {SEED}={seed} cargo nextest run -p imapsync-tests --test simulation --no-capture replay"
    )
}

/// Plays every n-th seed of the campaign, from the `lane`-th on.
fn campaign(lane: u64) {
    let seeds = if long_campaign() { 10_000 } else { 500 };
    let mut tally = Tally::default();
    let mut failed = Vec::new();
    for seed in (0..seeds).skip(lane as usize).step_by(LANES as usize) {
        let outcome = play(seed, Telling::Quick);
        tally += outcome.tally;
        if !outcome.violations.is_empty() {
            let first: Vec<_> = outcome.violations.iter().take(3).collect();
            println!("seed {seed}: {first:#?}\n{}", replay_command(seed));
            failed.push(seed);
        }
    }
    println!("{tally:?}");
    let played = seeds / LANES;
    let enough = [
        (tally.kills, played / 2),
        (tally.cuts, played / 3),
        (tally.faults, played / 5),
        (tally.late_commits, played / 10),
        (tally.recovered, played),
        (tally.delivered, played * 10),
    ];
    assert!(
        enough.iter().all(|(seen, least)| seen >= least),
        "too little trouble to learn from: {tally:?}"
    );
    assert!(failed.is_empty(), "seeds that failed: {failed:?}");
}

const LANES: u64 = 2;
const SEED: &str = "IMAPSYNC_SEED";

#[test]
fn even_seeds() {
    campaign(0);
}

#[test]
fn odd_seeds() {
    campaign(1);
}

#[test]
fn equal_seeds_give_equal_histories() {
    for seed in 0..20 {
        let (one, other) = (play(seed, Telling::Quick), play(seed, Telling::Quick));
        let lines = one.history.iter().zip(&other.history);
        let first = lines.clone().find(|(one, other)| one != other);
        assert_eq!(one.hash, other.hash, "seed {seed}: {first:?}");
    }
}

/// Plays the seed of the environment and prints what happened, in order.
#[test]
fn replay() {
    let seed = std::env::var(SEED).map_or(0, |seed| seed.parse().expect("a number"));
    let outcome = play(seed, Telling::InOrder);
    assert!(outcome.history.len() > 10, "{:?}", outcome.history);
    print(&outcome.history);
    println!("{:?}", outcome.tally);
    assert!(outcome.violations.is_empty(), "{:#?}", outcome.violations);
}

/// Lines that say the same one after the other stand once, with their number.
fn print(history: &[String]) {
    let said = |line: &String| line.get(9..).map(str::to_owned);
    for same in history.chunk_by(|one, other| said(one) == said(other)) {
        match same {
            [line] => println!("{line}"),
            [first, .., last] => println!(
                "{first}  ... {} times, until {}",
                same.len(),
                last.trim_start().split(' ').next().unwrap_or_default()
            ),
            [] => {}
        }
    }
}
