//! Internal dates: RFC 9051 section 2.3.3 and `date-time` of section 9.

mod calendar;
mod fixed;
mod words;

use core::fmt;

use calendar::{DAY, civil_from_days, days_from_civil};

pub(crate) use calendar::MONTHS;
pub(crate) use fixed::fixed_date_time;

/// The internal date of a message: an instant with the zone that it was written in (RFC 9051 section 2.3.3).
///
/// Two dates are equal when they name the same instant; compare [`InternalDate::unix_seconds`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InternalDate {
    unix_seconds: i64,
    zone_minutes: i16,
}

/// An internal date as a server sent it: RFC 9051 section 7.5.2, INTERNALDATE.
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
        let fixed = text.try_into().ok().and_then(fixed_date_time);
        fixed.or_else(|| Self::parse_words(text))
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

/// `date-time` without its quotes, as far as its length and punctuation tell:
/// `date-day-fixed "-" date-month "-" date-year SP time SP zone`.
pub(crate) const fn is_date_time(text: &[u8]) -> bool {
    matches!(
        text,
        [
            _,
            _,
            b'-',
            _,
            _,
            _,
            b'-',
            _,
            _,
            _,
            _,
            b' ',
            b'0'..=b'9',
            _,
            b':',
            _,
            _,
            b':',
            _,
            b'0'..=b'9',
            b' ',
            b'+' | b'-',
            _,
            _,
            _,
            _
        ]
    )
}

#[cfg(test)]
mod tests;
