//! `ledger show` and `ledger move`: looking into a ledger, and giving it other accounts.

use std::fmt;

use imap_client_lite::proto::InternalDate;
use serde_json::json;

use super::args::{LedgerCommand, LedgerMoveArgs, LedgerShowArgs};
use super::exit::Exit;
use super::run::{account_url, complain, same_place, say};
use crate::error::Fault;
use crate::ledger::{Contents, Counted, Holder, Run, State, move_ledger};
use crate::side::Both;

/// Needs no server and no password.
pub(crate) fn run(command: LedgerCommand) -> Exit {
    let done = match command {
        LedgerCommand::Show(arguments) => show(arguments),
        LedgerCommand::Move(arguments) => rename(&arguments),
    };
    done.unwrap_or_else(|exit| exit)
}

fn show(arguments: LedgerShowArgs) -> Result<Exit, Exit> {
    let accounts = Both {
        source: account_url("SOURCE", &arguments.source)?,
        dest: account_url("DEST", &arguments.dest)?,
    };
    let place = arguments.file.place(&accounts);
    let contents = Contents::look(&Holder { place, accounts });
    let contents = contents.map_err(|error| complain(&error.into()))?;
    if arguments.json {
        let exit = Exit::Complete.code();
        say(&format!(
            "{}\n",
            json!({ "exit": exit, "ledger": contents })
        ));
    } else {
        say(&contents);
    }
    Ok(Exit::Complete)
}

fn rename(arguments: &LedgerMoveArgs) -> Result<Exit, Exit> {
    let old = Both {
        source: account_url("OLD_SOURCE", &arguments.old_source)?,
        dest: account_url("OLD_DEST", &arguments.old_dest)?,
    };
    let new = Both {
        source: account_url("NEW_SOURCE", &arguments.new_source)?,
        dest: account_url("NEW_DEST", &arguments.new_dest)?,
    };
    if same_place(&new.source, &new.dest) {
        return Err(complain(&Fault::SameAccount));
    }
    let [old, new] = [old, new].map(|accounts| Holder {
        place: arguments.file.place(&accounts),
        accounts,
    });
    let path = move_ledger(&old, &new).map_err(|error| complain(&error.into()))?;
    let Both { source, dest } = &new.accounts;
    say(&format!(
        "the ledger is now that of {source} -> {dest}\n  {}\n",
        path.display()
    ));
    Ok(Exit::Complete)
}

impl fmt::Display for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "ledger       {}", self.path.display())?;
        writeln!(f, "source       {}", self.source)?;
        writeln!(f, "destination  {}", self.dest)?;
        for (name, value) in &self.traits {
            writeln!(f, "known        {name}: {value}")?;
        }
        writeln!(f, "\nlast runs")?;
        for run in &self.runs {
            show_run(f, run)?;
        }
        if self.runs.is_empty() {
            writeln!(f, "  none")?;
        }
        writeln!(f, "\n{:>10} {:>9}  mailboxes", "messages", "refused")?;
        for mailbox in &self.mailboxes {
            show_mailbox(f, mailbox)?;
        }
        let total = |count: fn(&Counted) -> u64| self.mailboxes.iter().map(count).sum::<u64>();
        let (messages, refusals) = (total(|one| one.messages), total(|one| one.refusals));
        writeln!(f, "{messages:>10} {refusals:>9}  in all")
    }
}

fn show_run(f: &mut fmt::Formatter<'_>, run: &Run) -> fmt::Result {
    let outcome = match (run.ended, run.exit) {
        (Some(ended), Some(exit)) => format!("exit {exit} after {} s", ended - run.started),
        _ => "under way, or cut off".to_owned(),
    };
    let Run {
        copied, recovered, ..
    } = run;
    let started = moment(run.started);
    writeln!(
        f,
        "  {started}  {outcome}: {copied} copied, {recovered} recognised (version {})",
        run.version
    )
}

fn show_mailbox(f: &mut fmt::Formatter<'_>, one: &Counted) -> fmt::Result {
    let note = match one.state {
        State::Closed => "",
        State::Open => "  (open: a run is under way or was cut off)",
        State::Replaced => "  (under an earlier UIDVALIDITY)",
    };
    write!(
        f,
        "{:>10} {:>9}  {}",
        one.messages, one.refusals, one.source
    )?;
    if one.dest != one.source {
        write!(f, " -> {}", one.dest)?;
    }
    writeln!(f, "{note}")
}

/// Seconds since 1970 as a date of the calendar, in UTC.
fn moment(unix_seconds: i64) -> String {
    let date = InternalDate::new(unix_seconds, 0);
    date.map_or_else(|| unix_seconds.to_string(), |date| date.to_string())
}
