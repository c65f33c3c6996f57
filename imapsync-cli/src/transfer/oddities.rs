//! Bodies that servers are known to alter, noticed in passing; only these are read back whole.

use memchr::memmem;

/// Looks at a body as it goes by.
#[derive(Debug, Default)]
pub(super) struct Oddities {
    octets: u64,
    last: u8,
    odd: bool,
    header: Header,
}

/// How far into the header the body is.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Header {
    #[default]
    Inside,
    Over,
}

impl Oddities {
    /// The next octets.
    pub(super) fn look(&mut self, chunk: &[u8]) {
        if self.odd || chunk.is_empty() {
            return;
        }
        self.odd = self.is_altered(chunk) || self.is_headless(chunk);
        if self.header == Header::Inside {
            self.look_at_header(chunk);
        }
        self.octets += chunk.len() as u64;
        self.last = chunk.last().copied().unwrap_or(self.last);
    }

    /// Whether the whole body is one that servers are known to alter.
    pub(super) const fn are_there(&self) -> bool {
        self.odd || self.octets == 0 || self.last != b'\n'
    }

    /// A NUL, a CR without LF or an LF without CR; a CR at a chunk's end is judged with the next one.
    fn is_altered(&self, chunk: &[u8]) -> bool {
        let (first, last) = (chunk.first().copied(), chunk.last().copied());
        let at_seam = (self.last == b'\r') != (first == Some(b'\n'));
        let behind = chunk.get(1..).unwrap_or_default();
        // Without a branch, so that many octets are looked at in one step.
        let inside = chunk.iter().zip(behind).fold(0, |odd, (&one, &next)| {
            odd | u8::from(one == 0) | (u8::from(one == b'\r') ^ u8::from(next == b'\n'))
        });
        at_seam || inside != 0 || last == Some(0)
    }

    /// No header at all: the body begins with an empty line.
    fn is_headless(&self, chunk: &[u8]) -> bool {
        self.octets == 0 && matches!(chunk.first(), Some(b'\r' | b'\n'))
    }

    /// 8-bit octets in the header. Its end may hide between two chunks; then the look goes on
    /// into the text, which costs a needless read-back at most.
    fn look_at_header(&mut self, chunk: &[u8]) {
        let end = memmem::find(chunk, b"\r\n\r\n");
        if end.is_some() {
            self.header = Header::Over;
        }
        let header = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or(chunk);
        self.odd |= !header.is_ascii();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn odd(body: &[u8], chunk: usize) -> bool {
        let mut oddities = Oddities::default();
        body.chunks(chunk).for_each(|part| oddities.look(part));
        oddities.are_there()
    }

    #[test]
    fn oddities_are_noticed_however_cut() {
        let plain = b"A: b\r\n\r\ntext \xe9\r\nmore\r\n";
        assert!(!odd(plain, 999));
        for chunk in 8..plain.len() {
            assert!(!odd(b"A: b\r\n\r\ntext\r\nmore\r\n", chunk));
        }
        for body in [
            &b"A: b\r\n\r\n\0\r\n"[..],
            b"A: b\r\n\r\nbare\nlf\r\n",
            b"A: b\r\n\r\nbare\rcr\r\n",
            b"A: b\r\n\r\ndouble\r\r\n",
            b"A: b\r\n\r\nlast\r\n\n",
            b"A: b\r\n\r\nfirst\r\r\nthen\n\r\n",
            b"A: \xe9\r\n\r\nx\r\n",
            b"\r\nno header\r\n",
            b"A: b\r\n\r\nno end",
            b"A: b\r\n\r\nx\r",
            b"",
        ] {
            for chunk in 1..30 {
                assert!(odd(body, chunk), "{} in {chunk}", body.escape_ascii());
            }
        }
    }
}
