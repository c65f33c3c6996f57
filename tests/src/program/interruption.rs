//! What suites of interrupted runs share: mail that is hard to resume, and how to look for damage.

use std::fmt::Debug;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::{Outcome, Pair, Running, SINGLY};
use crate::corpus::{Account, MessageSpec, awkward};
use crate::server::{Fault, Profile, Rule};

/// [`MESSAGES`] peculiar messages, identical copies among them, in four mailboxes; two are so large that
/// they are passed on piece by piece.
pub fn hard_to_resume() -> Account {
    let mut account = awkward(1);
    account.mailboxes.truncate(4);
    for (number, mailbox) in account.mailboxes.iter_mut().enumerate() {
        mailbox.messages.truncate(60);
        if number % 2 == 1 {
            let text = TEXT.repeat(15_000);
            let large = format!("Subject: large {number}\r\n\r\n{text}");
            mailbox.messages[30] = MessageSpec::new(large);
        }
    }
    assert_eq!(account.message_count(), MESSAGES);
    account
}

/// How many messages [`hard_to_resume`] holds.
pub const MESSAGES: usize = 240;
const TEXT: &str = "x1 CREATE pwned, said the large mail\r\n";

/// A server that names the UIDs of what it stores, and one that does not: each with each of these.
pub fn on_both_profiles<T: Clone>(cases: &[T]) -> Vec<(T, &'static str)> {
    let profiles = ["singles", "plain"].into_iter();
    profiles
        .flat_map(|profile| cases.iter().map(move |case| (case.clone(), profile)))
        .collect()
}

/// Checks all cases, several at once: most of their time is waiting. Failures fail the test, which names them; after
/// a few of them no more cases are begun.
///
/// # Panics
/// When a check does.
pub fn each<T: Debug + Sync>(cases: &[T], check: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    let failures = || failed.lock().unwrap_or_else(PoisonError::into_inner);
    thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(cases.len()) {
            scope.spawn(|| {
                while failures().len() < FAILURES_AT_MOST
                    && let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    if !passes(case, &check) {
                        failures().push(format!("{case:?}"));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap_or_default();
    assert!(failed.is_empty(), "failed: {}", failed.join("; "));
}

/// Checks one case on a thread of its name, which a panic's message then shows.
fn passes<T: Debug + Sync>(case: &T, check: &(impl Fn(&T) + Sync)) -> bool {
    thread::scope(|scope| {
        let named = thread::Builder::new().name(format!("{case:?}"));
        let spawned = named.spawn_scoped(scope, || check(case));
        spawned.expect("a thread can be started").join().is_ok()
    })
}

const FAILURES_AT_MOST: usize = 10;
const AT_ONCE: usize = 16;
/// How long a slow destination takes.
const A_MESSAGE: Duration = Duration::from_millis(2);
const A_BATCH: Duration = Duration::from_millis(100);

impl Pair {
    /// Two servers of this name's profile, and mail that is hard to resume.
    ///
    /// # Panics
    /// When there is no such profile.
    pub fn to_interrupt(path: &str, profile: &str) -> Self {
        let profile = Profile::named(profile).expect("there is such a profile");
        Self::alike(path, profile, &hard_to_resume())
    }

    /// The same with a destination that takes its time with each message: there is a middle to be hit.
    pub fn slow(path: &str, profile: &str) -> Self {
        let pair = Self::to_interrupt(path, profile);
        let batches = Profile::named(profile).is_some_and(|one| one.multiappend);
        let pause = match batches {
            true => A_BATCH,
            false => A_MESSAGE,
        };
        pair.dest
            .add_fault(Rule::new(Fault::Delay(pause)).on_command("APPEND"));
        pair
    }

    /// How many messages the destination has.
    pub fn arrived(&self) -> usize {
        self.dest.store().message_count("alice")
    }

    /// A run that goes on, at the moment when so many messages have arrived.
    #[track_caller]
    pub fn run_until(&self, messages: usize) -> Running {
        let mut running = self.program.start("sync", &SINGLY);
        if !running.until(|| self.arrived() >= messages) {
            panic!("it ended before {messages} messages: {}", running.wait());
        }
        running
    }

    /// No fault any more: one run makes both sides equal, the next has nothing to do.
    #[track_caller]
    pub fn assert_finishes(&self) -> Outcome {
        self.dest.shared().faults().clear();
        self.source.shared().faults().clear();
        let outcome = self.program.sync(&[]).exits(0);
        self.assert_equal();
        self.assert_settled();
        self.assert_source_only_read();
        outcome
    }
}
