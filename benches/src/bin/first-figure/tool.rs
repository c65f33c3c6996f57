//! The programs that are measured, and how each is told to copy alice's mail.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use imapsync_tests::real::{Dovecot, PASSWORD};

/// A program that copies mail.
#[derive(Debug)]
pub(crate) enum Tool {
    /// `imapsync-cli` at this path.
    Ours(PathBuf),
    /// Debian's isync.
    Mbsync,
}

/// What a tool's result is held to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Promise {
    /// Every byte, date and flag, in order.
    Exact,
    /// The number of messages: mbsync adds a header line to each.
    Count,
}

impl Tool {
    pub(crate) const fn ours(path: PathBuf) -> Self {
        Self::Ours(path)
    }

    pub(crate) const fn mbsync() -> Self {
        Self::Mbsync
    }

    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Ours(_) => "imapsync-cli",
            Self::Mbsync => "mbsync",
        }
    }

    pub(crate) const fn promise(&self) -> Promise {
        match self {
            Self::Ours(_) => Promise::Exact,
            Self::Mbsync => Promise::Count,
        }
    }

    pub(crate) fn version(&self) -> String {
        match self {
            Self::Ours(path) => first_line(Command::new(path).arg("--version")),
            Self::Mbsync => format!("mbsync: {}", first_line(Command::new("mbsync").arg("-v"))),
        }
    }

    /// The whole job as one command; `folder` is empty, for whatever it remembers.
    pub(crate) fn command(
        &self,
        source: &Dovecot,
        dest: &Dovecot,
        folder: &Path,
    ) -> io::Result<Command> {
        match self {
            Self::Ours(path) => Ok(ours(path, source, dest, folder)),
            Self::Mbsync => mbsync(source, dest, folder),
        }
    }
}

fn ours(path: &Path, source: &Dovecot, dest: &Dovecot, folder: &Path) -> Command {
    let url = |server: &Dovecot| format!("imap+insecure://{USER}@{}", server.plain_address());
    let mut command = Command::new(path);
    command
        .args(["sync", &url(source), &url(dest), "--state-dir"])
        .arg(folder)
        .env("IMAPSYNC_SOURCE_PASSWORD", PASSWORD)
        .env("IMAPSYNC_DEST_PASSWORD", PASSWORD);
    command
}

/// Its fastest sane settings: pipelines without limit (the default), only new messages, one way.
fn mbsync(source: &Dovecot, dest: &Dovecot, folder: &Path) -> io::Result<Command> {
    let store = |name: &str, server: &Dovecot| {
        format!(
            "IMAPStore {name}\nHost 127.0.0.1\nPort {}\nUser {USER}\nPass {PASSWORD}\nSSLType None\nAuthMechs LOGIN\n\n",
            server.plain_address().port()
        )
    };
    let channel = format!(
        "Channel all\nFar :source:\nNear :dest:\nPatterns *\nSync Pull New\nCreate Near\nCopyArrivalDate yes\nSyncState {}/\n",
        folder.display()
    );
    let configuration = folder.join("mbsyncrc");
    let text = [store("source", source), store("dest", dest), channel].concat();
    fs::write(&configuration, text)?;
    let mut command = Command::new("mbsync");
    command.arg("-c").arg(configuration).arg("all");
    Ok(command)
}

/// What a program says first; a tool that is missing says so.
pub(crate) fn first_line(command: &mut Command) -> String {
    let output = command.output();
    let text = output.map_or_else(
        |error| error.to_string(),
        |output| String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned(),
    );
    text.lines().next().unwrap_or_default().to_owned()
}

/// Whose mail is copied.
pub(crate) const USER: &str = "alice";
