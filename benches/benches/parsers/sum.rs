//! What every parser has to have read: equal sums for equal bytes, or nothing is timed.

use imap_proto_lite::Flag;

/// Sums over the values of a stream of responses. They wrap, and they depend on every value, so that no
/// parser gains by leaving one unread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sum {
    pub(crate) responses: u64,
    pub(crate) uids: u64,
    pub(crate) sizes: u64,
    /// Internal dates in seconds since 1970.
    pub(crate) dates: i64,
    /// One bit set of flags for each message, folded in order.
    pub(crate) flags: u64,
    /// Octets of mailbox names, delimiters as numbers, and how many attributes.
    pub(crate) names: u64,
    pub(crate) addresses: u64,
    pub(crate) subjects: u64,
    pub(crate) parts: u64,
    pub(crate) part_octets: u64,
    /// All octets of literals.
    pub(crate) literals: u64,
}

impl Sum {
    pub(crate) const fn fold_flags(&mut self, bits: u64) {
        self.flags = self.flags.wrapping_mul(31).wrapping_add(bits);
    }

    pub(crate) const fn name(&mut self, name: &[u8], delimiter: u8, attributes: usize) {
        self.names += name.len() as u64 + delimiter as u64 + attributes as u64;
    }

    pub(crate) const fn part(&mut self, octets: u64) {
        self.parts += 1;
        self.part_octets += octets;
    }
}

/// The bit of a flag as it is written.
pub(crate) fn flag_bit(word: &[u8]) -> u64 {
    bit_of(Flag::from_word(word))
}

pub(crate) const fn bit_of(flag: Flag<'_>) -> u64 {
    match flag {
        Flag::System(flag) => flag as u64,
        _ => KEYWORD,
    }
}

/// Reads every octet once.
pub(crate) fn touch(octets: &[u8]) -> u64 {
    // Sums of 32-bit lanes cannot overflow within a block, and the compiler turns them into vectors.
    let blocks = octets.chunks(1 << 16);
    blocks
        .map(|block| u64::from(block.iter().map(|&octet| u32::from(octet)).sum::<u32>()))
        .sum()
}

/// The bit of a flag that no parser has a name for.
pub(crate) const KEYWORD: u64 = 32;
