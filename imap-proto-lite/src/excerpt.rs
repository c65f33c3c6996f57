//! What stood around an error, fit for a log: the protocol's own words, and of mail only its shape.

use core::fmt;
use core::ops::Range;

use crate::primitive::end_of_string;

/// The bytes around the place where a response stopped making sense, at most 24 on each side.
///
/// Letters, digits and 8-bit octets are an `x` each where they can be somebody's: within quoted strings and
/// literals, in words that are not those of the protocol (capitals, digits, flags), and everywhere in a
/// line that does not begin with `*`. It holds no reference and costs no allocation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Excerpt {
    octets: [u8; 2 * SIDE],
    length: u8,
    /// How many of them stand before the error.
    before: u8,
}

impl Excerpt {
    /// Takes the surroundings of `offset`.
    pub(crate) fn around(line: &[u8], offset: usize) -> Self {
        let offset = offset.min(line.len());
        let window = offset.saturating_sub(SIDE)..line.len().min(offset + SIDE);
        let mut excerpt = Self {
            octets: [0; 2 * SIDE],
            length: u8::try_from(window.len()).unwrap_or_default(),
            before: u8::try_from(offset - window.start).unwrap_or_default(),
        };
        let ours = line.starts_with(b"*");
        let mut at = 0;
        while at < window.end {
            let (octets, shown) = token(line.get(at..).unwrap_or_default());
            let end = at + octets.max(1);
            excerpt.take(line, &window, at..end, ours && shown);
            at = end;
        }
        excerpt
    }

    /// Copies what of a token is within the window.
    fn take(&mut self, line: &[u8], window: &Range<usize>, token: Range<usize>, shown: bool) {
        let part = token.start.max(window.start)..token.end.min(window.end);
        let Some(from) = line.get(part.clone()) else {
            return;
        };
        let slots = self.octets.iter_mut().skip(part.start - window.start);
        for (slot, &byte) in slots.zip(from) {
            let plain = shown || !(byte.is_ascii_alphanumeric() || byte >= 0x80);
            *slot = if plain { byte } else { b'x' };
        }
    }

    /// What stands before the error, letters and digits of strings as `x`.
    #[must_use]
    pub fn before(&self) -> &[u8] {
        self.octets.get(..self.before.into()).unwrap_or_default()
    }

    /// What stands where something else was expected, in the same way.
    #[must_use]
    pub fn after(&self) -> &[u8] {
        let range = self.before.into()..self.length.into();
        self.octets.get(range).unwrap_or_default()
    }
}

impl fmt::Display for Excerpt {
    /// Both sides, quoted, with everything escaped that a terminal could obey.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, after) = (self.before().escape_ascii(), self.after().escape_ascii());
        write!(f, "between \"{before}\" and \"{after}\"")
    }
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Excerpt({self})")
    }
}

/// The length of what begins here, and whether it is the protocol's own.
fn token(input: &[u8]) -> (usize, bool) {
    match input.first() {
        Some(b'"' | b'{') => (end_of_string(input), false),
        Some(&byte) if is_word_char(byte) => {
            let octets = input.iter().take_while(|&&byte| is_word_char(byte)).count();
            let word = input.get(..octets).unwrap_or_default();
            (octets, is_of_the_protocol(word))
        }
        _ => (1, true),
    }
}

const fn is_word_char(byte: u8) -> bool {
    !matches!(
        byte,
        b' ' | b'(' | b')' | b'[' | b']' | b'"' | b'{' | b'\r' | b'\n'
    )
}

/// Response names, items, conditions, numbers and sets; system flags and attributes.
fn is_of_the_protocol(word: &[u8]) -> bool {
    let in_capitals = |byte: &u8| {
        byte.is_ascii_uppercase()
            || byte.is_ascii_digit()
            || matches!(byte, b'.' | b'-' | b'*' | b'+' | b':' | b',' | b'=')
    };
    word.len() <= LONGEST_WORD && (word.first() == Some(&b'\\') || word.iter().all(in_capitals))
}

const SIDE: usize = 24;
/// `18446744073709551615` and `HEADER.FIELDS.NOT` are no longer.
const LONGEST_WORD: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_protocol_is_shown_and_mail_is_not() {
        let cases: [(&[u8], usize, &str); 9] = [
            (
                b"* 1 FETCH (UID 0)",
                15,
                r#"between "* 1 FETCH (UID " and "0)""#,
            ),
            (
                b"* 1 FETCH (FLAGS (\\Seen $Work) UID x)",
                35,
                r#"between "FLAGS (\\Seen $xxxx) UID " and "x)""#,
            ),
            (
                b"* LIST () \"/\" \"Secret 7\" x",
                25,
                r#"between " LIST () \"/\" \"xxxxxx x\" " and "x""#,
            ),
            // Cut in the middle of a string.
            (
                b"* 1 FETCH (ENVELOPE (\"a\" \"Dear Mr. 007, PASSWORD\" {6}\r\nSECRET",
                38,
                r#"between "ELOPE (\"x\" \"xxxx xx. xxx" and ", xxxxxxxx\" {x}\r\nxxxxxx""#,
            ),
            (
                b"* 1 FETCH (X {3}\r\n\xc3\xa9) UID 0)",
                27,
                r#"between " FETCH (X {x}\r\nxx) UID 0" and ")""#,
            ),
            (
                b"* X \"open SECRET",
                4,
                r#"between "* X " and "\"xxxx xxxxxx""#,
            ),
            // No response: all of it may be mail.
            (b"PASSWORD: 1234", 8, r#"between "xxxxxxxx" and ": xxxx""#),
            (b"+ QUJD", 2, r#"between "+ " and "xxxx""#),
            (b"", 0, r#"between "" and """#),
        ];
        for (line, offset, shown) in cases {
            assert_eq!(Excerpt::around(line, offset).to_string(), shown);
        }
    }

    #[test]
    fn nothing_of_a_terminal_gets_through() {
        let shown = Excerpt::around(b"* \x1b[31m\x07 (\x9b", 2).to_string();
        assert!(
            shown.is_ascii() && !shown.contains(|c: char| c.is_control()),
            "{shown}"
        );
    }
}
