//! From the command line to an exit code.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use imap_client_lite::{Security, TrustRoots};
use serde_json::json;

use super::args::{Arguments, CheckArgs, Command, Pair, SyncArgs, VerifyArgs};
use super::exit::Exit;
use super::{check, ledger, logging};
use crate::account::{Account, AccountUrl, Compress, PasswordError, PasswordSource};
use crate::error::Fault;
use crate::ledger::Place;
use crate::side::{Both, Side};
use crate::stop::Stop;
use crate::transfer::{First, Order};
use crate::verify::Extra;
use crate::{sync, verify};

/// Runs the program with these arguments, the first of which is its name.
pub fn main_with(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Usage.into()
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    logging::start(arguments.verbose);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let exit = match runtime {
        Ok(runtime) => runtime.block_on(dispatch(arguments.command)),
        Err(error) => complain(&Fault::Internal(error.to_string())),
    };
    exit.into()
}

async fn dispatch(command: Command) -> Exit {
    match command {
        Command::Sync(arguments) => run_sync(arguments).await,
        Command::Verify(arguments) => run_verify(arguments).await,
        Command::Check(arguments) => run_check(arguments).await,
        Command::Ledger(command) => ledger::run(command),
    }
}

async fn run_sync(arguments: SyncArgs) -> Exit {
    let SyncArgs {
        pair,
        dry_run,
        uncertain,
        deleted_mailboxes,
        memory,
        connections,
        unordered,
        newest_first,
        save_refused,
        retry_refused,
        deadline,
        give_up_after,
    } = arguments;
    let json = pair.json;
    let (accounts, ledger) = match prepare(pair) {
        Ok(prepared) => prepared,
        Err(exit) => return exit,
    };
    let job = sync::Job {
        accounts,
        ledger,
        memory,
        traffic: sync::Traffic {
            connections: usize::from(connections),
            order: if unordered { Order::Free } else { Order::Kept },
            first: if newest_first {
                First::Newest
            } else {
                First::Oldest
            },
        },
        refused: sync::RefusedMail {
            save: save_refused,
            retry: if retry_refused {
                sync::Retry::Again
            } else {
                sync::Retry::Remembered
            },
        },
        patience: sync::Patience {
            deadline,
            give_up_after,
            seed: u64::from(std::process::id()),
        },
        uncertain,
        deleted: deleted_mailboxes,
    };
    if dry_run {
        return match sync::dry_run(&job).await {
            Ok(plan) => {
                say(&plan);
                Exit::Complete
            }
            Err(fault) => complain(&fault),
        };
    }
    let stop = match Stop::listen() {
        Ok(stop) => stop,
        Err(error) => return complain(&Fault::Internal(error.to_string())),
    };
    let (report, fault) = sync::sync(&job, stop).await;
    let ended = fault.as_ref().map_or(Exit::Complete, complain);
    let exit = ended.worst(report.exit());
    if json {
        let error = fault.map(|fault| fault.to_string());
        say(&format!(
            "{}\n",
            json!({ "exit": exit.code(), "error": error, "report": report })
        ));
    } else {
        say(&report);
    }
    exit
}

async fn run_verify(arguments: VerifyArgs) -> Exit {
    let VerifyArgs {
        pair,
        level,
        strict,
        connections,
        give_up_after,
    } = arguments;
    let json = pair.json;
    let (accounts, ledger) = match prepare(pair) {
        Ok(prepared) => prepared,
        Err(exit) => return exit,
    };
    let stop = match Stop::listen() {
        Ok(stop) => stop,
        Err(error) => return complain(&Fault::Internal(error.to_string())),
    };
    let job = verify::Job {
        accounts,
        ledger,
        level,
        connections: usize::from(connections),
        patience: sync::Patience {
            deadline: None,
            give_up_after,
            seed: u64::from(std::process::id()),
        },
    };
    match verify::verify(&job, stop).await {
        Ok(verification) => {
            let exit = verification.exit(if strict { Extra::Counts } else { Extra::Listed });
            if json {
                say(&format!(
                    "{}\n",
                    json!({ "exit": exit.code(), "verdict": verification.verdict(), "verification": verification })
                ));
            } else {
                say(&verification);
            }
            exit
        }
        Err(fault) => complain(&fault),
    }
}

