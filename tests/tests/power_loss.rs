//! The power goes: what a run did to its ledger is recorded, the files are rebuilt as they may be after a loss of
//! power at any sync, and the next run starts from them. The server is where it was at that moment, or further.

use imapsync_tests::corpus::{Account, MessageSpec, Random, plain};
use imapsync_tests::power::{Change, Image, Later, Op, after_power_loss};
use imapsync_tests::program::Pair;
use imapsync_tests::program::interruption::each;
use imapsync_tests::real::{long_campaign, strace_or_not_run};
use imapsync_tests::server::{Delivery, Profile};
use imapsync_tests::strace::Recording;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");

/// Two mailboxes of some messages, many of them identical.
fn account() -> Account {
    let mut account = plain(2, 0, 3);
    for (index, mailbox) in account.mailboxes.iter_mut().enumerate() {
        let message = |number: usize| {
            MessageSpec::new(format!("Subject: {index} {}\r\n\r\n\r\n", number / 2))
        };
        mailbox.messages = (0..60).map(message).collect();
    }
    account
}

/// Which run is recorded.
#[derive(Clone, Copy, Debug)]
enum Recorded {
    First,
    /// One that finds a ledger, and new mail.
    Second,
}

/// One loss of power.
#[derive(Clone, Copy, Debug)]
struct Loss {
    profile: &'static str,
    recorded: Recorded,
    /// The run itself ended right before this sync (from 1), and with it the server's part. Otherwise the server has all.
    killed_before: Option<usize>,
    /// So many syncs have reached the disk.
    syncs: usize,
    later: Later,
}

/// A pair up to the point where the recording begins.
fn prepared(profile: &str, recorded: Recorded) -> Pair {
    let profile = Profile::named(profile).expect("there is such a profile");
    let pair = Pair::alike(PROGRAM, profile, &account());
    if matches!(recorded, Recorded::Second) {
        pair.program.sync(&[]).exits(0);
        let mut store = pair.source.store();
        for number in 0..60 {
            let body = format!("Subject: 0 {number}\r\n\r\n\r\n").into_bytes();
            store.deliver("alice", "INBOX", Delivery::new(body));
        }
    }
    pair
}

/// The state folder before a run, and what the run did to it.
fn record(pair: &Pair, killed_before: Option<usize>) -> (Image, Vec<Op>) {
    let folder = pair.program.state_dir();
    let before = Image::of(folder).expect("the state folder is readable");
    let recording = Recording::new();
    let running = pair.program.sync_under(&recording.wrapper(killed_before));
    let outcome = running.wait();
    assert_eq!(
        outcome.code().is_none(),
        killed_before.is_some(),
        "{outcome}"
    );
    // SQLite's index of its log is mapped into memory, and made anew after a loss of power.
    let mut ops = recording.ops(folder);
    ops.retain(|op| !op.file.ends_with("-shm"));
    (before.without("-shm"), ops)
}

fn syncs(ops: &[Op]) -> usize {
    ops.iter().filter(|op| op.change == Change::Sync).count()
}

/// Each sync of a run, with each kind of loss after it; with the server as it is in the end, and as it was then.
fn losses(profile: &'static str, recorded: Recorded) -> Vec<Loss> {
    let pair = prepared(profile, recorded);
    let (before, ops) = record(&pair, None);
    let count = syncs(&ops);
    assert!(count > 3, "{count} syncs");
    assert_is_faithful(&pair, &before, &ops);
    let mut losses = Vec::new();
    for syncs in 0..=count {
        for killed_before in [None, Some(syncs + 1).filter(|nth| *nth <= count)] {
            for later in laters(syncs as u64) {
                losses.push(Loss {
                    profile,
                    recorded,
                    killed_before,
                    syncs,
                    later,
                });
            }
        }
    }
    losses
}

fn laters(seed: u64) -> Vec<Later> {
    let seeds = seed * 100..seed * 100 + if long_campaign() { 8 } else { 2 };
    let torn = seeds.clone().map(Later::Torn);
    let scattered = seeds.map(Later::Scattered);
    [Later::Dropped]
        .into_iter()
        .chain(torn)
        .chain(scattered)
        .collect()
}

