//! How long the destination takes for one message, at worst: what it may still be working on after
//! its connection is gone takes as long.

use std::time::Duration;

use tokio::time::Instant;

/// Measures the time between answers while something is under way.
#[derive(Debug)]
pub(super) struct Pace {
    last: Instant,
    slowest: Duration,
    told: Duration,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self {
            last: Instant::now(),
            slowest: Duration::ZERO,
            told: Duration::ZERO,
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

    /// The slowest answer, when it is much slower than all before: whoever comes after a kill has to
    /// know how long this server may still be working.
    pub(super) fn news(&mut self) -> Option<Duration> {
        let news = self.slowest > NOTEWORTHY && self.slowest > 2 * self.told;
        news.then(|| {
            self.told = self.slowest;
            self.slowest
        })
    }

    pub(super) const fn slowest(&self) -> Duration {
        self.slowest
    }
}

/// Faster answers are covered by the least time that is waited anyhow.
const NOTEWORTHY: Duration = Duration::from_millis(500);
