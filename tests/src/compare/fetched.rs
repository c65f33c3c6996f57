//! One FETCH response, read without any of the crates under test: UID, FLAGS, INTERNALDATE and the whole body, in any
//! order (RFC 3501 section 7.4.2).

use super::snapshot::Message;
use crate::server::InternalDate;

/// A message and its UID; `None` for a response that has not all four items.
pub(super) fn fetched(response: &[u8]) -> Option<(u32, Message)> {
    let mut rest = after_number(response)?;
    let (mut uid, mut flags, mut date, mut body) = (None, None, None, None);
    loop {
        rest = rest.trim_ascii_start();
        if rest == b")" {
            break;
        }
        let end = rest.iter().position(|byte| *byte == b' ')?;
        let item = rest[..end].to_ascii_uppercase();
        rest = &rest[end + 1..];
        match item.as_slice() {
            b"UID" => uid = str::from_utf8(word(&mut rest)?).ok()?.parse().ok(),
            b"FLAGS" => flags = Some(list(&mut rest)?),
            b"INTERNALDATE" => date = InternalDate::parse(&string(&mut rest)?),
            b"BODY[]" => body = Some(string(&mut rest)?),
            _ => return None,
        }
    }
    Some((uid?, Message::new(&body?, date?.unix_seconds, flags?)))
}

/// `* 12 FETCH (`
fn after_number(response: &[u8]) -> Option<&[u8]> {
    let open = response.iter().position(|byte| *byte == b'(')?;
    let head = str::from_utf8(&response[..open]).ok()?;
    let mut words = head.split_whitespace();
    let is_fetch = words.next() == Some("*") && words.nth(1) == Some("FETCH");
    is_fetch.then(|| &response[open + 1..])
}

fn word<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let end = rest.iter().position(|byte| b" )".contains(byte))?;
    let (word, after) = rest.split_at(end);
    *rest = after;
    Some(word)
}

/// `(flag flag)`; keywords compare without case, so they are kept in small letters.
fn list(rest: &mut &[u8]) -> Option<Vec<String>> {
    let inner = rest.strip_prefix(b"(")?;
    let end = inner.iter().position(|byte| *byte == b')')?;
    let words = str::from_utf8(&inner[..end]).ok()?;
    *rest = &inner[end + 1..];
    Some(
        words
            .split_whitespace()
            .map(str::to_ascii_lowercase)
            .collect(),
    )
}

/// A quoted string, or a literal behind its header's CRLF, or NIL.
pub(super) fn string(rest: &mut &[u8]) -> Option<Vec<u8>> {
    if let Some(literal) = rest.strip_prefix(b"{") {
        let end = literal.iter().position(|byte| *byte == b'}')?;
        let length: usize = str::from_utf8(&literal[..end]).ok()?.parse().ok()?;
        let text = literal.get(end + 3..)?;
        let (text, after) = text.split_at_checked(length)?;
        *rest = after;
        return Some(text.to_vec());
    }
    let Some(quoted) = rest.strip_prefix(b"\"") else {
        return word(rest)
            .filter(|word| *word == b"NIL")
            .map(<[u8]>::to_vec)
            .map(|_| Vec::new());
    };
    let mut text = Vec::new();
    let mut bytes = quoted.iter().enumerate();
    while let Some((index, &byte)) = bytes.next() {
        match byte {
            b'"' => {
                *rest = &quoted[index + 1..];
                return Some(text);
            }
            b'\\' => text.push(*bytes.next()?.1),
            byte => text.push(byte),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_items_in_any_order_and_form() {
        let expected = Message::new(b"a)\"b", 1_600_000_000, ["\\Seen", "x"]);
        for response in [
            &b"* 3 FETCH (UID 7 FLAGS (\\Seen X) INTERNALDATE \"13-Sep-2020 12:26:40 +0000\" BODY[] {4}\r\na)\"b)"[..],
            b"* 3 FETCH (BODY[] \"a)\\\"b\" INTERNALDATE \"13-Sep-2020 14:26:40 +0200\" FLAGS (x \\seen \\Recent) UID 7)",
        ] {
            assert_eq!(fetched(response), Some((7, expected.clone())));
        }
        for response in [
            &b"* 3 FETCH (UID 7 FLAGS (\\Seen))"[..],
            b"* 3 EXISTS",
            b"* 3 FETCH (UID 7 BODY[] {9}\r\nab)",
        ] {
            assert_eq!(fetched(response), None);
        }
    }
}
