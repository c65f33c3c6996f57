//! A list that remembers how long it would be, so that a report stays small.

use serde::Serialize;

/// Up to a thousand items, and the number of all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Capped<T> {
    /// How many there were.
    pub count: u64,
    /// The first of them.
    pub first: Vec<T>,
}

impl<T> Default for Capped<T> {
    fn default() -> Self {
        Self {
            count: 0,
            first: Vec::new(),
        }
    }
}

impl<T> Capped<T> {
    /// Adds one.
    pub fn push(&mut self, item: T) {
        self.count += 1;
        if self.first.len() < KEPT {
            self.first.push(item);
        }
    }

    /// Whether there were none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }
}

const KEPT: usize = 1000;
