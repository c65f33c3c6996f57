//! VANISHED responses: RFC 7162 section 3.2.10.

use crate::error::Parsed;
use crate::primitive::sp;
use crate::sequence_set::{SequenceSet, sequence_set};
use crate::tolerance::Reading;

/// UIDs that are gone: RFC 7162 section 3.2.10.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vanished<'a> {
    /// Gone since the mod-sequence that the client named.
    Earlier(SequenceSet<'a>),
    /// Expunged just now.
    Now(SequenceSet<'a>),
}

/// `"VANISHED" [SP "(EARLIER)"] SP known-uids`
pub(super) fn vanished<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Vanished<'a>> {
    let earlier = input
        .get(..9)
        .is_some_and(|word| word.eq_ignore_ascii_case(b"(EARLIER)"));
    let set = if earlier {
        sp(reading, input.get(9..).unwrap_or_default())?.0
    } else {
        input
    };
    let (rest, uids) = sequence_set(set)?;
    Ok((
        rest,
        if earlier {
            Vanished::Earlier(uids)
        } else {
            Vanished::Now(uids)
        },
    ))
}
