//! The independent comparison: what an account holds, read without any of the crates under test, and
//! where two accounts differ.

mod account;
mod accounting;
mod differences;
mod doveadm;
mod dovecot;
mod embedded;
mod fetched;
mod held;
mod maildir;
mod maildir_lists;
mod second_opinion;
mod snapshot;

pub use accounting::{strays, unaccounted};
pub use held::{Held, PRESENT, UNDATED};
pub use second_opinion::disagreements;
pub use snapshot::{Message, Snapshot};
