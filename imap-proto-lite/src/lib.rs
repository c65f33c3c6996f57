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
//!
//! A command is a [`Command`] value. What could break out of its line is no [`Text`], [`Tag`],
//! [`command::Atom`] or [`MailboxName`]; whatever is one goes out as an atom, quoted, or as a literal:
//!
//! ```
//! use imap_proto_lite::command::{FetchCommand, FetchModifier, Login};
//! use imap_proto_lite::{Command, FetchItem, Literals, Messages, ModSeq, Segment, Tag, Text, Uid};
//!
//! let changed = Command::Fetch(FetchCommand {
//!     messages: Messages::UidsFrom(Uid::new(1).ok_or("zero")?),
//!     items: &[FetchItem::Flags],
//!     modifiers: &[FetchModifier::ChangedSinceVanished(ModSeq(12345))],
//! });
//! let line = "a1 UID FETCH 1:* (FLAGS) (CHANGEDSINCE 12345 VANISHED)\r\n";
//! let segments = changed.encode(Tag::new("a1")?, Literals::Synchronizing);
//! assert_eq!(segments, [Segment::Bytes(line.into())]);
//!
//! let (user, password) = (Text::new("joe")?, Text::new("pässwört")?);
//! let login = Command::Login(Login { user, password });
//! assert_eq!(login.encode(Tag::new("a2")?, Literals::Synchronizing), [
//!     Segment::Bytes("a2 LOGIN joe {10}\r\n".into()),
//!     Segment::AwaitContinuation,
//!     Segment::Bytes("pässwört\r\n".into()),
//! ]);
//! assert!(Tag::new("a3 LOGOUT\r\n").is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![warn(clippy::indexing_slicing, clippy::cast_possible_truncation)]

mod chars;
pub mod command;
mod date;
mod digits;
mod error;
mod excerpt;
mod flag;
mod frame;
mod ids;
mod limits;
pub mod mutf7;
mod plain_quoted;
mod primitive;
mod quirk;
mod response;
mod sequence_set;
mod tolerance;
mod uid_set;

pub use command::{
    Append, AppendMessage, ArgumentError, Command, FetchItem, ListReturn, Literals, MailboxName,
    Messages, Segment, StatusItem, Tag, Text,
};
pub use date::{DateField, InternalDate};
pub use error::{FrameError, ParseError};
pub use excerpt::Excerpt;
pub use flag::{Flag, FlagSet, Flags, SystemFlag};
pub use frame::{Framer, Piece, PieceKind};
pub use ids::{ModSeq, SeqNumber, Uid, UidValidity};
pub use limits::Limits;
pub use quirk::Quirk;
pub use response::acl::{Acl, AclEntry, ListRights, MyRights};
pub use response::address::{Address, AddressKind, Addresses};
pub use response::body_structure::BodyStructure;
pub use response::body_structure::parameters::Parameters;
pub use response::body_structure::part::{Disposition, Part};
pub use response::capability::Capabilities;
pub use response::code::Code;
pub use response::envelope::Envelope;
pub use response::fetch::item::Item;
pub use response::fetch::labels::Labels;
pub use response::fetch::{BodyValue, Fetch, Section, fetch_prefix_uid};
pub use response::identity::Identity;
pub use response::language::Comparator;
pub use response::list::List;
pub use response::list::attribute::NameAttribute;
pub use response::mailbox_status::{AppendLimit, MailboxStatus};
pub use response::metadata::{Metadata, MetadataEntries, MetadataEntry};
pub use response::namespace::{Namespace, Namespaces};
pub use response::quota::{Quota, QuotaResource, QuotaRoot};
pub use response::raw::Raw;
pub use response::search::window::{Change, Partial, Update};
pub use response::search::{Esearch, Numbers};
pub use response::string_list::Strings;
pub use response::thread::{ThreadStep, Threads};
pub use response::{Condition, Response, StatusResponse, Untagged, Vanished};
pub use sequence_set::SequenceSet;
pub use tolerance::{QuirkSet, Tally};
pub use uid_set::{NumberSet, SeqSet, UidSet};
