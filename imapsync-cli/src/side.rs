//! The two ends of a copy.

use std::fmt;

/// One end of a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// Where mail comes from; nothing on it changes.
    Source,
    /// Where mail goes to.
    Dest,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Source => "source",
            Self::Dest => "destination",
        })
    }
}

/// One value for each side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Both<T> {
    /// The source's.
    pub source: T,
    /// The destination's.
    pub dest: T,
}
