//! A blocking IMAP connection for the ceiling, as thin as it can be: lines in, prepared octets out. None of the
//! crates that are measured is in it.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::rows::Security;

/// A connection that is logged in.
#[derive(Debug)]
pub(crate) struct Wire {
    stream: BufReader<Stream>,
}

#[derive(Debug)]
enum Stream {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Wire {
    /// Connects, reads the greeting, logs in.
    pub(crate) fn open(
        address: SocketAddr,
        security: Security,
        ca_file: &Path,
        (user, password): (&str, &str),
    ) -> io::Result<Self> {
        let tcp = TcpStream::connect(address)?;
        tcp.set_nodelay(true)?;
        let stream = match security {
            Security::Plain => Stream::Plain(tcp),
            Security::Tls => Stream::Tls(Box::new(StreamOwned::new(trusting(ca_file)?, tcp))),
        };
        let mut wire = Self {
            stream: BufReader::with_capacity(BUFFER_BYTES, stream),
        };
        wire.line()?;
        wire.run(&format!("LOGIN {user} {password}"))?;
        Ok(wire)
    }

    /// A command that must succeed and whose answer nobody wants.
    pub(crate) fn run(&mut self, command: &str) -> io::Result<()> {
        self.send(format!("{TAG} {command}\r\n").as_bytes())?;
        self.answer(TAG).map(drop)
    }

    pub(crate) fn send(&mut self, octets: &[u8]) -> io::Result<()> {
        let stream = self.stream.get_mut();
        stream.write_all(octets)?;
        stream.flush()
    }

    /// Reads up to the next answer to a command or the next `+`, whichever comes; a refusal is an error.
    pub(crate) fn answer(&mut self, tag: &str) -> io::Result<Answer> {
        loop {
            let line = self.line()?;
            if line.starts_with('+') {
                return Ok(Answer::GoAhead);
            }
            match line.split_once(' ') {
                Some((said, rest)) if said == tag && rest.starts_with("OK") => {
                    return Ok(Answer::Done);
                }
                Some((said, _)) if said == tag => return Err(io::Error::other(line)),
                _ => {}
            }
        }
    }

    /// Makes a mailbox. A server that is making a new account's store for somebody else at this moment may
    /// have it there already.
    pub(crate) fn create(&mut self, name: &str) -> io::Result<()> {
        match self.run(&format!("CREATE {name}")) {
            Err(error) if error.to_string().contains("[ALREADYEXISTS]") => Ok(()),
            made => made,
        }
    }

    /// A command whose answer is large: all of it is read and forgotten, without looking at what it means; only
    /// the end of it must be the tagged line. Returns the number of octets.
    pub(crate) fn read_into_nothing(&mut self, command: &str) -> io::Result<u64> {
        self.send(format!("{LONG_TAG} {command}\r\n").as_bytes())?;
        let ending = format!("\r\n{LONG_TAG} ");
        let mut count = 0;
        let mut tail = Vec::with_capacity(2 * TAIL_BYTES);
        loop {
            let octets = self.stream.fill_buf()?;
            if octets.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let read = octets.len();
            tail.extend_from_slice(&octets[read.saturating_sub(TAIL_BYTES)..]);
            tail.drain(..tail.len().saturating_sub(TAIL_BYTES));
            self.stream.consume(read);
            count += read as u64;
            let is_last = tail.ends_with(b"\r\n")
                && tail
                    .windows(ending.len())
                    .any(|window| window == ending.as_bytes());
            if is_last {
                return Ok(count);
            }
        }
    }

    /// Some octets, as many as have come.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.read(buffer)
    }

    pub(crate) fn line(&mut self) -> io::Result<String> {
        let mut line = Vec::new();
        self.stream.read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
    }
}

/// What a server says to an APPEND.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Done,
    GoAhead,
}

fn trusting(ca_file: &Path) -> io::Result<ClientConnection> {
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_file(ca_file).map_err(io::Error::other)?;
    roots.add(certificate).map_err(io::Error::other)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
    ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(buffer),
            Self::Tls(stream) => stream.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.write(octets),
            Self::Tls(stream) => stream.write(octets),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}

const TAG: &str = "c";
/// In no message of the corpus.
const LONG_TAG: &str = "zQ7ceiling7Qz";
const TAIL_BYTES: usize = 512;
const BUFFER_BYTES: usize = 256 * 1024;
