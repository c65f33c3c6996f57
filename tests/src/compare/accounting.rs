//! Whether a report tells the truth: after a run the destination differs from the source in exactly what it lists.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::held::Held;
use super::snapshot::Message;

/// A line for each difference that the report does not have, and for each that it has and that is not there.
///
/// The report is that of one run, from a destination without mail to its end.
pub fn unaccounted(source: &Held, dest: &Held, report: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    let mut reached = BTreeSet::new();
    for (name, messages) in &source.mailboxes {
        let Some(row) = row(report, name) else {
            lines.push(format!("{name:?} is not in the report"));
            continue;
        };
        let there = row["dest"].as_str().unwrap_or_default();
        if !reached.insert(there) {
            lines.push(format!("{there:?} stands for two mailboxes"));
        }
        match dest.mailboxes.get(there) {
            _ if !row["failed"].is_null() => {
                if dest
                    .mailboxes
                    .get(there)
                    .is_some_and(|held| !held.is_empty())
                {
                    lines.push(format!(
                        "{there:?} has mail, though {name:?} was not copied"
                    ));
                }
            }
            None => lines.push(format!("{there:?} is missing")),
            Some(held) => {
                let found = Accounting::new(messages, held).settle(row);
                lines.extend(found.into_iter().map(|line| format!("{name:?}: {line}")));
                if source.subscribed.contains(name) && !dest.subscribed.contains(there) {
                    lines.push(format!("{there:?} is not subscribed"));
                }
            }
        }
    }
    let others = dest.mailboxes.iter().filter(|(name, _)| *name != "INBOX");
    let strange = others.filter(|(name, held)| {
        let is_parent = held.is_empty() && reached.iter().any(|below| is_above(name, below));
        !is_parent && !reached.contains(name.as_str())
    });
    lines.extend(strange.map(|(name, _)| format!("{name:?} should not be there")));
    lines
}

/// Some servers make a mailbox's parents as mailboxes, where the source has names without one.
fn is_above(name: &str, below: &str) -> bool {
    let rest = below.strip_prefix(name);
    rest.is_some_and(|rest| rest.starts_with(['/', '.']))
}

/// A line for each body that is not there, or once too often: dates and flags aside.
pub fn strays(source: &Held, dest: &Held, report: &Value) -> Vec<String> {
    let bare = |messages: &BTreeMap<u32, Message>| -> BTreeMap<u32, Message> {
        let bare = messages.iter().map(|(uid, message)| {
            let (internal_date, flags) = (0, BTreeSet::new());
            let message = Message {
                internal_date,
                flags,
                ..message.clone()
            };
            (*uid, message)
        });
        bare.collect()
    };
    let mut lines = Vec::new();
    for (name, messages) in &source.mailboxes {
        let there = row(report, name).and_then(|row| row["dest"].as_str());
        let Some(held) = there.and_then(|there| dest.mailboxes.get(there)) else {
            lines.push(format!("{name:?} is missing"));
            continue;
        };
        let mut accounting = Accounting::new(&bare(messages), &bare(held));
        accounting.compare_rest(0);
        lines.extend(
            accounting
                .lines
                .into_iter()
                .map(|line| format!("{name:?}: {line}")),
        );
    }
    lines
}

/// What the report says about a mailbox of the source.
pub(super) fn row<'a>(report: &'a Value, source: &str) -> Option<&'a Value> {
    let rows = report["mailboxes"].as_array()?;
    rows.iter().find(|row| row["source"] == source)
}

/// One mailbox: what is still to be explained, on both sides.
struct Accounting {
    source: BTreeMap<u32, Message>,
    dest: BTreeMap<u32, Message>,
    lines: Vec<String>,
}

impl Accounting {
    fn new(source: &BTreeMap<u32, Message>, dest: &BTreeMap<u32, Message>) -> Self {
        Self {
            source: source.clone(),
            dest: dest.clone(),
            lines: Vec::new(),
        }
    }

