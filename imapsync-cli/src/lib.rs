//! The engine that copies mail accounts between IMAP servers, and the program around it.
//!
//! Data flows one way: two [`survey`]s and the [`ledger`] make a [`plan`]; the plan is carried
//! out by [`transfer`], which writes the ledger; what happened becomes a [`report`]. [`verify`]
//! compares the two sides without asking the ledger what it believes.

pub mod account;
pub mod cli;
pub mod error;
pub mod ledger;
pub mod mapping;
pub mod plan;
pub mod progress;
pub mod report;
pub mod side;
pub mod stop;
pub mod survey;
pub mod sync;
pub mod transfer;
pub mod verify;

pub use cli::main_with;
