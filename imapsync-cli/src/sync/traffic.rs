//! How many connections a run may have, and what they may do at once.

use crate::plan::Plan;
use crate::side::Both;
use crate::transfer::{First, Memory, Order};

use super::Job;

/// Limits and freedoms of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traffic {
    /// Connections to each side, at most.
    pub connections: usize,
    /// In which order messages may arrive in a mailbox.
    pub order: Order,
    /// Which of them come first.
    pub first: First,
}

impl Default for Traffic {
    fn default() -> Self {
        Self {
            connections: usize::from(Self::CONNECTIONS),
            order: Order::default(),
            first: First::default(),
        }
    }
}

impl Traffic {
    /// Connections to each side where the user does not say how many.
    pub const CONNECTIONS: u8 = 8;

    /// One after the other, over one connection.
    #[must_use]
    pub fn single() -> Self {
        Self {
            connections: 1,
            ..Self::default()
        }
    }
}

impl Job {
    /// Mailboxes that may be copied at once.
    pub(super) fn lanes(&self, plan: &Plan) -> usize {
        let busy = plan.copies.iter().filter(|copy| copy.messages() > 0);
        let enough = Memory::enough_for(self.memory);
        self.each_side().min(busy.count()).min(enough).max(1)
    }

    /// Connections to the destination that each of so many lanes may have.
    pub(super) fn lines(&self, lanes: usize) -> usize {
        match self.traffic.order {
            Order::Kept => 1,
            Order::Free => (self.each_side() / lanes).max(1),
        }
    }

    /// Connections to each side. Where both are on one server, it counts both.
    fn each_side(&self) -> usize {
        let Both { source, dest } = &self.accounts;
        let ends = 1 + usize::from(source.url.endpoint == dest.url.endpoint);
        (self.traffic.connections / ends).max(1)
    }
}
