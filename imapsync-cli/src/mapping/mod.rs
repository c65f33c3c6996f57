//! Mailbox names across the two sides: read by segments here, written by segments there.

mod layout;
mod path;
mod tree;

pub use layout::{Layout, suspects};
pub use path::Path;
pub use tree::{Mapped, SettledName, map_names};
