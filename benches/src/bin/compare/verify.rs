//! Whether a copy is one: what a run left on the destination beside what the corpus is.

use std::collections::BTreeMap;
use std::fmt;

use imapsync_tests::compare::{Message, Snapshot};
use serde::{Deserialize, Serialize};

/// What a tool made of the mail; the worst that applies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// Every octet, date and flag, in order.
    Exact,
    /// All there, but not in the order of the source.
    Reordered,
    /// All there by number; so many bodies are not what they were, and of so many others date or flags.
    Altered { bodies: usize, others: usize },
    /// Messages that should be there and are not, and others that should not be.
    Miscounted { missing: usize, extra: usize },
}

impl Verdict {
    pub(crate) fn of(expected: &Snapshot, held: &Snapshot) -> Self {
        let count = |snapshot: &Snapshot| {
            let mailboxes = snapshot.mailboxes.iter();
            let counts = mailboxes.map(|(name, messages)| (name.clone(), messages.len()));
            counts.collect::<BTreeMap<_, _>>()
        };
        let missing = surplus(count(expected), &count(held));
        let extra = surplus(count(held), &count(expected));
        if missing + extra > 0 {
            return Self::Miscounted { missing, extra };
        }
        let whole = differing(expected, held, |message| message);
        let bodies = differing(expected, held, |message| &message.sha256);
        match (whole, bodies) {
            (0, _) if expected.mailboxes == held.mailboxes => Self::Exact,
            // Mailboxes without messages are no mail.
            (0, _) if same_order(expected, held) => Self::Exact,
            (0, _) => Self::Reordered,
            _ => Self::Altered {
                bodies,
                others: whole.saturating_sub(bodies),
            },
        }
    }
}

/// How much more there is in one than in the other.
fn surplus<K: Ord>(counts: BTreeMap<K, usize>, other: &BTreeMap<K, usize>) -> usize {
    let more = |(key, count): (K, usize)| {
        let others = other.get(&key).copied().unwrap_or(0);
        count.saturating_sub(others)
    };
    counts.into_iter().map(more).sum()
}

/// Messages of one that have no equal in the same mailbox of the other.
fn differing<'a, K: Ord + 'a>(
    expected: &'a Snapshot,
    held: &'a Snapshot,
    key: impl Fn(&'a Message) -> &'a K,
) -> usize {
    let tally = |messages: &'a [Message]| {
        let mut counts: BTreeMap<&K, usize> = BTreeMap::new();
        for message in messages {
            *counts.entry(key(message)).or_default() += 1;
        }
        counts
    };
    let mailboxes = expected.mailboxes.iter().map(|(name, messages)| {
        let found = held.mailboxes.get(name).map_or(&[][..], Vec::as_slice);
        surplus(tally(messages), &tally(found))
    });
    mailboxes.sum()
}

fn same_order(expected: &Snapshot, held: &Snapshot) -> bool {
    let mut mailboxes = expected.mailboxes.iter();
    mailboxes.all(|(name, messages)| {
        held.mailboxes
            .get(name)
            .is_none_or(|found| found == messages)
    })
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact => write!(f, "exact"),
            Self::Reordered => write!(f, "order differs"),
            Self::Altered { bodies, others } => match (bodies, others) {
                (bodies, 0) => write!(f, "{bodies} bodies altered"),
                (0, others) => write!(f, "{others} dates or flags altered"),
                _ => write!(f, "{bodies} bodies, {others} dates or flags altered"),
            },
            Self::Miscounted { missing, extra: 0 } => write!(f, "**{missing} lost**"),
            Self::Miscounted { missing, extra } => {
                write!(f, "**{missing} lost, {extra} too many**")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inbox(messages: &[(&str, i64)]) -> Snapshot {
        let mut snapshot = Snapshot::default();
        for (body, date) in messages {
            let message = Message::new(body.as_bytes(), *date, [""; 0]);
            snapshot.add_message(&["INBOX".to_owned()], message);
        }
        snapshot
    }

    #[test]
    fn sees_each_kind_of_fault() {
        let expected = inbox(&[("a", 1), ("b", 2), ("b", 2)]);
        let altered = |bodies, others| Verdict::Altered { bodies, others };
        let miscounted = |missing, extra| Verdict::Miscounted { missing, extra };
        let cases: [(&[(&str, i64)], Verdict); 6] = [
            (&[("a", 1), ("b", 2), ("b", 2)], Verdict::Exact),
            (&[("b", 2), ("a", 1), ("b", 2)], Verdict::Reordered),
            (&[("a", 1), ("b", 2), ("B", 2)], altered(1, 0)),
            (&[("a", 3), ("b", 2), ("B", 2)], altered(1, 1)),
            (&[("a", 1), ("b", 2)], miscounted(1, 0)),
            (&[("a", 1), ("b", 2), ("b", 2), ("b", 2)], miscounted(0, 1)),
        ];
        for (held, verdict) in cases {
            assert_eq!(Verdict::of(&expected, &inbox(held)), verdict);
        }
        let mut empty_too = expected.clone();
        empty_too.add_mailbox(&["Drafts".to_owned()]);
        assert_eq!(Verdict::of(&expected, &empty_too), Verdict::Exact);
    }
}
