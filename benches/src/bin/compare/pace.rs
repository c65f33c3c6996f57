//! One direction of a line, as arithmetic: when octets that enter it now come out.
//!
//! A line without a rate only delays. One with a rate passes one octet after the other, whoever sent them, so what
//! enters while it is busy waits its turn; an idle line has saved nothing up. Lateness of whoever carries the octets
//! does not add up, since the next ones are reckoned from when the line is free, not from when the last arrived.

use std::num::NonZeroU64;
use std::time::Duration;

use tokio::time::Instant;

/// One direction of a line.
#[derive(Clone, Debug)]
pub(crate) struct Pace {
    delay: Duration,
    /// Octets a second.
    rate: Option<NonZeroU64>,
    /// Since when the line has nothing to send, or from when on.
    free: Option<Instant>,
}

impl Pace {
    pub(crate) const fn new(delay: Duration, rate: Option<NonZeroU64>) -> Self {
        Self {
            delay,
            rate,
            free: None,
        }
    }

    /// When the last of these octets comes out.
    pub(crate) fn arrival(&mut self, now: Instant, octets: usize) -> Instant {
        let Some(rate) = self.rate else {
            return now + self.delay;
        };
        let begun = self.free.map_or(now, |free| free.max(now));
        let sent = begun + Duration::from_nanos(octets as u64 * NANOS / rate);
        self.free = Some(sent);
        sent + self.delay
    }

    /// How many octets travel together: a millisecond's, so that the first of a burst come out soon.
    pub(crate) fn chunk_bytes(&self) -> usize {
        self.within(Duration::from_millis(1))
            .clamp(SEGMENT_BYTES, CHUNK_BYTES)
    }

    /// How many octets of one connection may be on their way or wait for their turn.
    pub(crate) fn window_bytes(&self) -> usize {
        self.within(self.delay + QUEUE)
            .clamp(CHUNK_BYTES, WINDOW_BYTES)
    }

    /// What passes in this time.
    fn within(&self, time: Duration) -> usize {
        let octets = |rate: NonZeroU64| time.as_nanos() * u128::from(rate.get()) / NANOS_WIDE;
        let octets = self.rate.map(octets);
        octets.map_or(usize::MAX, |octets| {
            usize::try_from(octets).unwrap_or(usize::MAX)
        })
    }
}

const NANOS: u64 = 1_000_000_000;
const NANOS_WIDE: u128 = NANOS as u128;
/// What one packet holds.
const SEGMENT_BYTES: usize = 1460;
const CHUNK_BYTES: usize = 64 * 1024;
/// Without a rate 320 MB/s at a round trip of 100 ms.
const WINDOW_BYTES: usize = 16 * 1024 * 1024;
/// How long octets wait at most before a line, as in a router of the usual size.
const QUEUE: Duration = Duration::from_millis(100);

#[cfg(test)]
mod tests {
    use super::*;

    const DELAY: Duration = Duration::from_millis(10);

    fn paced(rate: u64) -> Pace {
        Pace::new(DELAY, NonZeroU64::new(rate))
    }

    #[test]
    fn without_a_rate_nothing_waits_for_another() {
        let mut pace = Pace::new(DELAY, None);
        let now = Instant::now();
        assert_eq!(pace.arrival(now, 1 << 30), now + DELAY);
        assert_eq!(pace.arrival(now, 1), now + DELAY);
    }

    #[test]
    fn octets_queue_and_an_idle_line_saves_nothing_up() {
        let mut pace = paced(1_000_000);
        let now = Instant::now();
        let after = |millis| now + Duration::from_millis(millis);
        assert_eq!(pace.arrival(now, 5000), after(15));
        assert_eq!(pace.arrival(now, 2000), after(17));
        assert_eq!(pace.arrival(after(3), 1000), after(18));
        // The end of the stream stays behind what it follows.
        assert_eq!(pace.arrival(after(3), 0), after(18));
        assert_eq!(pace.arrival(after(1000), 5000), after(1015));
    }

    #[test]
    fn chunks_and_windows_follow_the_rate() {
        let table = [
            (paced(1), SEGMENT_BYTES, CHUNK_BYTES),
            (paced(6_250_000), 6250, 687_500),
            (paced(125_000_000), CHUNK_BYTES, 13_750_000),
            (Pace::new(DELAY, None), CHUNK_BYTES, WINDOW_BYTES),
        ];
        for (pace, chunk, window) in table {
            assert_eq!(
                (pace.chunk_bytes(), pace.window_bytes()),
                (chunk, window),
                "{pace:?}"
            );
        }
    }
}
