//! Sets of numbers as a server writes them: `sequence-set` and `uid-set`, RFC 9051 section 9.

use crate::error::Parsed;
use crate::primitive::{number, nz_number};

/// A set of numbers in wire form, checked but never expanded: `1:4294967295` costs nothing.
/// See RFC 9051 section 9, `sequence-set`.
///
/// The order is the server's, which matters for `APPENDUID` and `COPYUID`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SequenceSet<'a>(&'a [u8]);

impl<'a> SequenceSet<'a> {
    /// The ranges as the server wrote them, ends included; a reversed range is turned round.
    pub fn ranges(self) -> impl Iterator<Item = (u32, u32)> + 'a {
        self.0.split(|&byte| byte == b',').filter_map(|part| {
            let (rest, first) = number(part).ok()?;
            let last = match rest.strip_prefix(b":") {
                Some(rest) => number(rest).ok()?.1,
                None => first,
            };
            Some((first.min(last), first.max(last)))
        })
    }

    /// How many numbers the set holds, overlaps counted twice.
    #[must_use]
    pub fn count(self) -> u64 {
        self.ranges()
            .map(|(first, last)| u64::from(last - first) + 1)
            .sum()
    }

    /// The numbers in the server's order. A set can hold billions of them: look at
    /// [`SequenceSet::count`] first.
    pub fn numbers(self) -> impl Iterator<Item = u32> + 'a {
        self.ranges().flat_map(|(first, last)| first..=last)
    }

    /// The number, when the set holds exactly one.
    #[must_use]
    pub fn single(self) -> Option<u32> {
        let mut ranges = self.ranges();
        match (ranges.next(), ranges.next()) {
            (Some((first, last)), None) if first == last => Some(first),
            _ => None,
        }
    }
}

/// `uid-set = (uniqueid / uid-range) *("," uid-set)`: no `*`, no zero.
pub(crate) fn sequence_set(input: &[u8]) -> Parsed<'_, SequenceSet<'_>> {
    let mut rest = input;
    loop {
        rest = nz_number(rest)?.0;
        if let Some(tail) = rest.strip_prefix(b":") {
            rest = nz_number(tail)?.0;
        }
        match rest.strip_prefix(b",") {
            Some(tail) => rest = tail,
            None => break,
        }
    }
    let length = input.len() - rest.len();
    Ok((rest, SequenceSet(input.get(..length).unwrap_or_default())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_come_in_wire_order() {
        let (rest, set) = sequence_set(b"7,3:5,9:8] x").expect("well-formed");
        assert_eq!(rest, b"] x");
        assert_eq!(set.ranges().collect::<Vec<_>>(), [(7, 7), (3, 5), (8, 9)]);
        assert_eq!(set.numbers().collect::<Vec<_>>(), [7, 3, 4, 5, 8, 9]);
        assert_eq!((set.count(), set.single()), (6, None));
    }

    #[test]
    fn the_largest_range_is_only_counted() {
        let (_, set) = sequence_set(b"1:4294967295").expect("well-formed");
        assert_eq!(set.count(), u64::from(u32::MAX));
    }

    #[test]
    fn what_is_no_set_is_refused() {
        for wire in ["", "0", "1:", "1,,2", "1:0", ":1", "4294967296"] {
            assert!(sequence_set(wire.as_bytes()).is_err(), "{wire}");
        }
    }
}
