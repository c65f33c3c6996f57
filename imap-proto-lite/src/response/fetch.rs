//! FETCH responses: RFC 9051 section 7.5.2.

pub(crate) mod fast;
pub(crate) mod item;
pub(crate) mod labels;
mod msg_att;
mod plain_list;
pub(crate) mod prefix;
pub(crate) mod section;
mod values;

use alloc::vec::Vec;

use crate::date::DateField;
use crate::error::Parsed;
use crate::flag::Flags;
use crate::ids::{ModSeq, SeqNumber, Uid};
use crate::quirk::Quirk;
use crate::response::fetch::item::Item;
use crate::response::fetch::msg_att::msg_att;
use crate::response::fetch::section::Section;
use crate::response::raw::Raw;
use crate::tolerance::Reading;

/// The message data items of one FETCH response, or of a UIDFETCH (RFC 9586). Items that were not
/// sent are `None`. Only body sections and rare items allocate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch<'a> {
    /// The message's position; `None` in a UIDFETCH, and where a server counts from zero (Courier).
    pub seq: Option<SeqNumber>,
    /// `UID`
    pub uid: Option<Uid>,
    /// `FLAGS`
    pub flags: Option<Flags<'a>>,
    /// `INTERNALDATE`
    pub internal_date: Option<DateField<'a>>,
    /// `RFC822.SIZE`: a hint only, servers get it wrong.
    pub size: Option<u64>,
    /// `MODSEQ` (RFC 7162)
    pub mod_seq: Option<ModSeq>,
    /// `ENVELOPE`: read it with [`Envelope::parse`](crate::Envelope::parse).
    pub envelope: Option<Raw<'a>>,
    /// `BODYSTRUCTURE`, or `BODY` without a section: read it with
    /// [`BodyStructure::parse`](crate::BodyStructure::parse).
    pub body_structure: Option<Raw<'a>>,
    /// `BODY[...]`, `RFC822` and the like.
    pub sections: Vec<Section<'a>>,
    /// Rare items in the server's order, and those that this crate does not know.
    pub items: Vec<Item<'a>>,
}

/// `msg-att = "(" msg-att-item *(SP msg-att-item) ")"`, after the number, the keyword and its space.
///
/// A value that makes no sense costs only itself, but a UID that is none fails the whole, and so do two
/// different ones: flags or a body under the wrong UID are worse than none.
pub(crate) fn fetch<'a>(reading: &Reading, seq: u32, input: &'a [u8]) -> Parsed<'a, Fetch<'a>> {
    let fetch = empty(SeqNumber::new(seq));
    if fetch.seq.is_none() {
        reading.accept(Quirk::ZeroSequenceNumber, input, "a number above zero")?;
    }
    msg_att(reading, fetch, input)
}

/// The same after UIDFETCH, where the number is the UID: RFC 9586 section 3.3.
pub(crate) fn uid_fetch<'a>(reading: &Reading, uid: Uid, input: &'a [u8]) -> Parsed<'a, Fetch<'a>> {
    let mut fetch = empty(None);
    fetch.uid = Some(uid);
    msg_att(reading, fetch, input)
}

const fn empty<'a>(seq: Option<SeqNumber>) -> Fetch<'a> {
    Fetch {
        seq,
        uid: None,
        flags: None,
        internal_date: None,
        size: None,
        mod_seq: None,
        envelope: None,
        body_structure: None,
        sections: Vec::new(),
        items: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
