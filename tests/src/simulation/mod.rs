//! Whole runs of the engine in one process and in virtual time: random mail, users who go on working
//! on both sides, everything that can go wrong on the way, and a model that knows what must come of it.
//!
//! The engine is the real one; only its connections are pipes. No socket, no thread: with a paused
//! clock a simulation depends on its seed alone.
//!
//! ```text
//! Scenario (seed) ──> Stage: engine ══ Line ══ embedded servers ──> Model: what the stores did ──> verdict
//! ```

mod control;
mod deeds;
mod faults;
mod habits;
mod history;
mod killable;
mod line;
mod mail;
mod model;
mod narrator;
mod play;
mod profiles;
mod scenario;
mod small;
mod stage;
mod verdict;
mod world;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use control::{Course, Deed, Plan};
pub use history::History;
pub use killable::Kill;
pub use line::{Cut, Direction, Ending, Fate};
pub use play::{Outcome, Play, Tally};
pub use scenario::{Telling, simulate};
pub use small::{Mode, small};
pub use stage::{Ended, PASSWORD, Stage, USER};
pub use world::World;

/// Locks, also after a panic elsewhere: it must not hide its own reason.
fn locked<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
