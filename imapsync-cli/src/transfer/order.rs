//! In which order the messages of a mailbox arrive.

/// Whether messages keep the order of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// They do: one connection appends to a mailbox.
    #[default]
    Kept,
    /// They need not: several may.
    Free,
}

/// Which messages come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum First {
    /// Those that came first to the source.
    #[default]
    Oldest,
    /// Those that came last, in blocks of a thousand.
    Newest,
}
