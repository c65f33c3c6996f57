//! Accounts as data: the mailboxes and messages that suites and benchmarks put on a server, the same
//! for the same seed.

mod account;
mod altering;
mod awkward;
mod internal_date;
mod ordinary;
mod peculiar;
mod plain;
mod protocol_like;
mod random;

pub use account::{Account, MailboxSpec, MessageSpec};
pub use altering::altering;
pub use awkward::{awkward, briefly_awkward, dotted};
pub use internal_date::InternalDate;
pub use plain::{plain, plain_of_mean, plain_of_sizes};
pub use random::Random;
