//! The programs that are compared: their names, whether they are here, what they can take part in.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::rows::{Row, Security, Servers};

/// A program that copies mail.
#[derive(Clone, Debug)]
pub(crate) enum Tool {
    /// This program.
    Ours(PathBuf),
    /// This program, free to mix up the order of messages in a mailbox.
    Unordered(PathBuf),
    /// This program, its connections plain where it would compress them.
    NeverCompressed(PathBuf),
    /// Reads the source into nothing and writes prepared messages, at the same time.
    Ceiling,
    /// Reads one message and writes it, in a loop over one buffer.
    PlainRelay,
    Interimap,
    Mbsync,
    Imapcopy,
    /// Pulls over IMAP and writes the destination's files itself.
    Doveadm,
}

impl Tool {
    /// All, this program at its path.
    pub(crate) fn all(program: &Path) -> Vec<Self> {
        vec![
            Self::Ours(program.to_owned()),
            Self::Unordered(program.to_owned()),
            Self::NeverCompressed(program.to_owned()),
            Self::Ceiling,
            Self::PlainRelay,
            Self::Interimap,
            Self::Mbsync,
            Self::Doveadm,
            Self::Imapcopy,
        ]
    }

    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Ours(_) => OURS,
            Self::Unordered(_) => UNORDERED,
            Self::NeverCompressed(_) => NEVER_COMPRESSED,
            Self::Ceiling => CEILING,
            Self::PlainRelay => PLAIN_RELAY,
            Self::Interimap => INTERIMAP,
            Self::Mbsync => MBSYNC,
            Self::Imapcopy => "imapcopy",
            Self::Doveadm => "doveadm backup",
        }
    }

    /// What it says of itself; nothing when it is not here.
    pub(crate) fn version(&self) -> Option<String> {
        match self {
            Self::Ours(path) => said(Command::new(path).arg("--version")),
            Self::Unordered(path) => version_with(path, "--unordered"),
            Self::NeverCompressed(path) => version_with(path, "--compress"),
            Self::Ceiling | Self::PlainRelay => Some(String::new()),
            Self::Mbsync => said(Command::new("mbsync").arg("-v")),
            Self::Interimap => packaged("interimap"),
            Self::Imapcopy => packaged("imapcopy"),
            Self::Doveadm => packaged("dovecot-core"),
        }
    }

    /// Whether it is run at all for this work; where it is not, nobody misses it.
    pub(crate) fn takes_part(&self, row: &Row) -> bool {
        match row.servers {
            Servers::Dovecot => match self {
                Self::PlainRelay => false,
                // It does not compress, so it would be no ceiling where others do.
                Self::Ceiling => row.rate.is_none(),
                Self::NeverCompressed(_) => row.rate.is_some(),
                _ => true,
            },
            Servers::Embedded => match self {
                Self::Ours(_) => true,
                Self::PlainRelay => row.messages == 1,
                Self::Ceiling => row.messages > 1,
                _ => false,
            },
        }
    }

    /// Why it cannot do this work although one would expect it to.
    pub(crate) fn cannot(&self, row: &Row) -> Option<&'static str> {
        match self {
            Self::Imapcopy if row.security == Security::Tls => Some("it has no TLS"),
            Self::Interimap if row.capability.is_some() => Some("it needs QRESYNC and LIST-STATUS"),
            Self::Doveadm if row.capability.is_some() => {
                Some("it does not speak to the destination")
            }
            Self::Unordered(_) if row.capability.is_none() => Some("it has nothing to gain here"),
            _ => None,
        }
    }
}

/// Fetches what can be compared from Debian.
pub(crate) fn install() -> io::Result<()> {
    let options = ["install", "--yes", "--no-install-recommends"];
    let status = Command::new("apt-get")
        .args(options)
        .args(PACKAGES)
        .status()?;
    match status.success() {
        true => Ok(()),
        false => Err(io::Error::other(format!("apt-get: {status}"))),
    }
}

/// What this program says of itself, if it knows an option of `sync`: older ones are measured, too.
fn version_with(program: &Path, option: &str) -> Option<String> {
    let help = said_whole(Command::new(program).args(["sync", "--help"]))?;
    help.contains(option)
        .then(|| said(Command::new(program).arg("--version")))
        .flatten()
}

/// What Debian calls it, if it is installed.
fn packaged(package: &str) -> Option<String> {
    said(Command::new("dpkg-query").args(["-W", "-f", "${Package} ${Version}", package]))
}

/// The first line of what a program says, if it ends well.
fn said(command: &mut Command) -> Option<String> {
    let text = said_whole(command)?;
    text.lines().next().map(ToOwned::to_owned)
}

fn said_whole(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    let whole = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&whole).into_owned();
    output.status.success().then_some(text)
}

const PACKAGES: [&str; 4] = ["dovecot-imapd", "interimap", "isync", "imapcopy"];
pub(crate) const OURS: &str = "imapsync-cli";
pub(crate) const UNORDERED: &str = "imapsync-cli --unordered";
pub(crate) const NEVER_COMPRESSED: &str = "imapsync-cli --compress never";
pub(crate) const CEILING: &str = "ceiling";
pub(crate) const PLAIN_RELAY: &str = "plain relay";
pub(crate) const INTERIMAP: &str = "interimap";
pub(crate) const MBSYNC: &str = "mbsync";
