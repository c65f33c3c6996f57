//! What identifies a body: its length and hash, as sent and as a destination would store it.

use super::parts::Parts;

/// A body's identity.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Digest {
    /// Octets.
    pub octets: u64,
    /// BLAKE3 of the octets.
    pub exact: [u8; 32],
    /// BLAKE3 of the canonical form: what servers make of NUL, bare LF and stray CR.
    pub canonical: [u8; 32],
    /// What stays the same when a server adds or drops header fields; none where
    /// there is neither a main field nor a text.
    pub text: Option<[u8; 32]>,
    /// What stays the same when a server rewrites the text too; none without a Message-ID.
    pub headers: Option<[u8; 32]>,
    /// The Message-ID, for a search.
    pub message_id: Option<String>,
}

/// Takes a body in pieces.
#[derive(Debug, Default)]
pub struct Hasher {
    octets: u64,
    exact: blake3::Hasher,
    canonical: Canonical,
}

impl Hasher {
    /// The next octets.
    pub fn update(&mut self, chunk: &[u8]) {
        self.octets += chunk.len() as u64;
        self.exact.update(chunk);
        self.canonical.update(chunk);
    }

    /// The identity of what was taken.
    #[must_use]
    pub fn finish(self) -> Digest {
        let (canonical, parts) = self.canonical.finish();
        let parts = parts.finish();
        Digest {
            octets: self.octets,
            exact: self.exact.finalize().into(),
            canonical,
            text: parts.text,
            headers: parts.headers,
            message_id: parts.message_id,
        }
    }
}

/// Hashes the form in which Dovecot stores a body: every line ends in CRLF, a CR directly before
/// CRLF or at the end is dropped, NUL is 0x80.
#[derive(Debug, Default)]
struct Canonical {
    hasher: blake3::Hasher,
    parts: Parts,
    buffer: Vec<u8>,
    carriage_returns: usize,
    line_is_open: bool,
}

impl Canonical {
    fn update(&mut self, chunk: &[u8]) {
        for &byte in chunk {
            match byte {
                b'\r' => self.carriage_returns += 1,
                b'\n' => {
                    self.carriage_returns = 0;
                    self.buffer.extend_from_slice(b"\r\n");
                    self.line_is_open = false;
                }
                _ => {
                    self.buffer
                        .extend(std::iter::repeat_n(b'\r', self.carriage_returns));
                    self.carriage_returns = 0;
                    self.buffer.push(if byte == 0 { 0x80 } else { byte });
                    self.line_is_open = true;
                }
            }
            if self.buffer.len() >= BLOCK {
                self.flush();
            }
        }
    }

    fn flush(&mut self) {
        self.hasher.update(&self.buffer);
        self.parts.update(&self.buffer);
        self.buffer.clear();
    }

    fn finish(mut self) -> ([u8; 32], Parts) {
        if self.line_is_open {
            self.buffer.extend_from_slice(b"\r\n");
        }
        self.flush();
        (self.hasher.finalize().into(), self.parts)
    }
}

const BLOCK: usize = 16 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(body: &[u8], chunk: usize) -> Digest {
        let mut hasher = Hasher::default();
        body.chunks(chunk).for_each(|part| hasher.update(part));
        hasher.finish()
    }

    #[test]
    fn what_servers_alter_is_canonically_equal() {
        let stored = digest(b"a: b\r\n\r\nx\x80y\r\n", 99).canonical;
        for sent in [
            &b"a: b\r\n\r\nx\0y\r\n"[..],
            b"a: b\n\nx\0y\n",
            b"a: b\r\r\n\r\nx\0y\r\n\r",
            b"a: b\r\n\r\nx\0y",
        ] {
            for chunk in 1..4 {
                assert_eq!(
                    digest(sent, chunk).canonical,
                    stored,
                    "{}",
                    sent.escape_ascii()
                );
            }
            assert_ne!(
                digest(sent, 9).exact,
                digest(b"a: b\r\n\r\nx\x80y\r\n", 9).exact
            );
        }
        assert_ne!(digest(b"a: b\r\n\r\nx\ry\r\n", 9).canonical, stored);
    }

    #[test]
    fn an_added_header_field_leaves_the_text_the_same() {
        let sent = b"Message-ID: <a@b>\r\nSubject: x\r\n y\r\n\r\ntext\r\n";
        let stored = b"X-Stored-By: z\r\nmessage-id:  <a@b>\r\nSubject: x y\r\n\r\ntext\r\n";
        let (sent, stored) = (digest(sent, 7), digest(stored, 5));
        assert_ne!(sent.canonical, stored.canonical);
        assert_eq!(sent.text, stored.text);
        assert_eq!(sent.headers, stored.headers);
        assert_eq!(sent.message_id.as_deref(), Some("<a@b>"));
        let other = digest(b"Message-ID: <a@b>\r\nSubject: x y\r\n\r\nTEXT\r\n", 9);
        assert_ne!(other.text, sent.text);
        assert_eq!(other.headers, sent.headers);
        assert_eq!(digest(b"Subject: x\r\n\r\ntext\r\n", 9).headers, None);
        for body in [
            &b"no header at all\r\n"[..],
            b"\r\ntext\r\n",
            b"Subject: no text\r\n",
        ] {
            let stored = [b"X: y\r\n", body].concat();
            assert_eq!(digest(body, 9).text, digest(&stored, 9).text);
            assert!(digest(body, 9).text.is_some());
        }
        assert_eq!(digest(b"To: x\r\n\r\n", 9).text, None);
    }

    #[test]
    fn a_body_without_header_or_with_an_endless_one_has_an_identity() {
        let long = [
            &b"Message-ID: <a@b>\r\nX: "[..],
            &vec![b'x'; 1 << 20],
            b"\r\n\r\ntext\r\n",
        ]
        .concat();
        for body in [&b"\r\ntext\r\n"[..], b"", b"text", &long] {
            let whole = digest(body, usize::MAX);
            for chunk in [1, 1000, 70_001] {
                assert_eq!(digest(body, chunk), whole);
            }
        }
    }
}
