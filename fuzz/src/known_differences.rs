//! Where this crate and `imap-codec` are known to read differently, as data: what it looks like, who is
//! right by which RFC, and an example that the tests hold up.

use crate::framing::{self, Frame};
use crate::ours::{self, Reading};
use crate::theirs;

/// How the two readings of one response differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Same,
    OursOnly,
    TheirsOnly,
    OtherValue,
}

/// One difference that is no finding.
#[derive(Debug)]
pub struct Known {
    pub outcome: Outcome,
    /// Whether a response as it came shows the shape.
    pub shape: fn(&[u8]) -> bool,
    /// A response with it.
    pub example: &'static [u8],
    /// The rule, and who keeps it.
    pub reason: &'static str,
}

/// Reads a frame with both parsers.
pub fn compare(frame: &Frame) -> (Outcome, Reading, Reading) {
    let (ours, theirs) = (ours::read(frame), theirs::read(&frame.wire()));
    let outcome = match (&ours, &theirs) {
        (Reading::Refused, Reading::Refused) | (Reading::Unknown, _) | (_, Reading::Unknown) => {
            Outcome::Same
        }
        (Reading::Refused, Reading::Said(_)) => Outcome::TheirsOnly,
        (Reading::Said(_), Reading::Refused) => Outcome::OursOnly,
        (Reading::Said(ours), Reading::Said(theirs)) if ours == theirs => Outcome::Same,
        (Reading::Said(_), Reading::Said(_)) => Outcome::OtherValue,
    };
    (outcome, ours, theirs)
}

/// The entry that explains a difference.
pub fn explained(outcome: Outcome, wire: &[u8]) -> Option<&'static Known> {
    KNOWN
        .iter()
        .find(|known| known.outcome == outcome && (known.shape)(wire))
}

/// All of them. Those about blanks, octets and words are shapes that the grammar here reads on purpose.
pub const KNOWN: &[Known] = &[
    Known {
        outcome: Outcome::OursOnly,
        shape: |wire| begins(wire, "* ESEARCH"),
        example: b"* ESEARCH (TAG \"a1\") UID COUNT 3\r\n",
        reason: "RFC 9051 section 7.3.4: imap-codec has no ESEARCH",
    },
    Known {
        outcome: Outcome::OursOnly,
        shape: |wire| text_of(wire).is_some_and(|text| without_code(text).is_empty()),
        example: b"* OK [UIDNEXT 7] \r\n",
        reason: "RFC 9051 section 9 `resp-text`: the text may be empty; imap-codec has the rule of RFC 3501",
    },
    Known {
        outcome: Outcome::OursOnly,
        shape: |wire| {
            text_of(wire).is_some_and(|text| text.iter().any(|&byte| is_no_text_char(byte)))
        },
        example: b"* OK gr\xfc\xdfe\r\n",
        reason: "RFC 9051 section 9 `TEXT-CHAR`: text for people is kept as it comes, whatever octets it has",
    },
    Known {
        outcome: Outcome::OursOnly,
        shape: |wire| text_of(wire).is_some_and(|text| text.starts_with(b"[")),
        example: b"* OK [no code\r\n",
        reason: "RFC 9051 section 9 `text`: it may begin with a bracket; imap-codec insists on a code",
    },
    Known {
        outcome: Outcome::TheirsOnly,
        shape: |wire| {
            wire.windows(3)
                .any(|seen| matches!(seen, [before, b'0', b'0'..=b'9'] if !before.is_ascii_digit()))
        },
        example: b"* SEARCH 171 0131\r\n",
        reason: "RFC 9051 section 9 `nz-number`: no zeros in front; imap-codec lets them through",
    },
];

fn begins(wire: &[u8], word: &str) -> bool {
    wire.get(..word.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(word.as_bytes()))
}

/// What stands behind the condition of a status response, or behind a `+`.
fn text_of(wire: &[u8]) -> Option<&[u8]> {
    let line = wire.strip_suffix(b"\r\n").unwrap_or(wire);
    if let Some(text) = line.strip_prefix(b"+ ") {
        return Some(text);
    }
    let mut words = line.splitn(3, |&byte| byte == b' ');
    let (_, condition) = (words.next()?, words.next()?);
    let known = ["OK", "NO", "BAD", "BYE", "PREAUTH"];
    known
        .iter()
        .any(|word| condition.eq_ignore_ascii_case(word.as_bytes()))
        .then(|| words.next().unwrap_or_default())
}

fn without_code(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|&byte| byte == b']');
    let text = match end {
        Some(end) if text.starts_with(b"[") => &text[end + 1..],
        _ => text,
    };
    text.trim_ascii_start()
}

/// What RFC 3501 has no `TEXT-CHAR` for.
const fn is_no_text_char(byte: u8) -> bool {
    matches!(byte, 0 | b'\r' | 128..)
}

/// The one frame of an example.
pub fn framed(wire: &[u8]) -> Option<Frame> {
    let mut stream = framing::frame(framing::LIMITS, [wire]);
    (stream.frames.len() == 1).then(|| stream.frames.remove(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_still_true() {
        for known in KNOWN {
            let shown = known.example.escape_ascii();
            let frame = framed(known.example).expect("one response");
            let (outcome, ours, theirs) = compare(&frame);
            assert_eq!(outcome, known.outcome, "{shown}: {ours:?}, {theirs:?}");
            let reason = explained(outcome, known.example).map(|found| found.reason);
            assert_eq!(reason, Some(known.reason), "{shown}");
        }
    }
}
