//! Sets of numbers that we send: kept as ascending ranges, RFC 9051 section 9 `sequence-set`.

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use crate::ids::{SeqNumber, Uid};

/// Numbers in ascending order without overlaps, as servers like them best. There is always one at
/// least: no command can lose its set and concern all messages (RFC 9051 section 9, `sequence-set`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberSet<N> {
    ranges: Vec<(N, N)>,
}

/// UIDs: RFC 9051 section 2.3.1.1.
///
/// ```
/// use imap_proto_lite::{Uid, UidSet};
///
/// let set = UidSet::collect([1, 2, 3, 9].into_iter().filter_map(Uid::new));
/// assert_eq!(set.map(|set| set.to_string()).as_deref(), Some("1:3,9"));
/// assert_eq!(UidSet::collect([]), None);
/// ```
pub type UidSet = NumberSet<Uid>;

/// Message sequence numbers: RFC 9051 section 2.3.1.2.
pub type SeqSet = NumberSet<SeqNumber>;

impl<N: Copy + Ord> NumberSet<N>
where
    u32: From<N>,
{
    /// The set of one number.
    #[must_use]
    pub fn one(number: N) -> Self {
        Self {
            ranges: vec![(number, number)],
        }
    }

    /// All numbers between two, which belong to it, in either order.
    #[must_use]
    pub fn range(one_end: N, other_end: N) -> Self {
        Self {
            ranges: vec![(one_end.min(other_end), one_end.max(other_end))],
        }
    }

    /// The set of these numbers; `None` for none. Ascending order costs nothing; other orders are
    /// sorted in.
    #[must_use]
    pub fn collect(numbers: impl IntoIterator<Item = N>) -> Option<Self> {
        let mut numbers = numbers.into_iter();
        let mut set = Self::one(numbers.next()?);
        numbers.for_each(|number| set.insert(number));
        Some(set)
    }

    /// Adds a number. Adding in ascending order costs nothing; other orders are sorted in.
    pub fn insert(&mut self, number: N) {
        match self.ranges.last_mut() {
            Some((_, last)) if follows(*last, number) => *last = number,
            Some((_, last)) if *last >= number => self.insert_within(number),
            _ => self.ranges.push((number, number)),
        }
    }

    fn insert_within(&mut self, number: N) {
        if self.contains(number) {
            return;
        }
        let at = self.ranges.partition_point(|&(first, _)| first < number);
        self.ranges.insert(at, (number, number));
        let mut merged: Vec<(N, N)> = Vec::with_capacity(self.ranges.len());
        for &(first, last) in &self.ranges {
            match merged.last_mut() {
                Some((_, end)) if *end >= first || follows(*end, first) => *end = last,
                _ => merged.push((first, last)),
            }
        }
        self.ranges = merged;
    }

    /// Whether the set holds `number`.
    #[must_use]
    pub fn contains(&self, number: N) -> bool {
        let after = self.ranges.partition_point(|&(first, _)| first <= number);
        after
            .checked_sub(1)
            .and_then(|at| self.ranges.get(at))
            .is_some_and(|&(_, last)| number <= last)
    }

    /// The ranges, ascending, ends included.
    pub fn ranges(&self) -> impl Iterator<Item = (N, N)> + '_ {
        self.ranges.iter().copied()
    }
}

fn follows<N>(last: N, next: N) -> bool
where
    u32: From<N>,
{
    u32::from(last).checked_add(1) == Some(u32::from(next))
}

impl<N: Copy + Ord + fmt::Display> fmt::Display for NumberSet<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (first, last)) in self.ranges.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            if first == last {
                write!(f, "{first}")?;
            } else {
                write!(f, "{first}:{last}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn uid(value: u32) -> Uid {
        Uid::new(value).expect("above zero")
    }

    fn set<const COUNT: usize>(values: [u32; COUNT]) -> UidSet {
        UidSet::collect(values.map(uid)).expect("some")
    }

    #[test]
    fn neighbours_join() {
        assert_eq!(set([1, 2, 3, 7, 9, 8, 20]).to_string(), "1:3,7:9,20");
        let top = set([u32::MAX - 1, u32::MAX, u32::MAX]);
        assert_eq!(top.to_string(), "4294967294:4294967295");
        let mut range = UidSet::range(uid(9), uid(4));
        range.insert(uid(2));
        range.insert(uid(3));
        assert_eq!(range.to_string(), "2:9");
    }

    proptest! {
        #[test]
        fn it_is_a_set(values in prop::collection::vec(1_u32..60, 1..80)) {
            let set = UidSet::collect(values.iter().map(|&v| uid(v))).expect("some");
            let model: BTreeSet<u32> = values.iter().copied().collect();
            let back: Vec<u32> = set.ranges().flat_map(|(a, b)| u32::from(a)..=u32::from(b)).collect();
            prop_assert_eq!(back, model.iter().copied().collect::<Vec<_>>());
            for v in 1..60 {
                prop_assert_eq!(set.contains(uid(v)), model.contains(&v));
            }
        }
    }
}
