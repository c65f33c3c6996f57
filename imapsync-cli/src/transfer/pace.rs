//! How long the destination takes for one message, at worst: what it may still be working on after
//! its connection is gone takes as long.

use std::time::Duration;

use tokio::time::Instant;

/// Measures the time between answers while something is under way.
#[derive(Debug)]
pub(super) struct Pace {
    last: Instant,
    slowest: Duration,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self {
            last: Instant::now(),
            slowest: Duration::ZERO,
        }
    }

    /// The first message goes out.
    pub(super) fn begins(&mut self) {
        self.last = Instant::now();
    }

    /// One was answered.
    pub(super) fn answered(&mut self) {
        let now = Instant::now();
        self.slowest = self.slowest.max(now.saturating_duration_since(self.last));
        self.last = now;
    }

    pub(super) const fn slowest(&self) -> Duration {
        self.slowest
    }
}
