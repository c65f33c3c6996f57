//! Two embedded servers, a ledger in a real file, and runs of the engine between them, all in one
//! process and in virtual time.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use imapsync_cli::account::{Account, Pipes};
use imapsync_cli::cli::Exit;
use imapsync_cli::error::Fault;
use imapsync_cli::ledger::Place;
use imapsync_cli::plan::Deleted;
use imapsync_cli::report::Report;
use imapsync_cli::side::{Both, Side};

use imapsync_cli::sync::{Job, Patience, RefusedMail, sync};
use imapsync_cli::transfer::Uncertain;
use tokio::io::DuplexStream;
use tokio::time::timeout;

use super::control::{Control, Course, Plan};
use super::history::History;
use super::killable::{Kill, Killable, Killed};
use super::line::Line;
use super::locked;
use super::narrator::Narrator;
use crate::server::{Options, Shared, serve};

/// Where simulated runs take place.
#[derive(Debug)]
pub struct Stage {
    /// Both servers.
    pub servers: Both<Shared>,
    /// What happened.
    pub history: History,
    control: Arc<Mutex<Control>>,
    narrator: Narrator,
    folder: tempfile::TempDir,
}

/// How a run ended.
#[derive(Debug)]
pub enum Ended {
    /// Its process was killed.
    Killed,
    /// By itself.
    Itself(Box<Report>, Option<Fault>),
}

impl Stage {
    /// Two servers, each with the user [`USER`].
    ///
    /// # Panics
    /// When there is no folder for the ledger.
    pub fn new(servers: Both<Options>) -> Self {
        let servers = Both {
            source: Shared::new(servers.source),
            dest: Shared::new(servers.dest),
        };
        let history = History::new();
        Self {
            narrator: Narrator::new(&servers, &history),
            servers,
            history,
            control: Arc::default(),

            folder: temporary_folder().expect("a temporary folder"),
        }
    }

    /// The ledger's file.
    pub fn ledger(&self) -> PathBuf {
        self.folder.path().join("ledger")
    }

    /// Runs the engine once, from its start to its end or its death.
    pub async fn run(&self, plan: Plan, memory: u32) -> (Ended, Course) {
        let (kill, traffic) = (plan.kill, plan.traffic);
        let place = Place::file(self.ledger());
        let ledger = match plan.ledger_writes {
            Some(writes) => place.failing_after(writes),
            None => place,
        };
        let (killed, stop) = locked(&self.control).begin(plan);
        let job = Job {
            accounts: Both {
                source: self.account(Side::Source),
                dest: self.account(Side::Dest),
            },
            ledger,
            memory,
            uncertain: Uncertain::default(),
            deleted: Deleted::default(),
            traffic,
            patience: Patience::default(),
            refused: RefusedMail::default(),
        };

        let run = Killable::new(sync(&job, stop), kill, killed);
        let ended = match kill {
            Some(Kill::After(time)) => timeout(time, run).await.unwrap_or(Err(Killed)),
            _ => run.await,
        };
        let course = locked(&self.control).end();
        let ended = match ended {
            Ok((report, fault)) => Ended::Itself(Box::new(report), fault),
            Err(Killed) => Ended::Killed,
        };
        self.narrator.catch_up(Side::Source);
        self.narrator.catch_up(Side::Dest);
        let octets = course.octets();
        let line = format!("run ended: {ended} ({octets} octets arrived)");
        self.history.note(line);
        (ended, course)
    }

    /// Commands stand in the history when they come, not only at the end of their run: slow, for
    /// those who read it.
    pub fn narrate_at_once(&self) {
        locked(&self.control).narrator = Some(self.narrator.clone());
    }

    /// One of the servers.
    pub fn server(&self, side: Side) -> &Shared {
        match side {
            Side::Source => &self.servers.source,
            Side::Dest => &self.servers.dest,
        }
    }

    /// Hears what happens on the wires of the run under way.
    pub(super) fn control(&self) -> &Arc<Mutex<Control>> {
        &self.control
    }

    fn account(&self, side: Side) -> Account {
        let url = format!("imap+insecure://{USER}@{side}:143");
        let url = url.parse().expect("the URL is well-formed");
        let (control, server) = (Arc::clone(&self.control), self.server(side).clone());
        let pipes = Pipes::new(move || dial(side, &control, &server));
        Account::over_pipes(side, url, PASSWORD.to_owned(), pipes)
    }
}

/// Makes a connection as the run's plan wants it.
fn dial(side: Side, control: &Arc<Mutex<Control>>, server: &Shared) -> io::Result<DuplexStream> {
    let (fate, watch) = Control::connect(control, side);
    if fate.refused {
        return Err(io::ErrorKind::ConnectionRefused.into());
    }
    let (near, far) = tokio::io::duplex(fate.buffer);
    tokio::spawn(serve(Line::new(far, fate, watch), server.clone()));
    Ok(near)
}

/// In memory where that is possible: each run syncs its ledger several times.
fn temporary_folder() -> io::Result<tempfile::TempDir> {
    let memory = Path::new("/dev/shm");
    match memory.is_dir() {
        true => tempfile::tempdir_in(memory).or_else(|_| tempfile::tempdir()),
        false => tempfile::tempdir(),
    }
}

impl Ended {
    /// The exit code that the program would have ended with; a killed one has none.
    pub fn exit(&self) -> Option<Exit> {
        match self {
            Self::Killed => None,
            Self::Itself(report, None) => Some(report.exit()),
            Self::Itself(report, Some(fault)) => Some(report.exit().worst(fault.exit())),
        }
    }
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self::Itself(report, fault) = self else {
            return f.write_str("killed");
        };
        let sum = |of: fn(&imapsync_cli::report::MailboxReport) -> u64| {
            report.mailboxes.iter().map(of).sum::<u64>()
        };
        let (copied, recovered) = (sum(|one| one.copied), sum(|one| one.recovered));
        write!(
            f,
            "{:?}, {copied} copied, {recovered} recovered",
            self.exit()
        )?;
        fault.iter().try_for_each(|fault| write!(f, ", {fault}"))
    }
}

/// Who has mail on both servers.
pub const USER: &str = "alice";
/// The password, on both.
pub const PASSWORD: &str = "pw";
