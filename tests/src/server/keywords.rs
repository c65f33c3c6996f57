//! Which keywords the messages of a mailbox have, counted, so that a large one can be selected at once.

use std::collections::BTreeMap;

/// How many messages have each keyword, in each spelling.
#[derive(Clone, Debug, Default)]
pub(super) struct Keywords(BTreeMap<String, usize>);

impl Keywords {
    pub(super) const fn none() -> Self {
        Self(BTreeMap::new())
    }

    /// A message has these flags now.
    pub(super) fn add(&mut self, flags: &[String]) {
        for keyword in flags.iter().filter(|flag| !flag.starts_with('\\')) {
            match self.0.get_mut(keyword) {
                Some(count) => *count += 1,
                None => drop(self.0.insert(keyword.clone(), 1)),
            }
        }
    }

    /// A message that had these flags has them no longer.
    pub(super) fn remove(&mut self, flags: &[String]) {
        for keyword in flags.iter().filter(|flag| !flag.starts_with('\\')) {
            let left = self.0.get_mut(keyword).map(|count| {
                *count -= 1;
                *count
            });
            if left == Some(0) {
                self.0.remove(keyword);
            }
        }
    }

    /// In alphabetical order.
    pub(super) fn in_use(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}
