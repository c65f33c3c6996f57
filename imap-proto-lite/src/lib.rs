//! IMAP framing and grammar: bytes to borrowed values, and commands back to bytes. No I/O, no clock.
//!
//! The flow is one-way: bytes go into a [`Framer`], which cuts them into complete responses and
//! streams message bodies past the grammar; [`Response::parse`] turns one complete response into
//! borrowed values; [`Command::encode`] turns a command into segments that say where a client has
//! to wait for the server (RFC 9051, with the forms of RFC 3501 that servers still send).
//!
//! ```
//! use imap_proto_lite::{Framer, Limits, Piece, Response, Untagged};
//!
//! let mut framer = Framer::new(Limits::default());
//! framer.push(b"* 7 FETCH (UID 42 FLAGS (\\Seen) RFC822.SIZE 2048)\r\n* 8 EX");
//! assert!(framer.ready()?);
//! let Piece::Frame(frame) = framer.piece() else { panic!("one whole response is there") };
//! let Response::Untagged(Untagged::Fetch(fetch)) = Response::parse(frame)? else { panic!() };
//! assert_eq!(fetch.uid.map(u32::from), Some(42));
//! assert_eq!(fetch.size, Some(2048));
//! framer.push(b"ISTS\r\n");
//! assert!(framer.ready()?);
//! assert_eq!(framer.piece(), Piece::Frame(b"* 8 EXISTS\r\n"));
//! assert!(!framer.ready()?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![warn(clippy::indexing_slicing, clippy::cast_possible_truncation)]

mod capability;
mod chars;
mod code;
mod command;
mod date;
mod encode;
mod error;
mod fetch;
mod flag;
mod frame;
mod identity;
mod ids;
mod limits;
mod list;
pub mod mutf7;
mod namespace;
mod primitive;
mod response;
mod search;
mod section;
mod sequence_set;
mod status;
mod uid_set;

pub use capability::Capabilities;
pub use code::Code;
pub use command::{
    Append, AppendMessage, Command, FetchItem, Items, ListReturn, MailboxName, NameError,
    StatusItem,
};
pub use date::{DateField, InternalDate};
pub use encode::{Literals, Segment};
pub use error::{FrameError, ParseError};
pub use fetch::{BodyValue, Fetch, Section, fetch_prefix_uid};
pub use flag::{Flag, FlagSet, Flags, SystemFlag};
pub use frame::{Framer, Piece, PieceKind};
pub use identity::Identity;
pub use ids::{ModSeq, SeqNumber, Uid, UidValidity};
pub use limits::Limits;
pub use list::{List, NameAttribute};
pub use namespace::{Namespace, Namespaces};
pub use response::{Condition, Response, StatusResponse, Untagged, Vanished};
pub use search::{Esearch, Numbers};
pub use sequence_set::SequenceSet;
pub use status::MailboxStatus;
pub use uid_set::UidSet;
