//! What must be true in the end, by the model: each message of the source was delivered exactly once.

use std::collections::{BTreeMap, BTreeSet};

use imapsync_cli::cli::Exit;
use imapsync_cli::report::{MailboxReport, Report};

use super::habits::Habits;
use super::model::{Model, Name, Origin, segments};
use crate::compare::Message;
use crate::server::{Account, Profile};

/// Messages that cannot be told apart: what the source had of them, what was delivered.
#[derive(Debug, Default)]
struct Class {
    label: String,
    /// Ever on the source.
    ever: i64,
    /// Still on the source.
    now: i64,
    /// Appended by the engine.
    delivered: i64,
    /// Of these, gone without anybody knowing that they had arrived.
    forgiven: i64,
    /// Put there by somebody else.
    foreign: i64,
    /// Of these, there before the first run, and still there.
    adoptable: i64,
    /// They cannot be known again on the destination: better twice than lost.
    unknowable: bool,
}

impl Class {
    /// The most that may be delivered: what was there before is adopted, not copied.
    fn at_most(&self, sizes_lie: bool) -> i64 {
        let adopted = if sizes_lie { 0 } else { self.adoptable };
        (self.ever - adopted).max(0) + self.forgiven
    }

    /// Messages that neither arrived nor were there.
    fn missing(&self, habits: &Habits) -> i64 {
        let wanted = if habits.merges {
            self.now.min(1)
        } else {
            self.now
        };
        wanted - self.foreign - self.delivered
    }

    /// Each of them was delivered once and nothing has happened to it: they arrived as they were.
    fn is_plain(&self) -> bool {
        self.foreign == 0
            && self.forgiven == 0
            && self.ever == self.now
            && self.delivered == self.ever
    }
}

/// Classes of messages by mailbox and likeness.
type Classes = BTreeMap<(Name, Message), Class>;

/// What a run left behind.
pub(super) struct Aftermath<'a> {
    /// The destination.
    pub(super) dest: &'a Account,
    /// What it offers.
    pub(super) profile: &'a Profile,
    /// What the engine says that it did.
    pub(super) report: &'a Report,
    /// How it ended.
    pub(super) exit: Exit,
    /// Messages that the destination was told to refuse.
    pub(super) refusals: u64,
    /// Whether the source has told wrong sizes: then equals are not recognised beforehand.
    pub(super) sizes_lie: bool,
}

impl Model {
    /// Compares what was delivered with what the source holds; what is wrong joins the violations.
    pub(super) fn judge(&mut self, after: &Aftermath<'_>) {
        let by_body = self.classes(only_body);
        let mut wrong = Vec::new();
        let left_out = self.judge_bodies(&by_body, after, &mut wrong);
        if left_out > 0 && after.exit == Exit::Complete {
            wrong.push(format!(
                "{left_out} messages were left out, and the exit was 0"
            ));
        }
        let keywords = after.profile.keywords && after.refusals == 0;
        self.judge_envelopes(&by_body, keywords, &mut wrong);
        self.judge_octets(&mut wrong);
        self.judge_mailboxes(after.dest, &mut wrong);
        self.violations.extend(wrong);
    }

    /// By octets alone: is any message lost or there too often? Tells how many were left out.
    fn judge_bodies(
        &self,
        classes: &Classes,
        after: &Aftermath<'_>,
        wrong: &mut Vec<String>,
    ) -> i64 {
        let mut left_out = 0;
        let mut refusals = i64::try_from(after.refusals).unwrap_or(i64::MAX);
        for ((mailbox, message), class) in classes {
            if class.ever == 0 && class.delivered > 0 {
                wrong.push(format!("{mailbox:?}: alien: {message:?} {class:?}"));
            } else if class.delivered > class.at_most(after.sizes_lie) && !class.unknowable {
                wrong.push(format!("{mailbox:?}: too often: {message:?} {class:?}"));
            }
            let missing = class.missing(&self.habits);
            if missing <= 0 {
                continue;
            }
            left_out += missing;
            let empty = message.length == 0 && after.profile.refuse_empty;
            let refused = lists(after.report, mailbox, |one| !one.refused.is_empty());
            let gone = lists(after.report, mailbox, |one| one.gone.is_some());
            if gone && self.dropped.contains(mailbox) || empty && refused {
                continue;
            }
            refusals -= missing;
            if !refused || refusals < 0 {
                wrong.push(format!("{mailbox:?}: lost: {message:?} {class:?}"));
            }
        }
        left_out
    }

