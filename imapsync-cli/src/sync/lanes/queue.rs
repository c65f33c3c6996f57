//! Mailboxes that wait for a lane, and those that are done.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use super::super::preparing::Prepared;
use crate::plan::{Copy, Plan, Work};
use crate::report::MailboxReport;
use crate::transfer::{Before, LastLook};

/// All mailboxes of a plan.
pub(super) struct Queue<'p> {
    waiting: RefCell<VecDeque<Item<'p>>>,
    /// Something ended the run: nothing more is begun.
    closed: Cell<bool>,
    /// Lanes that are to end at their next mailbox.
    surplus: Cell<usize>,
    done: RefCell<Vec<(usize, MailboxReport)>>,
}

/// A mailbox, and how far it has come.
pub(super) struct Item<'p> {
    /// Its place in the plan.
    place: usize,
    pub(super) copy: &'p Copy,
    pub(super) before: Before,
    pub(super) report: MailboxReport,
}

impl<'p> Queue<'p> {
    /// INBOX first. Where several are copied at once, then the largest: what begins last should not
    /// end last.
    pub(super) fn new(plan: &'p Plan, prepared: &Prepared, lanes: usize) -> Self {
        let item = |(place, copy): (usize, &'p Copy)| Item {
            place,
            copy,
            before: Before {
                last_look: LastLook {
                    at: prepared.at,
                    uid_next: prepared.surveys.dest.uid_next(&copy.mailbox.dest),
                },
                timed_out: None,
            },
            report: MailboxReport {
                source: copy.mailbox.source.to_string(),
                dest: copy.mailbox.dest.to_string(),
                ..MailboxReport::default()
            },
        };
        let mut items: Vec<Item<'p>> = plan.copies.iter().enumerate().map(item).collect();
        if lanes > 1 {
            let behind_inbox = items.get_mut(1..).unwrap_or_default();
            behind_inbox.sort_by_key(|item| std::cmp::Reverse(item.copy.messages()));
        }
        Self {
            waiting: RefCell::new(items.into()),
            closed: Cell::new(false),
            surplus: Cell::new(0),
            done: RefCell::default(),
        }
    }

    pub(super) fn next(&self) -> Option<Item<'p>> {
        let mut waiting = self.waiting.borrow_mut();
        (!self.closed.get()).then(|| waiting.pop_front()).flatten()
    }

    /// Whether there is something for another lane.
    pub(super) fn has_work(&self) -> bool {
        let busy = |item: &Item<'_>| item.copy.messages() > 0;
        !self.closed.get() && self.waiting.borrow().iter().any(busy)
    }

    pub(super) fn put_back(&self, item: Item<'p>) {
        self.waiting.borrow_mut().push_front(item);
    }

    pub(super) fn finish(&self, item: Item<'p>) {
        self.done.borrow_mut().push((item.place, item.report));
    }

    /// Nothing more is begun.
    pub(super) fn close(&self) {
        self.closed.set(true);
    }

    /// One of the lanes is of no use.
    pub(super) fn dismiss_one(&self) {
        self.surplus.set(self.surplus.get() + 1);
    }

    /// Whether the lane that asks is to end.
    pub(super) fn is_dismissed(&self) -> bool {
        let surplus = self.surplus.get();
        self.surplus.set(surplus.saturating_sub(1));
        surplus > 0
    }

    /// What was done, in the plan's order.
    pub(super) fn into_reports(self) -> impl Iterator<Item = MailboxReport> {
        let mut done = self.done.into_inner();
        done.sort_by_key(|(place, _)| *place);
        done.into_iter().map(|(_, report)| report)
    }
}

impl Copy {
    /// Messages to copy, as far as the survey tells.
    pub(in crate::sync) fn messages(&self) -> u64 {
        match self.work {
            Work::Messages(messages) | Work::Adopt { messages, .. } => messages,
            Work::Nothing | Work::Gone(_) => 0,
        }
    }
}
