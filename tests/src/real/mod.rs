//! Real IMAP servers on loopback, started by a test and ended with it, and a tiny IMAP client of
//! the tests' own to fill and question them.
//!
//! Nothing here uses the crates under test: what they get wrong must not be wrong here too.

mod cage;
mod certificate;
mod configuration;
mod dovecot;
mod foreign;
mod listener;
mod mutf7;
mod namespace;
mod offer;
mod options;
mod process;
mod proxy;
mod raw_client;
mod rawlog;
mod required;
mod response;
mod seed;

pub use certificate::ServerCertificate;
pub use dovecot::{Dovecot, PASSWORD};
pub use foreign::{ForeignServer, Make, USERS};
pub use mutf7::{decode_mutf7, encode_mutf7};
pub use namespace::Namespace;
pub use options::{DovecotOptions, MailFormat};
pub use process::is_running;
pub use proxy::{Cut, Proxy};
pub use raw_client::{RawClient, quoted};
pub use rawlog::Rawlog;
pub use required::{
    ALLOW_MISSING, LONG, dovecot_or_not_run, foreign_or_not_run, long_campaign, strace_or_not_run,
};
pub use response::{RawReply, Status};
pub use seed::fill;
