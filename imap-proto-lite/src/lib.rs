//! IMAP framing and grammar: bytes to borrowed values, and commands back to bytes. RFC 9051 (IMAP4rev2), the
//! forms of RFC 3501 (IMAP4rev1) that servers still send, and some fifty extensions. No I/O, no clock, no
//! `unsafe`; `no_std` with `alloc`.
//!
//! # The flow
//!
//! ```text
//! bytes ──> Framer ──┬─> Frame ─────────> Response::parse_with ──> Response<'_>, QuirkSet ──> Tally
//!                    └─> LiteralStart, LiteralChunk ...            (bodies never meet the grammar)
//! Command<'_> ──> encode ──> Segment::{Bytes, AwaitContinuation, Body}
//! ```
//!
//! - A [`Framer`] takes bytes as they arrive and lends one [`Piece`] at a time: a whole response, or octets of a
//!   message body. It is the only part that knows of incomplete input, and it looks at each byte once, whatever
//!   the chunking.
//! - [`Response::parse`] reads one whole response. Its values borrow from the frame; what few clients look into
//!   (envelopes, body structures) is kept [`Raw`] and read on demand by [`Envelope::parse`] and
//!   [`BodyStructure::parse`].
//! - A [`Command`] is a value. What could break out of its line is no [`Text`], [`Tag`], [`command::Atom`] or
//!   [`MailboxName`]; whatever is one goes out as an atom, quoted, or as a literal. [`Command::encode`] says where
//!   the client has to wait for the server's `+`.
//!
//! # A session in forty lines
//!
//! What a client does with it, without a socket: bytes come in odd chunks, a body is streamed, two shapes that
//! the grammar does not allow are read and counted, and a password that fits no quoted string leaves as a literal.
//!
//! ```
//! use imap_proto_lite::command::Login;
//! use imap_proto_lite::{
//!     Command, Condition, Framer, Limits, Literals, Piece, Quirk, QuirkSet, Response, Segment, Tag,
//!     Tally, Text, Untagged, fetch_prefix_uid,
//! };
//!
//! struct Session {
//!     framer: Framer,
//!     quirks: Tally,
//!     news: Vec<String>,
//! }
//!
//! impl Session {
//!     fn receive(&mut self, bytes: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
//!         self.framer.push(bytes);
//!         while self.framer.ready()? {
//!             match self.framer.piece() {
//!                 Piece::LiteralStart { prefix, octets } => {
//!                     let uid = fetch_prefix_uid(prefix).map(u32::from);
//!                     self.news.push(format!("body of {uid:?}, {octets} octets"));
//!                 }
//!                 Piece::LiteralChunk(octets) => self.news.push(format!("chunk {octets:?}")),
//!                 Piece::Frame(frame) => {
//!                     let (response, met) = Response::parse_with(frame, QuirkSet::LENIENT)?;
//!                     self.quirks.add(met);
//!                     match response {
//!                         Response::Untagged(Untagged::Fetch(fetch)) => {
//!                             let seen = fetch.flags.map_or(0, |flags| flags.iter().count());
//!                             self.news.push(format!("{:?}, {seen} flag", fetch.uid.map(u32::from)));
//!                         }
//!                         Response::Tagged { status, .. } if status.condition == Condition::Ok => {
//!                             self.news.push("done".to_owned());
//!                         }
//!                         other => self.news.push(format!("{other:?}")),
//!                     }
//!                 }
//!             }
//!         }
//!         Ok(())
//!     }
//! }
//!
//! let (user, password) = (Text::new("joe")?, Text::new("pässwört")?);
//! let login = Command::Login(Login { user, password });
//! assert_eq!(login.encode(Tag::new("a1")?, Literals::Synchronizing), [
//!     Segment::Bytes("a1 LOGIN joe {10}\r\n".into()),
//!     Segment::AwaitContinuation,
//!     Segment::Bytes("pässwört\r\n".into()),
//! ]);
//!
//! let framer = Framer::new(Limits::default());
//! let mut session = Session { framer, quirks: Tally::default(), news: Vec::new() };
//! let wire = b"* 1 FETCH (UID 7  BODY[] {11}\r\nHello ) {9} FLAGS (\\Seen))\r\na1 OK\r\n";
//! for chunk in wire.chunks(38) {
//!     session.receive(chunk)?;
//! }
//! assert_eq!(session.news, [
//!     "body of Some(7), 11 octets",
//!     "chunk b\"Hello )\"",
//!     "chunk b\" {9}\"",
//!     "Some(7), 1 flag",
//!     "done",
//! ]);
//! let quirks: Vec<(Quirk, u64)> = session.quirks.iter().collect();
//! assert_eq!(quirks, [(Quirk::ExtraBlanks, 1), (Quirk::MissingText, 1)]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Tolerance
//!
//! Servers depart from the grammar, each in its way. Every departure that is read has a name ([`Quirk`]), and
//! the caller says which are accepted: all ([`QuirkSet::LENIENT`], what [`Response::parse`] takes), none
//! ([`QuirkSet::STRICT`]), or any choice. Those that were met come back with the response. No quirk touches what
//! a wrong guess would lose mail by: literal sizes, tags, UIDs, UIDVALIDITY.
//!
//! ```
//! use imap_proto_lite::{Quirk, QuirkSet, Response};
//!
//! let line = b"* 3 FETCH (UID 9 RFC822.SIZE -1 )\r\n";
//! let (_, met) = Response::parse_with(line, QuirkSet::LENIENT)?;
//! assert!(met.contains(Quirk::OddNumber) && met.contains(Quirk::ExtraBlanks));
//! assert!(Response::parse_with(line, QuirkSet::STRICT).is_err());
//!
//! let error = Response::parse_with(line, QuirkSet::LENIENT.without(Quirk::OddNumber)).unwrap_err();
//! assert_eq!((error.offset, error.expected), (29, "a number"));
//! # Ok::<(), imap_proto_lite::ParseError>(())
//! ```
//!
//! # Limits
//!
//! [`Limits`] bounds what a peer can make a [`Framer`] hold or do; each bound stands there with its reason, and
//! `tests/attacks.rs` has the attack that it ends. Nothing is allocated because a peer announced it. The grammar
//! does not recurse on input, nests no deeper than [`Limits::NESTING_DEPTH`], never expands a set of numbers
//! ([`SequenceSet`] stays ranges), and its work grows as its input does: `tests/complexity.rs` counts it.
//!
//! # What is copied, what is allocated
//!
//! | What | Cost | Shown by |
//! |---|---|---|
//! | FETCH with UID, flags, date, size; EXISTS, EXPUNGE, LIST, STATUS, SEARCH, ESEARCH, VANISHED, tagged OK | no allocation | `tests/allocations.rs`: `the_lines_of_a_sync_allocate_nothing` |
//! | a name or text with a backslash in it | one copy, unescaped; else a [`Cow`](alloc::borrow::Cow) that borrows | `an_escaped_name_is_a_copy` |
//! | body sections and rare items of a FETCH; lists of rights, quotas, annotations | one `Vec` each | |
//! | a message body | chunks of the read buffer ([`bytes::Bytes`]), uncopied when bytes go in by [`Framer::buffer`]; [`Framer::push`] copies | `a_body_of_a_gibibyte_passes_in_bounded_memory` |
//! | a literal in a name, a header that was asked for | stays in the frame and is borrowed | `the_lines_of_a_sync_allocate_nothing` |
//!
//! # What is not here
//!
//! No I/O, no timeouts, no TLS or compression: bytes go in and out. No session state: which command a response
//! belongs to, which mailbox is selected, what may be pipelined is the client's to know. No MIME: what a message
//! holds is octets. SASL mechanisms and charsets are the caller's, but for the modified UTF-7 of names ([`mutf7`]).
//!
//! # Which response is read where
//!
//! Under `src/response/`; each file has the rules of its ABNF beside the type that they make.
//!
//! | Response | Type | File |
//! |---|---|---|
//! | the line as a whole, tagged, stray | [`Response`] | `line.rs`, `tagged.rs`, `stray.rs` |
//! | which rule an untagged one goes to | [`Untagged`] | `dispatch.rs` |
//! | OK, NO, BAD, BYE, PREAUTH | [`StatusResponse`] | `status.rs` |
//! | `[...]` behind them | [`Code`] | `code.rs`, `code/` |
//! | CAPABILITY, ENABLED | [`Capabilities`] | `capability.rs` |
//! | LIST, LSUB, XLIST | [`List`] | `list.rs`, `list/` |
//! | NAMESPACE | [`Namespaces`] | `namespace.rs` |
//! | STATUS | [`MailboxStatus`] | `mailbox_status.rs`, `mailbox_status/` |
//! | FLAGS | [`Flags`] | `../flag/list.rs` |
//! | SEARCH, SORT, ESEARCH | [`Numbers`], [`Esearch`] | `search.rs`, `search/window.rs` |
//! | THREAD | [`Threads`] | `thread.rs` |
//! | EXISTS, RECENT, EXPUNGE | [`Untagged`] | `dispatch.rs` |
//! | VANISHED | [`Vanished`] | `vanished.rs` |
//! | FETCH, UIDFETCH | [`Fetch`] | `fetch.rs`; `fetch/msg_att.rs` by item, `fetch/fast.rs` for plain listings |
//! | body sections | [`Section`] | `fetch/section.rs` |
//! | rarer items | [`Item`] | `fetch/item.rs`, `fetch/labels.rs` |
//! | ENVELOPE | [`Envelope`] | `envelope.rs`, `address.rs` |
//! | BODYSTRUCTURE | [`BodyStructure`] | `body_structure.rs`, `body_structure/` |
//! | ID, LANGUAGE, COMPARATOR | [`Identity`], [`Comparator`] | `identity.rs`, `language.rs` |
//! | ACL, LISTRIGHTS, MYRIGHTS | [`Acl`] | `acl.rs` |
//! | QUOTA, QUOTAROOT | [`Quota`] | `quota.rs` |
//! | METADATA | [`Metadata`] | `metadata.rs` |
//!
//! Commands have their own table in [`command`].
//!
//! # Extensions
//!
//! Beyond RFC 9051 and RFC 3501 (with what the former took in: UIDPLUS, ESEARCH, LIST-EXTENDED and others).
//! *C* is a command or an argument of one, *R* a response, an item or a code.
//!
//! | RFC | What | |
//! |---|---|---|
//! | 2971 | ID | C R |
//! | 3502 | MULTIAPPEND | C |
//! | 3516 | BINARY: APPEND, FETCH, sizes | C R |
//! | 4314 | ACL | C R |
//! | 4315 | UIDPLUS: UID EXPUNGE, APPENDUID, COPYUID | C R |
//! | 4469 | CATENATE: BADURL, TOOBIG | R |
//! | 4731, 5182 | ESEARCH, saved results | C R |
//! | 4959 | SASL-IR | C |
//! | 4978 | COMPRESS | C R |
//! | 5032 | WITHIN: OLDER, YOUNGER | C |
//! | 5255 | LANGUAGE, COMPARATOR | R |
//! | 5256, 5957 | SORT, THREAD, display order | C R |
//! | 5258, 5819, 8440, 9590 | LIST-EXTENDED; returning status, rights, metadata | C R |
//! | 5267, 9394 | search contexts, PARTIAL | C R |
//! | 5464 | METADATA | C R |
//! | 5465, 5466 | NOTIFY; UNDEFINED-FILTER | C R |
//! | 5530 | response codes | R |
//! | 6154, 8457 | SPECIAL-USE, `\Important` | C R |
//! | 6203 | SEARCH FUZZY | C |
//! | 6855 | UTF8=ACCEPT: APPEND | C |
//! | 7162 | CONDSTORE, QRESYNC | C R |
//! | 7377 | MULTISEARCH: mailbox and UIDVALIDITY of an ESEARCH | R |
//! | 7888 | LITERAL+, LITERAL- | C |
//! | 7889 | APPENDLIMIT | C R |
//! | 8437 | UNAUTHENTICATE | C |
//! | 8438 | STATUS=SIZE | C R |
//! | 8474 | OBJECTID | C R |
//! | 8514 | SAVEDATE | C R |
//! | 8970 | PREVIEW | C R |
//! | 9208 | QUOTA | C R |
//! | 9585 | INPROGRESS | R |
//! | 9586 | UIDONLY: UIDFETCH, UIDREQUIRED | R |
//! | 9698 | JMAPACCESS | R |
//! | 9738 | MESSAGELIMIT | R |
//! | - | Gmail: X-GM-MSGID, X-GM-THRID, X-GM-LABELS, X-GM-RAW; XLIST | C R |
//!
//! What is not known is no error: an unknown response, code or item is kept as it was sent.
//!
//! # Features
//!
//! `std`, on by default, changes nothing here; it lets memchr find at run time which vector instructions the
//! machine has. Without it the crate needs `alloc` alone.
#![cfg_attr(not(test), no_std)]
#![warn(clippy::indexing_slicing, clippy::cast_possible_truncation)]

extern crate alloc;

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
pub use response::fetch::Fetch;
pub use response::fetch::item::Item;
pub use response::fetch::labels::Labels;
pub use response::fetch::prefix::fetch_prefix_uid;
pub use response::fetch::section::{BodyValue, Section};
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
pub use response::status::{Condition, StatusResponse};
pub use response::string_list::Strings;
pub use response::thread::{ThreadStep, Threads};
pub use response::vanished::Vanished;
pub use response::{Response, Untagged};
pub use sequence_set::SequenceSet;
pub use tolerance::{QuirkSet, Tally};
pub use uid_set::{NumberSet, SeqSet, UidSet};