    /// Date and flags, where equal octets leave no choice which message is which; keywords only
    /// where nothing was refused, for a refusal may cost them.
    fn judge_envelopes(&self, by_body: &Classes, keywords: bool, wrong: &mut Vec<String>) {
        let classes = match keywords {
            true => self.classes(Message::clone),
            false => self.classes(without_keywords),
        };
        for ((mailbox, message), class) in &classes {
            let key = (mailbox.clone(), only_body(message));
            if !by_body.get(&key).is_some_and(Class::is_plain) {
                continue;
            }
            if class.delivered != class.ever {
                wrong.push(format!("{mailbox:?}: date or flags: {message:?} {class:?}"));
            }
        }
    }

    /// What was delivered is what the destination makes of a message of the source.
    fn judge_octets(&self, wrong: &mut Vec<String>) {
        let stored: BTreeSet<(&Name, [u8; 32])> = self
            .originals
            .iter()
            .map(|(place, original)| (&place.mailbox, original.stored.sha256))
            .collect();
        for (place, copy) in &self.copies {
            let delivered = matches!(copy.origin, Origin::Delivered { .. });
            if delivered && !stored.contains(&(&place.mailbox, copy.came.sha256)) {
                wrong.push(format!("{place}: altered: {:?} {}", copy.came, copy.label));
            }
        }
    }

    fn classes(&self, likeness: impl Fn(&Message) -> Message) -> Classes {
        let mut classes = Classes::new();
        for (place, original) in &self.originals {
            let key = (place.mailbox.clone(), likeness(&original.essence));
            let class = classes.entry(key).or_default();
            class.label.clone_from(&original.label);
            class.ever += 1;
            class.now += i64::from(!original.expunged);
            class.unknowable |= !original.knowable;
        }
        for (place, copy) in &self.copies {
            let key = (place.mailbox.clone(), likeness(&copy.essence));
            let class = classes.entry(key).or_default();
            class.label.clone_from(&copy.label);
            match copy.origin {
                Origin::Delivered { .. } => {
                    class.delivered += 1;
                    class.forgiven += i64::from(copy.forgiven);
                }
                Origin::Foreign { first } => {
                    class.foreign += 1;
                    class.adoptable += i64::from(first && !copy.removed);
                }
            }
        }
        classes
    }

    /// Every mailbox and subscription of the source is there.
    fn judge_mailboxes(&self, dest: &Account, wrong: &mut Vec<String>) {
        let Some(source) = self.source() else { return };
        let names = |account: &Account| -> BTreeSet<Name> {
            let mailboxes = account.mailboxes.iter();
            let selectable = mailboxes.filter(|(_, mailbox)| mailbox.is_selectable());
            selectable
                .map(|(name, _)| segments(name, &account.hierarchy))
                .collect()
        };
        let subscribed = |account: &Account| -> BTreeSet<Name> {
            let names = account.subscriptions.iter();
            names
                .map(|name| segments(name, &account.hierarchy))
                .collect()
        };
        for name in names(source).difference(&names(dest)) {
            if !self.dropped.contains(name) {
                wrong.push(format!("mailbox {name:?} is missing"));
            }
        }
        // A name that is subscribed to and does not exist is nothing to copy.
        let there: BTreeSet<Name> = names(source).intersection(&names(dest)).cloned().collect();
        let missing = &subscribed(source) - &subscribed(dest);
        for name in missing.intersection(&there) {
            wrong.push(format!("subscription {name:?} is missing"));
        }
    }
}

fn only_body(message: &Message) -> Message {
    Message {
        flags: BTreeSet::new(),
        internal_date: 0,
        ..message.clone()
    }
}

fn without_keywords(message: &Message) -> Message {
    let mut message = message.clone();
    message.flags.retain(|flag| flag.starts_with('\\'));
    message
}

/// Does the report say this of a mailbox?
fn lists(report: &Report, mailbox: &Name, says: impl Fn(&MailboxReport) -> bool) -> bool {
    report.mailboxes.iter().any(|one| {
        let last = one.source.rsplit(['/', '.', '|']).next();
        last == mailbox.last().map(String::as_str) && says(one)
    })
}

#[cfg(test)]
mod tests;
