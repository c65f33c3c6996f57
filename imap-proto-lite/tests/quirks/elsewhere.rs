//! What no row can show, and why.

use imap_proto_lite::{Quirk, QuirkSet};

/// Items that are no shape of a response.
pub(crate) const ELSEWHERE: &[(u8, &str)] = &[
    (
        13,
        "inserted octets are inside a literal: the client asks for CAPABILITY first",
    ),
    (27, "session: a BYE ends the wait for a tagged reply"),
    (29, "session: every command has a deadline"),
    (
        31,
        "session: an untagged CAPABILITY before the tagged OK is kept",
    ),
    (33, "session: the condition is right, what it means is not"),
    (38, "session: OK to ENABLE without ENABLED enables nothing"),
    (40, "commands: rev2 is enabled only when asked for"),
    (41, "commands: LSUB is not sent to rev2"),
    (
        56,
        "commands: a plain LIST follows an extended one that finds nothing",
    ),
    (60, "commands: ID is sent after login"),
    (61, "QUOTA: its blanks are those of all lists, see its rule"),
];

/// Quirks of values that are parsed when they are asked for: `envelopes.rs` and `body_structures.rs`.
pub(crate) const OF_LAZY_VALUES: QuirkSet = QuirkSet::STRICT
    .with(Quirk::OddAddressList)
    .with(Quirk::ShortEnvelope)
    .with(Quirk::WrappedEnvelope)
    .with(Quirk::OddParameters)
    .with(Quirk::OddDisposition)
    .with(Quirk::ShortBody)
    .with(Quirk::MultipartWithoutParts)
    .with(Quirk::OddEncoding)
    .with(Quirk::OddBodyField);
