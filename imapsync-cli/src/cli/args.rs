//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use super::compression::Compression;
use super::duration::duration;
use super::exit::HELP as EXIT_CODES;
use crate::account::AccountUrl;
use crate::ledger::{Place, default_state_dir};
use crate::plan::Deleted;
use crate::side::Both;
use crate::sync::Traffic;
use crate::transfer::Uncertain;
use crate::verify::Level;

const ABOUT: &str = "Copies mail accounts between IMAP servers: exactly, resumably, and with proof.

An account is a URL; a user name's @ is written %40:
  imaps://user%40example.org@imap.example.org        TLS (port 993)
  imap://user%40example.org@imap.example.org         STARTTLS, required (port 143)
  imap+insecure://user@localhost:1143                no protection at all

Passwords never stand in a URL or on the command line. For each side the first of these counts:
  --source-password-command 'pass show old'   the first line that a command prints
  --source-password-file FILE                 the first line of a file
  IMAPSYNC_SOURCE_PASSWORD                    the environment
  a prompt, where there is a terminal
and the same with 'dest'; for check without a side (--password-file, IMAPSYNC_PASSWORD).

What was delivered stands in a ledger, one for each pair of accounts:
  imapsync-cli ledger show     looks into it
  imapsync-cli ledger move     takes it along when an account gets another name

Examples:
  imapsync-cli check imaps://joe@imap.old.example
  imapsync-cli sync --dry-run imaps://joe@imap.old.example imaps://joe@imap.new.example
  imapsync-cli sync imaps://joe@imap.old.example imaps://joe@imap.new.example
  imapsync-cli verify imaps://joe@imap.old.example imaps://joe@imap.new.example
  imapsync-cli ledger show imaps://joe@imap.old.example imaps://joe@imap.new.example";

/// What the user typed.
#[derive(Debug, Parser)]
#[command(name = "imapsync-cli", version, about = "Copies mail accounts between IMAP servers: exactly, resumably, and with proof", long_about = ABOUT, after_help = EXIT_CODES, arg_required_else_help = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Say more on stderr: -v what is done, -vv details, -vvv every line on the wire (passwords masked)
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub(crate) verbose: u8,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Copy what is missing on the destination; safe to stop, safe to repeat, deletes nothing
    Sync(SyncArgs),
    /// Read both sides again and compare every message
    ///
    /// A second opinion: nothing is changed on either side, and what is compared is what the servers
    /// hand out, not what the ledger believes. Each level sees more, and costs more:
    ///
    ///   --level counts   messages in each mailbox; a few commands in all
    ///   --level headers  missing and extra mail, flags, dates, sizes and a few header fields; about
    ///                    300 octets a message. An altered text of the same size does not show
    ///   --level bodies   every octet; as much traffic as the accounts hold, from both sides
    ///
    /// Messages compare as they are, equal ones by their number; dates as instants, flags and keywords
    /// without case. Each difference names mailbox, UIDs, size, date and Message-ID.
    ///
    /// What sync has said already is listed apart, with the reason that its ledger gives: messages
    /// that the destination refused (exit code 3), and what it altered when they were copied, such as
    /// line ends or a date in the future (0). A difference that nobody knew of is 4. Extra mail on
    /// the destination is listed and is no failure without --strict. A mailbox that changes while it is
    /// read is read again, three times at most; if that does not help, or mail vanished
    /// meanwhile, there is no verdict (5). New mail that arrives meanwhile is left out, and said.
    ///
    /// The text shows the first 100 findings of each list, --json the first 1,000; both tell how many there
    /// are. Memory stays small; the temporary files (SQLITE_TMPDIR, TMPDIR or /var/tmp) take about
    /// 1 KB a message. While it runs it holds the ledger, so that no sync changes what is compared.
    #[command(verbatim_doc_comment)]
    Verify(VerifyArgs),
    /// Connect, log in, and show what the server can do and which mailboxes it holds
    Check(CheckArgs),
    /// Look into the ledger, or tell it that the accounts have other names now
    ///
    /// The ledger holds what was delivered, so that a later run neither copies twice nor reads everything
    /// again. There is one for each pair of accounts. No server is asked, and no password.
    #[command(subcommand, arg_required_else_help = true)]
    Ledger(LedgerCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Show the accounts, the last runs and how they ended, and how much of each mailbox is delivered
    ///
    /// Nothing is changed; a run may be under way meanwhile. A mailbox is open while it is copied, or
    /// when a run was cut off in it: the next one looks at what arrived.
    Show(LedgerShowArgs),
    /// Go on with a ledger after an account got another name: host, port, scheme or user name
    ///
    /// A pair of accounts is known by its URLs. When the same mail is reached by another URL, say so
    /// once, and later runs go on as if nothing had happened:
    ///
    ///   imapsync-cli ledger move imaps://joe@imap.old.example  imaps://joe@imap.new.example \
    ///                            imaps://joe@mail.old.example  imaps://joe@imap.new.example
    ///
    /// A ledger that the new accounts have already is never overwritten. Interrupted, the same command
    /// finishes what it began. A ledger named with --ledger keeps its name, only its accounts change.
    #[command(verbatim_doc_comment)]
    Move(LedgerMoveArgs),
}

