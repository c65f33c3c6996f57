//! Which messages go into one APPEND (MULTIAPPEND, RFC 3502): what has gathered, and how much may.
//!
//! A server syncs its disk once for each APPEND, so a batch is as large as memory and server allow:
//! while one is under way the next gathers, and only an idle destination gets a smaller one. One that
//! is far away gets that only after a while: each batch costs a round trip.

use std::time::Duration;

use tokio::time::Instant;

/// How much one APPEND may hold, as far as the server has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Messages.
    pub messages: usize,
    /// Octets of their bodies; the last message may go beyond.
    pub octets: u64,
}

impl Limit {
    /// What is tried first.
    pub const LARGEST: Self = Self {
        messages: 1000,
        octets: 2 << 20,
    };
    /// Every message by itself.
    pub const SINGLE: Self = Self {
        messages: 1,
        octets: u64::MAX,
    };

    /// What to try after a batch was refused whose messages were all taken one by one: half of it.
    #[must_use]
    pub fn below(messages: usize, octets: u64) -> Self {
        match messages / 2 {
            0 | 1 => Self::SINGLE,
            half => Self {
                messages: half.min(Self::LARGEST.messages),
                octets: (octets / 2).clamp(1, Self::LARGEST.octets),
            },
        }
    }
}

/// Things that go out together.
#[derive(Debug)]
pub(super) struct Batch<T> {
    messages: Vec<T>,
    octets: u64,
    /// When an idle destination gets it as it is.
    due: Option<Instant>,
    patience: Duration,
}

impl<T> Batch<T> {
    /// For a destination with this round trip.
    pub(super) fn new(round_trip: Option<Duration>) -> Self {
        let patience = round_trip.unwrap_or_default() / 2;
        let patience = if patience < NEAR {
            Duration::ZERO
        } else {
            patience.min(LONGEST)
        };
        Self {
            messages: Vec::new(),
            octets: 0,
            due: None,
            patience,
        }
    }

    pub(super) fn push(&mut self, message: T, octets: u64) {
        if self.messages.is_empty() && !self.patience.is_zero() {
            self.due = Some(Instant::now() + self.patience);
        }
        self.messages.push(message);
        self.octets = self.octets.saturating_add(octets);
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Whether nothing more goes in.
    pub(super) const fn is_full(&self, limit: Limit) -> bool {
        self.messages.len() >= limit.messages || self.octets >= limit.octets
    }

    /// Waits until an idle destination is not to wait for more of it.
    pub(super) async fn gathered(&self) {
        if let Some(due) = self.due {
            tokio::time::sleep_until(due).await;
        }
    }

    /// All of it, for sending; the next one begins empty.
    pub(super) fn take(&mut self) -> Vec<T> {
        self.octets = 0;
        self.due = None;
        std::mem::take(&mut self.messages)
    }
}

/// A destination that answers so soon waits for nothing.
const NEAR: Duration = Duration::from_millis(2);
/// However far away it is.
const LONGEST: Duration = Duration::from_millis(200);

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_far_destination_waits_for_half_a_round_trip() {
        let millis = Duration::from_millis;
        for (round_trip, patience) in [
            (None, 0),
            (Some(millis(3)), 0),
            (Some(millis(100)), 50),
            (Some(millis(5000)), 200),
        ] {
            let mut batch = Batch::new(round_trip);
            for _ in 0..2 {
                batch.push((), 1);
                let since = Instant::now();
                tokio::time::sleep(millis(1)).await;
                // More does not make it wait longer.
                batch.push((), 1);
                batch.gathered().await;
                let waited = since.elapsed().as_millis();
                assert_eq!(waited, patience.max(1), "{round_trip:?}");
                batch.take();
            }
        }
    }

    #[test]
    fn a_batch_is_full_by_count_or_by_octets() {
        let limit = Limit {
            messages: 3,
            octets: 100,
        };
        for (sizes, full) in [
            (&[][..], false),
            (&[0, 0], false),
            (&[0, 0, 0], true),
            (&[99], false),
            (&[99, 1], true),
            (&[500], true),
        ] {
            let mut batch = Batch::new(None);
            sizes.iter().for_each(|&octets| batch.push((), octets));
            assert_eq!(batch.is_full(limit), full, "{sizes:?}");
            assert_eq!(batch.take().len(), sizes.len());
            assert!(
                batch.is_empty() && !batch.is_full(limit),
                "a new one begins"
            );
        }
        let mut single = Batch::new(None);
        single.push((), 0);
        assert!(single.is_full(Limit::SINGLE));
    }

    #[test]
    fn limits_shrink_to_single_messages() {
        let mut limit = Limit::LARGEST;
        for messages in [500, 250, 125, 62, 31, 15, 7, 3] {
            limit = Limit::below(limit.messages, limit.octets);
            assert_eq!(limit.messages, messages);
        }
        assert_eq!(limit.octets, (2 << 20) >> 8);
        assert_eq!(Limit::below(3, 1000), Limit::SINGLE);
        assert_eq!(Limit::below(0, 0), Limit::SINGLE);
    }
}
