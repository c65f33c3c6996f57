//! The embedded IMAP server: RFC 3501 and 9051 as a synchronising client needs them, from memory.
//!
//! It shares no code with the product, so that a mistake there is not mirrored here.
//!
//! ```no_run
//! use imapsync_tests::server::{Delivery, EmbeddedServer, Fault, Options, Rule};
//!
//! let server = EmbeddedServer::start(Options::default().with_user("alice", "pw"))?;
//! server.store().deliver("alice", "INBOX", Delivery::new(&b"Subject: x\r\n\r\nhello\r\n"[..]));
//! server.add_fault(Rule::new(Fault::CutAfterSent(100)).on_connection(1));
//! println!("127.0.0.1:{}", server.port());
//! # Ok::<(), std::io::Error>(())
//! ```

mod account;
mod alteration;
mod append;
mod append_message;
mod appenduid;
mod authenticate;
mod body;
mod command;
mod compress;
mod date;
mod embedded;
mod expunge;
mod fault;
mod fetch;
mod fetch_item;
mod fill;
mod flag;
mod hierarchy;
mod keywords;
mod list;
mod log;
mod mailbox;
mod mailboxes;
mod operation;
mod orders;
mod pattern;
mod process;
mod profile;
mod random;
mod reply;
mod search;
mod search_key;
mod select;
mod sequence_set;
mod serve;
mod session;
mod shared;
mod status;
mod store;
mod store_flags;
mod storing;
mod synthesis;
mod synthesized;
pub mod tls;
mod token;
mod wire;

pub use account::{Account, Refusal};
pub use alteration::Alteration;
pub use appenduid::AppendUidLie;
pub use body::{Body, Digest};
pub use compress::Compressing;
pub use date::InternalDate;
pub use embedded::EmbeddedServer;
pub use fault::{Fault, Faults, HangUp, Rule};
pub use hierarchy::Hierarchy;
pub use log::{Entry, Log};
pub use mailbox::{Delivery, FlagChange, Mailbox, Message};
pub use operation::{Operation, Which};
pub use process::ServerProcess;
pub use profile::Profile;
pub use serve::serve;
pub use shared::{Options, Shared};
pub use store::{Row, Store};
pub use synthesis::synthesize;
pub use synthesized::Synthesized;

#[cfg(test)]
mod tests;
