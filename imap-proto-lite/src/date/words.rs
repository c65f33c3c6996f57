//! Dates read word by word, in the forms that servers send: RFC 9051 section 9, `date-time`, and RFC 5322
//! section 3.3.

use super::InternalDate;
use super::calendar::{DAY, MONTHS, days_from_civil};

impl InternalDate {
    /// Any of these forms, word by word.
    pub(super) fn parse_words(text: &[u8]) -> Option<Self> {
        let mut words = text
            .split(u8::is_ascii_whitespace)
            .filter(|word| !word.is_empty());
        let (date, time, zone) = (words.next()?, words.next()?, words.next()?);
        if words.next().is_some() {
            return None;
        }
        let local = parse_date(date)? * DAY + parse_time(time)?;
        let zone_minutes = parse_zone(zone)?;
        Self::new(local - i64::from(zone_minutes) * 60, zone_minutes)
    }

    /// Reads `[day-of-week ","] day month year time zone`, the form of message headers (RFC 5322 section
    /// 3.3) with a numeric zone, which some servers send in place of their own.
    pub(crate) fn parse_imf(text: &[u8]) -> Option<Self> {
        let date = match memchr::memchr(b',', text) {
            Some(comma) => text.get(comma + 1..)?,
            None => text,
        };
        let mut words = date
            .split(|&byte| byte == b' ')
            .filter(|word| !word.is_empty());
        let (day, month, year) = (words.next()?, words.next()?, words.next()?);
        let (time, zone) = (words.next()?, words.next()?);
        if words.next().is_some() {
            return None;
        }
        Self::parse(&[day, b"-", month, b"-", year, b" ", time, b" ", zone].concat())
    }
}

fn parse_date(text: &[u8]) -> Option<i64> {
    let mut parts = text.split(|&byte| byte == b'-');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || day.len() > 2 {
        return None;
    }
    let month = MONTHS
        .iter()
        .position(|name| name.as_bytes().eq_ignore_ascii_case(month))?;
    let month = i64::try_from(month).ok()? + 1;
    let (day, year) = (digits(day)?, digits(year)?);
    let first = days_from_civil(year, month, 1);
    let next = if month == 12 {
        days_from_civil(year + 1, 1, 1)
    } else {
        days_from_civil(year, month + 1, 1)
    };
    (1..=next - first).contains(&day).then_some(first + day - 1)
}

fn parse_time(text: &[u8]) -> Option<i64> {
    let mut parts = text.split(|&byte| byte == b':').map(digits);
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    let valid = parts.next().is_none() && hour < 24 && minute < 60 && second <= 60;
    valid.then_some(hour * 3600 + minute * 60 + second)
}

fn parse_zone(text: &[u8]) -> Option<i16> {
    let (sign, number) = match text {
        [b'+', number @ ..] => (1, number),
        [b'-', number @ ..] => (-1, number),
        _ => return None,
    };
    if number.len() != 4 {
        return None;
    }
    let number = i16::try_from(digits(number)?).ok()?;
    (number % 100 < 60 && number < 2400).then_some(sign * (number / 100 * 60 + number % 100))
}

/// ASCII digits only: no sign, at most four.
fn digits(text: &[u8]) -> Option<i64> {
    let valid = (1..=4).contains(&text.len()) && text.iter().all(u8::is_ascii_digit);
    valid.then(|| {
        text.iter()
            .fold(0, |n, digit| n * 10 + i64::from(digit - b'0'))
    })
}
