//! The octets that may be in memory: a part of each lane's own, and the rest for whoever comes first.
//!
//! Nobody waits but for octets of his own, which come back when his own messages have arrived: lanes
//! that waited for each other's could do so forever.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::message::{LARGE, OVERHEAD};
use crate::error::Fault;

/// What a run may hold, and how it is divided.
#[derive(Debug)]
pub struct Memory {
    own: u32,
    common: Arc<Semaphore>,
    window: u64,
}

/// What a lane may hold.
#[derive(Debug, Clone)]
pub struct Budget {
    own: Arc<Semaphore>,
    common: Arc<Semaphore>,
    own_window: u64,
    window: u64,
}

/// Octets that are held.
#[derive(Debug)]
pub struct Share {
    whole: OwnedSemaphorePermit,
    more: Option<OwnedSemaphorePermit>,
}

impl Memory {
    /// Octets for so many lanes at most.
    #[must_use]
    pub fn divide(octets: u32, lanes: usize) -> Self {
        let lanes = u32::try_from(lanes).unwrap_or(u32::MAX).max(1);
        let own = (octets / lanes).min(OWN);
        let common = octets.saturating_sub(own.saturating_mul(lanes));
        let window = octets / lanes.saturating_mul(2).saturating_add(2);
        Self {
            own,
            common: Arc::new(Semaphore::new(common as usize)),
            window: u64::from(window.max(own / 2)),
        }
    }

    /// So many lanes have enough.
    #[must_use]
    pub const fn enough_for(octets: u32) -> usize {
        (octets / OWN) as usize
    }

    /// One lane's part.
    #[must_use]
    pub fn lane(&self) -> Budget {
        Budget {
            own: Arc::new(Semaphore::new(self.own as usize)),
            common: Arc::clone(&self.common),
            own_window: u64::from(self.own / 2),
            window: self.window,
        }
    }
}

impl Budget {
    /// Octets that one window may have where there are enough.
    pub(super) const fn window(&self) -> u64 {
        self.window
    }

    /// Octets of a window that can be waited for.
    pub(super) const fn own_window(&self) -> u64 {
        self.own_window
    }

    /// Octets of the common part that nobody holds now.
    pub(super) fn free(&self) -> u64 {
        self.common.available_permits() as u64
    }

    /// Takes octets of the common part if they are there. One's own are left for those who must have
    /// some: what arrives larger than it was announced, while all that was asked for holds its share.
    pub(super) fn try_take(&self, octets: u64) -> Option<Share> {
        let taken = Arc::clone(&self.common).try_acquire_many_owned(permits(octets));
        taken.ok().map(Share::new)
    }

    /// Waits for octets of one's own, no more than [`Budget::own_window`].
    pub(super) async fn take(&self, octets: u64) -> Result<Share, Fault> {
        let own = Arc::clone(&self.own);
        let taken = own.acquire_many_owned(permits(octets.min(self.own_window)));
        let closed = |_| Fault::Internal("the memory budget is closed".to_owned());
        taken.await.map(Share::new).map_err(closed)
    }
}

impl Share {
    const fn new(whole: OwnedSemaphorePermit) -> Self {
        Self { whole, more: None }
    }

    /// Splits octets off.
    pub(super) fn split(&mut self, octets: u64) -> Option<Self> {
        let octets = usize::try_from(octets).ok()?;
        self.whole.split(octets).map(Self::new)
    }

    pub(super) fn octets(&self) -> u64 {
        let more = self.more.as_ref();
        let more = more.map_or(0, OwnedSemaphorePermit::num_permits);
        (self.whole.num_permits() + more) as u64
    }

    /// Adds octets of the lane's own.
    pub(super) fn add(&mut self, own: Self) {
        match &mut self.more {
            Some(more) => more.merge(own.whole),
            None => self.more = Some(own.whole),
        }
    }
}

fn permits(octets: u64) -> u32 {
    u32::try_from(octets).unwrap_or(u32::MAX)
}

/// Octets that a lane needs to be of use: two windows of the largest message that is collected.
const OWN: u32 = 2 * (LARGE + OVERHEAD) as u32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_octets_are_divided_and_the_largest_message_can_be_waited_for() {
        for octets in [2 << 20, 12 << 20, u32::MAX] {
            for lanes in 1..=Memory::enough_for(octets).min(32) {
                let memory = Memory::divide(octets, lanes);
                let common = memory.common.available_permits();
                assert_eq!(
                    common + memory.own as usize * lanes,
                    octets as usize,
                    "{octets} {lanes}"
                );
                let budget = memory.lane();
                assert!(budget.own_window() >= LARGE + OVERHEAD, "{octets} {lanes}");
                assert!(budget.window() >= budget.own_window(), "{octets} {lanes}");
            }
        }
    }

    #[tokio::test]
    async fn nobody_waits_for_what_others_hold() {
        let memory = Memory::divide(2 << 20, 2);
        let (greedy, modest) = (memory.lane(), memory.lane());
        let mut held = Vec::new();
        while let Some(share) = greedy.try_take(100_000) {
            held.push(share);
        }
        let share = modest.take(LARGE + OVERHEAD).await;
        assert_eq!(
            share.map(|share| share.octets()).ok(),
            Some(LARGE + OVERHEAD)
        );
    }

    #[tokio::test]
    async fn what_a_share_was_made_of_comes_back() {
        let memory = Memory::divide(2 << 20, 2);
        let lane = memory.lane();
        let before = (
            lane.own.available_permits(),
            lane.common.available_permits(),
        );
        let mut window = lane.try_take(1000).expect("nobody holds anything");
        let mut one = window.split(300).expect("so many are there");
        assert!(window.split(701).is_none());
        for _ in 0..2 {
            one.add(lane.take(50).await.expect("it is open"));
        }
        assert_eq!((window.octets(), one.octets()), (700, 400));
        drop((window, one));
        let after = (
            lane.own.available_permits(),
            lane.common.available_permits(),
        );
        assert_eq!(after, before);
    }

    /// A window holds one's own, and its first message turns out as large as a message can be.
    #[tokio::test]
    async fn what_must_be_had_is_there_beside_a_window() {
        let memory = Memory::divide(2 << 20, 3);
        let lane = memory.lane();
        let window = lane.take(lane.own_window()).await;
        let ahead: Vec<_> = std::iter::from_fn(|| lane.try_take(1000)).collect();
        let more = tokio::time::timeout(std::time::Duration::ZERO, lane.take(LARGE)).await;
        assert!(matches!(more, Ok(Ok(_))), "{window:?} {}", ahead.len());
    }
}
