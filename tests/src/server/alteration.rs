//! What a server makes of a message before it stores it.

use bytes::Bytes;

/// A change that a server makes to each message that is appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alteration {
    /// This line (without its end) is put before the header, as mail filters do.
    AddHeader(String),
    /// The header fields of this name go, with their continuation lines.
    StripHeader(String),
    /// As Dovecot's mdbox and Cyrus do: a bare LF becomes CRLF, CRs before a CRLF are dropped, a CR
    /// that ends the message too, and NUL becomes 0x80.
    CleanLines,
}

impl Alteration {
    /// The octets that are stored for these.
    pub fn apply(&self, body: &[u8]) -> Bytes {
        match self {
            Self::AddHeader(line) => [line.as_bytes(), b"\r\n", body].concat().into(),
            Self::StripHeader(name) => without_field(name.as_bytes(), body).into(),
            Self::CleanLines => clean(body).into(),
        }
    }
}

fn clean(body: &[u8]) -> Vec<u8> {
    let mut clean = Vec::with_capacity(body.len());
    let drop_carriage_returns = |clean: &mut Vec<u8>| {
        while clean.last() == Some(&b'\r') {
            clean.pop();
        }
    };
    for &octet in body {
        match octet {
            b'\n' => {
                drop_carriage_returns(&mut clean);
                clean.extend_from_slice(b"\r\n");
            }
            0 => clean.push(0x80),
            octet => clean.push(octet),
        }
    }
    drop_carriage_returns(&mut clean);
    clean
}

/// The message without each header field of this name.
fn without_field(name: &[u8], body: &[u8]) -> Vec<u8> {
    let (header, rest) = body.split_at(super::body::header_length(body));
    let mut kept = Vec::with_capacity(body.len());
    let mut dropping = false;
    for line in header.split_inclusive(|&octet| octet == b'\n') {
        let continues = matches!(line.first(), Some(b' ' | b'\t'));
        if !continues {
            let field = line.split(|&octet| octet == b':').next();
            dropping = field.is_some_and(|field| field.eq_ignore_ascii_case(name));
        }
        if !dropping {
            kept.extend_from_slice(line);
        }
    }
    kept.extend_from_slice(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_does_what_it_says() {
        let add = Alteration::AddHeader("X-Stored-By: x".to_owned());
        assert_eq!(add.apply(b"a: b\r\n"), &b"X-Stored-By: x\r\na: b\r\n"[..]);
        let strip = Alteration::StripHeader("x-Spam".to_owned());
        let body = b"X-Spam: no\r\n at all\r\nTo: x\r\n\r\nX-Spam: body\r\n";
        assert_eq!(strip.apply(body), &b"To: x\r\n\r\nX-Spam: body\r\n"[..]);
        for (sent, stored) in [
            (&b"a\nb"[..], &b"a\r\nb"[..]),
            (b"a\r\r\r\nb\r\r", b"a\r\nb"),
            (b"a\rb\0", b"a\rb\x80"),
            (b"\n", b"\r\n"),
            (b"", b""),
        ] {
            assert_eq!(Alteration::CleanLines.apply(sent), stored);
        }
    }
}
