//! What happened in a simulation, line by line, in virtual time: what a replay prints and what two
//! equal seeds must have in common.

use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};
use tokio::time::Instant;

/// A growing list of lines; clones are the same list.
#[derive(Clone, Debug)]
pub struct History {
    lines: Arc<Mutex<Vec<String>>>,
    start: Instant,
}

impl History {
    /// Begins now.
    pub(super) fn new() -> Self {
        Self {
            lines: Arc::default(),
            start: Instant::now(),
        }
    }

    /// Adds a line with the virtual time.
    pub(super) fn note(&self, line: impl AsRef<str>) {
        let now = self.start.elapsed().as_millis();
        let mut lines = super::locked(&self.lines);
        lines.push(format!("{now:>8} {}", line.as_ref()));
    }

    /// All lines.
    pub fn lines(&self) -> Vec<String> {
        super::locked(&self.lines).clone()
    }

    /// Equal exactly when the lines are.
    pub fn hash(&self) -> String {
        let mut hasher = Sha256::new();
        for line in super::locked(&self.lines).iter() {
            hasher.update(line.as_bytes());
            hasher.update(b"\n");
        }
        let digest = hasher.finalize();
        digest.iter().map(|octet| format!("{octet:02x}")).collect()
    }
}