    fn settle(mut self, row: &Value) -> Vec<String> {
        for list in UNEXPECTED {
            if row[list]["count"] != 0 {
                self.lines.push(format!("{list}: {}", row[list]));
            }
        }
        for lost in listed(row, "lost_flags") {
            self.lose_flags(lost);
        }
        for refused in listed(row, "refused") {
            let uid = number(&refused["uid"]);
            let held = self.source.remove(&uid);
            let octets = held.map(|message| message.length);
            if octets.is_none() || octets != refused["octets"].as_u64() {
                self.lines
                    .push(format!("refused, and not so on the source: {refused}"));
            }
        }
        for lost in listed(row, "unfound") {
            if self.source.remove(&number(lost)).is_none() {
                self.lines
                    .push(format!("unfound, and not on the source: {lost}"));
            }
        }
        let mut altered: BTreeMap<(u32, u32), Vec<&Value>> = BTreeMap::new();
        for one in listed(row, "alterations") {
            let pair = (number(&one["source"]), number(&one["dest"]));
            altered
                .entry(pair)
                .or_default()
                .extend(one["what"].as_array().into_iter().flatten());
        }
        for (pair, what) in altered {
            self.alter(pair, &what);
        }
        self.compare_rest(row["foreign"].as_u64().unwrap_or(0));
        self.lines
    }

    fn lose_flags(&mut self, lost: &Value) {
        let flags = lost["flags"].as_array().into_iter().flatten();
        for flag in flags.filter_map(Value::as_str) {
            let message = self.source.get_mut(&number(&lost["uid"]));
            let had =
                message.is_some_and(|message| message.flags.remove(&flag.to_ascii_lowercase()));
            if !had {
                self.lines
                    .push(format!("lost, and never there: {flag} of {lost}"));
            }
        }
    }

    /// Both messages leave the account when they differ as the report says, no more and no less.
    fn alter(&mut self, (source, dest): (u32, u32), what: &[&Value]) {
        let pair = self.source.remove(&source).zip(self.dest.remove(&dest));
        let Some((sent, stored)) = pair else {
            self.lines
                .push(format!("altered, and not there: UID {source} as {dest}"));
            return;
        };
        let mut listed: Vec<String> = what.iter().map(|one| kind(one)).collect();
        listed.sort();
        let found = differences(&sent, &stored);
        if listed != found {
            self.lines.push(format!(
                "UID {source} is listed with {listed:?}, and has {found:?}"
            ));
        }
    }

    /// So many messages of the destination are from elsewhere: remains of what it did not store whole.
    fn compare_rest(&mut self, foreign: u64) {
        let (missing, extra) = surplus(&self.source, &self.dest);
        for uid in missing {
            let message = &self.source[&uid];
            self.lines
                .push(format!("UID {uid} is not there: {message:?}"));
        }
        if extra.len() as u64 == foreign {
            return;
        }
        for uid in extra {
            let message = &self.dest[&uid];
            self.lines.push(format!("there is UID {uid}: {message:?}"));
        }
    }
}

/// UIDs of one of each pair of messages that the other side lacks, as multisets.
pub(super) fn surplus(
    source: &BTreeMap<u32, Message>,
    dest: &BTreeMap<u32, Message>,
) -> (Vec<u32>, Vec<u32>) {
    let mut left: BTreeMap<&Message, Vec<u32>> = BTreeMap::new();
    for (uid, message) in dest.iter().rev() {
        left.entry(message).or_default().push(*uid);
    }
    let unmatched = |message: &Message| left.get_mut(message).and_then(Vec::pop).is_none();
    let mut unmatched = unmatched;
    let missing = source.iter().filter(|(_, message)| unmatched(message));
    let missing = missing.map(|(uid, _)| *uid).collect();
    (missing, left.into_values().flatten().collect())
}

fn differences(sent: &Message, stored: &Message) -> Vec<String> {
    let mut found = Vec::new();
    if sent.sha256 != stored.sha256 {
        found.push(match sent.length == stored.length {
            true => "body".to_owned(),
            false => format!("size {} {}", sent.length, stored.length),
        });
    }
    if sent.internal_date != stored.internal_date {
        found.push("internal-date".to_owned());
    }
    if sent.flags != stored.flags {
        found.push("flags".to_owned());
    }
    found.sort();
    found
}

/// A listed alteration, in the words of [`differences`].
fn kind(what: &Value) -> String {
    if let Some(size) = what.get("size") {
        return format!("size {} {}", size["sent"], size["stored"]);
    }
    let named = what.as_object().and_then(|kinds| kinds.keys().next());
    let named = named.map(String::as_str).or(what.as_str());
    named.unwrap_or_default().to_owned()
}

