//! One simulation from its seed to its verdict: runs with trouble, a clean run, and a last one that
//! must find nothing to do.

use super::deeds::Act;
use super::faults::trouble;
use super::play::{Outcome, Play};
use super::world::World;
use crate::corpus::Random;

/// How a history is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// The commands of a run follow at its end.
    Quick,
    /// Each command stands where it came.
    InOrder,
}

/// Plays the simulation of this seed; needs a runtime of one thread with a paused clock.
pub async fn simulate(seed: u64, telling: Telling) -> Outcome {
    let mut random = Random::new(seed);
    let (world, stage) = World::random(random.bits());
    if telling == Telling::InOrder {
        stage.narrate_at_once();
    }
    let memory = random.pick(&[12 << 20, 1 << 20]);
    let mut play = Play::new(world, stage, memory);
    for _ in 0..1 + random.below(4) {
        for _ in 0..random.below(3) {
            play.world.act(Act::any(&mut random));
        }
        play.touch_backup(&mut random).await;
        play.touch_ledger(&mut random).await;
        let plan = trouble(&mut random, &play.world, &mut play.tally);
        play.run(plan).await;
    }
    play.conclude().await;
    play.outcome()
}
