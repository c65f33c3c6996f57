//! What a disk may hold after the power went, shortly after a sync: all that was synced, and of what was done
//! since then nothing, a part, or some blocks in no order.

use super::Image;
use super::op::{Change, Op};
use crate::corpus::Random;

/// What became of that which no sync has covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Later {
    /// Nothing of it is there.
    Dropped,
    /// It is there up to some point, where a write may be torn.
    Torn(u64),
    /// Some blocks are there, others are not.
    Scattered(u64),
}

/// The files after a loss of power between the `syncs`-th sync (0: before the first) and the next one.
pub fn after_power_loss(before: &Image, ops: &[Op], syncs: usize, later: Later) -> Image {
    let is_sync = |op: &Op| op.change == Change::Sync;
    let place = |count: usize| {
        let mut places = ops.iter().enumerate().filter(|(_, op)| is_sync(op));
        count.checked_sub(1).map_or(Some(0), |index| {
            places.nth(index).map(|(place, _)| place + 1)
        })
    };
    let synced = place(syncs).unwrap_or(ops.len());
    let until = place(syncs + 1).unwrap_or(ops.len());
    let mut image = before.clone();
    let mut uncovered = Vec::new();
    for (index, op) in ops[..until].iter().enumerate() {
        let is_covered = || {
            ops[index..synced]
                .iter()
                .any(|later| is_sync(later) && later.file == op.file)
        };
        if index < synced && (!op.is_content() || is_covered()) {
            op.apply(&mut image);
        } else {
            uncovered.push(op);
        }
    }
    match later {
        Later::Dropped => {}
        Later::Torn(seed) => tear(&mut image, &uncovered, &mut Random::new(seed)),
        Later::Scattered(seed) => {
            let mut random = Random::new(seed);
            let mut keep = |_| random.one_in(2);
            uncovered
                .iter()
                .for_each(|op| op.apply_torn(&mut image, &mut keep));
        }
    }
    image
}

fn tear(image: &mut Image, ops: &[&Op], random: &mut Random) {
    let whole = random.below(ops.len() + 1);
    ops[..whole].iter().for_each(|op| op.apply(image));
    if let Some(torn) = ops.get(whole) {
        let kept = random.below(torn.blocks());
        torn.apply_torn(image, |block| block < kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn op(file: &str, change: Change) -> Op {
        Op {
            file: file.to_owned(),
            change,
        }
    }

    /// Two blocks of a's, a sync, one block of b's and two more of a's.
    fn ops() -> Vec<Op> {
        let write = |file, offset, octet| op(file, Change::Write(offset, vec![octet; 1024]));
        vec![
            op("a", Change::Create),
            write("a", 0, 1),
            op("b", Change::Create),
            write("b", 0, 2),
            op("a", Change::Sync),
            write("a", 1024, 3),
            op("b", Change::Sync),
        ]
    }

    #[test]
    fn only_what_was_synced_is_sure() {
        let lost = |syncs| after_power_loss(&Image::default(), &ops(), syncs, Later::Dropped);
        assert_eq!(lost(0), Image::default());
        assert_eq!(lost(1).0["a"], [1; 1024]);
        assert_eq!(lost(1).0["b"], [0; 0]);
        assert_eq!(lost(2).0["a"], [1; 1024]);
        assert_eq!(lost(2).0["b"], [2; 1024]);
    }

    #[test]
    fn what_was_not_may_be_torn_between_blocks() {
        let mut lengths: Vec<_> = (0..50)
            .map(|seed| after_power_loss(&Image::default(), &ops(), 1, Later::Torn(seed)))
            .map(|image| (image.0["b"].len(), image.0["a"].len()))
            .collect();
        lengths.sort_unstable();
        lengths.dedup();
        assert_eq!(
            lengths,
            [
                (0, 1024),
                (512, 1024),
                (1024, 1024),
                (1024, 1536),
                (1024, 2048)
            ]
        );
    }

    #[test]
    fn what_was_not_may_come_in_any_order() {
        let image = |seed| after_power_loss(&Image::default(), &ops(), 1, Later::Scattered(seed));
        let later_alone =
            (0..50).any(|seed| image(seed).0["b"].is_empty() && image(seed).0["a"].len() == 2048);
        assert!(later_alone);
    }
}
