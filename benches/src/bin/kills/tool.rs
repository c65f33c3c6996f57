//! The programs that are killed, and how each is told to copy alice's mail.

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
    /// Debian's interimap.
    Interimap,
}

impl Tool {
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Ours(_) => "imapsync-cli",
            Self::Mbsync => "mbsync",
            Self::Interimap => "interimap",
        }
    }

    /// What it says of itself; nothing when it is not here.
    pub(crate) fn version(&self) -> Option<String> {
        let output = match self {
            Self::Ours(path) => Command::new(path).arg("--version").output(),
            Self::Mbsync => Command::new("mbsync").arg("-v").output(),
            Self::Interimap => Command::new("dpkg-query")
                .args(["-W", "-f", "interimap ${Version}", "interimap"])
                .output(),
        };
        let output = output.ok().filter(|output| output.status.success())?;
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        text.lines().next().map(ToOwned::to_owned)
    }

    /// Writes its configuration into the folder, which is also for whatever it remembers.
    pub(crate) fn configure(
        &self,
        source: &Dovecot,
        dest: &Dovecot,
        folder: &Path,
    ) -> io::Result<()> {
        match self {
            Self::Ours(_) => Ok(()),
            Self::Mbsync => fs::write(folder.join("mbsyncrc"), mbsyncrc(source, dest, folder)),
            Self::Interimap => fs::write(folder.join("config"), interimap(source, dest, folder)),
        }
    }

    /// One run of the whole job.
    pub(crate) fn command(&self, source: &Dovecot, dest: &Dovecot, folder: &Path) -> Command {
        match self {
            Self::Ours(path) => ours(path, source, dest, folder),
            Self::Mbsync => {
                let mut command = Command::new("mbsync");
                command.arg("-c").arg(folder.join("mbsyncrc")).arg("all");
                command
            }
            Self::Interimap => {
                let mut command = Command::new("interimap");
                command.arg("--config").arg(folder.join("config")).arg("-q");
                command.env("HOME", folder).env("XDG_DATA_HOME", folder);
                command.env("XDG_CONFIG_HOME", folder);
                command
            }
        }
    }

    /// What may be in the way of a run after a kill, and its manual says to remove.
    pub(crate) fn leftovers(&self, folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let locks = entries.map(|entry| entry.path()).filter(|path| {
            matches!(self, Self::Mbsync) && path.extension().is_some_and(|ending| ending == "lock")
        });
        locks.collect()
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

/// Its defaults, one way; with FSync, so that it is as careful as it can be.
fn mbsyncrc(source: &Dovecot, dest: &Dovecot, folder: &Path) -> String {
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
    let fsync = "FSync yes\n\n".to_owned();
    [fsync, store("source", source), store("dest", dest), channel].concat()
}

/// It always goes both ways.
fn interimap(source: &Dovecot, dest: &Dovecot, folder: &Path) -> String {
    let side = |name: &str, server: &Dovecot| {
        format!(
            "[{name}]\ntype = imap\nhost = 127.0.0.1\nport = {}\nusername = {USER}\npassword = {PASSWORD}\nSTARTTLS = NO\n\n",
            server.plain_address().port()
        )
    };
    let first = format!("database = {}/interimap.db\n\n", folder.display());
    [first, side("local", dest), side("remote", source)].concat()
}

/// Whose mail is copied.
pub(crate) const USER: &str = "alice";
