//! The Message-ID of a message, read from its header field and made fit to be shown.

/// The value of the first Message-ID field in a header, unfolded (RFC 5322, 2.2.3) and printable.
/// Empty where there is none.
pub(super) fn message_id(header: &[u8]) -> String {
    let mut value: Option<Vec<u8>> = None;
    for line in header.split_inclusive(|&byte| byte == b'\n') {
        let continues = matches!(line.first(), Some(b' ' | b'\t'));
        match &mut value {
            Some(value) if continues => value.extend_from_slice(line.trim_ascii_end()),
            Some(_) => break,
            None => value = field_value(line),
        }
    }
    let value = value.unwrap_or_default();
    let text = String::from_utf8_lossy(value.trim_ascii());
    let shown = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let shown: String = shown.take(LONGEST).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands behind `Message-ID:`, in any case and with blanks before the colon.
fn field_value(line: &[u8]) -> Option<Vec<u8>> {
    let colon = line.iter().position(|&byte| byte == b':')?;
    let (name, value) = line.split_at(colon);
    let named = name.trim_ascii_end().eq_ignore_ascii_case(b"message-id");
    named.then(|| value.get(1..).unwrap_or_default().trim_ascii().to_vec())
}

/// Characters that are shown; a line of mail has no more than 998.
const LONGEST: usize = 250;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_as_they_are_found() {
        for (header, wanted) in [
            (&b"Message-ID: <1@a>\r\n\r\n"[..], "<1@a>"),
            (b"MESSAGE-id :<1@a>\n\n", "<1@a>"),
            (
                b"Message-ID:\r\n <1@a\r\n\t.example>\r\n\r\n",
                "<1@a .example>",
            ),
            (
                b"To: x\r\nMessage-Id: <2@a>\r\nMessage-Id: <3@a>\r\n",
                "<2@a>",
            ),
            (b"Message-ID: a\x1b[31m\0\xff\r\n", "a [31m \u{fffd}"),
            (b"Message-ID:", ""),
            (b"To: x\r\n\r\n", ""),
            (b"\r\n", ""),
            (b"", ""),
        ] {
            assert_eq!(message_id(header), wanted, "{}", header.escape_ascii());
        }
        let long = [&b"Message-ID: "[..], &[b'x'; 5000]].concat();
        assert_eq!(message_id(&long).len(), LONGEST);
    }
}
