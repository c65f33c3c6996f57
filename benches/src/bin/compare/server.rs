//! A server of a row, of whichever kind: where it listens, what it costs, what it holds.

use std::cell::RefCell;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::Command;
use std::{env, io};

use imapsync_tests::compare::{Message, Snapshot};
use imapsync_tests::real::{Dovecot, PASSWORD};
use imapsync_tests::server::ServerProcess;

use crate::rows::Security;

/// A running server.
#[derive(Debug)]
pub(crate) enum Server {
    Dovecot(Dovecot),
    Embedded(RefCell<ServerProcess>),
}

impl Server {
    /// An embedded one with one account, which holds what the options say; bodies are never only hashed.
    pub(crate) fn embedded(user: &str, options: &[String]) -> io::Result<Self> {
        let mut program = Command::new(env::current_exe()?.with_file_name("embedded-imapd"));
        program
            .args(["--user", user, "--password", PASSWORD])
            .args(["--hash-over", &u64::MAX.to_string()])
            .args(options)
            // What was used once stays at hand: see `warm`.
            .env("GLIBC_TUNABLES", KEEP_MEMORY);
        let process = ServerProcess::start(program)?;
        Ok(Self::Embedded(RefCell::new(process)))
    }

    pub(crate) fn address(&self, security: Security) -> SocketAddr {
        match (self, security) {
            (Self::Dovecot(server), Security::Plain) => server.plain_address(),
            (Self::Dovecot(server), Security::Tls) => server.tls_address(),
            (Self::Embedded(server), _) => {
                SocketAddr::from((Ipv4Addr::LOCALHOST, server.borrow().port()))
            }
        }
    }

    /// Who vouches for it; nobody does for an embedded one, which has no TLS here.
    pub(crate) fn ca_file(&self) -> PathBuf {
        match self {
            Self::Dovecot(server) => server.ca_file(),
            Self::Embedded(_) => PathBuf::from("/dev/null"),
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        match self {
            Self::Dovecot(server) => server.pid(),
            Self::Embedded(server) => server.borrow().pid(),
        }
    }

    /// Lets a new user log in, whom Dovecot knows anyway.
    pub(crate) fn welcome(&self, user: &str) -> io::Result<()> {
        match self {
            Self::Dovecot(_) => Ok(()),
            Self::Embedded(_) => self.order(&format!("add {user}")).map(drop),
        }
    }

    /// Lets an embedded one use memory for so much mail once: otherwise a page fault for every other
    /// message would be a part of what the servers cost.
    pub(crate) fn warm(&self, octets: usize) -> io::Result<()> {
        match self {
            Self::Dovecot(_) => Ok(()),
            Self::Embedded(_) => self.order(&format!("warm {octets}")).map(drop),
        }
    }

    /// Takes an account away, if there is one.
    pub(crate) fn forget(&self, user: &str) -> io::Result<()> {
        match self {
            Self::Dovecot(server) => match server.forget(user) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
                done => done.map(drop),
            },
            Self::Embedded(_) => self.order(&format!("forget {user}")).map(drop),
        }
    }

    /// What an account holds.
    pub(crate) fn held(&self, user: &str) -> io::Result<Snapshot> {
        if let Self::Dovecot(server) = self {
            return Snapshot::of_dovecot(server, user);
        }
        let mut snapshot = Snapshot::default();
        for row in self.order(&format!("dump {user}"))? {
            let (mailbox, message) = dumped(&row)
                .ok_or_else(|| io::Error::other(format!("not a row of a dump: {row}")))?;
            snapshot.add_message(&[mailbox], message);
        }
        Ok(snapshot)
    }

    /// How many messages an account holds.
    pub(crate) fn count(&self, user: &str) -> io::Result<Option<usize>> {
        let text = match self {
            Self::Dovecot(server) => {
                let status = ["-f", "flow", "mailbox", "status", "-u", user];
                let listed = server.doveadm(&[&status[..], &["-t", "messages", "*"]].concat())?;
                String::from_utf8_lossy(&listed).replace("messages=", "")
            }
            Self::Embedded(_) => self.order(&format!("count {user}"))?.concat(),
        };
        Ok(text.split_whitespace().find_map(|word| word.parse().ok()))
    }

    /// When messages arrived in INBOX: nanoseconds from the first on, and how many at once.
    pub(crate) fn arrivals(&self, user: &str) -> io::Result<Vec<(u64, usize)>> {
        let Self::Embedded(_) = self else {
            return Ok(Vec::new());
        };
        let pair = |line: &String| {
            let (at, messages) = line.split_once('\t')?;
            Some((at.parse().ok()?, messages.parse().ok()?))
        };
        let lines = self.order(&format!("arrivals {user}"))?;
        Ok(lines.iter().filter_map(pair).collect())
    }

    fn order(&self, order: &str) -> io::Result<Vec<String>> {
        match self {
            Self::Dovecot(_) => Err(io::ErrorKind::Unsupported.into()),
            Self::Embedded(server) => server.borrow_mut().order(order),
        }
    }
}

/// Mailbox, UID, SHA-256, length, internal date and flags, separated by tabs.
fn dumped(row: &str) -> Option<(String, Message)> {
    let mut fields = row.split('\t');
    let (mailbox, _uid) = (fields.next()?, fields.next()?);
    let (hash, length) = (fields.next()?, fields.next()?);
    let date = fields.next()?.parse().ok()?;
    let flags = fields.next()?.split_ascii_whitespace();
    let message = Message {
        sha256: digits(hash)?,
        length: length.parse().ok()?,
        ..Message::new(b"", date, flags)
    };
    Some((mailbox.to_owned(), message))
}

fn digits(hash: &str) -> Option<[u8; 32]> {
    let mut octets = [0; 32];
    if hash.len() != 2 * octets.len() {
        return None;
    }
    for (index, octet) in octets.iter_mut().enumerate() {
        *octet = u8::from_str_radix(hash.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(octets)
}

/// One heap for all threads, which gives nothing back.
const KEEP_MEMORY: &str = "glibc.malloc.arena_max=1:glibc.malloc.trim_threshold=68719476736";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_a_dump_is_the_message_that_it_tells_of() {
        let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let row = format!("INBOX\t7\t{hash}\t3\t86400\t\\Seen a");
        let expected = Message::new(b"abc", 86_400, ["a", "\\Seen"]);
        assert_eq!(dumped(&row), Some(("INBOX".to_owned(), expected)));
        assert_eq!(dumped("INBOX\t7\tba78\t3\t86400\t"), None);
    }
}
