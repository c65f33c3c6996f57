//! An embedded IMAP server, real servers on loopback, and what the end-to-end suites share.

pub mod addresses;
pub mod compare;
pub mod corpus;
pub mod power;
pub mod program;
pub mod real;
pub mod server;
pub mod simulation;
pub mod strace;
