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
    Known {
        outcome: Outcome::TheirsOnly,
        shape: |wire| text_of(wire).is_some_and(|text| text.starts_with(b"[")),
        example: b"* OK [UIDNEXT 28a] done\r\n",
        reason: "RFC 9051 section 9 `resp-text-code`: a known code has its value, another is an atom; \
                 imap-codec takes anything up to the bracket for another code",
    },
    Known {
        outcome: Outcome::OtherValue,
        shape: |wire| text_of(wire).is_some_and(|text| begins(text, "[APPENDUID ")),
        example: b"a1 OK [APPENDUID 38505 3955:3957] done\r\n",
        reason: "RFC 4315 section 4 `append-uid`: after MULTIAPPEND it is a set; imap-codec has one UID",
    },
    Known {
        outcome: Outcome::OursOnly,
        shape: |wire| items(wire).iter().any(|item| !is_known_item(item)),
        example: b"* 1 FETCH (UID 7 X-NEW (a))\r\n",
        reason: "RFC 9051 section 2.2.2: data of extensions must be taken, and is passed over here; a \
                 section is kept as it was asked for",
    },
    Known {
        outcome: Outcome::OursOnly,
        shape: |wire| items(wire).iter().any(|item| is_structure(item)),
        example: b"* 1 FETCH (ENVELOPE (NIL) UID 7)\r\n",
        reason: "RFC 9051 section 7.5.2: ENVELOPE and BODYSTRUCTURE are read when asked for, and cost \
                 nothing else",
    },
    Known {
        outcome: Outcome::OursOnly,
        shape: |wire| wire.contains(&0),
        example: b"* LIST () NIL {1}\r\n\0\r\n",
        reason: "RFC 9051 section 9 `CHAR8`: a literal holds no NUL, but stored mail does, and its octets \
                 are kept",
    },
    Known {
        outcome: Outcome::OursOnly,
        shape: |wire| begins(wire, "* SEARCH ") && wire.contains(&b'('),
        example: b"* SEARCH 2 84 (M 7)\r\n",
        reason: "RFC 4466 section 2.6.2 has no such list: what stands behind the numbers is passed over here, \
                 MODSEQ (RFC 7162 section 3.1.5) or another",
    },
    Known {
        outcome: Outcome::TheirsOnly,
        shape: |wire| {
            items(wire)
                .iter()
                .any(|item| item.starts_with(b"BODY[") && !is_known_item(item))
        },
        example: b"* 1 FETCH (BODY[HEADER.FIELDS (]A)] NIL)\r\n",
        reason: "RFC 9051 section 9 `header-fld-name`: an astring with a bracket or a literal; here a section \
                 ends at its first bracket outside of quotes",
    },
    Known {
        outcome: Outcome::TheirsOnly,
        shape: |wire| {
            text_of(wire).is_some_and(|text| {
                text.trim_ascii_start().starts_with(b"[") && text.starts_with(b" ")
            })
        },
        example: b"* OK  [UIDNEXT 7] done\r\n",
        reason: "RFC 9051 section 9 `resp-text`: behind a second space it is text; here it is a code that was \
                 moved, which only a quirk accepts",
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

/// The names of the items of a FETCH or STATUS: every other word within the outermost parentheses, and whatever
/// is neither a number nor NIL; strings and inner lists are passed over.
fn items(wire: &[u8]) -> Vec<Vec<u8>> {
    let mut words = wire.splitn(4, |&byte| byte == b' ');
    let (second, third) = (
        words.nth(1).unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    if !second.eq_ignore_ascii_case(b"STATUS") && !third.eq_ignore_ascii_case(b"FETCH") {
        return Vec::new();
    }
    let (mut depth, mut at, mut found) = (0, 0, Vec::new());
    let mut is_name = true;
    while let Some(&byte) = wire.get(at) {
        match byte {
            b'(' => depth += 1,
            b')' => {
                depth -= 1;
                is_name = true;
            }
            b'"' => {
                at = end_of_quoted(wire, at);
                is_name = true;
            }
            b'{' => {
                at = end_of_literal(wire, at);
                is_name = true;
            }
            b' ' | b'\r' | b'\n' => {}
            _ => {
                let word = word_at(wire, at, depth);
                at += word.len() - 1;
                let is_value =
                    word.iter().all(u8::is_ascii_digit) || word.eq_ignore_ascii_case(b"NIL");
                if depth == 1 && (is_name || !is_value) {
                    found.push(word.to_ascii_uppercase());
                }
                is_name = depth == 1 && !is_name;
            }
        }
        at += 1;
    }
    found
}

/// A word; that of an item with the blanks and parentheses of a section in it.
fn word_at(wire: &[u8], from: usize, depth: i32) -> &[u8] {
    let rest = &wire[from..];
    let mut in_section = false;
    let end = rest.iter().position(|&byte| {
        in_section = depth == 1 && (in_section || byte == b'[') && byte != b']';
        !in_section && matches!(byte, b' ' | b'(' | b')' | b'"' | b'{' | b'\r' | b'\n')
    });
    &rest[..end.unwrap_or(rest.len()).max(1)]
}

/// Where the closing quote stands.
fn end_of_quoted(wire: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while let Some(&byte) = wire.get(at) {
        match byte {
            b'"' => break,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    at
}

/// Where the last octet stands.
fn end_of_literal(wire: &[u8], from: usize) -> usize {
    let digits = wire[from + 1..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit());
    let octets = digits.fold(0_usize, |n, digit| {
        n.saturating_mul(10)
            .saturating_add(usize::from(digit - b'0'))
    });
    let line_end = wire[from..]
        .iter()
        .position(|&byte| byte == b'\n')
        .unwrap_or_default();
    (from + line_end).saturating_add(octets)
}

/// An item that imap-codec reads.
fn is_known_item(item: &[u8]) -> bool {
    const NAMES: &str = "UID FLAGS INTERNALDATE RFC822.SIZE MODSEQ RFC822 RFC822.TEXT RFC822.HEADER ENVELOPE BODY \
                         BODYSTRUCTURE MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN DELETED DELETED-STORAGE SIZE HIGHESTMODSEQ";
    let item = String::from_utf8_lossy(item);
    match item.split_once('[') {
        None => NAMES.split_whitespace().any(|name| name == item),
        Some((name, section)) => {
            let Some((inside, origin)) = section.split_once(']') else {
                return false;
            };
            let parts = inside.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
            let plain = name == "BODY" && ["", "HEADER", "TEXT", "MIME"].contains(&parts);
            let fields = name == "BODY" && is_header_list(parts);
            let binary = name == "BINARY" && parts.is_empty() && origin.is_empty();
            (plain || fields || binary) && is_part(inside, parts)
        }
    }
}

/// `HEADER.FIELDS` or its opposite, with names that are atoms.
fn is_header_list(word: &str) -> bool {
    let Some((name, list)) = word.split_once(' ') else {
        return false;
    };
    let inside = list
        .strip_prefix('(')
        .and_then(|list| list.strip_suffix(')'));
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    ["HEADER.FIELDS", "HEADER.FIELDS.NOT"].contains(&name)
        && inside.is_some_and(|names| names.split(' ').all(is_name))
}

/// Whether the numbers of a section are such, with dots between them and before a word.
fn is_part(inside: &str, word: &str) -> bool {
    let numbers = inside.strip_suffix(word).unwrap_or(inside);
    let numbers = match word {
        "" => Some(numbers),
        _ if numbers.is_empty() => Some(""),
        _ => numbers.strip_suffix('.'),
    };
    let is_number = |number: &str| !number.is_empty() && !number.starts_with('0');
    match numbers {
        Some("") => word != "MIME",
        Some(numbers) => numbers.split('.').all(is_number),
        None => false,
    }
}

/// An item whose value is not read before somebody asks for it.
fn is_structure(item: &[u8]) -> bool {
    matches!(item, b"ENVELOPE" | b"BODY" | b"BODYSTRUCTURE")
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
