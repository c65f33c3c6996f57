//! A client that writes octets and reads lines; it knows no more of IMAP than literal headers.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::server::{EmbeddedServer, Options, Profile};

/// One connection.
pub(super) struct Client {
    reader: BufReader<TcpStream>,
    next_tag: usize,
}

impl Client {
    /// Connects and reads the greeting.
    pub(super) fn connect(server: &EmbeddedServer) -> (Self, String) {
        let stream = TcpStream::connect(("127.0.0.1", server.port())).expect("the server listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .expect("a time-out is possible");
        stream.set_nodelay(true).expect("no delay is possible");
        let mut client = Self {
            reader: BufReader::new(stream),
            next_tag: 0,
        };
        let greeting = client.line();
        (client, greeting)
    }

    /// Connects and logs in as alice.
    pub(super) fn alice(server: &EmbeddedServer) -> Self {
        let (mut client, _) = Self::connect(server);
        let answer = client.run("LOGIN alice pw");
        assert!(answer.contains(" OK "), "{answer}");
        client
    }

    pub(super) fn send(&mut self, octets: impl AsRef<[u8]>) {
        self.reader
            .get_mut()
            .write_all(octets.as_ref())
            .expect("the server reads");
    }

    /// One line without its end; empty when the connection is closed.
    pub(super) fn line(&mut self) -> String {
        self.next_line().unwrap_or_default()
    }

    fn next_line(&mut self) -> Option<String> {
        let mut line = Vec::new();
        // A connection that breaks counts as closed.
        let _ = self.reader.read_until(b'\n', &mut line);
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        (!line.is_empty()).then_some(text)
    }

    pub(super) fn exactly(&mut self, length: usize) -> Vec<u8> {
        let mut octets = vec![0; length];
        self.reader
            .read_exact(&mut octets)
            .expect("so many octets come");
        octets
    }

    /// The stream, to read from it as one likes.
    pub(super) fn stream(&mut self) -> &mut impl Read {
        &mut self.reader
    }

    /// Everything until the connection ends.
    pub(super) fn rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        let _ = self.reader.read_to_end(&mut rest);
        rest
    }

    /// Sends a command and reads up to its tagged response; lines are joined by `\n`.
    pub(super) fn run(&mut self, command: &str) -> String {
        self.next_tag += 1;
        let tag = format!("t{}", self.next_tag);
        self.send(format!("{tag} {command}\r\n"));
        self.until(&tag)
    }

    /// Reads up to the tagged response, which is included.
    pub(super) fn until(&mut self, tag: &str) -> String {
        let mut answer = String::new();
        while let Some(line) = self.next_line() {
            answer.push_str(&line);
            if line.starts_with(&format!("{tag} ")) {
                break;
            }
            answer.push('\n');
        }
        answer
    }

    /// APPEND with a synchronizing literal; `arguments` precede the literal.
    pub(super) fn append(&mut self, arguments: &str, octets: &[u8]) -> String {
        self.send(format!("ap APPEND {arguments} {{{}}}\r\n", octets.len()));
        let line = self.line();
        if !line.starts_with('+') {
            return line;
        }
        self.send(octets);
        self.send("\r\n");
        self.until("ap")
    }

    /// The whole message of this UID.
    pub(super) fn body(&mut self, uid: u32) -> Vec<u8> {
        self.send(format!("b UID FETCH {uid} (BODY.PEEK[])\r\n"));
        let line = self.line();
        let length = line
            .rsplit_once('{')
            .and_then(|(_, end)| end.strip_suffix('}'));
        let length = length.and_then(|length| length.parse().ok());
        let octets = self.exactly(length.unwrap_or_else(|| panic!("no literal in {line}")));
        assert_eq!(self.line(), ")");
        assert!(self.until("b").contains("b OK"));
        octets
    }
}

/// A server of this profile with the user alice.
pub(super) fn server(profile: Profile) -> EmbeddedServer {
    let options = Options::with_profile(profile).with_user("alice", "pw");
    EmbeddedServer::start(options).expect("loopback has a free port")
}

/// A small message.
pub(super) const MESSAGE: &[u8] = b"Subject: hello\r\nMessage-ID: <1@example.org>\r\n\r\nhello\r\n";
