//! Quoted strings of printable ASCII, eight octets at a time: RFC 9051 section 9, `quoted`.
//!
//! An ENVELOPE is little else, and most of these strings are too short for a vectorised search to pay.

/// The text up to its closing quote, from behind the opening one, and what is left. `None` when there is
/// an octet that calls for a closer look before that: a backslash, a control, or one above 127.
#[inline]
pub(crate) fn plain_quoted(body: &[u8]) -> Option<(&[u8], &[u8])> {
    let (mut chunks, mut at) = (body, 0);
    while let Some((chunk, after)) = chunks.split_first_chunk() {
        let special = special_octets(u64::from_le_bytes(*chunk));
        if special != 0 {
            return split_at_quote(body, at + special.trailing_zeros() as usize / 8);
        }
        (chunks, at) = (after, at + 8);
    }
    let special = |&octet: &u8| !matches!(octet, b' '..=b'!' | b'#'..=b'[' | b']'..=b'\x7f');
    split_at_quote(body, at + chunks.iter().position(special)?)
}

/// What stands behind the closing quote, also of a text with quotes and backslashes that are escaped.
#[inline]
pub(crate) fn skip_quoted(body: &[u8]) -> Option<&[u8]> {
    match plain_quoted(body) {
        Some((_, rest)) => Some(rest),
        None => skip_escaped(body),
    }
}

fn skip_escaped(body: &[u8]) -> Option<&[u8]> {
    let mut rest = body;
    loop {
        rest = match rest {
            [b'"', after @ ..] => return Some(after),
            [b'\\', b'"' | b'\\', after @ ..] => after,
            [b' '..=b'[' | b']'..=b'~', after @ ..] => after,
            _ => return None,
        };
    }
}

#[inline]
fn split_at_quote(body: &[u8], at: usize) -> Option<(&[u8], &[u8])> {
    let (text, rest) = body.split_at_checked(at)?;
    Some((text, rest.strip_prefix(b"\"")?))
}

/// The high bit of each octet that is a quote, a backslash, a control or above 127. Borrows can mark more
/// octets behind the first that is one, never before it.
#[inline]
const fn special_octets(lanes: u64) -> u64 {
    let quote = (lanes ^ (b'"' as u64 * ONES)).wrapping_sub(ONES);
    let backslash = (lanes ^ (b'\\' as u64 * ONES)).wrapping_sub(ONES);
    let control = lanes.wrapping_sub(b' ' as u64 * ONES);
    (quote | backslash | control | lanes) & HIGH
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x80 * ONES;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Octet by octet.
    fn one_by_one(body: &[u8]) -> Option<(&[u8], &[u8])> {
        let is_special =
            |&octet: &u8| matches!(octet, b'"' | b'\\') || !(b' '..=127).contains(&octet);
        split_at_quote(body, body.iter().position(is_special)?)
    }

    #[test]
    fn every_octet_at_every_place() {
        for octet in 0..=u8::MAX {
            for at in 0..24 {
                let mut body = [b'x'; 24];
                *body.get_mut(at).expect("within") = octet;
                assert_eq!(plain_quoted(&body), one_by_one(&body), "{octet} at {at}");
            }
        }
    }

    #[test]
    fn escaped_octets_are_skipped() {
        for (body, rest) in [
            (&b"a\\\"b\" c"[..], Some(&b" c"[..])),
            (b"\\\\\"\"", Some(b"\"")),
            (b"\"", Some(b"")),
            (b"a\\b\"", None),
            (b"a\\\xff\"", None),
            (b"a\n\"", None),
            (b"a\\\"", None),
            (b"", None),
        ] {
            assert_eq!(skip_quoted(body), rest, "{}", body.escape_ascii());
        }
    }

    proptest! {
        #[test]
        fn as_octet_by_octet(body in proptest::collection::vec(prop_oneof![9 => 0x20_u8..0x7f, 1 => any::<u8>()], 0..40)) {
            prop_assert_eq!(plain_quoted(&body), one_by_one(&body));
        }
    }
}