#[derive(Debug, Args)]
pub(crate) struct LedgerShowArgs {
    /// The account that mail comes from
    #[arg(value_name = "SOURCE")]
    pub(crate) source: String,
    /// The account that mail goes to
    #[arg(value_name = "DEST")]
    pub(crate) dest: String,
    #[command(flatten)]
    pub(crate) file: LedgerFile,
    /// Print one JSON object on stdout, instead of the text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct LedgerMoveArgs {
    /// The account that mail came from until now, as it was named then
    #[arg(value_name = "OLD_SOURCE")]
    pub(crate) old_source: String,
    /// The account that mail went to until now, as it was named then
    #[arg(value_name = "OLD_DEST")]
    pub(crate) old_dest: String,
    /// What the source is called from now on
    #[arg(value_name = "NEW_SOURCE")]
    pub(crate) new_source: String,
    /// What the destination is called from now on
    #[arg(value_name = "NEW_DEST")]
    pub(crate) new_dest: String,
    #[command(flatten)]
    pub(crate) file: LedgerFile,
}

/// Both accounts. The URLs are read later, since clap would show a wrong one with its password.
#[derive(Debug, Args)]
pub(crate) struct Pair {
    /// The account that mail comes from
    #[arg(value_name = "SOURCE")]
    pub(crate) source: String,
    /// The account that mail goes to
    #[arg(value_name = "DEST")]
    pub(crate) dest: String,
    /// Run this command and take the first line that it prints as the source's password
    #[arg(long, value_name = "COMMAND")]
    pub(crate) source_password_command: Option<String>,
    /// Take the first line of this file as the source's password
    #[arg(long, value_name = "FILE", conflicts_with = "source_password_command")]
    pub(crate) source_password_file: Option<PathBuf>,
    /// Run this command and take the first line that it prints as the destination's password
    #[arg(long, value_name = "COMMAND")]
    pub(crate) dest_password_command: Option<String>,
    /// Take the first line of this file as the destination's password
    #[arg(long, value_name = "FILE", conflicts_with = "dest_password_command")]
    pub(crate) dest_password_file: Option<PathBuf>,
    /// Trust the certificates in this PEM file too, on both sides
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    /// Trust the certificates in this PEM file too, on the source
    #[arg(long, value_name = "FILE", conflicts_with = "ca_file")]
    pub(crate) source_ca_file: Option<PathBuf>,
    /// Trust the certificates in this PEM file too, on the destination
    #[arg(long, value_name = "FILE", conflicts_with = "ca_file")]
    pub(crate) dest_ca_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) compression: Compression,
    #[command(flatten)]
    pub(crate) file: LedgerFile,
    /// Print one JSON object on stdout at the end, instead of the text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Where the ledger is.
#[derive(Debug, Args)]
pub(crate) struct LedgerFile {
    /// Keep the ledger in this folder [default: $XDG_STATE_HOME/imapsync-cli]
    #[arg(long, value_name = "DIR")]
    pub(crate) state_dir: Option<PathBuf>,
    /// Use this file as the ledger, whatever the accounts are called
    #[arg(long, value_name = "FILE", conflicts_with = "state_dir")]
    pub(crate) ledger: Option<PathBuf>,
}

