//! The two servers of a row, filled and warm, with relays before them where the row is far away.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use imapsync_tests::compare::Snapshot;
use imapsync_tests::real::{Dovecot, DovecotOptions, MailFormat};

use crate::cost::tree_cpu;
use crate::relay::Relay;
use crate::rows::{Row, Security};

/// Everything that a row needs but the tools.
#[derive(Debug)]
pub(crate) struct Stage {
    source: Dovecot,
    dest: Dovecot,
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
    pub(crate) dest_server: &'a Dovecot,
    /// Messages in one command, for the ceiling.
    pub(crate) batch: usize,
}

impl Stage {
    /// Starts the servers, fills the source and reads it once.
    pub(crate) fn set(row: &Row) -> io::Result<Self> {
        let account = row.account();
        let source = Dovecot::start(options(MailFormat::Maildir, row)?)?;
        source.fill(SOURCE_USER, &account)?;
        let dest = Dovecot::start(DovecotOptions {
            capability: row.capability.map(ToOwned::to_owned),
            ..options(row.format, row)?
        })?;
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
    pub(crate) fn job<'a>(&'a self, user: &str, folder: &'a Path, batch: usize) -> Job<'a> {
        let relay = |index: usize| self.relays.as_ref().map(|relays| relays[index].port());
        Job {
            source: self.end(&self.source, relay(0), SOURCE_USER),
            dest: self.end(&self.dest, relay(1), user),
            folder,
            dest_server: &self.dest,
            batch,
        }
    }

    /// What has arrived in an account.
    pub(crate) fn held(&self, user: &str) -> io::Result<Snapshot> {
        Snapshot::of_dovecot(&self.dest, user)
    }

    /// Whether the source still has as many messages as it had: some tools go both ways.
    pub(crate) fn source_is_whole(&self) -> io::Result<bool> {
        let status = ["-f", "flow", "mailbox", "status", "-u", SOURCE_USER];
        let listed = self
            .source
            .doveadm(&[&status[..], &["-t", "messages", "*"]].concat())?;
        let text = String::from_utf8_lossy(&listed).into_owned();
        let count = text
            .split_whitespace()
            .find_map(|word| word.strip_prefix("messages="));
        Ok(count.and_then(|count| count.parse().ok()) == Some(self.expected.message_count()))
    }

    /// Takes an account away, and waits until the disk has nothing left to do.
    pub(crate) fn clear(&self, user: &str) -> io::Result<()> {
        match self.dest.forget(user) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
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

    fn end(&self, server: &Dovecot, relay: Option<u16>, user: &str) -> End {
        let address = address(server, self.security);
        End {
            port: relay.unwrap_or_else(|| address.port()),
            security: self.security,
            ca_file: server.ca_file(),
            user: user.to_owned(),
        }
    }

    /// Nobody's first round pays for the source's index or for a cold disk.
    fn warm_up(&self) -> io::Result<()> {
        let mut client = self.source.login(SOURCE_USER)?;
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

fn options(format: MailFormat, row: &Row) -> io::Result<DovecotOptions> {
    let mut options = DovecotOptions::with_format(format)?;
    if row.security == Security::Tls {
        // One login process would carry the TLS of all connections.
        let line = "service imap-login {\n  process_min_avail = 2\n}";
        options.extra_lines.push(line.to_owned());
    }
    Ok(options)
}

fn relays(servers: [&Dovecot; 2], row: &Row) -> io::Result<Option<[Relay; 2]>> {
    if row.round_trip.is_zero() {
        return Ok(None);
    }
    let [source, dest] =
        servers.map(|server| Relay::before(address(server, row.security), row.round_trip));
    Ok(Some([source?, dest?]))
}

fn address(server: &Dovecot, security: Security) -> SocketAddr {
    match security {
        Security::Plain => server.plain_address(),
        Security::Tls => server.tls_address(),
    }
}

/// Whose mail is copied.
const SOURCE_USER: &str = "alice";
