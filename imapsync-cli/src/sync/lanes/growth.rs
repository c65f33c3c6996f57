//! How many lanes there are: a few at once, then one more at a time for as long as that helps. Pure:
//! what has moved goes in, what to do comes out.

use std::time::Duration;

/// Decides by what moves.
#[derive(Debug)]
pub(super) struct Growth {
    lanes: usize,
    most: usize,
    /// Ticks since the last change.
    ticks: u32,
    /// What had moved when the measurement began.
    began: u64,
    /// What moved in the same time with one lane less.
    before: Option<u64>,
    /// Ticks until the next try.
    rest: u32,
}

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Stay,
    Grow,
    /// The last one was of no use.
    Shrink,
}

impl Growth {
    /// Lanes at the beginning, `most` at most.
    pub(super) fn new(most: usize) -> Self {
        Self {
            lanes: most.min(AT_ONCE),
            most,
            ticks: 0,
            began: 0,
            before: None,
            rest: 0,
        }
    }

    pub(super) const fn lanes(&self) -> usize {
        self.lanes
    }

    /// Whether there may be more.
    pub(super) const fn may_grow(&self) -> bool {
        self.lanes < self.most || self.before.is_some()
    }

    /// A lane has ended since nothing is left for it, or it was not needed.
    pub(super) const fn ended(&mut self) {
        self.lanes = self.lanes.saturating_sub(1);
        self.before = None;
        self.ticks = 0;
    }

    /// A lane has ended since a server did not bear it: that many are too many.
    pub(super) fn refused(&mut self) {
        self.ended();
        self.most = self.most.min(self.lanes);
    }

    /// Called every [`TICK`] with all that has moved so far.
    pub(super) fn tick(&mut self, moved: u64) -> Step {
        if self.rest > 0 {
            self.rest -= 1;
            return Step::Stay;
        }
        self.ticks += 1;
        if self.ticks <= SETTLING {
            self.began = moved;
        }
        if self.ticks < SETTLING + MEASURING {
            return Step::Stay;
        }
        self.ticks = 0;
        let moved = moved.saturating_sub(self.began);
        match self.before.replace(moved) {
            Some(before) if !is_worth_it(before, moved, self.lanes) => {
                self.before = None;
                self.rest = REST;
                Step::Shrink
            }
            _ if self.lanes < self.most => {
                self.lanes += 1;
                Step::Grow
            }
            _ => {
                self.before = None;
                Step::Stay
            }
        }
    }
}

/// Whether the last of the lanes brings half of what one of the others does.
const fn is_worth_it(before: u64, after: u64, lanes: usize) -> bool {
    let others = lanes as u64 - 1;
    let gained = after.saturating_sub(before);
    gained.saturating_mul(2).saturating_mul(others) >= before && gained > 0
}

/// Time between two looks.
pub(super) const TICK: Duration = Duration::from_millis(250);
/// No server minds so many.
const AT_ONCE: usize = 4;
/// Ticks that a new lane has to connect and to begin.
const SETTLING: u32 = 4;
/// Ticks that are compared.
const MEASURING: u32 = 4;
/// Ticks until the next try after one that did not help: a minute.
const REST: u32 = 240;

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs for so many ticks; `rate` says what so many lanes move in a tick.
    fn run(growth: &mut Growth, ticks: u32, rate: impl Fn(usize) -> u64) -> Vec<usize> {
        let mut lanes = vec![growth.lanes()];
        let mut moved = 0;
        for _ in 0..ticks {
            moved += rate(growth.lanes());
            match growth.tick(moved) {
                Step::Stay => continue,
                Step::Grow => {}
                Step::Shrink => growth.ended(),
            }
            lanes.push(growth.lanes());
        }
        lanes
    }

    #[test]
    fn it_grows_while_that_helps() {
        for (most, capacity, expected) in [
            (1, 100, &[1][..]),
            (3, 100, &[3]),
            (8, 100, &[4, 5, 6, 7, 8]),
            // The servers have enough with six.
            (8, 6, &[4, 5, 6, 7, 6]),
            // They had enough with four.
            (8, 4, &[4, 5, 4]),
        ] {
            let mut growth = Growth::new(most);
            let lanes = run(&mut growth, 200, |lanes| lanes.min(capacity) as u64 * 1000);
            assert_eq!(lanes, expected, "{most} {capacity}");
        }
    }

    #[test]
    fn it_tries_again_after_a_rest() {
        let mut growth = Growth::new(8);
        let lanes = run(&mut growth, 2 * REST, |lanes| lanes.min(4) as u64);
        assert_eq!(lanes, [4, 5, 4, 5, 4]);
    }

    #[test]
    fn what_a_server_does_not_bear_is_not_tried_again() {
        let mut growth = Growth::new(8);
        run(&mut growth, 8, |lanes| lanes as u64);
        assert_eq!(growth.lanes(), 5);
        growth.refused();
        assert!(!growth.may_grow());
        assert_eq!(run(&mut growth, 1000, |lanes| lanes as u64), [4]);
    }

    #[test]
    fn where_nothing_moves_nothing_grows_for_long() {
        let mut growth = Growth::new(8);
        assert_eq!(run(&mut growth, 100, |_| 0), [4, 5, 4]);
    }
}
