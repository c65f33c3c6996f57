//! What the ledger costs: messages a second of the real engine with it, beside the same engine with
//! a ledger that does nothing, in turn.
//!
//! `cargo run --release -p imapsync-benches --bin ledger-cost [MESSAGES]` copies small messages
//! between two embedded servers (default 1,000,000), then 10,000 messages from a Dovecot to another
//! (mdbox).

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use imap_client_lite::{Secret, TrustRoots};
use imapsync_cli::account::Account;
use imapsync_cli::ledger::Place;
use imapsync_cli::plan::Deleted;
use imapsync_cli::side::{Both, Side};
use imapsync_cli::stop::Stop;
use imapsync_cli::sync::{Job, Patience, RefusedMail, Traffic, sync};
use imapsync_cli::transfer::Uncertain;
use imapsync_tests::corpus::plain;
use imapsync_tests::real::{Dovecot, DovecotOptions, MailFormat, PASSWORD};
use imapsync_tests::server::{Body, Delivery, EmbeddedServer, Options, Profile};

fn main() -> ExitCode {
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ledger-cost: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<(), Box<dyn Error>> {
    let messages = match std::env::args().nth(1) {
        Some(text) => text.parse()?,
        None => 1_000_000,
    };
    let source = embedded()?;
    for number in 0..messages {
        let delivery = Delivery::new(Body::synthesized(number, SMALL));
        source.store().deliver(USER, "INBOX", delivery);
    }
    compare(&format!("{messages} messages, embedded"), messages, || {
        let dest = embedded()?;
        let ports = (source.port(), dest.port());
        Ok((dest, ports))
    })?;
    if !Dovecot::available() {
        println!("Dovecot: NOT RUN (needs dovecot-imapd, and root to start it)");
        return Ok(());
    }
    let corpus = plain(4, 2500, 1);
    let source = Dovecot::start(DovecotOptions::with_format(MailFormat::Maildir)?)?;
    source.fill(USER, &corpus)?;
    let messages = corpus.message_count() as u64;
    compare(
        &format!("{messages} messages, Dovecot to mdbox"),
        messages,
        || {
            let dest = Dovecot::start(DovecotOptions::with_format(MailFormat::Mdbox)?)?;
            let ports = (source.plain_address().port(), dest.plain_address().port());
            Ok((dest, ports))
        },
    )
}

/// Runs both kinds in turn, each into a new destination, and prints the median of the rounds' ratios:
/// a machine that slows down does so for both.
fn compare<D>(
    what: &str,
    messages: u64,
    fresh: impl Fn() -> Result<(D, (u16, u16)), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for (kind, times) in [(Kind::Ledger, &mut with), (Kind::Nothing, &mut without)] {
            let (dest, ports) = fresh()?;
            times.push(copy(kind, ports, messages)?);
            drop(dest);
        }
    }
    let mut ratios: Vec<f64> = with
        .iter()
        .zip(&without)
        .map(|(with, without)| without.as_secs_f64() / with.as_secs_f64())
        .collect();
    ratios.sort_unstable_by(f64::total_cmp);
    let rate = |times: &mut Vec<Duration>| {
        times.sort_unstable();
        let median = times
            .get(times.len() / 2)
            .map_or(1.0, Duration::as_secs_f64);
        (messages as f64 / median, median)
    };
    let ((with, seconds), (without, least)) = (rate(&mut with), rate(&mut without));
    println!(
        "{what}: {with:.0} messages/s with the ledger ({seconds:.2} s), {without:.0} without ({least:.2} s): ratio {:.3} ({:.3} - {:.3})",
        ratios.get(ratios.len() / 2).unwrap_or(&0.0),
        ratios.first().unwrap_or(&0.0),
        ratios.last().unwrap_or(&0.0),
    );
    Ok(())
}

#[derive(Clone, Copy)]
enum Kind {
    Ledger,
    Nothing,
}

fn copy(kind: Kind, ports: (u16, u16), messages: u64) -> Result<Duration, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let job = job(kind, ports, folder.path())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let started = Instant::now();
    let (_signals, stop) = Stop::by_hand();
    let (report, fault) = runtime.block_on(sync(&job, stop));
    let elapsed = started.elapsed();
    match fault {
        Some(fault) => Err(fault.into()),
        None if report.totals().0 != messages => {
            Err(format!("{} were copied", report.totals().0).into())
        }
        None => Ok(elapsed),
    }
}

fn job(kind: Kind, (source, dest): (u16, u16), folder: &Path) -> Result<Job, Box<dyn Error>> {
    let account = |side, port: u16| -> Result<Account, Box<dyn Error>> {
        let url = format!("imap+insecure://{USER}@127.0.0.1:{port}").parse()?;
        Ok(Account::new(
            side,
            url,
            Secret::new(PASSWORD.to_owned()),
            TrustRoots::default(),
        ))
    };
    Ok(Job {
        accounts: Both {
            source: account(Side::Source, source)?,
            dest: account(Side::Dest, dest)?,
        },
        ledger: match kind {
            Kind::Ledger => Place::file(folder.join("ledger")),
            Kind::Nothing => Place::nothing(),
        },
        memory: 12 << 20,
        refused: RefusedMail::default(),
        patience: Patience::default(),
        uncertain: Uncertain::default(),
        deleted: Deleted::default(),
        traffic: Traffic::single(),
    })
}

fn embedded() -> std::io::Result<EmbeddedServer> {
    EmbeddedServer::start(Options::with_profile(Profile::full()).with_user(USER, PASSWORD))
}

const USER: &str = "alice";
/// Octets of a small message.
const SMALL: u64 = 400;
const ROUNDS: usize = 7;
