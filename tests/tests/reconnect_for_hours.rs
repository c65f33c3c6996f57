//! Trouble that lasts: servers that are away, slow us down or fail in one place, in virtual time.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use imapsync_cli::account::{Account, Pipes};
use imapsync_cli::cli::Exit;
use imapsync_cli::ledger::Place;
use imapsync_cli::report::Report;
use imapsync_cli::side::{Both, Side};
use imapsync_cli::stop::Stop;
use imapsync_cli::sync::{Job, Patience, RefusedMail, Traffic, sync};
use imapsync_tests::corpus::plain;
use imapsync_tests::server::{Fault, Options, Profile, Rule, Shared, serve};
use tokio::time::Instant;

/// Two servers, the source with three mailboxes of ten messages, and how the destination is reached.
struct Stage {
    source: Shared,
    dest: Shared,
    /// Dials so far, both sides together.
    dials: Arc<AtomicU64>,
    folder: tempfile::TempDir,
}

/// How a run ended.
struct Ended {
    report: Report,
    fault: String,
    exit: Exit,
    lasted: Duration,
}

impl Stage {
    fn new() -> Self {
        let [source, dest] =
            [(); 2].map(|()| Options::with_profile(Profile::singles()).with_user("alice", "pw"));
        let stage = Self {
            source: Shared::new(source),
            dest: Shared::new(dest),
            dials: Arc::default(),
            folder: tempfile::tempdir().expect("temporary folders can be made"),
        };
        let mut store = stage.source.store();
        store.account("alice").fill(&plain(3, 10, 1));
        let inbox = store.mailbox("alice", "INBOX").expect("INBOX is there");
        inbox.uidvalidity += 1_000_000;
        drop(store);
        stage
    }

    /// The destination cannot be reached from `from` to `until`, counted from now.
    async fn run(&self, patience: Patience, away: Option<(Duration, Duration)>) -> Ended {
        let began = Instant::now();
        let is_away = move || {
            let now = began.elapsed();
            away.is_some_and(|(from, until)| now >= from && now < until)
        };
        let account = |side: Side, server: &Shared| {
            let (server, dials) = (server.clone(), Arc::clone(&self.dials));
            let pipes = Pipes::new(move || {
                dials.fetch_add(1, Ordering::Relaxed);
                if side == Side::Dest && is_away() {
                    return Err(io::ErrorKind::ConnectionRefused.into());
                }
                let (near, far) = tokio::io::duplex(64 << 10);
                tokio::spawn(serve(far, server.clone()));
                Ok(near)
            });
            let url = format!("imap+insecure://alice@{side}:143");
            let url = url.parse().expect("the URL is well-formed");
            Account::over_pipes(side, url, "pw".to_owned(), pipes)
        };
        let job = Job {
            accounts: Both {
                source: account(Side::Source, &self.source),
                dest: account(Side::Dest, &self.dest),
            },
            ledger: Place::file(self.folder.path().join("ledger")),
            memory: 12 << 20,
            uncertain: Default::default(),
            deleted: Default::default(),
            traffic: Traffic::single(),
            refused: RefusedMail::default(),
            patience,
        };
        let (_signals, stop) = Stop::by_hand();
        if let Some((from, _)) = away {
            let dest = self.dest.clone();
            tokio::spawn(async move {
                tokio::time::sleep(from).await;
                dest.cut_all();
            });
        }
        let (report, fault) = sync(&job, stop).await;
        let exit = fault
            .as_ref()
            .map_or_else(|| report.exit(), |fault| fault.exit());
        Ended {
            report,
            fault: fault.map(|fault| fault.to_string()).unwrap_or_default(),
            exit,
            lasted: began.elapsed(),
        }
    }

    /// Each APPEND takes a second, so that there is a middle to be hit.
    fn slow(&self) {
        let second = Fault::Delay(Duration::from_secs(1));
        self.dest.add_fault(Rule::new(second).on_command("APPEND"));
    }

    fn arrived(&self) -> usize {
        self.dest.store().message_count("alice")
    }
}

const fn minutes(count: u64) -> Duration {
    Duration::from_secs(60 * count)
}

