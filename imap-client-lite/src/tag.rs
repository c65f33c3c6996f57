//! Tags: RFC 9051 section 2.2.1.

use std::hash::{BuildHasher, RandomState};

/// A command in flight; its tag, as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(u64);

impl Ticket {
    /// The ticket of a connection's n-th command, to test what handles tickets.
    #[must_use]
    pub const fn numbered(number: u64) -> Self {
        Self(number)
    }
}

/// Makes tags with a prefix that a server cannot guess, so that it cannot complete a command
/// before it has read it.
#[derive(Debug)]
pub(crate) struct Tags {
    prefix: String,
    last: u64,
}

impl Tags {
    /// Tags with a random prefix of four letters.
    pub(crate) fn random() -> Self {
        let mut bits = RandomState::new().hash_one(0_u8);
        let mut prefix = String::with_capacity(4);
        for _ in 0..4 {
            prefix.push(char::from(b'a' + (bits % 26) as u8));
            bits /= 26;
        }
        Self { prefix, last: 0 }
    }

    /// A new ticket with its tag.
    pub(crate) fn issue(&mut self) -> (Ticket, String) {
        self.last += 1;
        (Ticket(self.last), format!("{}{}", self.prefix, self.last))
    }

    /// What all tags begin with.
    #[cfg(test)]
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The ticket that a tag belongs to, were it in flight.
    pub(crate) fn ticket(&self, tag: &[u8]) -> Option<Ticket> {
        let number = tag.strip_prefix(self.prefix.as_bytes())?;
        let number = std::str::from_utf8(number).ok()?;
        number
            .parse()
            .ok()
            .filter(|n| (1..=self.last).contains(n))
            .map(Ticket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_find_their_tickets() {
        let mut tags = Tags::random();
        let (first, tag) = tags.issue();
        assert_eq!(tags.ticket(tag.as_bytes()), Some(first));
        assert_eq!(tags.ticket(b"x1"), None);
        let unissued = tag.replace('1', "2");
        assert_eq!(tags.ticket(unissued.as_bytes()), None);
    }
}
