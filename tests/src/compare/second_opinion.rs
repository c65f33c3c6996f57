//! Whether `verify` says the same as this comparison.

use std::collections::BTreeMap;

use serde_json::Value;

use super::accounting::{number, row, surplus};
use super::held::{Held, UNDATED};
use super::snapshot::Message;

/// A line for each mailbox in which `verify` saw other differences than there are. The report tells which mailbox
/// stands for which.
pub fn disagreements(
    source: &Held,
    dest: &Held,
    report: &Value,
    verification: &Value,
) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, messages) in &source.mailboxes {
        let there = row(report, name).and_then(|row| row["dest"].as_str());
        let Some(there) = there.and_then(|there| dest.mailboxes.get(there)) else {
            if findings(verification, name, "missing-mailbox")
                .next()
                .is_none()
            {
                lines.push(format!("verify does not miss {name:?}"));
            }
            continue;
        };
        let (missing, extra) = surplus(messages, there);
        let pairs = [
            (
                contents(messages, &missing),
                seen(verification, name, messages, "source"),
            ),
            (
                contents(there, &extra),
                seen(verification, name, there, "dest"),
            ),
        ];
        for (expected, said) in pairs {
            if expected != said {
                lines.push(format!(
                    "{name:?}: there are {expected:?}, verify says {said:?}"
                ));
            }
        }
    }
    lines
}

/// How often each message occurs.
type Counts<'a> = BTreeMap<Option<&'a Message>, usize>;

fn contents<'a>(held: &'a BTreeMap<u32, Message>, uids: &[u32]) -> Counts<'a> {
    let mut counts = Counts::new();
    for uid in uids {
        *counts.entry(held.get(uid)).or_default() += 1;
    }
    counts
}

/// The messages that the findings name on one side.
fn seen<'a>(
    verification: &Value,
    mailbox: &str,
    held: &'a BTreeMap<u32, Message>,
    side: &str,
) -> Counts<'a> {
    let of_mailbox = ABOUT_A_MESSAGE.iter();
    let of_mailbox = of_mailbox.flat_map(|kind| findings(verification, mailbox, kind));
    let uids = of_mailbox
        .filter(|finding| finding[side].is_object())
        .map(|finding| number(&finding[side]["uid"]));
    // verify cannot know that a date is another one each time.
    let dated = uids.filter(|uid| {
        held.get(uid)
            .is_none_or(|message| message.internal_date != UNDATED)
    });
    contents(held, &dated.collect::<Vec<_>>())
}

/// Whatever it makes of them: that is another test's.
fn findings<'a>(
    verification: &'a Value,
    mailbox: &str,
    kind: &str,
) -> impl Iterator<Item = &'a Value> {
    let lists = ["wrong", "explained", "extra"].map(|list| verification[list]["first"].as_array());
    let all = lists.into_iter().flatten().flatten();
    all.filter(move |finding| finding["kind"] == kind && finding["mailbox"] == mailbox)
}

const ABOUT_A_MESSAGE: [&str; 4] = ["missing", "differs", "altered", "extra"];