fn patience() -> Patience {
    Patience::default()
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_away_for_most_of_an_hour_is_waited_for() {
    let stage = Stage::new();
    stage.slow();
    let away = (Duration::from_secs(15), minutes(55));
    let ended = stage.run(patience(), Some(away)).await;
    assert_eq!(ended.exit, Exit::Complete, "{}", ended.fault);
    assert_eq!(stage.arrived(), 30);
    let lasted = ended.lasted;
    assert!((minutes(55)..minutes(58)).contains(&lasted), "{lasted:?}");
    // A minute between tries: nobody is hammered.
    let dials = stage.dials.load(Ordering::Relaxed);
    assert!((50..80).contains(&dials), "{dials} dials");
}

#[tokio::test(start_paused = true)]
async fn an_hour_without_a_message_is_too_long() {
    let stage = Stage::new();
    stage.slow();
    let away = (Duration::from_secs(15), minutes(600));
    let ended = stage.run(patience(), Some(away)).await;
    assert_eq!(ended.exit, Exit::Temporary);
    assert!(ended.fault.contains("gave up"), "{}", ended.fault);
    assert!((minutes(60)..minutes(62)).contains(&ended.lasted));
    let again = stage.run(patience(), None).await;
    assert_eq!((again.exit, stage.arrived()), (Exit::Complete, 30));
}

#[tokio::test(start_paused = true)]
async fn a_deadline_counts_while_the_server_is_away() {
    let stage = Stage::new();
    stage.slow();
    let patience = Patience {
        deadline: Some(minutes(30)),
        ..patience()
    };
    let away = (Duration::from_secs(15), minutes(600));
    let ended = stage.run(patience, Some(away)).await;
    assert_eq!((ended.exit, ended.lasted), (Exit::Limit, minutes(30)));
}

/// Exchange's words, each time after a few messages: five minutes of pause, again and again.
#[tokio::test(start_paused = true)]
async fn a_server_that_throttles_all_day_gets_its_way() {
    let stage = Stage::new();
    let text = "BAD Request is throttled. Suggested Backoff Time: 299961 milliseconds";
    for nth in [3, 10, 20, 30, 35] {
        let throttled = Fault::Refuse(text.to_owned());
        let rule = Rule::new(throttled).on_command("APPEND");
        stage.dest.add_fault(rule.nth(nth));
    }
    // Each message that moves makes it patient anew.
    let patience = Patience {
        give_up_after: minutes(12),
        ..patience()
    };
    let ended = stage.run(patience, None).await;
    assert_eq!(ended.exit, Exit::Complete, "{}", ended.fault);
    assert_eq!(stage.arrived(), 30);
    assert!((minutes(24)..minutes(27)).contains(&ended.lasted));
}

#[tokio::test(start_paused = true)]
async fn a_source_that_throttles_hands_out_the_rest_later() {
    let stage = Stage::new();
    for (command, text) in [
        (
            "UID FETCH",
            "NO [UNAVAILABLE] too much, try again in 5 minutes",
        ),
        (
            "FETCH",
            "BAD Request is throttled. Suggested Backoff Time: 60000 milliseconds",
        ),
    ] {
        let rule = Rule::new(Fault::Refuse(text.to_owned())).on_command(command);
        stage.source.add_fault(rule.nth(2));
    }
    let ended = stage.run(patience(), None).await;
    assert_eq!(ended.exit, Exit::Complete, "{}", ended.fault);
    assert_eq!(stage.arrived(), 30);
    assert!((minutes(6)..minutes(8)).contains(&ended.lasted));
}

/// Whoever fetches this one message loses the connection, whatever happens: a bug of the server.
#[tokio::test(start_paused = true)]
async fn a_mailbox_that_kills_each_connection_is_listed_and_the_others_are_copied() {
    let stage = Stage::new();
    let cut = Rule::new(Fault::CutInLiteral {
        literal: 1,
        after: 10,
    });
    let cut = cut.on_command("UID FETCH").on_mailbox("INBOX");
    stage.source.add_fault(cut);
    let ended = stage.run(patience(), None).await;
    assert_eq!(ended.exit, Exit::Partial, "{}", ended.fault);
    let inbox = &ended.report.mailboxes[0];
    let reason = inbox.failed.as_deref().unwrap_or_default();
    assert!(reason.contains("source: "), "{reason}");
    let arrived: Vec<u64> = ended.report.mailboxes[1..]
        .iter()
        .map(|mailbox| mailbox.copied)
        .collect();
    assert_eq!(arrived, [10, 10]);
    assert!((minutes(10)..minutes(12)).contains(&ended.lasted));
    stage.source.faults().clear();
    let again = stage.run(patience(), None).await;
    assert_eq!((again.exit, stage.arrived()), (Exit::Complete, 30));
}

/// Equal seeds wait for the same times, others for other times.
#[tokio::test(start_paused = true)]
async fn pauses_depend_on_the_seed_alone() {
    let mut lasted = Vec::new();
    for seed in [1, 1, 2] {
        let stage = Stage::new();
        let cut = Rule::new(Fault::CutBeforeReply).on_command("SELECT");
        stage.dest.add_fault(cut.times(4));
        let patience = Patience { seed, ..patience() };
        lasted.push(stage.run(patience, None).await.lasted);
    }
    assert_eq!(lasted[0], lasted[1]);
    assert_ne!(lasted[1], lasted[2]);
}