fn listed<'a>(row: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    row[list]["first"].as_array().into_iter().flatten()
}

pub(super) fn number(value: &Value) -> u32 {
    value
        .as_u64()
        .and_then(|number| number.try_into().ok())
        .unwrap_or(0)
}

/// What nothing that these suites do should lead to.
const UNEXPECTED: [&str; 3] = ["missing", "uncertain", "late_doubles"];

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn held(messages: &[(u32, &str, i64, &[&str])]) -> Held {
        let inbox = messages
            .iter()
            .map(|(uid, body, date, flags)| (*uid, Message::new(body.as_bytes(), *date, *flags)));
        let mut held = Held::default();
        held.mailboxes.insert("INBOX".to_owned(), inbox.collect());
        held
    }

    fn report(more: Value) -> Value {
        let none = json!({ "count": 0, "first": [] });
        let mut row = json!({ "source": "INBOX", "dest": "INBOX", "failed": null, "foreign": 0 });
        for list in UNEXPECTED
            .iter()
            .chain(&["lost_flags", "refused", "alterations", "unfound"])
        {
            row[list] = none.clone();
        }
        for (name, value) in more.as_object().expect("lists by name") {
            row[name] = json!({ "count": 1, "first": [value] });
        }
        json!({ "mailboxes": [row] })
    }

    #[test]
    fn a_true_report_leaves_nothing_over() {
        let source = held(&[
            (1, "a", 5, &["x"]),
            (2, "b", 6, &[]),
            (3, "b", 6, &[]),
            (4, "c", 7, &[]),
        ]);
        for (dest, more) in [
            (
                &[
                    (1, "a", 5, &["x"][..]),
                    (2, "b", 6, &[]),
                    (3, "b", 6, &[]),
                    (4, "c", 7, &[]),
                ][..],
                json!({}),
            ),
            (
                &[
                    (9, "a", 5, &[]),
                    (2, "b", 6, &[]),
                    (3, "b", 6, &[]),
                    (4, "c", 7, &[]),
                ],
                json!({ "lost_flags": { "uid": 1, "flags": ["X"] } }),
            ),
            (
                &[(1, "a", 5, &["x"]), (2, "b", 6, &[]), (3, "b", 6, &[])],
                json!({ "refused": { "uid": 4, "octets": 1 } }),
            ),
            (
                &[
                    (1, "a", 5, &["x"]),
                    (2, "b", 6, &[]),
                    (3, "b", 6, &[]),
                    (8, "cc", 9, &[]),
                ],
                json!({ "alterations": { "source": 4, "dest": 8, "what": [{ "size": { "sent": 1, "stored": 2 } }, { "internal-date": {} }] } }),
            ),
        ] {
            assert_eq!(
                unaccounted(&source, &held(dest), &report(more.clone())),
                [""; 0]
            );
            assert_eq!(
                unaccounted(&source, &held(dest), &report(json!({}))).is_empty(),
                more == json!({})
            );
        }
    }

    #[test]
    fn a_false_report_shows() {
        let source = held(&[(1, "a", 5, &[]), (2, "b", 6, &[])]);
        for more in [
            json!({ "lost_flags": { "uid": 1, "flags": ["x"] } }),
            json!({ "refused": { "uid": 2, "octets": 1 } }),
            json!({ "alterations": { "source": 1, "dest": 1, "what": ["body"] } }),
            json!({ "missing": 1 }),
            json!({ "unfound": 1 }),
        ] {
            assert_ne!(unaccounted(&source, &source, &report(more)), [""; 0]);
        }
        let mut twice = source.clone();
        let first = twice.mailboxes["INBOX"][&1].clone();
        twice
            .mailboxes
            .get_mut("INBOX")
            .expect("there")
            .insert(3, first);
        assert_eq!(unaccounted(&source, &twice, &report(json!({}))).len(), 1);
        twice.mailboxes.insert("INBO".to_owned(), BTreeMap::new());
        assert_eq!(unaccounted(&source, &twice, &report(json!({}))).len(), 2);
    }
}
