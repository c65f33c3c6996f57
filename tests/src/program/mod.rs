//! The program under test as a subprocess: two accounts in, exit code, output and peak memory out.
//!
//! The path comes from the suite, since cargo tells it to test targets only:
//!
//! ```no_run
//! use imapsync_tests::program::Program;
//! # let path = "";
//! // let path = env!("CARGO_BIN_EXE_imapsync-under-test");
//! let program = Program::new(path)
//!     .source("imap+insecure://alice@127.0.0.1:1143", "pw")
//!     .dest("imap+insecure://alice@127.0.0.1:2143", "pw");
//! program.sync(&[]).exits(0);
//! let running = program.start("sync", &["-v"]);
//! running.interrupt();
//! running.wait().exits(130);
//! ```

mod crossing;
mod dovecot_pair;
pub mod interruption;
pub mod matrix;
mod newcomers;
mod outcome;
mod pair;
mod running;
mod verified;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::server::EmbeddedServer;

pub use crossing::{Crossing, Towards};
pub use dovecot_pair::{DovecotPair, USER, Way, uid_nexts};
pub use newcomers::{Arrivals, Newcomer, Newcomers};
pub use outcome::Outcome;
pub use pair::Pair;
pub use running::Running;
pub use verified::Verified;

/// How the program is called: its accounts, their passwords, and a state folder of its own that lives
/// as long as this value.
#[derive(Debug)]
pub struct Program {
    path: PathBuf,
    state: TempDir,
    source: Account,
    dest: Account,
    more: Vec<(String, String)>,
}

#[derive(Debug, Default)]
struct Account {
    url: String,
    password: String,
}

impl Program {
    /// The program at this path, with an empty state folder.
    ///
    /// # Panics
    /// When there can be no temporary folder.
    pub fn new(path: impl AsRef<Path>) -> Self {
        Self {
            path: path.as_ref().to_owned(),
            state: TempDir::new().expect("temporary folders can be made"),
            source: Account::default(),
            dest: Account::default(),
            more: Vec::new(),
        }
    }

    /// Between alice's accounts on two embedded servers, in plain text; her password is `pw`.
    pub fn between(path: &str, source: &EmbeddedServer, dest: &EmbeddedServer) -> Self {
        Self::new(path)
            .source(&embedded_url(source.port()), "pw")
            .dest(&embedded_url(dest.port()), "pw")
    }

    /// The account that mail comes from.
    #[must_use]
    pub fn source(mut self, url: &str, password: &str) -> Self {
        self.source = Account::new(url, password);
        self
    }

    /// The account that mail goes to.
    #[must_use]
    pub fn dest(mut self, url: &str, password: &str) -> Self {
        self.dest = Account::new(url, password);
        self
    }

    /// One more environment variable.
    #[must_use]
    pub fn environment(mut self, variable: &str, value: &str) -> Self {
        self.more.push((variable.to_owned(), value.to_owned()));
        self
    }

    /// The folder that holds the ledger.
    pub fn state_dir(&self) -> &Path {
        self.state.path()
    }

    /// The ledgers in the state folder: one, after a first run.
    ///
    /// # Panics
    /// When the folder cannot be read.
    pub fn ledgers(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.state_dir()).expect("the state folder is there");
        let paths = entries.map(|entry| entry.expect("the folder can be listed").path());
        paths
            .filter(|path| path.extension() == Some(OsStr::new("ledger")))
            .collect()
    }

    /// `sync`, to its end.
    pub fn sync(&self, options: &[&str]) -> Outcome {
        self.start("sync", options).wait()
    }

    /// `sync` over one connection to each side, to its end: everything happens in one order.
    pub fn sync_singly(&self, options: &[&str]) -> Outcome {
        self.sync(&[&SINGLY, options].concat())
    }

    /// `verify`, to its end.
    pub fn verify(&self, options: &[&str]) -> Outcome {
        self.start("verify", options).wait()
    }

    /// `check` of the source account, to its end.
    pub fn check(&self, options: &[&str]) -> Outcome {
        let arguments = [&["check", &self.source.url], options].concat();
        self.start_with(&arguments).wait()
    }

    /// Begins `sync` or `verify` between both accounts.
    pub fn start(&self, command: &str, options: &[&str]) -> Running {
        let arguments = [&self.pair_arguments(command), options];
        self.start_with(&arguments.concat())
    }

    /// Begins `sync` as the child of another program (`strace`, `prlimit`), which this command line starts.
    ///
    /// # Panics
    /// When there is no such program.
    pub fn sync_under(&self, wrapper: &[String]) -> Running {
        let [program, options @ ..] = wrapper else {
            return self.start("sync", &[]);
        };
        let mut command = Command::new(program);
        // A test runner's variable would make the program look for libraries in many folders first.
        command
            .env_remove("LD_LIBRARY_PATH")
            .args(options)
            .arg(&self.path);
        self.launch(command, &self.pair_arguments("sync"))
    }

    /// Begins with exactly these arguments; passwords stand in the environment, an empty
    /// one does not.
    ///
    /// # Panics
    /// When the program cannot be started.
    pub fn start_with(&self, arguments: &[&str]) -> Running {
        self.launch(Command::new(&self.path), arguments)
    }

    fn pair_arguments<'a>(&'a self, command: &'a str) -> [&'a str; 5] {
        let state = self.state_dir().to_str().expect("the path is UTF-8");
        let (source, dest) = (&self.source.url, &self.dest.url);
        [command, source, dest, "--state-dir", state]
    }

    fn launch(&self, mut command: Command, arguments: &[&str]) -> Running {
        command
            .args(arguments)
            .env_remove("IMAPSYNC_LOG")
            .env_remove("IMAPSYNC_SOURCE_PASSWORD")
            .env_remove("IMAPSYNC_DEST_PASSWORD")
            .env_remove("IMAPSYNC_PASSWORD")
            .envs(self.passwords())
            .envs(self.more.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Running::of(command.spawn().expect("the program under test starts"))
    }

    /// The passwords' variables; no password, no variable.
    fn passwords(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = [
            ("IMAPSYNC_SOURCE_PASSWORD", self.source.password.as_str()),
            ("IMAPSYNC_DEST_PASSWORD", &self.dest.password),
            ("IMAPSYNC_PASSWORD", &self.source.password),
        ];
        all.into_iter().filter(|(_, password)| !password.is_empty())
    }
}

impl Account {
    fn new(url: &str, password: &str) -> Self {
        Self {
            url: url.to_owned(),
            password: password.to_owned(),
        }
    }
}

/// Alice's account on an embedded server without TLS.
pub fn embedded_url(port: u16) -> String {
    format!("imap+insecure://alice@127.0.0.1:{port}")
}

/// One connection to each side.
pub const SINGLY: [&str; 2] = ["--connections", "1"];
