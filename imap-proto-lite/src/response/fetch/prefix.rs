//! What the beginning of a FETCH response says, up to a body that is streamed: RFC 9051 section 7.5.2.

use super::empty;
use super::msg_att::msg_att_item;
use crate::ids::Uid;
use crate::primitive::{atom, blanks, nz_number};
use crate::tolerance::Reading;

/// The UID that stands before a body in the response that `prefix` begins; some servers send it
/// only afterwards (RFC 9051 section 7.5.2).
#[must_use]
pub fn fetch_prefix_uid(prefix: &[u8]) -> Option<Uid> {
    let open = memchr::memchr(b'(', prefix)?;
    let mut rest = prefix.get(open + 1..)?;
    let (mut fetch, reading) = (empty(None), Reading::lenient());
    fetch.uid = uid_of_uid_fetch(prefix);
    while let Ok(after) = msg_att_item(&reading, &mut fetch, blanks(rest)) {
        rest = after;
    }
    fetch.uid
}

/// The number of `* n UIDFETCH`.
fn uid_of_uid_fetch(prefix: &[u8]) -> Option<Uid> {
    let (rest, number) = nz_number(blanks(prefix.strip_prefix(b"*")?)).ok()?;
    let (_, word) = atom(blanks(rest)).ok()?;
    word.eq_ignore_ascii_case(b"UIDFETCH")
        .then(|| Uid::new(number.get()))?
}
