//! Dates as instants, written and read.

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
