//! The first figure: 10,000 messages (some 145 MB) in 4 mailboxes from one Dovecot to another, on
//! loopback in plain text, by this program and by mbsync in turn.
//!
//! `cargo build --release -p imapsync-cli && cargo run --release -p imapsync-benches --bin first-figure`
//! takes `imapsync-cli` from where it lies itself; another one can be given as the only argument.

mod measured;
mod table;
mod tool;

use std::error::Error;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::{env, io};

use imapsync_tests::compare::Snapshot;
use imapsync_tests::corpus::{Account, plain};
use imapsync_tests::real::{Dovecot, DovecotOptions, MailFormat};
use tempfile::TempDir;

use crate::measured::Measured;
use crate::table::Table;
use crate::tool::{Promise, Tool, USER};

fn main() -> ExitCode {
    match figure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("first-figure: {error}");
            ExitCode::FAILURE
        }
    }
}

fn figure() -> Result<(), Box<dyn Error>> {
    if !Dovecot::available() {
        return Err("needs dovecot-imapd, and root to start it".into());
    }
    let tools = [Tool::ours(program()?), Tool::mbsync()];
    let account = plain(4, 2500, SEED);
    let source = Dovecot::start(options(MailFormat::Maildir)?)?;
    source.fill(USER, &account)?;
    describe(&account, &tools);
    for format in [MailFormat::Maildir, MailFormat::Mdbox] {
        let mut table = Table::new(format, &account);
        for round in 0..ROUNDS {
            for tool in &tools {
                let measured = one_round(tool, &source, format, &account)?;
                eprintln!(
                    "{format:?}, round {}: {}: {measured}",
                    round + 1,
                    tool.name()
                );
                table.note(tool.name(), measured);
            }
        }
        println!("{table}");
    }
    println!("load average at the end: {}", load_average());
    Ok(())
}

/// One copy into a new, empty server; counts only when what arrived is right.
fn one_round(
    tool: &Tool,
    source: &Dovecot,
    format: MailFormat,
    account: &Account,
) -> Result<Measured, Box<dyn Error>> {
    let dest = Dovecot::start(options(format)?)?;
    let folder = TempDir::new()?;
    let command = tool.command(source, &dest, folder.path())?;
    let measured = Measured::run(command)?;
    let held = Snapshot::of_dovecot(&dest, USER)?;
    let differences = match tool.promise() {
        Promise::Exact => Snapshot::of_account(account).differences(&held),
        Promise::Count if held.message_count() == account.message_count() => Vec::new(),
        Promise::Count => vec![format!("{} messages arrived", held.message_count())],
    };
    match differences.first() {
        None => Ok(measured),
        Some(first) => Err(format!(
            "{}: {} differences, the first: {first}",
            tool.name(),
            differences.len()
        )
        .into()),
    }
}

/// What this was measured with.
fn describe(account: &Account, tools: &[Tool]) {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let bytes = account.total_bytes() as f64 / 1e6;
    println!(
        "{} messages, {bytes:.1} MB, {} mailboxes (seed {SEED}); {cores} cores; {ROUNDS} rounds, in turn",
        account.message_count(),
        account.mailboxes.len()
    );
    let versions = tools.iter().map(Tool::version);
    let dovecot = tool::first_line(Command::new("/usr/sbin/dovecot").arg("--version"));
    let versions: Vec<String> = versions.chain([format!("Dovecot {dovecot}")]).collect();
    println!("{}", versions.join("; "));
    println!("load average before: {}\n", load_average());
}

/// Of the last minute: what others did meanwhile spoils the figure.
fn load_average() -> String {
    let averages = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    averages.split(' ').next().unwrap_or_default().to_owned()
}

fn options(format: MailFormat) -> io::Result<DovecotOptions> {
    DovecotOptions::with_format(format)
}

/// The program to measure: named by the first argument, or built beside this one.
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
const ROUNDS: usize = 3;
