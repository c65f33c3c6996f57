//! Days of the calendar, which SEARCH compares with: RFC 9051 section 9, `date`.

use alloc::format;

use super::encode::Encoder;
use crate::date::{InternalDate, MONTHS};

/// A day without a time and a zone (RFC 9051 section 9, `date`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    year: u16,
    month: &'static str,
    day: u8,
}

impl Day {
    /// A day of the years 0 to 9999; months and days count from 1. `None` where there is no such day.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let month = *MONTHS.get(usize::from(month.checked_sub(1)?))?;
        let midnight = format!("{day:02}-{month}-{year:04} 00:00:00 +0000");
        InternalDate::parse(midnight.as_bytes()).map(|_| Self { year, month, day })
    }

    /// `date-day "-" date-month "-" date-year`
    pub(super) fn write(self, out: &mut Encoder) {
        out.number(self.day).raw("-").raw(self.month).raw("-");
        // Four digits: the years before 1000 have leading zeros.
        for unit in [1000, 100, 10, 1] {
            out.number(self.year / unit % 10);
        }
    }
}
