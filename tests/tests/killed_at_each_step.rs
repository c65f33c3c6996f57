//! Runs that are killed right before a system call that changes the world, whichever it is: a write or a sync
//! of the ledger, a write to a server, a file made or removed. The next run follows at once.

use std::collections::BTreeMap;
use std::fmt;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicUsize, Ordering};

use imapsync_tests::corpus::{Account, MessageSpec, Random, plain};
use imapsync_tests::program::Pair;
use imapsync_tests::program::interruption::each;
use imapsync_tests::real::{long_campaign, strace_or_not_run};
use imapsync_tests::server::Profile;
use imapsync_tests::strace::{Counts, kill_before};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");

/// Calls that make, write, sync, shorten or remove files, or say something to a server.
const SYSCALLS: [&str; 11] = [
    "pwrite64",
    "write",
    "writev",
    "sendto",
    "sendmsg",
    "fdatasync",
    "fsync",
    "ftruncate",
    "unlink",
    "rename",
    "openat",
];

/// Right before which call a run is killed.
#[derive(Clone, Copy)]
struct Step {
    syscall: &'static str,
    nth: usize,
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.syscall, self.nth)
    }
}

/// Two mailboxes of a few messages, identical copies side by side and apart; one is so large that it is passed on
/// piece by piece.
fn small() -> Account {
    let mut account = plain(2, 5, 7);
    for mailbox in &mut account.mailboxes {
        let twin = mailbox.messages[1].clone();
        mailbox.messages.insert(2, twin.clone());
        mailbox.messages.push(twin);
    }
    let text = "x1 CREATE pwned, said the large mail\r\n".repeat(8_000);
    let large = MessageSpec::new(format!("Subject: large\r\n\r\n{text}"));
    account.mailboxes[0].messages.insert(4, large);
    account
}

/// How often a whole run makes each call.
fn counted(profile: &Profile) -> BTreeMap<&'static str, usize> {
    let pair = Pair::alike(PROGRAM, profile.clone(), &small());
    let counts = Counts::of(&SYSCALLS);
    pair.program.sync_under(&counts.wrapper()).wait().exits(0);
    pair.assert_equal();
    counts.read()
}

/// One sweep for each call: every step in the long campaign, else some that are spread over it.
fn steps(counts: &BTreeMap<&'static str, usize>) -> Vec<Step> {
    let of_one = |(&syscall, &count): (&&'static str, &usize)| {
        let parts = if long_campaign() {
            count
        } else {
            count.min(SAMPLE)
        };
        let spread = (0..parts).map(move |part| 1 + part * (count - 1) / (parts - 1).max(1));
        spread.map(move |nth| Step { syscall, nth })
    };
    counts.iter().flat_map(of_one).collect()
}

/// Runs and kills, step after step, then runs to the end. Says how many of the runs were killed.
fn survives(profile: &Profile, steps: &[Step]) -> usize {
    let pair = Pair::alike(PROGRAM, profile.clone(), &small());
    let killed = steps.iter().filter(|step| {
        let running = pair
            .program
            .sync_under(&kill_before(step.syscall, step.nth));
        let outcome = running.wait();
        assert!(matches!(outcome.code(), None | Some(0)), "{outcome}");
        outcome.code().is_none()
    });
    let killed = killed.count();
    pair.assert_finishes();
    killed
}

/// A kill at each step on servers of this profile, and pairs of kills.
fn sweep(name: &str, profile: Profile) {
    if !strace_or_not_run() {
        return;
    }
    let counts = counted(&profile);
    for needed in ["pwrite64", "writev", "fsync"] {
        assert!(counts.contains_key(needed), "{needed}: {counts:?}");
    }
    let steps = steps(&counts);
    println!("{name}: {} kills, of {counts:?}", steps.len());
    let killed = AtomicUsize::new(0);
    each(&steps, |step| {
        killed.fetch_add(survives(&profile, &[*step]), Ordering::Relaxed);
    });
    let killed = killed.into_inner();
    // The last calls of some kind may or may not happen.
    assert!(
        killed * 10 > steps.len() * 9,
        "only {killed} of {} killed",
        steps.len()
    );
    each(&in_pairs(&steps), |two| {
        survives(&profile, two);
    });
}

/// Steps drawn by lot, two by two: the second kill hits the run that mends the first.
fn in_pairs(steps: &[Step]) -> Vec<[Step; 2]> {
    let mut random = Random::new(steps.len() as u64);
    let pairs = if long_campaign() { 200 } else { 8 };
    (0..pairs)
        .map(|_| [random.pick(steps), random.pick(steps)])
        .collect()
}

#[test]
fn with_every_extension() {
    sweep("everything", Profile::full());
}

#[test]
fn without_multiappend() {
    let profile = Profile {
        multiappend: false,
        ..Profile::full()
    };
    sweep("no MULTIAPPEND", profile);
}

#[test]
fn with_synchronizing_literals() {
    let profile = Profile {
        literal_plus: false,
        multiappend: false,
        ..Profile::full()
    };
    sweep("no LITERAL+", profile);
}

#[test]
fn where_no_uids_are_named() {
    let profile = Profile {
        uidplus: false,
        multiappend: false,
        ..Profile::full()
    };
    sweep("no UIDPLUS", profile);
}

#[test]
fn without_any_extension() {
    sweep("IMAP4rev1", Profile::plain());
}

/// Runs any program under a wrapper.
fn run(wrapper: &[String], program: &[&str]) -> ExitStatus {
    let mut command = Command::new(&wrapper[0]);
    command.args(&wrapper[1..]).args(program);
    command.status().expect("strace starts")
}

#[test]
fn the_call_that_a_program_is_killed_before_does_not_happen() {
    if !strace_or_not_run() {
        return;
    }
    let folder = TempDir::new().expect("temporary folders can be made");
    let [one, two] = ["one", "two"].map(|name| folder.path().join(name));
    let paths = [&one, &two].map(|path| path.to_str().expect("UTF-8"));
    let wrapper = kill_before("mkdir", 2);
    let ended = run(&wrapper, &["mkdir", paths[0], paths[1]]);
    assert_eq!(ended.signal(), Some(9));
    assert!(one.exists() && !two.exists());
    let ended = run(&wrapper, &["mkdir", paths[1]]);
    assert_eq!(ended.code(), Some(0), "it has no second call");
}

/// Of each call in the short campaign.
const SAMPLE: usize = 7;
