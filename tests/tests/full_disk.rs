//! A disk that is full, from the start or in the middle of a run: no message is sent that the ledger could not
//! remember, it is said clearly, and with room again all goes on.

use imapsync_tests::corpus::{Account, MessageSpec, plain};
use imapsync_tests::power::SmallDisk;
use imapsync_tests::program::interruption::{each, on_both_profiles};
use imapsync_tests::program::{Outcome, Pair};
use imapsync_tests::real::long_campaign;
use imapsync_tests::server::{Delivery, Profile};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");

/// So many short messages that the ledger grows while they are copied.
fn many() -> Account {
    let mut account = plain(2, 0, 3);
    for (index, mailbox) in account.mailboxes.iter_mut().enumerate() {
        let message = |number| MessageSpec::new(format!("Subject: {index} {number}\r\n\r\n\r\n"));
        mailbox.messages = (0..MESSAGES / 2).map(message).collect();
    }
    account
}

fn pair(profile: &str) -> Pair {
    let profile = Profile::named(profile).expect("there is such a profile");
    Pair::alike(PROGRAM, profile, &many())
}

/// The program behind a limit on the size of every file that it writes: in place of a signal it gets an error.
fn with_file_limit(blocks: usize) -> Vec<String> {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    ["sh", "-c", &script, "sh"].map(ToOwned::to_owned).to_vec()
}

/// How a run on a full disk must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ended {
    BeforeTheFirst,
    InTheMiddle,
    Whole,
}

/// One clear line, and exit code 11, unless there was room enough.
#[track_caller]
fn ended(pair: &Pair, arrived_before: usize, outcome: Outcome) -> Ended {
    let arrived = pair.arrived() - arrived_before;
    if outcome.code() == Some(0) {
        return Ended::Whole;
    }
    let outcome = outcome.refuses(11, "ledger");
    if arrived > 0 {
        return Ended::InTheMiddle;
    }
    assert_eq!(pair.dest.log().count("APPEND"), 0, "{outcome}");
    Ended::BeforeTheFirst
}

fn deliver(pair: &Pair) {
    let mut store = pair.source.store();
    for number in 0..MESSAGES {
        let body = format!("Subject: new {number}\r\n\r\n\r\n");
        store.deliver("alice", "INBOX", Delivery::new(body.into_bytes()));
    }
}

/// Whether the ledger was there before the disk filled up.
#[derive(Clone, Copy, Debug)]
enum Ledger {
    New,
    Old,
}

impl Ledger {
    /// Brings it about; says how many messages have arrived by then.
    fn bring_about(self, pair: &Pair) -> usize {
        if matches!(self, Self::Old) {
            pair.program.sync(&[]).exits(0);
            deliver(pair);
        }
        pair.dest.log().clear();
        pair.arrived()
    }
}

/// Each kind of end must have been seen, or the limits were badly chosen.
fn assert_all_kinds(mut seen: Vec<Ended>) {
    seen.sort();
    seen.dedup();
    let all = [Ended::BeforeTheFirst, Ended::InTheMiddle, Ended::Whole];
    assert_eq!(seen, all);
}

/// Limits from nothing to more than enough, the small ones close together.
fn limits(most: usize) -> Vec<usize> {
    let parts = if long_campaign() { 60 } else { 12 };
    let squares = (0..=parts).map(|part| most * part * part / (parts * parts));
    [1, 4, 8].into_iter().chain(squares).collect()
}

#[test]
fn a_file_that_may_not_grow_is_noticed_and_costs_nothing() {
    for ledger in [Ledger::New, Ledger::Old] {
        let seen = std::sync::Mutex::new(Vec::new());
        each(&on_both_profiles(&limits(12_000)), |(blocks, profile)| {
            let pair = pair(profile);
            let before = ledger.bring_about(&pair);
            let outcome = pair.program.sync_under(&with_file_limit(*blocks)).wait();
            let ended = ended(&pair, before, outcome);
            seen.lock().expect("no case has failed").push(ended);
            pair.assert_finishes();
        });
        assert_all_kinds(seen.into_inner().expect("no case has failed"));
    }
}

#[test]
fn a_full_disk_is_noticed_and_costs_nothing() {
    if !SmallDisk::available() {
        println!("no tmpfs can be mounted here: the limit on files stands in for it");
        return;
    }
    for ledger in [Ledger::New, Ledger::Old] {
        let seen = std::sync::Mutex::new(Vec::new());
        each(&on_both_profiles(&limits(3_600)), |(kib, profile)| {
            let pair = pair(profile);
            let disk = SmallDisk::mount(pair.program.state_dir()).expect("root may mount");
            let before = ledger.bring_about(&pair);
            disk.leave_free(*kib).expect("the disk can be filled");
            let outcome = pair.program.sync(&[]);
            let ended = ended(&pair, before, outcome);
            seen.lock().expect("no case has failed").push(ended);
            disk.free_all().expect("the ballast goes");
            pair.assert_finishes();
        });
        assert_all_kinds(seen.into_inner().expect("no case has failed"));
    }
}

const MESSAGES: usize = 3000;