/// The recording is right: all that it did makes the files that are there.
#[track_caller]
fn assert_is_faithful(pair: &Pair, before: &Image, ops: &[Op]) {
    let rebuilt = after_power_loss(before, ops, usize::MAX - 1, Later::Dropped);
    let mut ops = ops.to_vec();
    let all: Vec<_> = ops.iter().map(|op| op.file.clone()).collect();
    ops.extend(all.into_iter().map(|file| Op {
        file,
        change: Change::Sync,
    }));
    let held = Image::of(pair.program.state_dir()).expect("the state folder is readable");
    let whole = after_power_loss(before, &ops, syncs(&ops), Later::Dropped);
    assert!(
        whole == held.without("-shm"),
        "the recording leaves something out"
    );
    assert!(!rebuilt.0.is_empty());
}

fn survives(loss: &Loss) {
    let pair = prepared(loss.profile, loss.recorded);
    let (before, ops) = record(&pair, loss.killed_before);
    let left = after_power_loss(&before, &ops, loss.syncs, loss.later);
    let put = left.put_into(pair.program.state_dir());
    put.expect("the state folder is writable");
    pair.assert_finishes();
}

/// Whether a ledger, as it is after a loss of power, knows that appends to this mailbox may be under way.
fn knows_as_open(image: &Image, mailbox: &str) -> bool {
    let folder = TempDir::new().expect("temporary folders can be made");
    image.put_into(folder.path()).expect("it is writable");
    let files = std::fs::read_dir(folder.path()).expect("it is readable");
    let mut files = files.map(|file| file.expect("it is readable").path());
    let ledger = files.find(|file| {
        file.extension().is_none_or(|end| end != "lock")
            && !file.to_string_lossy().ends_with("-wal")
    });
    let db = rusqlite::Connection::open(ledger.expect("a ledger")).expect("SQLite");
    let sql = "SELECT open FROM mailbox WHERE dest = ?1";
    db.query_row(sql, [mailbox.as_bytes()], |row| row.get(0))
        .unwrap_or(false)
}

/// Point 1: what may be under way must be known to whoever comes after a loss of power, at any moment from
/// the first octet on.
#[test]
fn a_mailbox_is_durably_open_before_its_first_append_goes_out() {
    if !strace_or_not_run() {
        return;
    }
    for profile in ["full", "singles", "plain"] {
        for recorded in [Recorded::First, Recorded::Second] {
            let pair = prepared(profile, recorded);
            let folder = pair.program.state_dir().to_owned();
            let before = Image::of(&folder).expect("the state folder is readable");
            let recording = Recording::new();
            let running = pair.program.sync_under(&recording.wrapper(None));
            running.wait().exits(0);
            let ops = recording.ops(&folder);
            let mut appends = recording.appends(&folder);
            appends.dedup();
            assert!(!appends.is_empty(), "{profile}, {recorded:?}");
            for (changes, mailbox) in appends {
                let until = &ops[..changes];
                let left = after_power_loss(&before, until, syncs(until), Later::Dropped);
                assert!(
                    knows_as_open(&left.without("-shm"), &mailbox),
                    "{profile}, {recorded:?}: {mailbox} after {changes} changes"
                );
            }
        }
    }
}

/// All of them in the long campaign, else some drawn by lot.
fn campaign(profile: &'static str, recorded: Recorded) {
    if !strace_or_not_run() {
        return;
    }
    let mut losses = losses(profile, recorded);
    if !long_campaign() {
        let mut random = Random::new(1);
        losses.retain(|_| random.one_in(4));
    }
    println!("{} losses of power", losses.len());
    assert!(losses.len() > 10);
    each(&losses, survives);
}

#[test]
fn in_a_first_run() {
    campaign("full", Recorded::First);
}

#[test]
fn in_a_later_run() {
    campaign("full", Recorded::Second);
}

#[test]
fn in_a_first_run_where_no_uids_are_named() {
    campaign("plain", Recorded::First);
}

#[test]
fn in_a_later_run_where_no_uids_are_named() {
    campaign("plain", Recorded::Second);
}
