//! How long a run goes on trying while nothing moves.

use std::time::Duration;

use tokio::time::Instant;

use super::backoff::Backoff;

/// What the user allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// The run ends cleanly after this time, whatever is left to do.
    pub deadline: Option<Duration>,
    /// The run gives up when in spite of all tries no message has moved for so long.
    pub give_up_after: Duration,
    /// Decides by how much pauses vary.
    pub seed: u64,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            deadline: None,
            give_up_after: Duration::from_secs(3600),
            seed: 0,
        }
    }
}

/// Trouble of a run: since when, and how long to wait now.
#[derive(Debug)]
pub(crate) struct Trouble {
    give_up_after: Duration,
    backoff: Backoff,
    since: Option<Instant>,
    tries: u32,
}

impl Trouble {
    pub(crate) const fn new(patience: Patience) -> Self {
        Self {
            give_up_after: patience.give_up_after,
            backoff: Backoff::new(patience.seed),
            since: None,
            tries: 0,
        }
    }

    /// A message has moved: all tries are counted anew.
    pub(crate) const fn over(&mut self) {
        self.since = None;
        self.tries = 0;
        self.backoff.reset();
    }

    /// Tries since something moved.
    pub(crate) const fn tries(&self) -> u32 {
        self.tries
    }

    /// How long it has lasted.
    pub(crate) fn lasted(&self) -> Duration {
        self.since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// The pause before the next try; `None` when it has lasted too long. The last try is made
    /// when the time is up, not before.
    pub(crate) fn pause(&mut self, words: &str) -> Option<Duration> {
        self.since.get_or_insert_with(Instant::now);
        let left = self.give_up_after.checked_sub(self.lasted())?;
        if left.is_zero() {
            return None;
        }
        self.tries += 1;
        Some(self.backoff.next(words).min(left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn tries_end_when_nothing_has_moved_for_so_long() {
        let mut trouble = Trouble::new(Patience {
            give_up_after: Duration::from_secs(600),
            ..Patience::default()
        });
        let started = Instant::now();
        while let Some(pause) = trouble.pause("") {
            tokio::time::sleep(pause).await;
        }
        assert_eq!(started.elapsed().as_secs(), 600);
        assert!((12..24).contains(&trouble.tries()), "{}", trouble.tries());
        trouble.over();
        assert_eq!((trouble.tries(), trouble.lasted()), (0, Duration::ZERO));
        assert!(trouble.pause("").is_some());
    }

    #[test]
    fn no_patience_is_no_try() {
        let mut trouble = Trouble::new(Patience {
            give_up_after: Duration::ZERO,
            ..Patience::default()
        });
        assert_eq!(trouble.pause(""), None);
    }
}
