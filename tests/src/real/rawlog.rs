//! What clients say to a Dovecot, from its own `rawlog` (on where its folder exists): proof that a run sent no
//! command of some kind.

use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::Dovecot;

/// The commands that one user's clients send while this lives. The server needs
/// [`Rawlog::SETTING`] among its lines of configuration.
#[derive(Debug)]
pub struct Rawlog {
    folder: PathBuf,
}

impl Rawlog {
    /// The line of configuration that makes a Dovecot able to do this.
    pub const SETTING: &'static str = "protocol imap {\n  rawlog_dir = %h/rawlog\n}";

    /// Sessions of this user, who has been there before, are logged from now on.
    pub fn begin(server: &Dovecot, user: &str) -> io::Result<Self> {
        let folder = server.home(user).join("rawlog");
        let owner = fs::metadata(server.home(user))?.uid();
        fs::create_dir(&folder)?;
        chown(&folder, Some(owner), None)?;
        Ok(Self { folder })
    }

    /// Every command so far, `NAME arguments`, without its tag and without literals' contents.
    ///
    /// It fails where there is none at all: then nothing was logged.
    pub fn commands(&self) -> io::Result<Vec<String>> {
        let mut commands = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "in") {
                commands.extend(said(&path)?);
            }
        }
        match commands.is_empty() {
            true => Err(io::Error::other("the rawlog is empty")),
            false => Ok(commands),
        }
    }

    /// The commands that change what a server holds.
    pub fn changes(&self) -> io::Result<Vec<String>> {
        let mut commands = self.commands()?;
        commands.retain(|command| is_change(command));
        Ok(commands)
    }
}

impl Drop for Rawlog {
    fn drop(&mut self) {
        // The folder lies inside the server's own, which goes too.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The lines of a session, each after the time that Dovecot puts before it, as `NAME arguments`. Message text sent as
/// a literal looks like commands here: it counts as such, which errs on the safe side.
fn said(path: &Path) -> io::Result<Vec<String>> {
    let octets = fs::read(path)?;
    let text = String::from_utf8_lossy(&octets);
    let without_time = text
        .lines()
        .map(|line| line.split_once(' ').map_or(line, |(_, rest)| rest));
    let commands = without_time.map(|line| line.split_once(' ').map_or("", |(_, rest)| rest));
    Ok(commands
        .filter(|line| !line.is_empty())
        .map(ToOwned::to_owned)
        .collect())
}

fn is_change(command: &str) -> bool {
    let command = command.to_ascii_uppercase();
    let command = command.strip_prefix("UID ").unwrap_or(&command);
    let name = command.split(' ').next().unwrap_or_default();
    CHANGING.contains(&name)
}

const CHANGING: [&str; 12] = [
    "APPEND",
    "STORE",
    "EXPUNGE",
    "CLOSE",
    "CREATE",
    "DELETE",
    "RENAME",
    "SUBSCRIBE",
    "UNSUBSCRIBE",
    "COPY",
    "MOVE",
    "REPLACE",
];
