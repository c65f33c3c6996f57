//! The form of a date that servers send: 26 octets, each at its place. RFC 9051 section 9, `date-time`.

use super::InternalDate;
use super::calendar::{DAY, DAYS_IN_ERA, DAYS_TO_1970};

/// `date-day-fixed "-" date-month "-" date-year SP time SP zone`. `None` says only that it stands there in
/// another form, or is no day of the calendar.
#[inline]
pub(crate) fn fixed_date_time(text: &[u8; 26]) -> Option<InternalDate> {
    let &[d1, d2, b'-', m1, m2, m3, b'-', y1, y2, y3, y4, b' ', ..] = text else {
        return None;
    };
    let &[
        ..,
        h1,
        h2,
        b':',
        n1,
        n2,
        b':',
        s1,
        s2,
        b' ',
        sign,
        o1,
        o2,
        o3,
        o4,
    ] = text
    else {
        return None;
    };
    let d1 = if d1 == b' ' { b'0' } else { d1 };
    let digits = [
        d1, d2, y1, y2, y3, y4, h1, h2, n1, n2, s1, s2, o1, o2, o3, o4,
    ];
    let [
        day,
        century,
        years,
        hour,
        minute,
        second,
        offset_hours,
        offset_minutes,
    ] = pairs(digits)?;
    let (month, year) = (month(m1, m2, m3)?, century * 100 + years);
    let in_range = (1..=days_of(month, year)).contains(&day)
        && (hour < 24 && minute < 60 && second <= 60)
        && (offset_hours < 24 && offset_minutes < 60);
    if !in_range {
        return None;
    }
    let offset = (offset_hours * 60 + offset_minutes).cast_signed();
    let zone_minutes = match sign {
        b'+' => offset,
        b'-' => -offset,
        _ => return None,
    };
    let days = days_since_1970(year.into(), month.into(), day.into());
    let seconds = u32::from(hour) * 3600 + u32::from(minute) * 60 + u32::from(second);
    Some(InternalDate {
        unix_seconds: days * DAY + i64::from(seconds) - i64::from(zone_minutes) * 60,
        zone_minutes,
    })
}

/// The numbers that each two of these digits make; all are looked at together, without a branch for each.
#[inline]
fn pairs(digits: [u8; 16]) -> Option<[u16; 8]> {
    let values = digits.map(|digit| digit.wrapping_sub(b'0'));
    let largest = values.iter().fold(0, |largest, &value| value.max(largest));
    if largest > 9 {
        return None;
    }
    let (pairs, _) = values.as_chunks();
    let mut numbers = pairs
        .iter()
        .map(|[tens, units]| u16::from(tens * 10 + units));
    Some(core::array::from_fn(|_| numbers.next().unwrap_or_default()))
}

/// The same as `days_from_civil` for the years that can be written, without signs: years begin in March,
/// and four centuries are added for January of the year 0.
#[inline]
const fn days_since_1970(year: u32, month: u32, day: u32) -> i64 {
    let year = if month <= 2 { year + 399 } else { year + 400 };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + day_of_year;
    days as i64 - (DAYS_TO_1970 + DAYS_IN_ERA)
}

/// The month's number; letters of either case.
#[inline]
const fn month(first: u8, second: u8, third: u8) -> Option<u16> {
    Some(match &[first | 0x20, second | 0x20, third | 0x20] {
        b"jan" => 1,
        b"feb" => 2,
        b"mar" => 3,
        b"apr" => 4,
        b"may" => 5,
        b"jun" => 6,
        b"jul" => 7,
        b"aug" => 8,
        b"sep" => 9,
        b"oct" => 10,
        b"nov" => 11,
        b"dec" => 12,
        _ => return None,
    })
}

#[inline]
const fn days_of(month: u16, year: u16) -> u16 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_as_the_general_rule(text: &[u8; 26]) -> Result<(), TestCaseError> {
        if let Some(date) = fixed_date_time(text) {
            prop_assert_eq!(Some(date), InternalDate::parse_words(text));
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn what_it_reads_is_what_the_general_rule_reads(
            text in "[ 0-3][0-9]-(Jan|feb|MAR|Apr|Jun|Dec|Foo)-[0-9]{4} [0-2][0-9]:[0-6][0-9]:[0-6][0-9] [+-][0-2][0-9][0-6][0-9]",
            at in 0_usize..26,
            byte in any::<u8>(),
        ) {
            let mut text: [u8; 26] = text.as_bytes().try_into().expect("26 octets");
            is_as_the_general_rule(&text)?;
            *text.get_mut(at).expect("within") = byte;
            is_as_the_general_rule(&text)?;
        }

        #[test]
        fn every_date_that_is_written_is_read(seconds in -62_000_000_000_i64..250_000_000_000, zone in -1439_i16..1440) {
            let date = InternalDate::new(seconds, zone).expect("within four-digit years");
            let text = date.to_string();
            let text = text.as_bytes().first_chunk().expect("26 octets");
            prop_assert_eq!(fixed_date_time(text), Some(date));
        }
    }
}
