//! Runs that are cut short, by Ctrl-C and by SIGKILL at random moments: those after them finish the
//! work, and every message arrives exactly once.

use std::thread;
use std::time::{Duration, Instant};

use imapsync_tests::compare::Snapshot;
use imapsync_tests::corpus::{Account, Random, plain};
use imapsync_tests::program::{DovecotPair, Running, SINGLY, USER, Way};
use imapsync_tests::real::{
    Dovecot, DovecotOptions, MailFormat, RawClient, dovecot_or_not_run, long_campaign,
};

/// Enough to be cut in the middle; each mailbox holds some messages three times, side by side and far
/// apart, so that a cut may fall between identical copies.
fn repetitive(messages: usize, seed: u64) -> Account {
    let mut account = plain(3, messages, seed);
    for mailbox in &mut account.mailboxes {
        let some: Vec<_> = mailbox.messages.iter().step_by(20).cloned().collect();
        for (index, copy) in some.iter().enumerate() {
            mailbox.messages.insert(index * 21, copy.clone());
        }
        mailbox.messages.extend(some);
    }
    account
}

fn pair(format: MailFormat, capability: Option<&str>, account: &Account) -> DovecotPair {
    let options = |format| DovecotOptions::with_format(format).expect("certificates can be made");
    let dest = DovecotOptions {
        capability: capability.map(ToOwned::to_owned),
        ..options(format)
    };
    DovecotPair::start(
        PROGRAM,
        Way::Plain,
        options(MailFormat::Maildir),
        dest,
        account,
    )
}

/// Fails unless each message is there exactly once, and a further run leaves it so.
#[track_caller]
fn assert_complete(pair: &DovecotPair, account: &Account) {
    let truth = Snapshot::of_account(account).unordered();
    let differences = truth.differences(&pair.held().unordered());
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    pair.assert_settled();
}

/// Counts what has arrived, over a connection of its own.
struct Arrivals {
    client: RawClient,
    mailboxes: Vec<String>,
}

impl Arrivals {
    fn at(server: &Dovecot, account: &Account) -> Self {
        let name = |segments: &[String]| server.options().namespace.wire_name(segments);
        Self {
            client: server.login(USER).expect("one more connection"),
            mailboxes: account
                .mailboxes
                .iter()
                .map(|mailbox| name(&mailbox.segments))
                .collect(),
        }
    }

    /// Messages in all mailboxes; one that is not there yet has none.
    fn count(&mut self) -> usize {
        let mut count = 0;
        for mailbox in &self.mailboxes {
            let reply = self
                .client
                .command(&format!("STATUS \"{mailbox}\" (MESSAGES)"));
            let lines = reply.expect("the server answers").lines().join("");
            let number = lines.rsplit(' ').next().unwrap_or_default();
            count += number.trim_end_matches(')').parse().unwrap_or(0);
        }
        count
    }
}

#[test]
fn ctrl_c_ends_with_a_checkpoint_and_the_next_run_finishes() {
    if !dovecot_or_not_run() {
        return;
    }
    let account = repetitive(400, 1);
    let pair = pair(MailFormat::Maildir, None, &account);
    let mut arrivals = Arrivals::at(&pair.dest, &account);
    for share in [5, 2] {
        let mut running = pair.begin("sync", &SINGLY);
        let before = arrivals.count();
        let wanted = before + (account.message_count() - before) / share;
        assert!(running.until(|| arrivals.count() >= wanted), "too quick");
        running.interrupt();
        running.wait().exits(130).says("run the same command again");
        let arrived = arrivals.count();
        assert!(arrived < account.message_count(), "too late: {arrived}");
    }
    pair.sync().exits(0);
    assert_complete(&pair, &account);
}

/// Kills at random moments until enough of them have hit a run under way, on as many pairs as that
/// takes: a quick machine finishes a run before its kill comes, and needs more pairs.
fn survives_kills(format: MailFormat, capability: Option<&str>, seed: u64) {
    let wanted = if long_campaign() { 60 } else { 6 };
    let mut random = Random::new(seed);
    let mut hits = 0;
    for pairs in 1..=wanted {
        hits += kills_on_one_pair(format, capability, wanted - hits, &mut random);
        println!("{format:?}, {capability:?}, seed {seed}: {hits} kills hit, {pairs} pairs");
        if hits == wanted {
            return;
        }
    }
    panic!("only {hits} of {wanted} kills hit a run under way");
}

/// Kills run after run on one pair, until as many as wanted have hit or a run has come to its end;
/// then a run must leave everything there once. Says how many hit.
fn kills_on_one_pair(
    format: MailFormat,
    capability: Option<&str>,
    wanted: usize,
    random: &mut Random,
) -> usize {
    // Batches into large files take no time, and many messages arrive in one moment: only the clock
    // hits such a run, if there is enough to do.
    let (messages, moments) = match (format, capability) {
        (MailFormat::Mdbox, None) => (2000, Moments::Early),
        _ => (400, Moments::Any),
    };
    let account = repetitive(messages, random.below(1 << 20) as u64);
    let pair = pair(format, capability, &account);
    let mut arrivals = Arrivals::at(&pair.dest, &account);
    let mut hits = 0;
    for left in (1..=wanted).rev() {
        let running = pair.begin("sync", &[]);
        if !kill(running, &mut arrivals, &account, left, moments, random) {
            break;
        }
        hits += 1;
    }
    pair.sync().exits(0);
    assert_complete(&pair, &account);
    hits
}

/// When a kill comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moments {
    /// After some arrivals, or at any time.
    Any,
    /// Soon.
    Early,
}

/// Kills within a random time after a random share of what is missing has arrived, so that later
/// kills find work too. One in four comes by the clock alone: it may hit the settling. Says whether
/// the program was still running.
fn kill(
    mut running: Running,
    arrivals: &mut Arrivals,
    account: &Account,
    left: usize,
    moments: Moments,
    random: &mut Random,
) -> bool {
    let arrived = arrivals.count();
    let missing = account.message_count().saturating_sub(arrived);
    let by_clock = moments == Moments::Early || random.one_in(4);
    let wanted = arrived + random.below(2 * missing / (left + 1) + 1);
    let latest = match moments {
        Moments::Early => 300_000,
        Moments::Any if by_clock => 2_500_000,
        Moments::Any => 5_000,
    };
    let moment = Duration::from_micros(random.below(latest) as u64);
    let in_time = by_clock || running.until(|| arrivals.count() > wanted);
    let since = Instant::now();
    let in_time = in_time && running.until(|| since.elapsed() >= moment);
    running.kill();
    let outcome = running.wait();
    in_time && outcome.code().is_none()
}

#[test]
fn kills_cost_nothing_and_double_nothing() {
    if !dovecot_or_not_run() {
        return;
    }
    let stores = [
        (MailFormat::Maildir, None, 11),
        (MailFormat::Mdbox, None, 12),
        (MailFormat::Maildir, Some(WITHOUT_UIDPLUS), 13),
        (MailFormat::Mdbox, Some(WITHOUT_UIDPLUS), 14),
    ];
    // At once: most of the time is waiting until a server is quiet.
    thread::scope(|scope| {
        for (format, capability, seed) in stores {
            scope.spawn(move || survives_kills(format, capability, seed));
        }
    });
}

/// Hidden, not switched off: the server still sends APPENDUID, which must not be believed.
const WITHOUT_UIDPLUS: &str = "IMAP4rev1 LITERAL+ NAMESPACE";
const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");
