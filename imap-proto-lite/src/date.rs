//! Internal dates: RFC 9051 section 2.3.3 and `date-time` of section 9.

use std::fmt;

/// The internal date of a message: an instant with the zone that it was written in.
///
/// Two dates are equal when they name the same instant; compare [`InternalDate::unix_seconds`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InternalDate {
    unix_seconds: i64,
    zone_minutes: i16,
}

/// An internal date as a server sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateField<'a> {
    /// A date of the calendar.
    Valid(InternalDate),
    /// Anything else, such as `00-Jan-0000 00:00:00 +0000`.
    Invalid(&'a [u8]),
}

impl InternalDate {
    /// From seconds since 1970-01-01T00:00:00Z and minutes east of Greenwich. `None` outside the
    /// years 0 to 9999 and zones of a day or more, which cannot be written.
    #[must_use]
    pub fn new(unix_seconds: i64, zone_minutes: i16) -> Option<Self> {
        let local = unix_seconds.checked_add(i64::from(zone_minutes) * 60)?;
        let writable =
            (days_from_civil(0, 1, 1) * DAY..days_from_civil(10_000, 1, 1) * DAY).contains(&local);
        (writable && zone_minutes.abs() < 24 * 60).then_some(Self {
            unix_seconds,
            zone_minutes,
        })
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix_seconds(self) -> i64 {
        self.unix_seconds
    }

    /// Minutes east of Greenwich.
    #[must_use]
    pub const fn zone_minutes(self) -> i16 {
        self.zone_minutes
    }

    /// Reads `dd-Mon-yyyy hh:mm:ss +zzzz`, the day also with one digit or a leading space.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
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
}

impl fmt::Display for InternalDate {
    /// `date-time` without its quotes: `05-Mar-2024 10:00:00 +0100`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.unix_seconds + i64::from(self.zone_minutes) * 60;
        let (year, month, day) = civil_from_days(local.div_euclid(DAY));
        let time = local.rem_euclid(DAY);
        let name = usize::try_from(month - 1)
            .ok()
            .and_then(|at| MONTHS.get(at))
            .unwrap_or(&"Jan");
        let (sign, zone) = if self.zone_minutes < 0 {
            ('-', -self.zone_minutes)
        } else {
            ('+', self.zone_minutes)
        };
        let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
        write!(
            f,
            "{day:02}-{name}-{year:04} {hour:02}:{minute:02}:{second:02} {sign}{:02}{:02}",
            zone / 60,
            zone % 60
        )
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

/// Days from 1970-01-01 to a day of the proleptic Gregorian calendar, years beginning in March.
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * DAYS_IN_ERA + day_of_era - 719_468
}

/// The inverse: (year, month, day).
const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(DAYS_IN_ERA);
    let day_of_era = days.rem_euclid(DAYS_IN_ERA);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

const DAY: i64 = 86_400;
/// Days in 400 Gregorian years.
const DAYS_IN_ERA: i64 = 146_097;
pub(crate) const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_are_instants_with_a_zone() {
        let cases = [
            (
                "17-Jul-1996 02:44:25 -0700",
                837_596_665,
                -420,
                "17-Jul-1996 02:44:25 -0700",
            ),
            (
                " 1-Jan-1970 00:00:00 +0000",
                0,
                0,
                "01-Jan-1970 00:00:00 +0000",
            ),
            (
                "1-jan-1970 01:00:00 +0100",
                0,
                60,
                "01-Jan-1970 01:00:00 +0100",
            ),
            (
                "29-Feb-2000 23:59:59 +0000",
                951_868_799,
                0,
                "29-Feb-2000 23:59:59 +0000",
            ),
            (
                "01-Jan-2100 00:00:00 +0000",
                4_102_444_800,
                0,
                "01-Jan-2100 00:00:00 +0000",
            ),
            (
                "31-Dec-1899 23:59:30 -1130",
                -2_208_947_430,
                -690,
                "31-Dec-1899 23:59:30 -1130",
            ),
        ];
        for (text, seconds, zone, written) in cases {
            let date = InternalDate::parse(text.as_bytes()).expect(text);
            assert_eq!(
                (date.unix_seconds(), date.zone_minutes()),
                (seconds, zone),
                "{text}"
            );
            assert_eq!(date.to_string(), written);
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "00-Jan-0000 00:00:00 +0000",
            "30-Feb-2024 00:00:00 +0000",
            "29-Feb-1900 00:00:00 +0000",
            "01-Jan-2024 24:00:00 +0000",
            "01-Jan-2024 00:00:00",
            "01-Jan-24 00:00:00 +0000",
            "01-Foo-2024 00:00:00 +0000",
            "01-Jan-2024 00:00:00 +00000",
            "01-Jan-2024 00:00:00 GMT",
            "+1-Jan-2024 00:00:00 +0000",
            "Wed, 17 Jul 1996 02:44:25 -0700",
        ] {
            assert_eq!(InternalDate::parse(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn written_dates_read_back(seconds in -62_000_000_000_i64..250_000_000_000, zone in -1439_i16..1440) {
            let date = InternalDate::new(seconds, zone).expect("within four-digit years");
            prop_assert_eq!(InternalDate::parse(date.to_string().as_bytes()), Some(date));
        }
    }
}
