//! What a single line says: whether its response is free text, a FETCH or another, and whether a literal
//! follows it (RFC 9051 section 4.3).

use super::section::begins_fetch;
use crate::chars::without_nuls;
use crate::error::FrameError;

/// What the first line of the current response says about literals at its line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Unknown,
    /// Free text: `{5}` at the end is only text.
    Status,
    Fetch,
    Other,
}

/// Reads the first line's beginning. Tagged status responses have the status as second word.
pub(super) fn kind_of(line: &[u8]) -> Kind {
    let line = without_nuls(line);
    if line.first() == Some(&b'+') {
        return Kind::Status;
    }
    if begins_fetch(line) {
        return Kind::Fetch;
    }
    let line = line.trim_ascii_end();
    let second = line
        .split(|&byte| byte == b' ')
        .filter(|word| !word.is_empty())
        .nth(1);
    let is_status = |word: &[u8]| {
        [&b"OK"[..], b"NO", b"BAD", b"BYE", b"PREAUTH"]
            .iter()
            .any(|status| word.eq_ignore_ascii_case(status))
    };
    if second.is_some_and(is_status) {
        Kind::Status
    } else {
        Kind::Other
    }
}

/// Whether it is worth while to look for a literal's header: few lines end in a brace, and nothing else
/// about them matters here.
pub(super) fn may_end_in_literal(line: &[u8]) -> bool {
    match line {
        [.., last, b'\r', b'\n'] if !last.is_ascii_whitespace() => *last == b'}',
        _ => line.trim_ascii_end().ends_with(b"}"),
    }
}

/// The literal header that ends `line`: where it begins, and its octets.
pub(super) fn literal_at_end(line: &[u8]) -> Result<Option<(usize, u64)>, FrameError> {
    let Some(inner) = line.trim_ascii_end().strip_suffix(b"}") else {
        return Ok(None);
    };
    let Some(open) = memchr::memrchr(b'{', inner) else {
        return Ok(None);
    };
    let digits = inner.get(open + 1..).unwrap_or_default();
    let digits = digits.strip_suffix(b"+").unwrap_or(digits);
    let unsigned = digits.strip_prefix(b"-").unwrap_or(digits);
    if unsigned.is_empty() || !unsigned.iter().all(u8::is_ascii_digit) {
        return Ok(None);
    }
    let octets = core::str::from_utf8(digits)
        .ok()
        .and_then(|digits| digits.parse().ok());
    let octets = octets.ok_or(FrameError::LiteralLength)?;
    Ok(Some((open, octets)))
}
