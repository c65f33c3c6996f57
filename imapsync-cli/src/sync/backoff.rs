//! How long to wait before the next try. Pure: no clock, and no chance but a seed.

use std::time::Duration;

/// Delays that double, and vary a little so that many runs do not come back at once.
#[derive(Debug)]
pub(super) struct Backoff {
    tries: u32,
    jitter: u64,
}

impl Backoff {
    pub(super) const fn new(seed: u64) -> Self {
        Self {
            tries: 0,
            jitter: seed,
        }
    }

    /// The next delay: 1 s, 2 s, 4 s ... [`LONGEST`], each up to 30 % shorter or longer; not before
    /// the server's own wish, if its words hold one.
    pub(super) fn next(&mut self, words: &str) -> Duration {
        let doubled = FIRST * 2_u32.saturating_pow(self.tries.min(16));
        self.tries += 1;
        let factor = 0.7 + 0.6 * self.fraction();
        let delay = doubled.min(LONGEST).mul_f64(factor);
        wish(words).map_or(delay, |wish| delay.max(wish))
    }

    /// Things go well again.
    pub(super) const fn reset(&mut self) {
        self.tries = 0;
    }

    /// A number from 0 to 1 (splitmix64).
    fn fraction(&mut self) -> f64 {
        self.jitter = self.jitter.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.jitter;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        (mixed >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// How long the server asks us to wait, where its words name a time: Exchange's `Suggested Backoff
/// Time: 299961 milliseconds`, others' `try again in 5 minutes`. At most [`LONGEST_WISH`].
fn wish(words: &str) -> Option<Duration> {
    let words = words.to_ascii_lowercase();
    let (_, after) = BEFORE_A_TIME
        .iter()
        .find_map(|before| words.split_once(before))?;
    let start = after.find(|c: char| c.is_ascii_digit())?;
    let number = after.get(start..)?;
    let end = number
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(number.len());
    let (digits, unit) = number.split_at(end);
    let count: u64 = digits.parse().ok()?;
    let unit = unit.trim_start();
    let milliseconds = match unit {
        unit if unit.starts_with("ms") || unit.starts_with("milli") => 1,
        unit if unit.starts_with("min") => 60_000,
        unit if unit.starts_with('h') => 3_600_000,
        unit if unit.starts_with('s') => 1000,
        _ => return None,
    };
    let wish = Duration::from_millis(count.saturating_mul(milliseconds));
    Some(wish.min(LONGEST_WISH))
}

/// Words behind which a server names the time to wait.
const BEFORE_A_TIME: [&str; 5] = [
    "backoff time",
    "retry after",
    "retry in",
    "again in",
    "again after",
];
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);
const LONGEST_WISH: Duration = Duration::from_secs(600);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_a_minute_and_begin_anew() {
        let mut backoff = Backoff::new(7);
        for seconds in [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0] {
            let delay = backoff.next("").as_secs_f64();
            assert!(
                (0.7 * seconds..=1.3 * seconds).contains(&delay),
                "{delay} for {seconds}"
            );
        }
        for _ in 0..100 {
            backoff.next("");
        }
        backoff.reset();
        assert!(backoff.next("") < Duration::from_millis(1301));
    }

    #[test]
    fn chance_is_in_the_seed_alone() {
        let delays = |seed| {
            let mut backoff = Backoff::new(seed);
            [(); 5].map(|()| backoff.next(""))
        };
        assert_eq!(delays(1), delays(1));
        assert_ne!(delays(1), delays(2));
    }

    #[test]
    fn what_servers_wish() {
        for (words, seconds) in [
            (
                "Request is throttled. Suggested Backoff Time: 299961 milliseconds",
                299.961,
            ),
            ("Too busy, try again in 5 minutes", 300.0),
            ("[LIMIT] Retry after 30 seconds.", 30.0),
            ("try again in 90s", 90.0),
            ("try again in 3 hours", 600.0),
            ("retry in 99999999999999999999 s", 0.0),
            ("try again in 5 parsecs", 0.0),
            ("try again later", 0.0),
            ("5 minutes", 0.0),
        ] {
            let wish = wish(words).map_or(0.0, |wish| wish.as_secs_f64());
            assert!((wish - seconds).abs() < 1e-9, "{words}: {wish}");
        }
        let delay = Backoff::new(1).next("Suggested Backoff Time: 20000 milliseconds");
        assert_eq!(delay.as_secs(), 20);
    }
}
