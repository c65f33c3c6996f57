//! Message bodies of any length made from a seed, chunk by chunk, never held whole.

use std::sync::LazyLock;

use bytes::Bytes;

/// A deterministic message: a header, then lines of text, `length` octets in all, ending in CRLF.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Synthesized {
    /// What tells it from others of the same length.
    pub seed: u64,
    /// Octets, header included.
    pub length: u64,
}

impl Synthesized {
    /// The header with its empty line, cut at `length`.
    pub fn header(&self) -> Bytes {
        self.ended(0, self.whole_header())
    }

    /// The octets from `offset` on, up to one block of them; empty at the end.
    pub fn chunk(&self, offset: u64) -> Bytes {
        if offset >= self.length {
            return Bytes::new();
        }
        let header = self.whole_header();
        let start = match offset.checked_sub(header.len() as u64) {
            None => 0,
            Some(in_text) => offset - in_text % BLOCK_BYTES as u64,
        };
        let whole = match start {
            0 => header,
            _ => self.block(start),
        };
        let whole = self.ended(start, whole);
        let skip = usize::try_from(offset - start).unwrap_or(usize::MAX);
        whole.slice(skip.min(whole.len())..)
    }

    fn whole_header(&self) -> Vec<u8> {
        let Self { seed, length } = self;
        format!(
            "Return-Path: <sender-{seed:x}@example.org>\r\n\
             Received: from mx.example.org by mail.example.com with ESMTPS id {seed:016X}\r\n\
             Date: Mon, 05 Jan 2015 10:{:02}:{:02} +0000\r\n\
             From: Sender {} <sender-{seed:x}@example.org>\r\n\
             To: Receiver <receiver@example.com>\r\n\
             Subject: Synthesized message {seed:x} of {length} octets\r\n\
             Message-ID: <{seed:016x}.{length}@synthesized.example.org>\r\n\
             MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n",
            seed / 60 % 60,
            seed % 60,
            seed % 97,
        )
        .into_bytes()
    }

    /// One block of text; each page begins with a line that tells seed and place.
    fn block(&self, start: u64) -> Vec<u8> {
        let left = usize::try_from(self.length - start).unwrap_or(BLOCK_BYTES);
        let mut block = FILLER[..left.min(BLOCK_BYTES)].to_vec();
        for (page, place) in block
            .chunks_mut(PAGE_BYTES)
            .zip((start..).step_by(PAGE_BYTES))
        {
            let stamp = format!("seed {:016x} at {place:016x} ", self.seed);
            let room = page.len().min(stamp.len());
            page[..room].copy_from_slice(&stamp.as_bytes()[..room]);
        }
        block
    }

    /// Cuts what begins at `start` to the message's length; its last two octets are CRLF.
    fn ended(&self, start: u64, mut octets: Vec<u8>) -> Bytes {
        let Some(left) = usize::try_from(self.length - start).ok() else {
            return octets.into();
        };
        octets.truncate(left);
        let last = |back: usize| left.checked_sub(back);
        for (place, octet) in [(last(3), b'x'), (last(2), b'\r'), (last(1), b'\n')] {
            let Some(place) = place.and_then(|place| octets.get_mut(place)) else {
                continue;
            };
            if octet != b'x' || *place == b'\r' {
                *place = octet;
            }
        }
        octets.into()
    }
}

const LETTERS: &[u8; 64] = b"abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ.0123456789";
const LINE_BYTES: usize = 64;
const PAGE_BYTES: usize = 4096;
const BLOCK_BYTES: usize = 65_536;

/// Text lines that every block starts from.
static FILLER: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut random = super::random::Random::new(0);
    let mut line = || {
        let mut letter = || LETTERS[(random.next() % 64) as usize];
        let mut line: Vec<u8> = (0..LINE_BYTES - 2).map(|_| letter()).collect();
        line.extend_from_slice(b"\r\n");
        line
    };
    (0..BLOCK_BYTES / LINE_BYTES).flat_map(|_| line()).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(body: Synthesized) -> Vec<u8> {
        let mut octets = Vec::new();
        loop {
            let chunk = body.chunk(octets.len() as u64);
            if chunk.is_empty() {
                return octets;
            }
            octets.extend_from_slice(&chunk);
        }
    }

    #[test]
    fn every_length_is_exact_and_ends_in_crlf() {
        for length in (0..1500).chain(65_500..66_300).chain(131_000..131_100) {
            let octets = whole(Synthesized { seed: 7, length });
            assert_eq!(octets.len() as u64, length);
            if length >= 2 {
                assert!(octets.ends_with(b"\r\n"), "{length}");
            }
            let bare = octets
                .windows(2)
                .any(|pair| (pair[0] == b'\r') != (pair[1] == b'\n'));
            assert!(!bare || length < 2, "bare CR or LF at length {length}");
        }
    }

    #[test]
    fn any_offset_gives_the_same_octets() {
        let body = Synthesized {
            seed: 1,
            length: 200_000,
        };
        let octets = whole(body);
        for offset in (0..200_000).step_by(997) {
            let chunk = body.chunk(offset as u64);
            assert!(octets[offset..].starts_with(&chunk) && !chunk.is_empty());
        }
    }

    #[test]
    fn seeds_differ() {
        let of = |seed| whole(Synthesized { seed, length: 9000 });
        assert_ne!(of(1), of(2));
        assert_eq!(of(1), of(1));
    }
}
