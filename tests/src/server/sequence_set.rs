//! `sequence-set` (RFC 9051 section 9), turned into places in a session's view; never expanded.

use std::ops::Range;

/// Which numbers a set is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbering {
    /// Message sequence numbers.
    Sequence,
    /// Unique identifiers.
    Uid,
}

/// A parsed set; `None` stands for `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SequenceSet(Vec<(Option<u32>, Option<u32>)>);

impl SequenceSet {
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let number = |text: &str| match text {
            "*" => Some(None),
            _ => text
                .parse()
                .ok()
                .filter(|&number: &u32| number > 0)
                .map(Some),
        };
        let range = |text: &str| match text.split_once(':') {
            Some((first, last)) => Some((number(first)?, number(last)?)),
            None => number(text).map(|number| (number, number)),
        };
        text.split(',').map(range).collect::<Option<_>>().map(Self)
    }

    /// The places (from 0) of a view's UIDs that belong to the set: ascending, without overlap.
    /// `None` where a sequence number does not exist.
    pub(super) fn places(&self, uids: &[u32], numbering: Numbering) -> Option<Vec<Range<usize>>> {
        let count = u32::try_from(uids.len()).ok()?;
        let highest = match numbering {
            Numbering::Sequence => count,
            Numbering::Uid => uids.last().copied().unwrap_or(0),
        };
        let mut ranges = Vec::with_capacity(self.0.len());
        for &(first, last) in &self.0 {
            let named = first.max(last);
            if numbering == Numbering::Sequence && named.is_some_and(|number| number > count) {
                return None;
            }
            let (first, last) = (first.unwrap_or(highest), last.unwrap_or(highest));
            let (low, high) = (first.min(last), first.max(last));
            ranges.push(match numbering {
                Numbering::Sequence => low.saturating_sub(1) as usize..high as usize,
                Numbering::Uid => {
                    let start = uids.partition_point(|&uid| uid < low);
                    start..uids.partition_point(|&uid| uid <= high).max(start)
                }
            });
        }
        Some(merged(ranges))
    }
}

fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Numbers in ascending order as a `sequence-set`, ranges folded.
pub(super) fn compact(numbers: &[u32]) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for &number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => ranges.push((number, number)),
        }
    }
    let text = |&(first, last): &(u32, u32)| match first == last {
        true => first.to_string(),
        false => format!("{first}:{last}"),
    };
    ranges.iter().map(text).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(set: &str, uids: &[u32], numbering: Numbering) -> Option<Vec<usize>> {
        let ranges = SequenceSet::parse(set.as_bytes())?.places(uids, numbering)?;
        Some(ranges.into_iter().flatten().collect())
    }

    #[test]
    fn sets_of_uids() {
        let uids = [2, 5, 9];
        let table: [(&str, &[usize]); 8] = [
            ("1:*", &[0, 1, 2]),
            ("5", &[1]),
            ("3:4", &[]),
            ("*", &[2]),
            ("100:*", &[2]),
            ("9,2,2:5", &[0, 1, 2]),
            ("4294967295", &[]),
            ("*:5", &[1, 2]),
        ];
        for (set, expected) in table {
            assert_eq!(
                places(set, &uids, Numbering::Uid).as_deref(),
                Some(expected),
                "{set}"
            );
        }
    }

    #[test]
    fn sets_of_sequence_numbers() {
        let uids = [2, 5, 9];
        assert_eq!(places("2:*", &uids, Numbering::Sequence), Some(vec![1, 2]));
        assert_eq!(places("4", &uids, Numbering::Sequence), None);
        assert_eq!(places("*", &[], Numbering::Sequence), Some(vec![]));
    }

    #[test]
    fn malformed_sets() {
        for set in ["", "0", "1,", "a", "1:", "1:2:3", "4294967296", "-1"] {
            assert_eq!(SequenceSet::parse(set.as_bytes()), None, "{set}");
        }
    }

    #[test]
    fn compact_sets() {
        assert_eq!(compact(&[1, 2, 3, 5, 7, 8]), "1:3,5,7:8");
        assert_eq!(compact(&[]), "");
    }
}
