//! Whether a copy keeps its pace: the rate of the last messages by that of the first.

/// From the times (in nanoseconds) at which messages arrived, and how many at once; nothing where they are
/// not so many that first and last are apart.
pub(crate) fn steadiness(arrivals: &[(u64, usize)]) -> Option<f64> {
    let mut count = 0;
    let counts = arrivals.iter().map(|(at, messages)| {
        count += messages;
        (*at, count)
    });
    let counts: Vec<(u64, usize)> = counts.collect();
    let (begin, end) = (*counts.first()?, *counts.last()?);
    if end.1 < begin.1 + 2 * MESSAGES {
        return None;
    }
    let early = counts.iter().find(|(_, n)| *n >= begin.1 + MESSAGES)?;
    let late = counts.iter().rfind(|(_, n)| *n + MESSAGES <= end.1)?;
    Some(rate(*late, end) / rate(begin, *early))
}

fn rate(from: (u64, usize), to: (u64, usize)) -> f64 {
    (to.1 - from.1) as f64 / (to.0 - from.0).max(1) as f64
}

/// So many are the first, and so many the last.
const MESSAGES: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_that_slows_down_is_seen() {
        let batch = |index: u64, at: u64| (index * at, 1000);
        let even: Vec<_> = (0..100).map(|index| batch(index, 50)).collect();
        assert_eq!(steadiness(&even), Some(1.0));
        // The last ten batches take twice as long.
        let tired: Vec<_> = (0..100u64)
            .map(|index| (50 * index + 50 * index.saturating_sub(89), 1000))
            .collect();
        assert_eq!(steadiness(&tired), Some(0.5));
        assert_eq!(steadiness(&even[..20]), None);
        assert_eq!(steadiness(&[]), None);
    }
}
