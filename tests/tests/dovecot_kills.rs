//! The kill campaign on Dovecot: SIGKILL at moments drawn by lot over the whole duration of a run, the next run
//! at once, until one has finished; again and again. Zero lost, zero doubled.

use std::thread;
use std::time::{Duration, Instant};

use imapsync_tests::corpus::{Account, Random, plain};
use imapsync_tests::program::{Newcomer, Newcomers, Running};
use imapsync_tests::real::{MailFormat, dovecot_or_not_run, long_campaign};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");

/// Some 25 MB in three mailboxes, so that a run has a middle; some messages are there three times, side by side and
/// far apart: a kill may fall between identical copies.
fn repetitive(seed: u64) -> Account {
    let mut account = plain(3, 500, seed);
    for mailbox in &mut account.mailboxes {
        let some: Vec<_> = mailbox.messages.iter().step_by(25).cloned().collect();
        for (index, copy) in some.iter().enumerate() {
            mailbox.messages.insert(index * 26, copy.clone());
        }
        mailbox.messages.extend(some);
    }
    account
}

/// How long runs take that nobody disturbs.
#[derive(Clone, Copy, Debug)]
struct Durations {
    /// From an empty destination.
    whole: Duration,
    /// After a kill in the middle.
    resumed: Duration,
}

impl Durations {
    fn measure(servers: &Newcomers, options: &[&str]) -> Self {
        let first = servers.newcomer("measured-1");
        let whole = first.program.sync(options).exits(0).elapsed;
        first.assert_complete();
        let second = servers.newcomer("measured-2");
        kill_after(second.program.start("sync", options), whole / 2, || ());
        let resumed = second.program.sync(options).exits(0).elapsed;
        second.assert_complete();
        Self { whole, resumed }
    }
}

/// Kills a run that has gone on for this long, and does something right before; `false` when the run ended first.
#[track_caller]
fn kill_after(mut running: Running, moment: Duration, before: impl FnOnce()) -> bool {
    let began = Instant::now();
    if !running.until(|| began.elapsed() >= moment) {
        running.wait().exits(0);
        return false;
    }
    before();
    running.kill();
    let outcome = running.wait();
    assert!(matches!(outcome.code(), None | Some(0)), "{outcome}");
    outcome.code().is_none()
}

/// What a campaign has done.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    accounts: usize,
    kills: usize,
    /// Kills of runs that had some of the mail there, not all.
    amid: usize,
}

/// One account: runs and kills until a run ends by itself, or there were enough kills.
fn one_account(
    newcomer: &Newcomer<'_>,
    options: &[&str],
    durations: Durations,
    random: &mut Random,
    most: usize,
    tally: &mut Tally,
) {
    let mut arrivals = newcomer.arrivals();
    let mut arrived = 0;
    tally.accounts += 1;
    let mut span = durations.whole;
    for _ in 0..most {
        let moment = Duration::from_micros(random.below(span.as_micros() as usize) as u64);
        let running = newcomer.program.start("sync", options);
        if !kill_after(running, moment, || arrived = arrivals.count()) {
            break;
        }
        tally.kills += 1;
        tally.amid += usize::from(arrived > 0 && arrived < MESSAGES);
        span = durations.resumed;
    }
    newcomer.program.sync(options).exits(0);
    newcomer.assert_complete();
}

fn campaign(
    format: MailFormat,
    capability: Option<&str>,
    options: &[&str],
    kills: usize,
    seed: u64,
) {
    let account = repetitive(seed);
    assert_eq!(account.message_count(), MESSAGES);
    let servers = Newcomers::start(PROGRAM, format, capability, &account);
    let durations = Durations::measure(&servers, options);
    println!("{format:?}, {capability:?}: seed {seed}, {durations:.1?}");
    let mut random = Random::new(seed);
    let mut tally = Tally::default();
    while tally.kills < kills {
        let newcomer = servers.newcomer(&format!("user-{}", tally.accounts));
        let most = KILLS_AN_ACCOUNT.min(kills - tally.kills);
        one_account(&newcomer, options, durations, &mut random, most, &mut tally);
        assert!(
            tally.accounts < 10 * kills,
            "the kills come too late: {tally:?}"
        );
    }
    println!("{format:?}, {capability:?}: {tally:?}");
    assert!(
        tally.amid * 3 > tally.kills,
        "too few in the middle: {tally:?}"
    );
    servers.assert_source_untouched();
}

fn on(
    format: MailFormat,
    capability: Option<&str>,
    options: &[&str],
    kills: [usize; 2],
    seed: u64,
) {
    if dovecot_or_not_run() {
        campaign(
            format,
            capability,
            options,
            kills[usize::from(long_campaign())],
            seed,
        );
    }
}

#[test]
fn maildir() {
    on(MailFormat::Maildir, None, &[], [10, 100], 21);
}

#[test]
fn mdbox() {
    on(MailFormat::Mdbox, None, &[], [10, 100], 22);
}

#[test]
fn unordered() {
    on(MailFormat::Maildir, None, &["--unordered"], [5, 50], 25);
    on(MailFormat::Mdbox, None, &["--unordered"], [5, 50], 26);
}

#[test]
fn without_uidplus() {
    // Two at once: most of the time is waiting until a server is quiet.
    thread::scope(|scope| {
        for (format, seed) in [(MailFormat::Maildir, 23), (MailFormat::Mdbox, 24)] {
            scope.spawn(move || on(format, Some(WITHOUT_UIDPLUS), &[], [5, 50], seed));
        }
    });
}

/// Hidden, not switched off: the server still sends APPENDUID, which must not be believed.
const WITHOUT_UIDPLUS: &str = "IMAP4rev1 LITERAL+ NAMESPACE";
const KILLS_AN_ACCOUNT: usize = 5;
const MESSAGES: usize = 1620;
