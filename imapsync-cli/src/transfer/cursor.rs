//! Which message numbers of the source are listed next: from the first on, or from the last back.

use imap_client_lite::proto::{SeqNumber, Uid};

use super::order::First;

/// How far the listing has come.
#[derive(Debug)]
pub(super) struct Cursor {
    first: First,
    /// The message numbers that were not asked for yet lie above this one ...
    below: u32,
    /// ... up to this one.
    last: u32,
    /// The outermost UID listed.
    listed_to: Option<Uid>,
}

impl Cursor {
    /// Before a mailbox of so many messages.
    pub(super) const fn new(first: First, exists: u32) -> Self {
        Self {
            first,
            below: 0,
            last: exists,
            listed_to: None,
        }
    }

    /// Whether all were asked for.
    pub(super) const fn is_at_end(&self) -> bool {
        self.below >= self.last
    }

    /// The next `most` message numbers, which count as asked for from now on.
    pub(super) fn advance(&mut self, most: u32) -> Option<(SeqNumber, SeqNumber)> {
        if self.is_at_end() {
            return None;
        }
        let (first, last) = match self.first {
            First::Oldest => (
                self.below + 1,
                self.below.saturating_add(most).min(self.last),
            ),
            First::Newest => (
                self.last.saturating_sub(most).max(self.below) + 1,
                self.last,
            ),
        };
        match self.first {
            First::Oldest => self.below = last,
            First::Newest => self.last = first - 1,
        }
        SeqNumber::new(first).zip(SeqNumber::new(last))
    }

    /// The source lost the message with this number: those behind it moved up.
    pub(super) const fn expunged(&mut self, number: u32) {
        if number <= self.below {
            self.below -= 1;
        }
        if number <= self.last {
            self.last = self.last.saturating_sub(1);
        }
    }

    /// Whether a message was not listed before, by the listings until now.
    pub(super) fn is_new(&self, uid: Uid) -> bool {
        self.listed_to.is_none_or(|outermost| match self.first {
            First::Oldest => uid > outermost,
            First::Newest => uid < outermost,
        })
    }

    /// A listing has ended that began and ended with these.
    pub(super) fn listed(&mut self, lowest: Uid, highest: Uid) {
        self.listed_to = Some(match self.first {
            First::Oldest => highest,
            First::Newest => lowest,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mut cursor: Cursor, most: u32) -> Vec<(u32, u32)> {
        let mut ranges = Vec::new();
        while let Some((first, last)) = cursor.advance(most) {
            ranges.push((first.into(), last.into()));
        }
        assert!(cursor.is_at_end());
        ranges
    }

    #[test]
    fn every_number_is_asked_for_once() {
        for (first, exists, expected) in [
            (First::Oldest, 0, &[][..]),
            (First::Newest, 0, &[]),
            (First::Oldest, 10, &[(1, 10)]),
            (First::Newest, 10, &[(1, 10)]),
            (First::Oldest, 25, &[(1, 10), (11, 20), (21, 25)]),
            (First::Newest, 25, &[(16, 25), (6, 15), (1, 5)]),
        ] {
            assert_eq!(all(Cursor::new(first, exists), 10), expected, "{first:?}");
        }
        let ends = all(Cursor::new(First::Oldest, u32::MAX), u32::MAX - 1);
        assert_eq!(ends.last(), Some(&(u32::MAX, u32::MAX)));
    }

    #[test]
    fn expunged_messages_move_what_is_left() {
        // Ten of 30 were asked for; then one of those, one of the others, and the last are gone.
        for (first, left) in [
            (First::Oldest, &[(10, 19), (20, 27)][..]),
            (First::Newest, &[(9, 18), (1, 8)]),
        ] {
            let mut cursor = Cursor::new(first, 30);
            cursor.advance(10).expect("there are some");
            for gone in [5, 15, 28] {
                cursor.expunged(gone);
            }
            assert_eq!(all(cursor, 10), left, "{first:?}");
        }
    }

    #[test]
    fn nothing_counts_twice() {
        let uid = |uid| Uid::new(uid).expect("above zero");
        for (first, new, old) in [(First::Oldest, 21, 20), (First::Newest, 9, 10)] {
            let mut cursor = Cursor::new(first, 30);
            assert!(cursor.is_new(uid(old)));
            cursor.listed(uid(10), uid(20));
            assert!(
                cursor.is_new(uid(new)) && !cursor.is_new(uid(old)),
                "{first:?}"
            );
        }
    }
}
