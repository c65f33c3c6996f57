//! Internal date: `date-time` of RFC 9051 section 9, exact for every year from 0000 to 9999.

use std::fmt;

/// An instant and the zone it is shown in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InternalDate {
    /// Seconds since 1970-01-01 00:00:00 UTC, negative before.
    pub unix_seconds: i64,
    /// Minutes east of UTC.
    pub zone_minutes: i16,
}

impl InternalDate {
    /// An instant shown in UTC.
    pub const fn utc(unix_seconds: i64) -> Self {
        Self {
            unix_seconds,
            zone_minutes: 0,
        }
    }

    /// `date-day-fixed "-" date-month "-" date-year SP time SP zone`, without the quotes.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text)
            .ok()
            .filter(|text| text.is_ascii())?;
        if text.len() != LENGTH || !punctuated(text.as_bytes()) {
            return None;
        }
        let number = |from: usize, to: usize| digits(&text[from..to]);
        let day = digits(text[..2].trim_start_matches(' '))?;
        let month = month_number(&text[3..6])?;
        let year = number(7, 11)?;
        let (hour, minute, second) = (number(12, 14)?, number(15, 17)?, number(18, 20)?);
        let zone = number(22, 24)? * 60 + number(24, 26)?;
        let zone = if &text[21..22] == "-" { -zone } else { zone };
        let days = days_from_civil(year, month, day);
        let exists = civil_from_days(days) == (year, month, day);
        let timely = hour < 24 && minute < 60 && second < 61 && zone.abs() < 24 * 60;
        (exists && timely).then_some(())?;
        Some(Self {
            unix_seconds: days * DAY + hour * 3600 + minute * 60 + second - zone * 60,
            zone_minutes: i16::try_from(zone).ok()?,
        })
    }

    /// As on the wire, without the quotes; `filler` stands before a day of one digit.
    pub fn format(self, filler: char) -> String {
        let local = self.unix_seconds + i64::from(self.zone_minutes) * 60;
        let (year, month, day) = civil_from_days(local.div_euclid(DAY));
        let second = local.rem_euclid(DAY);
        let zone = i64::from(self.zone_minutes.unsigned_abs());
        // A million of them are formatted in a benchmark: `format!` takes three times as long.
        let mut text = String::with_capacity(LENGTH);
        match day {
            0..=9 => text.extend([filler, digit(day)]),
            _ => push_two(&mut text, day),
        }
        text.push('-');
        text.push_str(MONTHS[usize::try_from(month - 1).unwrap_or(0)]);
        text.push('-');
        push_two(&mut text, year / 100);
        push_two(&mut text, year);
        for (before, number) in [(' ', second / 3600), (':', second / 60 % 60), (':', second)] {
            text.push(before);
            push_two(&mut text, number % 60);
        }
        text.extend([' ', if self.zone_minutes < 0 { '-' } else { '+' }]);
        push_two(&mut text, zone / 60);
        push_two(&mut text, zone % 60);
        text
    }

    /// Days since 1970-01-01 in its own zone, as SEARCH BEFORE, ON and SINCE count.
    pub(super) fn local_day(self) -> i64 {
        (self.unix_seconds + i64::from(self.zone_minutes) * 60).div_euclid(DAY)
    }

    /// `date = date-day "-" date-month "-" date-year` of SEARCH, as days since 1970-01-01.
    pub(super) fn parse_day(text: &[u8]) -> Option<i64> {
        let text = std::str::from_utf8(text).ok()?;
        let mut parts = text.splitn(3, '-');
        let day = digits(parts.next()?)?;
        let month = month_number(parts.next()?)?;
        Some(days_from_civil(digits(parts.next()?)?, month, day))
    }
}

impl fmt::Display for InternalDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.format('0'))
    }
}

fn push_two(text: &mut String, number: i64) {
    text.extend([digit(number / 10), digit(number)]);
}

/// The last digit of a number.
fn digit(number: i64) -> char {
    char::from(b'0' + number.rem_euclid(10) as u8)
}

fn punctuated(text: &[u8]) -> bool {
    text[2] == b'-'
        && text[6] == b'-'
        && text[11] == b' '
        && text[14] == b':'
        && text[17] == b':'
        && text[20] == b' '
        && matches!(text[21], b'+' | b'-')
}

fn digits(text: &str) -> Option<i64> {
    let only_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    only_digits.then(|| text.parse().ok())?
}

fn month_number(name: &str) -> Option<i64> {
    let position = MONTHS
        .iter()
        .position(|month| month.eq_ignore_ascii_case(name))?;
    i64::try_from(position + 1).ok()
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month and day; the inverse of `days_from_civil`.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = (shifted_month + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted_month + 2) / 5 + 1)
}

/// Octets of a date.
const LENGTH: usize = 26;
const DAY: i64 = 86_400;
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_instants() {
        let table = [
            ("01-Jan-1970 00:00:00 +0000", 0, 0),
            (" 1-Jan-2100 00:00:00 +0000", 4_102_444_800, 0),
            ("31-Dec-1969 23:59:59 +0000", -1, 0),
            ("17-Jul-1996 02:44:25 -0700", 837_596_665, -420),
            ("29-Feb-2000 12:00:00 +1400", 951_775_200, 840),
            ("19-Jan-2038 03:14:08 +0000", 2_147_483_648, 0),
        ];
        for (text, unix_seconds, zone_minutes) in table {
            let date = InternalDate {
                unix_seconds,
                zone_minutes,
            };
            assert_eq!(InternalDate::parse(text.as_bytes()), Some(date), "{text}");
            assert_eq!(date.format(' ').replace(' ', "0"), text.replace(' ', "0"));
        }
    }

    #[test]
    fn malformed_dates() {
        for text in [
            "30-Feb-2000 00:00:00 +0000",
            "1-Jan-2000 00:00:00 +0000",
            "",
            "01-Jan-20000 00:00:00 +000",
            "01-Jan-2000 00:00:00",
            "01-Jxx-2000 00:00:00 +0000",
            "01-Jan-2000 25:00:00 +0000",
            "0é-Jan-200 00:00:00 +0000",
        ] {
            assert_eq!(InternalDate::parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn every_day_of_four_centuries_round_trips() {
        for days in -146_097..146_097 {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), days);
        }
    }
}
