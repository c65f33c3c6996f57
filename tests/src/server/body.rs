//! The octets of a message: kept, made from a seed, or only hashed.

use std::fmt;

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::synthesized::Synthesized;

/// The octets of one message, as they came or as they are made.
#[derive(Clone, Debug)]
pub enum Body {
    /// Held in memory.
    Bytes(Bytes),
    /// Made anew whenever it is read.
    Synthesized(Synthesized),
    /// Came by APPEND and was too large to keep: `FETCH BODY[]` of it is refused.
    Hashed {
        /// What identifies it.
        digest: Digest,
        /// Its first octets, up to the end of the header, so that header searches still work.
        header: Bytes,
    },
}

impl Body {
    /// A body made from a seed.
    pub const fn synthesized(seed: u64, length: u64) -> Self {
        Self::Synthesized(Synthesized { seed, length })
    }

    /// Octets.
    pub const fn length(&self) -> u64 {
        match self {
            Self::Bytes(octets) => octets.len() as u64,
            Self::Synthesized(made) => made.length,
            Self::Hashed { digest, .. } => digest.length,
        }
    }

    /// Hash and length, equal exactly when the octets are equal.
    pub fn digest(&self) -> Digest {
        let mut hasher = Hasher::default();
        match self {
            Self::Bytes(octets) => hasher.update(octets),
            Self::Hashed { digest, .. } => return *digest,
            Self::Synthesized(made) => loop {
                let chunk = made.chunk(hasher.length);
                if chunk.is_empty() {
                    break;
                }
                hasher.update(&chunk);
            },
        }
        hasher.finish()
    }

    /// The header with the empty line that ends it.
    pub fn header(&self) -> Bytes {
        match self {
            Self::Bytes(octets) => octets.slice(..header_length(octets)),
            Self::Synthesized(made) => made.header(),
            Self::Hashed { header, .. } => header.clone(),
        }
    }
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(octets: T) -> Self {
        Self::Bytes(octets.into())
    }
}

/// Octets up to and with the first empty line; all of them where there is none.
pub(super) fn header_length(octets: &[u8]) -> usize {
    let mut start = 0;
    while let Some(end) = octets[start..].iter().position(|&octet| octet == b'\n') {
        let line = &octets[start..start + end];
        start += end + 1;
        if matches!(line, b"" | b"\r") {
            return start;
        }
    }
    octets.len()
}

/// SHA-256 and length of a message.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest {
    /// SHA-256 of all octets.
    pub sha256: [u8; 32],
    /// Octets.
    pub length: u64,
}

impl Digest {
    /// The hash in lower case hexadecimal.
    pub fn hex(&self) -> String {
        self.sha256
            .iter()
            .map(|octet| format!("{octet:02x}"))
            .collect()
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.hex(), self.length)
    }
}

/// Digest of octets that come in pieces.
#[derive(Debug, Default)]
pub(super) struct Hasher {
    sha256: Sha256,
    length: u64,
}

impl Hasher {
    pub(super) fn update(&mut self, octets: &[u8]) {
        self.sha256.update(octets);
        self.length += octets.len() as u64;
    }

    pub(super) fn finish(self) -> Digest {
        Digest {
            sha256: self.sha256.finalize().into(),
            length: self.length,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_hash() {
        let digest = Body::from(&b"abc"[..]).digest();
        assert_eq!(digest.length, 3);
        assert!(digest.hex().starts_with("ba7816bf8f01cfea414140de5dae2223"));
    }

    #[test]
    fn headers_end_at_the_first_empty_line() {
        for (octets, header) in [
            ("A: b\r\n\r\nbody", "A: b\r\n\r\n"),
            ("A: b\n\nbody", "A: b\n\n"),
            ("\r\nbody", "\r\n"),
            ("A: b\r\n", "A: b\r\n"),
            ("", ""),
        ] {
            assert_eq!(Body::from(octets.as_bytes()).header(), header.as_bytes());
        }
    }

    #[test]
    fn a_made_body_hashes_like_its_octets() {
        let made = Synthesized {
            seed: 3,
            length: 300_000,
        };
        let mut octets = Vec::new();
        while octets.len() < 300_000 {
            octets.extend_from_slice(&made.chunk(octets.len() as u64));
        }
        assert_eq!(
            Body::Synthesized(made).digest(),
            Body::from(octets).digest()
        );
    }
}
