//! What must be true in the end, by the model: each message of the source was delivered exactly once.

use std::collections::BTreeMap;

use imapsync_cli::cli::Exit;
use imapsync_cli::report::Report;

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
    /// Appended by somebody else.
    foreign: i64,
}

/// How precisely messages are told apart.
type Likeness = fn(&Message) -> Message;

impl Model {
    /// Compares what was delivered with what the source holds; what is wrong joins the violations.
    pub(super) fn judge(&mut self, dest: &Account, profile: &Profile, report: &Report, exit: Exit) {
        let left_out = self.judge_classes(profile, report);
        if left_out > 0 && exit == Exit::Complete {
            self.violations.push(format!(
                "{left_out} messages were left out, and the exit was {exit:?}"
            ));
        }
        self.judge_mailboxes(dest);
    }

    fn judge_classes(&mut self, profile: &Profile, report: &Report) -> i64 {
        let by_body = self.classes(|message| Message {
            flags: Default::default(),
            internal_date: 0,
            ..message.clone()
        });
        let exactly: Likeness = if profile.keywords {
            Message::clone
        } else {
            without_keywords
        };
        let by_all = self.classes(exactly);
        let mut left_out = 0;
        for ((mailbox, message), class) in &by_body {
            let allowed = class.ever + i64::try_from(self.unconfirmed_deletions).unwrap_or(0);
            if class.ever == 0 && class.delivered > 0 {
                self.violations.push(format!(
                    "{mailbox:?}: altered or alien: {message:?} {class:?}"
                ));
            } else if class.delivered > allowed {
                self.violations.push(format!(
                    "{mailbox:?}: delivered too often: {message:?} {class:?}"
                ));
            }
            let missing = class.now - class.foreign - class.delivered;
            if missing > 0 {
                let refused = message.length == 0 && profile.refuse_empty;
                if !refused || !lists_refusals(report, mailbox) {
                    self.violations
                        .push(format!("{mailbox:?}: lost: {message:?} {class:?}"));
                }
                left_out += missing;
            }
        }
        let violations = &mut self.violations;
        for ((mailbox, message), class) in &by_all {
            let body = Message {
                flags: Default::default(),
                internal_date: 0,
                ..message.clone()
            };
            let key = (mailbox.clone(), body);
            let whole = by_body.get(&key).is_some_and(|class| {
                class.foreign == 0 && class.ever == class.now && class.delivered == class.ever
            });
            if whole && class.delivered > class.ever {
                violations.push(format!(
                    "{mailbox:?}: date or flags are other: {message:?} {class:?}"
                ));
            }
            if whole && class.delivered < class.now {
                violations.push(format!(
                    "{mailbox:?}: date or flags did not come: {message:?} {class:?}"
                ));
            }
        }
        left_out
    }

    fn classes(&self, likeness: impl Fn(&Message) -> Message) -> BTreeMap<(Name, Message), Class> {
        let mut classes: BTreeMap<(Name, Message), Class> = BTreeMap::new();
        for (place, original) in &self.originals {
            let key = (place.mailbox.clone(), likeness(&original.message));
            let class = classes.entry(key).or_default();
            class.label.clone_from(&original.label);
            class.ever += 1;
            class.now += i64::from(!original.expunged);
        }
        for (place, copy) in &self.copies {
            let key = (place.mailbox.clone(), likeness(&copy.came));
            let class = classes.entry(key).or_default();
            class.label.clone_from(&copy.label);
            match copy.origin {
                Origin::Delivered { .. } => class.delivered += 1,
                Origin::Foreign => class.foreign += 1,
            }
        }
        classes
    }

    /// Every mailbox and subscription of the source is there.
    fn judge_mailboxes(&mut self, dest: &Account) {
        let Some(source) = self.source() else { return };
        let names = |account: &Account| -> Vec<Name> {
            let selectable = account
                .mailboxes
                .iter()
                .filter(|(_, mailbox)| mailbox.is_selectable());
            selectable
                .map(|(name, _)| segments(name, &account.hierarchy))
                .collect()
        };
        let subscribed = |account: &Account| -> Vec<Name> {
            let names = account.subscriptions.iter();
            names
                .map(|name| segments(name, &account.hierarchy))
                .collect()
        };
        let (there, heard) = (names(dest), subscribed(dest));
        let missing = names(source)
            .into_iter()
            .filter(|name| !there.contains(name));
        let unsubscribed = subscribed(source)
            .into_iter()
            .filter(|name| !heard.contains(name));
        let lines: Vec<String> = missing
            .map(|name| format!("mailbox {name:?} is missing"))
            .chain(unsubscribed.map(|name| format!("subscription {name:?} is missing")))
            .collect();
        self.violations.extend(lines);
    }
}

fn without_keywords(message: &Message) -> Message {
    let mut message = message.clone();
    message.flags.retain(|flag| flag.starts_with('\\'));
    message
}

/// Does the report tell of refused messages in this mailbox?
fn lists_refusals(report: &Report, mailbox: &Name) -> bool {
    report.mailboxes.iter().any(|one| {
        let last = one.source.rsplit(['/', '.', '|']).next();
        last == mailbox.last().map(String::as_str) && !one.refused.is_empty()
    })
}
