//! IMAP sessions over TCP and TLS: pipelined, cancel-safe, and without copying message bodies.
//!
//! The caller drives: commands are enqueued, and [`Client::next`] lends one event at a time,
//! borrowed from the read buffer; body octets come as [`bytes::Bytes`] cut from it. There is no
//! task and no channel behind a client. The protocol logic is a pure state machine that a
//! single loop feeds with bytes.
//!
//! ```no_run
//! use imap_client_lite::{Client, Config, Credentials, Endpoint, Event, Secret, Security};
//! use imap_client_lite::proto::{Command, FetchItem, MailboxName, Messages, Uid, UidSet, Untagged};
//!
//! # async fn example() -> Result<(), imap_client_lite::Error> {
//! let endpoint = Endpoint::new("imap.example.org", 993, Security::Tls);
//! let mut client = Client::connect(&endpoint, &Config::default()).await?;
//! client.login(&Credentials::new("joe", Secret::new("password".to_owned()))).await?;
//! let selected = client.examine(&MailboxName::inbox()).await?;
//! println!("{} messages", selected.exists);
//! let Some(uids) = UidSet::collect([1, 2, 3].into_iter().filter_map(Uid::new)) else { return Ok(()) };
//! let items = [FetchItem::Uid, FetchItem::Size];
//! let ticket = client.enqueue(&Command::fetch(Messages::Uids(&uids), &items))?;
//! loop {
//!     match client.next().await? {
//!         Event::Untagged(Untagged::Fetch(fetch)) => println!("{:?}: {:?}", fetch.uid, fetch.size),
//!         Event::Done(done) if done.ticket == ticket => break,
//!         _ => {}
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod capability_set;
mod certificate;
mod client;
mod compress;
mod config;
mod deflate;
mod driver;
mod error;
mod event;
mod listing;
mod login;
mod outbox;
mod printable;
mod round_trip;
mod secret;
mod select;
mod session;
mod tag;
mod tls;
mod transport;

pub use capability_set::CapabilitySet;
pub use certificate::CertificateProblem;
pub use client::{Client, Completion};
pub use compress::Compression;
pub use config::{Config, Credentials, Endpoint, Security};
pub use deflate::Deflated;
pub use error::{Error, Scope};
pub use event::{Done, Event};
pub use imap_proto_lite as proto;
pub use listing::{Listed, Names, NamespaceRoot, Spaces, Status};
pub use secret::Secret;
pub use select::Selected;
pub use tag::Ticket;
pub use tls::TrustRoots;
pub use transport::{ByteStream, Transport};
