//! Internal dates: an instant and the zone in which it is written (`date-time`, RFC 3501 section 9).

use std::fmt;

/// An instant with the zone that a server may show it in. Displays as `date-time` without quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InternalDate {
    /// Seconds since 1970-01-01 00:00:00 UTC.
    pub unix_seconds: i64,
    /// Minutes east of UTC.
    pub zone_minutes: i32,
}

impl InternalDate {
    /// An instant written in UTC.
    pub fn utc(unix_seconds: i64) -> Self {
        Self {
            unix_seconds,
            zone_minutes: 0,
        }
    }

    /// The same instant, written in another zone.
    pub fn in_zone(self, zone_minutes: i32) -> Self {
        Self {
            zone_minutes,
            ..self
        }
    }
}

impl fmt::Display for InternalDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.unix_seconds + i64::from(self.zone_minutes) * 60;
        let (year, month, day) = civil(local.div_euclid(DAY));
        let second = local.rem_euclid(DAY);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let sign = if self.zone_minutes < 0 { '-' } else { '+' };
        let zone = self.zone_minutes.unsigned_abs();
        let (zone_hour, zone_minute) = (zone / 60, zone % 60);
        write!(
            f,
            "{day:02}-{}-{year:04} {hour:02}:{minute:02}:{second:02} ",
            MONTHS[month]
        )?;
        write!(f, "{sign}{zone_hour:02}{zone_minute:02}")
    }
}

/// Year, month (0-11) and day (1-31) of a day counted from 1970-01-01: years begin in March, so that
/// the leap day is a year's last.
fn civil(days: i64) -> (i64, usize, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12;
    let year = year_of_era + era * 400 + i64::from(month < 2);
    (year, usize::try_from(month).unwrap_or_default(), day)
}

const DAY: i64 = 86_400;
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

#[cfg(test)]
mod tests {
    use super::InternalDate;

    #[test]
    fn writes_date_time() {
        let cases = [
            (1, 0, "01-Jan-1970 00:00:01 +0000"),
            (1, -330, "31-Dec-1969 18:30:01 -0530"),
            (951_782_400, 0, "29-Feb-2000 00:00:00 +0000"),
            (951_868_799, 840, "01-Mar-2000 13:59:59 +1400"),
            (1_600_000_000, 120, "13-Sep-2020 14:26:40 +0200"),
            (4_102_444_800, 0, "01-Jan-2100 00:00:00 +0000"),
        ];
        for (seconds, zone, text) in cases {
            assert_eq!(InternalDate::utc(seconds).in_zone(zone).to_string(), text);
        }
    }
}
