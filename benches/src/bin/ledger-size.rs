//! How large a ledger of ten million messages is, and how long it takes to look something up.
//!
//! `cargo run --release -p imapsync-benches --bin ledger-size [MESSAGES]`

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use imap_proto_lite::{FlagSet, MailboxName, SystemFlag, Uid, UidValidity};
use imapsync_cli::account::AccountUrl;
use imapsync_cli::ledger::{Beginning, Delivery, Key, Ledger, MailboxRow, Place};
use imapsync_cli::side::Both;

fn main() -> ExitCode {
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ledger-size: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<(), Box<dyn Error>> {
    let messages = match std::env::args().nth(1) {
        Some(text) => text.parse()?,
        None => 10_000_000,
    };
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("ledger");
    let rows = timed("fill", || fill(&path, messages))?;
    let ledger = timed(
        "open after a run that was cut off, looking through all of it",
        || open(&path),
    )?;
    let run = ledger.begin_run(2)?;
    ledger.end_run(run, 3, 0, 0, 0, 0)?;
    drop(ledger);
    let ledger = timed("open after a run that ended", || open(&path))?;
    let size = path.metadata()?.len();
    let Some(row) = rows.get(rows.len() / 2) else {
        return Err("no mailbox".into());
    };
    let (first, last) = (uid(50_000)?, uid(51_000)?);
    timed("look up 1,000 source UIDs", || {
        Ok(ledger.settled(row.id, first, last)?.len())
    })?;
    timed("look up what lies above a mark", || {
        Ok(ledger.mapped(row.id, uid(109_000)?)?.len())
    })?;
    timed("count a mailbox", || Ok(ledger.settled_count(row.id)?))?;
    println!(
        "{messages} messages: {:.0} MB, {:.1} octets a message",
        size as f64 / 1e6,
        size as f64 / messages as f64
    );
    println!("peak memory: {}", peak_memory());
    if size > 100 * messages {
        return Err("more than 100 octets a message".into());
    }
    Ok(())
}

/// Mailboxes of 100,000 messages.
fn fill(path: &Path, messages: u64) -> Result<Vec<MailboxRow>, Box<dyn Error>> {
    let ledger = open(path)?;
    ledger.begin_run(1)?;
    let flags = FLAGS.map(|flags| {
        let mut set = FlagSet::default();
        flags.iter().for_each(|&flag| set.insert(flag));
        set
    });
    let mut rows = Vec::new();
    for mailbox in 0..messages.div_ceil(IN_MAILBOX) {
        let name = MailboxName::from_wire(format!("Archive/{mailbox}").into_bytes())?;
        let validity = UidValidity::new(1_700_000_000).ok_or("zero")?;
        let key = Key {
            source: &name,
            source_validity: validity,
            dest: &name,
            dest_validity: validity,
        };
        let row = ledger.begin_mailbox(key, uid(1)?, Beginning::Empty)?;
        for number in 0..IN_MAILBOX.min(messages - mailbox * IN_MAILBOX) {
            // One UID in ten is of a message that is gone.
            let source = u32::try_from(number + number / 9 + 1)?;
            let delivery = Delivery {
                source: uid(source)?,
                dest: Some(uid(u32::try_from(number + 1)?)?),
                flags: flags.get(number as usize * 7 % FLAGS.len()),
            };
            ledger.deliver(row.id, delivery)?;
        }
        rows.push(row);
    }
    ledger.commit()?;
    Ok(rows)
}

fn open(path: &Path) -> Result<Ledger, Box<dyn Error>> {
    let url = |text: &str| text.parse::<AccountUrl>();
    let accounts = Both {
        source: url("imaps://joe@old.example")?,
        dest: url("imaps://joe@new.example")?,
    };
    Ok(Ledger::open(&Place::file(path.to_owned()), &accounts)?)
}

fn timed<T>(
    what: &str,
    work: impl FnOnce() -> Result<T, Box<dyn Error>>,
) -> Result<T, Box<dyn Error>> {
    let started = Instant::now();
    let done = work()?;
    println!("{:>10.3} s  {what}", started.elapsed().as_secs_f64());
    Ok(done)
}

fn uid(value: u32) -> Result<Uid, &'static str> {
    Uid::new(value).ok_or("zero is no UID")
}

/// VmHWM, as the system tells it.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.unwrap_or("unknown").trim().to_owned()
}

const IN_MAILBOX: u64 = 100_000;
const FLAGS: [&[SystemFlag]; 8] = [
    &[],
    &[SystemFlag::Seen],
    &[SystemFlag::Seen, SystemFlag::Answered],
    &[SystemFlag::Flagged],
    &[SystemFlag::Seen, SystemFlag::Flagged],
    &[SystemFlag::Draft],
    &[SystemFlag::Deleted],
    &[SystemFlag::Seen, SystemFlag::Deleted],
];
