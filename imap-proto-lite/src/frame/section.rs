//! Which message data items carry a body, whose literal is streamed past the grammar.
//!
//! The framer looks backwards from a literal, the grammar forwards from an item's name; both ask
//! here, so that they cannot disagree.

use crate::chars::is_item_name_char;
use crate::primitive::{atom, blanks, number};

/// Whether a literal that stands behind `line` in a FETCH response is a body.
pub(crate) fn announces_body(line: &[u8]) -> bool {
    is_streamed(item_before_literal(line))
}

/// Whether a literal that is this item's value holds message text (`BODY[]`, `BODY[1.2]<0>`,
/// `RFC822`, ...) and not a header that somebody asked for.
fn is_streamed(item: &[u8]) -> bool {
    let (name, section) = match memchr::memchr(b'[', item) {
        Some(at) => item.split_at(at),
        None => (item, &b""[..]),
    };
    if section.is_empty() {
        return name.eq_ignore_ascii_case(b"RFC822") || name.eq_ignore_ascii_case(b"RFC822.TEXT");
    }
    if !name.eq_ignore_ascii_case(b"BODY") && !name.eq_ignore_ascii_case(b"BINARY") {
        return false;
    }
    let inside = section
        .split(|&byte| byte == b']')
        .next()
        .unwrap_or_default();
    let inside = inside.get(1..).unwrap_or_default();
    let word_at = inside
        .iter()
        .position(u8::is_ascii_alphabetic)
        .unwrap_or(inside.len());
    let word = inside.get(word_at..).unwrap_or_default();
    word.is_empty() || word.eq_ignore_ascii_case(b"TEXT")
}

/// The item that ends `line`, which is what stands before a literal in a FETCH response: from its
/// name to its `]` or `>`, without the `~` of a `literal8`.
fn item_before_literal(line: &[u8]) -> &[u8] {
    let line = line.trim_ascii_end();
    let line = line.strip_suffix(b"~").unwrap_or(line).trim_ascii_end();
    let mut end = line.len();
    if line.ends_with(b">") {
        end = memchr::memrchr(b'<', line).unwrap_or(end);
    }
    let mut start = end;
    let head = line.get(..end).unwrap_or_default();
    if head.ends_with(b"]") {
        start = memchr::memrchr(b'[', head).unwrap_or(end);
    }
    let name = line.get(..start).unwrap_or_default();
    let name_octets = name
        .iter()
        .rev()
        .take_while(|&&byte| is_item_name_char(byte))
        .count();
    line.get(start - name_octets..).unwrap_or_default()
}

/// Whether a response that begins with `line` is a FETCH: `* n FETCH (` or `* n UIDFETCH (`, with
/// as many blanks between the words as the grammar lets through.
pub(crate) fn begins_fetch(line: &[u8]) -> bool {
    let name = line
        .strip_prefix(b"*")
        .and_then(|rest| number(blanks(rest)).ok())
        .and_then(|(rest, _)| atom(blanks(rest)).ok());
    name.is_some_and(|(_, name)| {
        name.eq_ignore_ascii_case(b"FETCH") || name.eq_ignore_ascii_case(b"UIDFETCH")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_stream_and_headers_do_not() {
        for item in [
            "BODY[]",
            "body[]<0>",
            "BODY[1.2]",
            "BODY[TEXT]",
            "BODY[1.TEXT]",
            "BINARY[1]",
            "RFC822",
            "rfc822.text",
        ] {
            assert!(is_streamed(item.as_bytes()), "{item}");
        }
        for item in [
            "BODY[HEADER]",
            "BODY[1.MIME]",
            "BODY[HEADER.FIELDS (TO)]",
            "RFC822.HEADER",
            "ENVELOPE",
            "BODY",
            "X[]",
            "",
        ] {
            assert!(!is_streamed(item.as_bytes()), "{item}");
        }
    }

    #[test]
    fn the_item_before_a_literal_is_found_backwards() {
        let cases: [(&[u8], &[u8]); 6] = [
            (b"* 1 FETCH (UID 5 BODY[] ", b"BODY[]"),
            (b"* 1 FETCH (BINARY[1] ~", b"BINARY[1]"),
            (b"* 1 FETCH (BODY[1]<0> ", b"BODY[1]<0>"),
            (
                b"* 1 FETCH (BODY[HEADER.FIELDS (\"To\")] ",
                b"BODY[HEADER.FIELDS (\"To\")]",
            ),
            (b"* 1 FETCH (RFC822 ", b"RFC822"),
            (b"", b""),
        ];
        for (line, item) in cases {
            assert_eq!(item_before_literal(line), item);
        }
    }

    #[test]
    fn a_fetch_is_what_the_grammar_takes_for_one() {
        for line in [
            "* 1 FETCH (",
            "*  12  fetch (",
            "*1 FETCH(",
            "* 0 UIDFETCH (",
        ] {
            assert!(begins_fetch(line.as_bytes()), "{line}");
        }
        for line in [
            "",
            "*",
            "* FETCH (",
            "* 4294967296 FETCH (",
            "a1 FETCH (",
            "* 1 FETCHED (",
        ] {
            assert!(!begins_fetch(line.as_bytes()), "{line}");
        }
    }
}
