//! The two servers of a row, filled and warm, with relays before them where the row is far away.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use imapsync_tests::compare::Snapshot;
use imapsync_tests::corpus::Account;
use imapsync_tests::real::{Dovecot, DovecotOptions, MailFormat};

use crate::cost::tree_cpu;
use crate::relay::Relay;
use crate::rows::{Row, Security, Servers};
use crate::server::Server;
use crate::steadiness::steadiness;

/// Everything that a row needs but the tools.
#[derive(Debug)]
pub(crate) struct Stage {
    source: Server,
    dest: Server,
    relays: Option<[Relay; 2]>,
    security: Security,
    /// What must arrive.
    pub(crate) expected: Snapshot,
    pub(crate) octets: usize,
}

/// One account on one server, as a client reaches it.
#[derive(Clone, Debug)]
pub(crate) struct End {
    pub(crate) port: u16,
    pub(crate) security: Security,
    pub(crate) ca_file: PathBuf,
    pub(crate) user: String,
}

/// One copy, into an account that is empty.
#[derive(Debug)]
pub(crate) struct Job<'a> {
    pub(crate) source: End,
    pub(crate) dest: End,
    /// For the tool's own files.
    pub(crate) folder: &'a Path,
    pub(crate) dest_server: &'a Server,
    /// Messages in one command, for the ceiling.
    pub(crate) batch: usize,
}

impl Stage {
    /// Starts the servers, fills the source and reads it once.
    pub(crate) fn set(row: &Row) -> io::Result<Self> {
        let account = row.account();
        let [source, dest] = match row.servers {
            Servers::Dovecot => dovecots(row, &account)?,
            Servers::Embedded => embedded(row)?,
        };
        let stage = Self {
            relays: relays([&source, &dest], row)?,
            source,
            dest,
            security: row.security,
            expected: Snapshot::of_account(&account),
            octets: account.total_bytes(),
        };
        stage.warm_up()?;
        Ok(stage)
    }

    /// A copy into this new account.
    pub(crate) fn job<'a>(
        &'a self,
        user: &str,
        folder: &'a Path,
        batch: usize,
    ) -> io::Result<Job<'a>> {
        self.dest.welcome(user)?;
        let relay = |index: usize| self.relays.as_ref().map(|relays| relays[index].port());
        Ok(Job {
            source: self.end(&self.source, relay(0), SOURCE_USER),
            dest: self.end(&self.dest, relay(1), user),
            folder,
            dest_server: &self.dest,
            batch,
        })
    }

    /// What has arrived in an account.
    pub(crate) fn held(&self, user: &str) -> io::Result<Snapshot> {
        self.dest.held(user)
    }

    /// The rate of the last messages by that of the first, where the destination knows when they came.
    pub(crate) fn steadiness(&self, user: &str) -> io::Result<Option<f64>> {
        Ok(steadiness(&self.dest.arrivals(user)?))
    }

    /// Whether the source still has as many messages as it had: some tools go both ways.
    pub(crate) fn source_is_whole(&self) -> io::Result<bool> {
        let count = self.source.count(SOURCE_USER)?;
        Ok(count == Some(self.expected.message_count()))
    }

    /// Takes an account away, and waits until the disk has nothing left to do.
    pub(crate) fn clear(&self, user: &str) -> io::Result<()> {
        self.dest.forget(user)?;
        Command::new("sync").status().map(drop)
    }

    /// What the relays have carried so far, both ways; nothing without relays.
    pub(crate) fn carried(&self) -> Option<u64> {
        let relays = self.relays.as_ref()?;
        Some(relays.iter().map(Relay::octets).sum())
    }

    /// CPU time of both servers so far.
    pub(crate) fn server_cpu(&self) -> Duration {
        tree_cpu(self.source.pid()) + tree_cpu(self.dest.pid())
    }

    fn end(&self, server: &Server, relay: Option<u16>, user: &str) -> End {
        let address = server.address(self.security);
        End {
            port: relay.unwrap_or_else(|| address.port()),
            security: self.security,
            ca_file: server.ca_file(),
            user: user.to_owned(),
        }
    }

    /// Nobody's first round pays for the source's index or for a cold disk.
    fn warm_up(&self) -> io::Result<()> {
        let Server::Dovecot(source) = &self.source else {
            // The mail, and what the server notes of it.
            return self.dest.warm(self.octets / 2 * 3);
        };
        let mut client = source.login(SOURCE_USER)?;
        for name in self.expected.mailboxes.keys() {
            client.run(&format!("EXAMINE \"{}\"", name.join("/")))?;
            client.run(
                "UID FETCH 1:* (FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])",
            )?;
            client.run("UID FETCH 1:* (BODY.PEEK[])")?;
        }
        self.clear("nobody-yet")
    }
}

impl End {
    /// Certificates are for the name.
    pub(crate) const fn host(&self) -> &'static str {
        match self.security {
            Security::Plain => "127.0.0.1",
            Security::Tls => "localhost",
        }
    }
}

fn dovecots(row: &Row, account: &Account) -> io::Result<[Server; 2]> {
    let source = Dovecot::start(options(MailFormat::Maildir, row)?)?;
    source.fill(SOURCE_USER, account)?;
    let dest = Dovecot::start(DovecotOptions {
        capability: row.capability.map(ToOwned::to_owned),
        ..options(row.format, row)?
    })?;
    Ok([source, dest].map(Server::Dovecot))
}

/// The source makes the same mail by itself.
fn embedded(row: &Row) -> io::Result<[Server; 2]> {
    let source = Server::embedded(SOURCE_USER, &row.embedded_options())?;
    let dest = Server::embedded("nobody", &[])?;
    Ok([source, dest])
}

fn options(format: MailFormat, row: &Row) -> io::Result<DovecotOptions> {
    let mut options = DovecotOptions::with_format(format)?;
    if row.security == Security::Tls {
        // One login process would carry the TLS of all connections.
        let line = "service imap-login {\n  process_min_avail = 2\n}";
        options.extra_lines.push(line.to_owned());
    }
    if row.rate.is_some() {
        options.extra_lines.extend(COMPRESS.map(ToOwned::to_owned));
    }
    Ok(options)
}

fn relays(servers: [&Server; 2], row: &Row) -> io::Result<Option<[Relay; 2]>> {
    if row.round_trip.is_zero() {
        return Ok(None);
    }
    let [source, dest] =
        servers.map(|server| Relay::before(server.address(row.security), row.round_trip, row.rate));
    Ok(Some([source?, dest?]))
}

/// Whose mail is copied.
const SOURCE_USER: &str = "alice";
/// Dovecot's settings that make it offer COMPRESS.
const COMPRESS: [&str; 4] = [
    "mail_plugins = zlib",
    "protocol imap {",
    "  mail_plugins = zlib imap_zlib",
    "}",
];
