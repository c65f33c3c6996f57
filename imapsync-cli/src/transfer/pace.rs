//! How long the destination takes for one message, at worst: what it may still be working on after
//! its connection is gone takes as long.

use std::time::Duration;

/// The longest time between two answers on a connection with something under way.
#[derive(Debug, Default)]
pub(super) struct Pace {
    slowest: Duration,
    told: Duration,
}

impl Pace {
    /// An answer took so long.
    pub(super) fn took(&mut self, time: Duration) {
        self.slowest = self.slowest.max(time);
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
