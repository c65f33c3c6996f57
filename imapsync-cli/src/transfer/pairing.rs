//! Which stored messages are the ones that were just appended, where the server has not said so
//! credibly. Pure: sizes in order, pairs out; bodies decide where sizes do not.

use std::collections::BTreeMap;

/// A pairing of what was sent with what is there; both by their places in the lists given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Pairing {
    /// Sent and stored.
    pub(super) pairs: Vec<(usize, usize)>,
    /// Sent, and not paired.
    pub(super) sent: Vec<usize>,
    /// Stored, and not paired.
    pub(super) stored: Vec<usize>,
}

/// Pairs what is alike in `key`, in order, where there are as many of a kind on both sides.
pub(super) fn pair_kinds<K: Ord>(
    sent: impl IntoIterator<Item = (usize, K)>,
    stored: impl IntoIterator<Item = (usize, K)>,
) -> Pairing {
    pair(
        sent,
        stored,
        |sent, stored| if sent == stored { sent } else { 0 },
    )
}

/// Pairs what is alike in `key`, in order, as far as it goes.
pub(super) fn pair_equals<K: Ord>(
    sent: impl IntoIterator<Item = (usize, K)>,
    stored: impl IntoIterator<Item = (usize, K)>,
) -> Pairing {
    pair(sent, stored, usize::min)
}

fn pair<K: Ord>(
    sent: impl IntoIterator<Item = (usize, K)>,
    stored: impl IntoIterator<Item = (usize, K)>,
    how_many: impl Fn(usize, usize) -> usize,
) -> Pairing {
    let mut kinds: BTreeMap<K, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (place, key) in sent {
        kinds.entry(key).or_default().0.push(place);
    }
    for (place, key) in stored {
        kinds.entry(key).or_default().1.push(place);
    }
    let mut pairing = Pairing::default();
    for (mut sent, mut stored) in kinds.into_values() {
        let count = how_many(sent.len(), stored.len());
        pairing
            .pairs
            .extend(sent.drain(..count).zip(stored.drain(..count)));
        pairing.sent.append(&mut sent);
        pairing.stored.append(&mut stored);
    }
    pairing.sent.sort_unstable();
    pairing.stored.sort_unstable();
    pairing
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(sizes: &[u64]) -> Vec<(usize, u64)> {
        sizes.iter().copied().enumerate().collect()
    }

    #[test]
    fn sizes_decide_where_they_can() {
        for (sent, stored, pairs, open_sent, open_stored) in [
            (
                &[5, 6, 5][..],
                &[5, 6, 5][..],
                &[(0, 0), (1, 1), (2, 2)][..],
                &[][..],
                &[][..],
            ),
            // Foreign mail of another size is in nobody's way.
            (&[5, 6], &[9, 5, 6], &[(0, 1), (1, 2)], &[], &[0]),
            // Foreign mail of the same size: the bodies must tell.
            (&[5, 6], &[5, 5, 6], &[(1, 2)], &[0], &[0, 1]),
            // One is gone.
            (&[5, 5, 6], &[5, 6], &[(2, 1)], &[0, 1], &[0]),
            // One was stored in another size.
            (&[5, 7], &[5, 8], &[(0, 0)], &[1], &[1]),
            (&[], &[1], &[], &[], &[0]),
        ] {
            let mut pairing = pair_kinds(numbered(sent), numbered(stored));
            pairing.pairs.sort_unstable();
            assert_eq!(pairing.pairs, pairs, "{sent:?} {stored:?}");
            assert_eq!(
                (&pairing.sent[..], &pairing.stored[..]),
                (open_sent, open_stored)
            );
        }
    }

    #[test]
    fn equal_bodies_pair_as_far_as_they_go() {
        let pairing = pair_equals(numbered(&[5, 5, 6]), numbered(&[5, 6, 6]));
        assert_eq!(pairing.pairs, [(0, 0), (2, 1)]);
        assert_eq!((pairing.sent, pairing.stored), (vec![1], vec![2]));
    }
}