async fn run_check(arguments: CheckArgs) -> Exit {
    let CheckArgs {
        account,
        password_command,
        password_file,
        ca_file,
    } = arguments;
    let account = match account_url("ACCOUNT", &account) {
        Ok(account) => account,
        Err(exit) => return exit,
    };
    let password = PasswordSource {
        command: password_command,
        file: password_file,
        variable: "IMAPSYNC_PASSWORD",
        account: account.to_string(),
    };
    match password.read() {
        Ok(password) => {
            let account = Account::new(Side::Source, account, password, TrustRoots { ca_file })
                .compressed(Compress::Never);
            check::check(&account)
                .await
                .map_or_else(|fault| complain(&fault), |()| Exit::Complete)
        }
        Err(error) => refuse(&error),
    }
}

/// Accounts with their passwords, and the ledger's file.
fn prepare(pair: Pair) -> Result<(Both<Account>, Place), Exit> {
    let urls = Both {
        source: account_url("SOURCE", &pair.source)?,
        dest: account_url("DEST", &pair.dest)?,
    };
    if same_place(&urls.source, &urls.dest) {
        return Err(complain(&Fault::SameAccount));
    }
    for url in [&urls.source, &urls.dest] {
        if url.endpoint.security == Security::None {
            eprintln!(
                "warning: {url}: NO PROTECTION, the password and all mail cross the network in clear"
            );
        }
    }
    let ledger = pair.file.place(&urls);
    let roots = |own: Option<PathBuf>| TrustRoots {
        ca_file: own.or_else(|| pair.ca_file.clone()),
    };
    let roots = Both {
        source: roots(pair.source_ca_file),
        dest: roots(pair.dest_ca_file),
    };
    let read = |command, file, variable, url: &AccountUrl| {
        let source = PasswordSource {
            command,
            file,
            variable,
            account: url.to_string(),
        };
        source.read().map_err(|error| refuse(&error))
    };
    let source = read(
        pair.source_password_command,
        pair.source_password_file,
        "IMAPSYNC_SOURCE_PASSWORD",
        &urls.source,
    )?;
    let dest = read(
        pair.dest_password_command,
        pair.dest_password_file,
        "IMAPSYNC_DEST_PASSWORD",
        &urls.dest,
    )?;
    let wishes = pair.compression.wishes();
    let source = Account::new(Side::Source, urls.source, source, roots.source);
    let dest = Account::new(Side::Dest, urls.dest, dest, roots.dest);
    let accounts = Both {
        source: source.compressed(wishes.source),
        dest: dest.compressed(wishes.dest),
    };
    Ok((accounts, ledger))
}

/// Reads an account's URL. What is wrong with it is said without showing it.
pub(super) fn account_url(which: &str, text: &str) -> Result<AccountUrl, Exit> {
    text.parse().map_err(|error| {
        eprintln!("imapsync-cli: {which}: {error}");
        Exit::Usage
    })
}

/// The same user on the same host and port, whatever protects the way there.
pub(super) fn same_place(source: &AccountUrl, dest: &AccountUrl) -> bool {
    let place = |url: &AccountUrl| {
        (
            url.user.clone(),
            url.endpoint.host.clone(),
            url.endpoint.port,
        )
    };
    place(source) == place(dest)
}

/// Prints a result on stdout. Who closed the pipe does not want to read it.
pub(super) fn say(result: &impl std::fmt::Display) {
    let _ = write!(std::io::stdout().lock(), "{result}");
}

/// Says on stderr what went wrong and what to do about it.
pub(super) fn complain(fault: &Fault) -> Exit {
    eprintln!("imapsync-cli: {fault}");
    if let Some(advice) = fault.advice() {
        eprintln!("  {advice}");
    }
    fault.exit()
}

fn refuse(error: &PasswordError) -> Exit {
    eprintln!("imapsync-cli: {error}");
    Exit::Usage
}
