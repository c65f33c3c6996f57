//! A set of UIDs that we send: kept as ascending ranges, RFC 9051 section 9 `sequence-set`.

use std::fmt;

use crate::ids::Uid;

/// UIDs in ascending order without overlaps, as servers like them best.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UidSet {
    ranges: Vec<(Uid, Uid)>,
}

impl UidSet {
    /// Adds a UID. Adding in ascending order costs nothing; other orders are sorted in.
    pub fn insert(&mut self, uid: Uid) {
        match self.ranges.last_mut() {
            Some((_, last)) if last.next() == uid && *last != uid => *last = uid,
            Some((_, last)) if *last >= uid => self.insert_within(uid),
            _ => self.ranges.push((uid, uid)),
        }
    }

    fn insert_within(&mut self, uid: Uid) {
        if self.contains(uid) {
            return;
        }
        let at = self.ranges.partition_point(|&(first, _)| first < uid);
        self.ranges.insert(at, (uid, uid));
        let mut merged: Vec<(Uid, Uid)> = Vec::with_capacity(self.ranges.len());
        for &(first, last) in &self.ranges {
            match merged.last_mut() {
                Some((_, end)) if end.next() >= first => *end = last,
                _ => merged.push((first, last)),
            }
        }
        self.ranges = merged;
    }

    /// Whether the set holds `uid`.
    #[must_use]
    pub fn contains(&self, uid: Uid) -> bool {
        let after = self.ranges.partition_point(|&(first, _)| first <= uid);
        after
            .checked_sub(1)
            .and_then(|at| self.ranges.get(at))
            .is_some_and(|&(_, last)| uid <= last)
    }

    /// Whether the set holds nothing; an empty set cannot be sent.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The ranges, ascending, ends included.
    pub fn ranges(&self) -> impl Iterator<Item = (Uid, Uid)> + '_ {
        self.ranges.iter().copied()
    }
}

impl FromIterator<Uid> for UidSet {
    fn from_iter<I: IntoIterator<Item = Uid>>(uids: I) -> Self {
        let mut set = Self::default();
        uids.into_iter().for_each(|uid| set.insert(uid));
        set
    }
}

impl fmt::Display for UidSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (first, last)) in self.ranges().enumerate() {
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

    #[test]
    fn neighbours_join() {
        let set: UidSet = [1, 2, 3, 7, 9, 8, 20].map(uid).into_iter().collect();
        assert_eq!(set.to_string(), "1:3,7:9,20");
        let top: UidSet = [u32::MAX - 1, u32::MAX, u32::MAX]
            .map(uid)
            .into_iter()
            .collect();
        assert_eq!(top.to_string(), "4294967294:4294967295");
    }

    proptest! {
        #[test]
        fn it_is_a_set(values in prop::collection::vec(1_u32..60, 0..80)) {
            let set: UidSet = values.iter().map(|&v| uid(v)).collect();
            let model: BTreeSet<u32> = values.iter().copied().collect();
            let back: Vec<u32> = set.ranges().flat_map(|(a, b)| u32::from(a)..=u32::from(b)).collect();
            prop_assert_eq!(back, model.iter().copied().collect::<Vec<_>>());
            for v in 1..60 {
                prop_assert_eq!(set.contains(uid(v)), model.contains(&v));
            }
        }
    }
}
