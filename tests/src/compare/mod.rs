//! The independent comparison: what an account holds, read without any of the crates under test, and
//! where two accounts differ.

mod account;
mod differences;
mod doveadm;
mod dovecot;
mod embedded;
mod maildir;
mod maildir_lists;
mod snapshot;

pub use snapshot::{Message, Snapshot};
