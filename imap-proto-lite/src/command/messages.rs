//! Which messages a command is about: RFC 9051 sections 2.3.1 and 6.4.9, `sequence-set`.

use core::num::NonZeroU32;

use super::encode::Encoder;
use crate::ids::{SeqNumber, Uid};
use crate::uid_set::{SeqSet, UidSet};

/// Messages of the selected mailbox. Named by UIDs they make a command its UID form, such as
/// `UID FETCH` (RFC 9051 section 6.4.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Messages<'a> {
    /// These UIDs.
    Uids(&'a UidSet),
    /// `n:*`, all UIDs from this one on. Servers answer with the last message when none is there.
    UidsFrom(Uid),
    /// `$` of a UID command: the saved search result (RFC 9051 section 6.4.4.1).
    SavedUids,
    /// These message sequence numbers.
    Sequence(&'a SeqSet),
    /// `first:last`, message sequence numbers.
    SequenceRange {
        /// One end.
        first: SeqNumber,
        /// The other end, which belongs to it.
        last: SeqNumber,
    },
    /// `n:*`, all message sequence numbers from this one on.
    SequenceFrom(SeqNumber),
    /// `$`: the saved search result (RFC 9051 section 6.4.4.1).
    Saved,
}

/// By which numbers a server is to name messages (RFC 9051 section 6.4.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbering {
    /// UIDs.
    Uid,
    /// Message sequence numbers.
    Sequence,
}

impl Messages<'_> {
    /// What names them.
    #[must_use]
    pub const fn numbering(self) -> Numbering {
        match self {
            Self::Uids(_) | Self::UidsFrom(_) | Self::SavedUids => Numbering::Uid,
            _ => Numbering::Sequence,
        }
    }

    pub(super) fn write(self, out: &mut Encoder) {
        match self {
            Self::Uids(set) => out.set(set),
            Self::Sequence(set) => out.set(set),
            Self::UidsFrom(first) => out.number(u32::from(first)).raw(":*"),
            Self::SequenceFrom(first) => out.number(u32::from(first)).raw(":*"),
            Self::SequenceRange { first, last } => out
                .number(u32::from(first))
                .raw(":")
                .number(u32::from(last)),
            Self::SavedUids | Self::Saved => out.raw("$"),
        };
    }
}

impl Numbering {
    /// The one of two names that fits: of the UID form, or of the plain one.
    pub(super) const fn choose(self, uid: &'static str, plain: &'static str) -> &'static str {
        match self {
            Self::Uid => uid,
            Self::Sequence => plain,
        }
    }
}

/// A part of a long answer: RFC 9394 section 3.1, `partial-range`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "both ends belong to the range")]
pub enum PartialRange {
    /// `1:500`: counted from the first, the lowest.
    FromFirst { first: NonZeroU32, last: NonZeroU32 },
    /// `-1:-500`: counted from the last, the highest.
    FromLast { first: NonZeroU32, last: NonZeroU32 },
}

impl PartialRange {
    pub(super) fn write(self, out: &mut Encoder) -> &mut Encoder {
        let (sign, first, last) = match self {
            Self::FromFirst { first, last } => ("", first, last),
            Self::FromLast { first, last } => ("-", first, last),
        };
        out.raw("PARTIAL ").raw(sign).number(first.get());
        out.raw(":").raw(sign).number(last.get())
    }
}