impl LedgerFile {
    /// The file for these accounts.
    pub(crate) fn place(&self, accounts: &Both<AccountUrl>) -> Place {
        match (&self.ledger, &self.state_dir) {
            (Some(file), _) => Place::file(file.clone()),
            (None, Some(folder)) => Place::in_state_dir(folder, accounts),
            (None, None) => Place::in_state_dir(&default_state_dir(), accounts),
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct SyncArgs {
    #[command(flatten)]
    pub(crate) pair: Pair,
    /// Print what would be done, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Messages that an interrupted run may have delivered and that are not there any more: send them
    /// again (a duplicate is better than a loss), or leave them out; they are listed either way
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = Uncertain::Copy)]
    pub(crate) uncertain: Uncertain,
    /// Mailboxes that were copied and then deleted or renamed on the destination: report them (exit
    /// code 3), skip them, or copy them again
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = Deleted::Report)]
    pub(crate) deleted_mailboxes: Deleted,
    /// Bytes of mail held in memory at most
    #[arg(long, value_name = "BYTES", default_value_t = DEFAULT_MEMORY, value_parser = clap::value_parser!(u32).range(MIN_MEMORY..))]
    pub(crate) memory: u32,
    /// Connections to each server at most: so many mailboxes are copied at once
    ///
    /// A run begins with four at most and adds one at a time for as long as that makes it faster;
    /// fewer are used where a server allows fewer. Where both accounts are on one server it counts
    /// both. A mailbox has one connection, so its messages keep their order: see --unordered.
    #[arg(long, value_name = "NUMBER", default_value_t = Traffic::CONNECTIONS, value_parser = clap::value_parser!(u8).range(1..=32))]
    pub(crate) connections: u8,
    /// Let several connections add to one mailbox: its messages arrive in any order
    ///
    /// Nothing else changes: dates, flags and the promise of exactly one copy are the same. Mail
    /// programs sort by date and do not show the difference. It helps most with few large mailboxes,
    /// and on far destinations without MULTIAPPEND and LITERAL+, where each message costs a round trip.
    #[arg(long)]
    pub(crate) unordered: bool,
    /// Copy the newest messages of each mailbox first, for people who begin to use the destination
    /// at once
    ///
    /// Blocks of a thousand messages arrive from the last to the first, each in its order.
    #[arg(long)]
    pub(crate) newest_first: bool,
    /// Save each message that the destination refuses as a file below this folder
    ///
    /// The file is DIR/MAILBOX/UIDVALIDITY-UID.eml and holds the message exactly as the source has
    /// it. Messages that an earlier run saw refused are saved too. A file that is there is never
    /// overwritten; delete it to have it saved again.
    #[arg(long, value_name = "DIR")]
    pub(crate) save_refused: Option<PathBuf>,
    /// Try messages again that the destination refused in earlier runs
    ///
    /// Without this they are only listed, with the reason of then, and not sent again: use it when the
    /// reason is gone, for example after a size limit was raised.
    #[arg(long)]
    pub(crate) retry_refused: bool,
    /// End after this time, at a clean checkpoint, whatever is left to do: 90s, 15m, 2h, 1d
    ///
    /// The run exits with 8. The same command goes on later where it stopped, so that a large account
    /// can be copied a few hours each night.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) deadline: Option<Duration>,
    /// Give up when no message has moved for so long, in spite of new connections: 90s, 15m, 2h, 1d
    ///
    /// A connection that drops, a server that restarts or that asks us to slow down are waited for:
    /// 1 s, then 2, 4 ... up to 60 s, or as long as the server asks for (10 minutes at most). Each
    /// message that moves makes the pauses short again. When nothing has moved for this long, the
    /// run exits with 5. What cannot pass by waiting ends the run at once: a login that is refused
    /// (7), a wrong certificate (10), and whatever prevents the first connection of a run.
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = duration)]
    pub(crate) give_up_after: Duration,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub(crate) pair: Pair,
    /// How closely to look
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t = Level::Bodies)]
    pub(crate) level: Level,
    /// Exit with 4 also when the destination holds mail that the source does not
    #[arg(long)]
    pub(crate) strict: bool,
    /// Connections to each server at most: so many mailboxes are compared at once
    ///
    /// Fewer are used where a server allows fewer. Where both accounts are on one server it counts both.
    #[arg(long, value_name = "NUMBER", default_value_t = Traffic::CONNECTIONS, value_parser = clap::value_parser!(u8).range(1..=32))]
    pub(crate) connections: u8,
    /// Give up when no mailbox was finished for so long, in spite of new connections: 90s, 15m, 2h, 1d
    ///
    /// A connection that drops is made anew after 1 s, then 2, 4 ... up to 60 s, or as long as the
    /// server asks for, and its mailbox is read again.
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = duration)]
    pub(crate) give_up_after: Duration,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// The account
    #[arg(value_name = "ACCOUNT")]
    pub(crate) account: String,
    /// Run this command and take the first line that it prints as the password
    #[arg(long, value_name = "COMMAND")]
    pub(crate) password_command: Option<String>,
    /// Take the first line of this file as the password
    #[arg(long, value_name = "FILE", conflicts_with = "password_command")]
    pub(crate) password_file: Option<PathBuf>,
    /// Trust the certificates in this PEM file too
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
}

const DEFAULT_MEMORY: u32 = 12 << 20;
/// Two windows and a large message's chunks must fit.
const MIN_MEMORY: i64 = 2 << 20;
