//! Decimal numbers, eight digits at a time: RFC 9051 section 9, `number`.
//!
//! Most of what a large mailbox sends is numbers. Eight bytes are looked at as one integer, so that a
//! number takes the same few steps whatever its length, and no branch for each digit.

/// The number that `input` begins with when it has one to nine digits, and what is left. `None` says
/// nothing about longer ones.
#[inline]
pub(crate) fn short_number(input: &[u8]) -> Option<(&[u8], u32)> {
    let Some(chunk) = input.first_chunk() else {
        return near_the_end(input);
    };
    let lanes = u64::from_le_bytes(*chunk);
    let count = leading_digits(lanes);
    if count == 0 {
        return None;
    }
    let value = value_of(lanes, count);
    let rest = input.get(count as usize..)?;
    if count < 8 {
        return Some((rest, value));
    }
    match rest {
        [last @ b'0'..=b'9', after @ ..] => match after {
            [b'0'..=b'9', ..] => None,
            _ => Some((after, value * 10 + u32::from(last - b'0'))),
        },
        _ => Some((rest, value)),
    }
}

/// The same for the last bytes of a response.
fn near_the_end(input: &[u8]) -> Option<(&[u8], u32)> {
    let (mut rest, mut value) = (input, 0);
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        value = value * 10 + u32::from(digit - b'0');
        rest = after;
    }
    (rest.len() < input.len()).then_some((rest, value))
}

/// How many of the eight bytes are digits before the first that is none. A carry out of a byte that is
/// no digit reaches only bytes behind it.
#[inline]
const fn leading_digits(lanes: u64) -> u32 {
    let distance = lanes ^ ZEROS;
    let others = (distance.wrapping_add(0x76 * ONES) | distance) & (0x80 * ONES);
    others.trailing_zeros() / 8
}

/// The first `count` bytes, which are digits, from one to eight of them: moved behind zeros, then joined
/// to pairs, fours and eight.
#[inline]
const fn value_of(lanes: u64, count: u32) -> u32 {
    let digits = (lanes ^ ZEROS) << (64 - 8 * count);
    let pairs = (digits.wrapping_mul(10 << 8 | 1) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100 << 16 | 1) >> 16) & 0x0000_ffff_0000_ffff;
    (fours.wrapping_mul(10_000 << 32 | 1) >> 32) as u32
}

const ONES: u64 = 0x0101_0101_0101_0101;
const ZEROS: u64 = 0x30 * ONES;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Digit by digit.
    fn plain(input: &[u8]) -> Option<(&[u8], u32)> {
        let count = input
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let (digits, rest) = input.split_at(count);
        if !(1..=9).contains(&count) {
            return None;
        }
        core::str::from_utf8(digits)
            .ok()?
            .parse()
            .ok()
            .map(|value| (rest, value))
    }

    #[test]
    fn numbers_of_every_length() {
        for count in 0..12 {
            let digits = "987654321012".get(..count).expect("ASCII");
            for tail in ["", " ", ")\r\n", " and more", "\u{ff}89abcdefg"] {
                let wire = format!("{digits}{tail}");
                assert_eq!(
                    short_number(wire.as_bytes()),
                    plain(wire.as_bytes()),
                    "{wire}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn as_digit_by_digit(digits in "[0-9]{0,10}", tail in proptest::collection::vec(any::<u8>(), 0..12)) {
            let wire = [digits.as_bytes(), &tail].concat();
            prop_assert_eq!(short_number(&wire), plain(&wire));
        }

        #[test]
        fn bytes_beside_the_digits(wire in proptest::collection::vec(0x2e_u8..0x3c, 0..12)) {
            prop_assert_eq!(short_number(&wire), plain(&wire));
        }
    }
}
