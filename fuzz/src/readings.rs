//! How the readings of one frame, by the grammar alone and with all quirks, belong together, and what they
//! may allocate.

use allocation_counter::measure;
use imap_proto_lite::{ParseError, QuirkSet, Response};

/// Reads a frame with all quirks.
///
/// # Panics
/// When a reading allocates more than its frame can cause, or when the two readings do not agree where no
/// quirk was met.
pub fn read(frame: &[u8]) -> Result<(Response<'_>, QuirkSet), ParseError> {
    let strict = measured(frame, QuirkSet::STRICT);
    let lenient = measured(frame, QuirkSet::LENIENT);
    let shown = frame.escape_ascii();
    if let Ok((_, met)) = strict {
        assert!(met.is_empty(), "{shown}: refused quirks were met: {met:?}");
        assert_eq!(
            lenient, strict,
            "{shown}: the grammar has it, with quirks it is another"
        );
    }
    if let Ok((_, met)) = lenient {
        if met.is_empty() {
            assert_eq!(
                strict, lenient,
                "{shown}: no quirk, and yet the grammar does not have it"
            );
        }
        // A quirk that was tried in vain leads to another reading or to none, when it is refused.
        if let Ok((same, _)) = Response::parse_with(frame, met) {
            let value = lenient.as_ref().map(|(response, _)| response);
            assert_eq!(
                Ok(&same),
                value,
                "{shown}: read otherwise with the quirks that were met"
            );
        }
    }
    lenient
}

fn measured(frame: &[u8], accepted: QuirkSet) -> Result<(Response<'_>, QuirkSet), ParseError> {
    let mut read = None;
    let used = measure(|| read = Some(Response::parse_with(frame, accepted)));
    let most = FIXED_BYTES + BYTES_PER_OCTET * frame.len() as u64;
    assert!(
        used.bytes_total <= most,
        "{} bytes for a frame of {}: {}",
        used.bytes_total,
        frame.len(),
        frame.escape_ascii()
    );
    read.expect("it was read just now")
}

/// A pair of empty strings, the densest value, takes four octets on the wire and 48 bytes in a vector,
/// which doubles as it grows: at most 48 bytes for each octet.
const BYTES_PER_OCTET: u64 = 64;
const FIXED_BYTES: u64 = 1024;
