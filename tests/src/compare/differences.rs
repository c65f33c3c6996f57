//! Where two snapshots differ, in lines for a reader.

use std::collections::BTreeMap;

use super::snapshot::{Message, Snapshot};

impl Snapshot {
    /// One line for each difference, seen from `self` as what should be; none when both are equal.
    pub fn differences(&self, actual: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        for name in self
            .mailboxes
            .keys()
            .filter(|name| !actual.mailboxes.contains_key(*name))
        {
            lines.push(format!("mailbox {name:?} is missing"));
        }
        for name in actual
            .mailboxes
            .keys()
            .filter(|name| !self.mailboxes.contains_key(*name))
        {
            lines.push(format!("mailbox {name:?} should not be there"));
        }
        for name in self.subscriptions.difference(&actual.subscriptions) {
            lines.push(format!("subscription {name:?} is missing"));
        }
        for name in actual.subscriptions.difference(&self.subscriptions) {
            lines.push(format!("subscription {name:?} should not be there"));
        }
        for (name, expected) in &self.mailboxes {
            let found = actual.mailboxes.get(name).map_or(&[][..], Vec::as_slice);
            lines.extend(
                mailbox_differences(expected, found).map(|line| format!("{name:?}: {line}")),
            );
        }
        lines
    }
}

/// First what is there too rarely or too often, else where the order differs.
fn mailbox_differences(expected: &[Message], actual: &[Message]) -> impl Iterator<Item = String> {
    let (missing, extra) = surplus(expected, actual);
    let lines = if missing.is_empty() && extra.is_empty() {
        order_difference(expected, actual).into_iter().collect()
    } else {
        paired(missing, extra)
    };
    lines.into_iter()
}

/// The multiset difference, both ways.
fn surplus<'a>(
    expected: &'a [Message],
    actual: &'a [Message],
) -> (Vec<&'a Message>, Vec<&'a Message>) {
    let mut counts: BTreeMap<&Message, i64> = BTreeMap::new();
    for message in expected {
        *counts.entry(message).or_default() += 1;
    }
    for message in actual {
        *counts.entry(message).or_default() -= 1;
    }
    let (mut missing, mut extra) = (Vec::new(), Vec::new());
    for (message, count) in counts {
        let list = if count > 0 { &mut missing } else { &mut extra };
        list.extend((0..count.abs()).map(|_| message));
    }
    (missing, extra)
}

/// Tells an altered flag or date from a message that is missing: the bytes are there after all.
fn paired(missing: Vec<&Message>, mut extra: Vec<&Message>) -> Vec<String> {
    let mut lines = Vec::new();
    for message in missing {
        let twin = extra
            .iter()
            .position(|other| other.sha256 == message.sha256);
        match twin.map(|index| extra.remove(index)) {
            Some(altered) => lines.push(altered_line(message, altered)),
            None => lines.push(format!("missing {message:?}")),
        }
    }
    lines.extend(
        extra
            .into_iter()
            .map(|message| format!("should not be there: {message:?}")),
    );
    lines
}

fn altered_line(expected: &Message, actual: &Message) -> String {
    let mut line = format!("{}..", expected.short_hash());
    if expected.internal_date != actual.internal_date {
        line += &format!(
            " internal date {} became {}",
            expected.internal_date, actual.internal_date
        );
    }
    if expected.flags != actual.flags {
        line += &format!(" flags {:?} became {:?}", expected.flags, actual.flags);
    }
    line
}

fn order_difference(expected: &[Message], actual: &[Message]) -> Option<String> {
    let position = expected
        .iter()
        .zip(actual)
        .position(|(one, other)| one.sha256 != other.sha256)?;
    Some(format!(
        "order differs from message {}: {:?} became {:?}",
        position + 1,
        expected[position],
        actual[position]
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inbox(messages: &[(&str, i64, &[&str])]) -> Snapshot {
        let mut snapshot = Snapshot::default();
        for (body, date, flags) in messages {
            snapshot.add_message(
                &["INBOX".to_owned()],
                Message::new(body.as_bytes(), *date, *flags),
            );
        }
        snapshot
    }

    #[test]
    fn equal_snapshots_do_not_differ() {
        let one = inbox(&[("a", 1, &["\\Seen", "x"]), ("b", 2, &[])]);
        let other = inbox(&[("a", 1, &["x", "\\SEEN", "\\Recent"]), ("b", 2, &[])]);
        assert_eq!(one.differences(&other), Vec::<String>::new());
    }

    #[test]
    fn names_each_kind_of_difference() {
        let one = inbox(&[("a", 1, &["\\Seen"]), ("b", 2, &[]), ("b", 2, &[])]);
        let cases = [
            (
                inbox(&[("a", 1, &[]), ("b", 2, &[]), ("b", 2, &[])]),
                "flags",
            ),
            (
                inbox(&[("a", 3, &["\\Seen"]), ("b", 2, &[]), ("b", 2, &[])]),
                "internal date 1 became 3",
            ),
            (inbox(&[("a", 1, &["\\Seen"]), ("b", 2, &[])]), "missing"),
            (
                inbox(&[
                    ("a", 1, &["\\Seen"]),
                    ("b", 2, &[]),
                    ("b", 2, &[]),
                    ("b", 2, &[]),
                ]),
                "should not be there",
            ),
            (
                inbox(&[("b", 2, &[]), ("a", 1, &["\\Seen"]), ("b", 2, &[])]),
                "order differs from message 1",
            ),
        ];
        for (other, words) in cases {
            let lines = one.differences(&other);
            assert_eq!(lines.len(), 1, "{lines:?}");
            assert!(lines[0].contains(words), "{lines:?}");
        }
    }
}
