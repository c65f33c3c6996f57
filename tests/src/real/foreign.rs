//! Throw-away servers that are not Dovecot: Cyrus, Courier, GNU mailutils. Each starts by a shell script, its recipe.

use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use super::cage::Cage;
use super::dovecot::PASSWORD;
use super::listener::Ports;
use super::offer::offer_account;
use super::{Namespace, RawClient};
use crate::corpus::Account;

/// Whose server it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Make {
    /// Cyrus IMAP 3.6
    Cyrus,
    /// Courier IMAP 5.0
    Courier,
    /// GNU mailutils' imap4d 3.15, which stores mail as Maildir
    Mailutils,
}

/// A running server with accounts for [`USERS`]; their password is [`PASSWORD`]. Needs root.
#[derive(Debug)]
pub struct ForeignServer {
    make: Make,
    port: u16,
    cage: Cage,
}

impl Make {
    /// Whether this machine has the server, and this process may run it.
    pub fn available(self) -> bool {
        let root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
        let needed: Vec<PathBuf> = match self {
            Self::Cyrus => vec![packages().join("usr/lib/cyrus/bin/master")],
            Self::Courier => vec![
                packages().join("usr/bin/imapd"),
                "/usr/sbin/couriertcpd".into(),
            ],
            Self::Mailutils => vec!["/usr/sbin/imap4d".into()],
        };
        root && needed.iter().all(|path| path.exists())
    }

    /// How it writes names.
    pub fn namespace(self) -> Namespace {
        match self {
            Self::Cyrus | Self::Mailutils => Namespace::slash(),
            Self::Courier => Namespace::inbox_dot(),
        }
    }

    const fn recipe(self) -> &'static str {
        match self {
            Self::Cyrus => include_str!("cyrus.sh"),
            Self::Courier => include_str!("courier.sh"),
            Self::Mailutils => include_str!("mailutils.sh"),
        }
    }
}

impl ForeignServer {
    /// Starts a server and waits until it listens.
    pub fn start(make: Make) -> io::Result<Self> {
        let mut last = io::Error::other("never tried");
        for _ in 0..PORT_ATTEMPTS {
            let port = Ports::free()?.plain;
            let packages = packages();
            let packages = packages
                .to_str()
                .ok_or_else(|| io::Error::other("path is not UTF-8"))?;
            let users = USERS.join(" ");
            let more = [("PACKAGES", packages), ("USERS", users.as_str())];
            match Cage::start(make.recipe(), port, &more) {
                Ok(cage) => return Ok(Self { make, port, cage }),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Where it speaks IMAP without TLS.
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// A logged-in connection of the tests' own client.
    pub fn login(&self, user: &str) -> io::Result<RawClient> {
        let mut client = RawClient::connect(self.address())?;
        client.login(user, PASSWORD)?;
        Ok(client)
    }

    /// Puts into a user's empty account what the server takes of a corpus account.
    pub fn offer(&self, user: &str, account: &Account) -> io::Result<()> {
        offer_account(|| self.login(user), &self.make.namespace(), account)
    }

    /// All its processes, by id.
    pub fn processes(&self) -> Vec<u32> {
        self.cage.processes()
    }

    /// Its folder, gone with it.
    pub fn folder(&self) -> &Path {
        self.cage.folder()
    }
}

/// Where Cyrus and Courier are unpacked, which cannot be installed beside Dovecot: `tests/fetch-servers` does that.
fn packages() -> PathBuf {
    if let Some(folder) = env::var_os(PACKAGES) {
        return folder.into();
    }
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"),
        PathBuf::from,
    );
    target.join("imap-servers")
}

/// Users with an account.
pub const USERS: [&str; 6] = ["alice", "bob", "carol", "dave", "erin", "frank"];
/// When set: where the packages are unpacked.
const PACKAGES: &str = "IMAPSYNC_TESTS_SERVERS";
/// A free port can be taken by another between look and use.
const PORT_ATTEMPTS: usize = 3;
