//! The ledger: what was delivered, kept in SQLite so that a later run knows it.
//!
//! One file per pair of accounts. For each destination mailbox it holds a *mark*: a UID below
//! which every message is accounted for. The mark is on disk before the first append after it;
//! rows of delivered messages may lag behind, and losing them costs a comparison, never a copy.

mod contents;
mod damage;
mod error;
mod file;
mod mailbox;
mod message;
mod moving;
mod name;
mod ours;
mod place;
mod refusal;
mod run;
mod schema;
mod traits;
mod waiting;
mod write;

pub use contents::{Contents, Counted, State};
pub use error::LedgerError;
pub use file::Ledger;
pub use mailbox::{Beginning, Key, MailboxId, MailboxRow};
pub use message::Delivery;
pub use moving::{Holder, move_ledger};
pub use place::{Place, default_state_dir};
pub use refusal::Refusal;
pub use run::{Run, RunId};
