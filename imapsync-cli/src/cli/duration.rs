//! Times as people write them: `90s`, `15m`, `2h`, `1d`, `1h30m`.

use std::time::Duration;

/// Reads a time span. Each number needs its unit, since nobody can know what a bare `90` means.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let mut rest = text.trim();
    let mut seconds: u64 = 0;
    loop {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, tail) = rest.split_at(digits);
        let number: u64 = number.parse().map_err(|_| wrong())?;
        let mut tail = tail.chars();
        let unit: u64 = match tail.next() {
            Some('s') => 1,
            Some('m') => 60,
            Some('h') => 3600,
            Some('d') => 86_400,
            _ => return Err(wrong()),
        };
        seconds = number
            .checked_mul(unit)
            .and_then(|more| seconds.checked_add(more))
            .filter(|&seconds| seconds <= LONGEST)
            .ok_or_else(|| "that is more than a year".to_owned())?;
        rest = tail.as_str();
        if rest.is_empty() {
            return Ok(Duration::from_secs(seconds));
        }
    }
}

fn wrong() -> String {
    "write a number and its unit, such as 90s, 15m, 2h or 1h30m".to_owned()
}

const LONGEST: u64 = 366 * 86_400;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans() {
        for (text, seconds) in [
            ("90s", 90),
            ("15m", 900),
            ("2h", 7200),
            ("1d", 86_400),
            ("1h30m", 5400),
            (" 0s ", 0),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in [
            "",
            "90",
            "s",
            "1.5h",
            "-1h",
            "1w",
            "1h 30m",
            "99999999999999999999s",
            "400d",
        ] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
