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

impl Side {
    /// The one that it is not.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Source => Self::Dest,
            Self::Dest => Self::Source,
        }
    }
}

impl<T> Both<T> {
    /// That of one side.
    pub const fn on(&self, side: Side) -> &T {
        match side {
            Side::Source => &self.source,
            Side::Dest => &self.dest,
        }
    }

    /// The same, to change it.
    pub const fn on_mut(&mut self, side: Side) -> &mut T {
        match side {
            Side::Source => &mut self.source,
            Side::Dest => &mut self.dest,
        }
    }
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
