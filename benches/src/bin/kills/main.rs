//! The figure on kills: 2,000 messages in two mailboxes from one Dovecot to another, five SIGKILLs at random
//! moments, each followed at once by the next run, then a run to the end. A trial in which a kill came too late
//! is repeated. How many messages are lost, how many
//! are there twice, on either side? For this program, mbsync and interimap.
//!
//! `cargo build --release -p imapsync-cli && cargo run --release -p imapsync-benches --bin kills`
//! takes `imapsync-cli` from where it lies itself; another one can be given as the only argument.

mod bodies;
mod table;
mod tool;
mod trial;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use std::{env, io};

use imapsync_tests::corpus::{Account, plain_of_mean};
use imapsync_tests::real::{Dovecot, DovecotOptions, MailFormat};

use crate::table::Table;
use crate::tool::Tool;
use crate::trial::{Tally, Trial};

fn main() -> ExitCode {
    match figure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kills: {error}");
            ExitCode::FAILURE
        }
    }
}

fn figure() -> Result<(), Box<dyn Error>> {
    if !Dovecot::available() {
        return Err("needs dovecot-imapd, and root to start it".into());
    }
    let account = plain_of_mean(2, 1000, SEED, 10_000.0);
    println!(
        "{} messages, {:.1} MB, 2 mailboxes (seed {SEED}); {KILLS} kills a trial, {TRIALS} trials; Maildir -> Maildir",
        account.message_count(),
        account.total_bytes() as f64 / 1e6
    );
    let mut table = Table::default();
    for tool in [Tool::Ours(program()?), Tool::Mbsync, Tool::Interimap] {
        let Some(version) = tool.version() else {
            table.not_run(tool.name());
            continue;
        };
        let job = Trial::start(&tool, &account, options()?)?.undisturbed()?;
        println!("{version}: {job:.2?} undisturbed");
        for seed in 1..=TRIALS {
            let tally = hit(&tool, &account, seed, job)?;
            eprintln!("{}, trial {seed}: {tally:?}", tool.name());
            table.note(tool.name(), tally);
        }
    }
    println!("\n{table}");
    Ok(())
}

/// A trial whose kills have all hit, if one of a few does: each begins anew, with less time before
/// each kill. What the others found does not count for the comparison, but it is told.
fn hit(tool: &Tool, account: &Account, seed: u64, job: Duration) -> Result<Tally, Box<dyn Error>> {
    let mut job = job;
    let mut tally = Trial::start(tool, account, options()?)?.run(KILLS, seed, job)?;
    for _ in 1..TRIES {
        if tally.kills == KILLS {
            break;
        }
        eprintln!("{}, trial {seed}, too late: {tally:?}", tool.name());
        let found_before = tally.found();
        job = job * 3 / 4;
        tally = Trial::start(tool, account, options()?)?.run(KILLS, seed, job)?;
        tally.found_before = found_before;
    }
    Ok(tally)
}

fn options() -> io::Result<DovecotOptions> {
    DovecotOptions::with_format(MailFormat::Maildir)
}

/// The program to test: named by the first argument, or built beside this one.
fn program() -> Result<PathBuf, Box<dyn Error>> {
    let program = match env::args_os().nth(1) {
        Some(path) => path.into(),
        None => env::current_exe()?.with_file_name("imapsync-cli"),
    };
    if program.exists() {
        return Ok(program);
    }
    let path = program.display();
    Err(format!("{path} is missing: cargo build --release -p imapsync-cli").into())
}

const SEED: u64 = 1;
const KILLS: usize = 5;
const TRIALS: u64 = 3;
/// Tries of one trial.
const TRIES: usize = 4;
