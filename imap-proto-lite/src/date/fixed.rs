//! The form of a date that servers send: 26 octets, each at its place. RFC 9051 section 9, `date-time`.

use super::{DAY, InternalDate, days_from_civil};

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
    let (day, month) = (two(d1, d2)?, month(m1, m2, m3)?);
    let year = two(y1, y2)? * 100 + two(y3, y4)?;
    let (hour, minute, second) = (two(h1, h2)?, two(n1, n2)?, two(s1, s2)?);
    let (offset_hours, offset_minutes) = (two(o1, o2)?, two(o3, o4)?);
    let in_range = (1..=days_of(month, year)).contains(&day)
        && (hour < 24 && minute < 60 && second <= 60)
        && (offset_hours < 24 && offset_minutes < 60);
    if !in_range {
        return None;
    }
    let offset = offset_hours * 60 + offset_minutes;
    let zone_minutes = match sign {
        b'+' => offset,
        b'-' => -offset,
        _ => return None,
    };
    let days = days_from_civil(year.into(), month.into(), day.into());
    let seconds = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    Some(InternalDate {
        unix_seconds: days * DAY + seconds - i64::from(zone_minutes) * 60,
        zone_minutes,
    })
}

/// Two digits.
#[inline]
const fn two(tens: u8, units: u8) -> Option<i16> {
    let (tens, units) = (tens.wrapping_sub(b'0'), units.wrapping_sub(b'0'));
    if tens > 9 || units > 9 {
        return None;
    }
    Some((tens * 10 + units) as i16)
}

/// The month's number; letters of either case.
#[inline]
const fn month(first: u8, second: u8, third: u8) -> Option<i16> {
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
const fn days_of(month: i16, year: i16) -> i16 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
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
