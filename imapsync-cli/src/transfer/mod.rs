//! Carries out a plan: mail moves from one server to the other, exactly once.
//!
//! A reader takes messages from the source in windows and a writer appends them, joined by a
//! bounded channel; the bytes that all of them hold share one budget.

mod answers;
mod batch;
mod budget;
mod classify;
mod cursor;
mod digest;
mod found;
mod hash_bodies;
mod intake;
mod isolated;
mod keywords;
mod large;
mod learned;
mod lines;
mod mailbox;
mod message;
mod message_id;
mod oddities;
mod opened;
mod order;
mod pace;
mod pairing;
mod parts;
mod read_back;
mod reader;
mod recovery;
mod refused;
mod save_refused;
mod sending;
mod unlisted;
mod writer;

pub use batch::Limit;
pub use budget::{Budget, Memory, Share};
pub(crate) use classify::{Refused, classify};
pub use digest::{Digest, Hasher};
pub use learned::Learned;
pub use mailbox::{Before, Context, Uncertain, copy_mailbox};
pub use message::{Envelope, Message, Parcel};
pub use order::{First, Order};
pub use recovery::LastLook;
