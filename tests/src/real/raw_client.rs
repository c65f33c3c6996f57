//! A tiny blocking IMAP client (RFC 3501), plain TCP, to fill servers and to ask them things.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::response::{RawReply, announced_literal, tagged};
use crate::corpus::MessageSpec;

/// One connection. Every method waits for the server's answer.
#[derive(Debug)]
pub struct RawClient {
    reader: BufReader<TcpStream>,
    tag: u32,
    literal_plus: bool,
    multiappend: bool,
}

impl RawClient {
    /// Connects and reads the greeting.
    pub fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(ANSWER_LIMIT))?;
        stream.set_write_timeout(Some(ANSWER_LIMIT))?;
        let reader = BufReader::with_capacity(64 * 1024, stream);
        let mut client = Self {
            reader,
            tag: 0,
            literal_plus: false,
            multiappend: false,
        };
        let greeting = client.response()?;
        if !greeting.starts_with(b"* OK") {
            return Err(io::Error::other(format!(
                "greeting: {}",
                String::from_utf8_lossy(&greeting)
            )));
        }
        Ok(client)
    }

    /// LOGIN, then CAPABILITY to learn what APPEND may use.
    pub fn login(&mut self, user: &str, password: &str) -> io::Result<()> {
        self.run(&format!("LOGIN {} {}", quoted(user), quoted(password)))?;
        let capability = self
            .run("CAPABILITY")?
            .lines()
            .join(" ")
            .to_ascii_uppercase();
        let offers = |name: &str| capability.split_whitespace().any(|word| word == name);
        self.literal_plus = offers("LITERAL+");
        self.multiappend = offers("MULTIAPPEND");
        Ok(())
    }

    /// Runs any command and returns the answer, whatever it is.
    pub fn command(&mut self, line: &str) -> io::Result<RawReply> {
        let tag = self.next_tag();
        self.send(format!("{tag} {line}\r\n").as_bytes())?;
        self.reply(&tag)
    }

    /// Runs commands that are sent at once, since some servers answer each only after the kernel's patience with small
    /// packets; the answers may be any.
    pub fn command_all(
        &mut self,
        lines: impl Iterator<Item = String>,
    ) -> io::Result<Vec<RawReply>> {
        let mut commands = String::new();
        let mut tags = Vec::new();
        for line in lines {
            let tag = self.next_tag();
            commands += &format!("{tag} {line}\r\n");
            tags.push(tag);
        }
        self.send(commands.as_bytes())?;
        tags.iter().map(|tag| self.reply(tag)).collect()
    }

    /// Runs a command that must succeed.
    pub fn run(&mut self, line: &str) -> io::Result<RawReply> {
        self.command(line)?.ok(line)
    }

    /// CREATE; `mailbox` is a wire name (see [`Namespace::wire_name`](super::Namespace::wire_name)).
    pub fn create(&mut self, mailbox: &str) -> io::Result<()> {
        self.run(&format!("CREATE {}", quoted(mailbox))).map(drop)
    }

    /// CREATE that the server may refuse.
    pub(super) fn try_create(&mut self, mailbox: &str) -> io::Result<RawReply> {
        self.command(&format!("CREATE {}", quoted(mailbox)))
    }

    /// SELECT, whatever the answer is.
    pub(super) fn select(&mut self, mailbox: &str) -> io::Result<RawReply> {
        self.command(&format!("SELECT {}", quoted(mailbox)))
    }

    /// SUBSCRIBE.
    pub fn subscribe(&mut self, mailbox: &str) -> io::Result<()> {
        self.run(&format!("SUBSCRIBE {}", quoted(mailbox)))
            .map(drop)
    }

    /// Appends messages in order, as fast as the server's extensions allow. All must be accepted.
    pub fn append(&mut self, mailbox: &str, messages: &[MessageSpec]) -> io::Result<()> {
        match (self.literal_plus, self.multiappend) {
            (true, true) => messages
                .chunks(BATCH)
                .try_for_each(|batch| self.append_batch(mailbox, batch)),
            (true, false) => messages
                .chunks(BATCH)
                .try_for_each(|batch| self.append_pipelined(mailbox, batch)),
            (false, _) => messages
                .iter()
                .try_for_each(|message| self.append_waiting(mailbox, message)),
        }
    }

    /// RFC 3502 MULTIAPPEND with RFC 7888 LITERAL+: one command, no wait.
    fn append_batch(&mut self, mailbox: &str, batch: &[MessageSpec]) -> io::Result<()> {
        let tag = self.next_tag();
        let mut command = format!("{tag} APPEND {}", quoted(mailbox)).into_bytes();
        for message in batch {
            command.extend_from_slice(announcement(message, "+").as_bytes());
            command.extend_from_slice(&message.body);
        }
        command.extend_from_slice(b"\r\n");
        self.send(&command)?;
        self.reply(&tag)?.ok("APPEND").map(drop)
    }

    /// LITERAL+ alone: many commands, then their answers.
    fn append_pipelined(&mut self, mailbox: &str, batch: &[MessageSpec]) -> io::Result<()> {
        let tags = self.send_appends(mailbox, batch)?;
        tags.iter()
            .try_for_each(|tag| self.reply(tag)?.ok("APPEND").map(drop))
    }

    /// An APPEND for each message; says with which tags.
    fn send_appends(&mut self, mailbox: &str, messages: &[MessageSpec]) -> io::Result<Vec<String>> {
        let mut tags = Vec::new();
        let mut commands = Vec::new();
        for message in messages {
            let tag = self.next_tag();
            commands.extend_from_slice(format!("{tag} APPEND {}", quoted(mailbox)).as_bytes());
            commands.extend_from_slice(announcement(message, "+").as_bytes());
            commands.extend_from_slice(&message.body);
            commands.extend_from_slice(b"\r\n");
            tags.push(tag);
        }
        self.send(&commands)?;
        Ok(tags)
    }

    /// A synchronizing literal: the body goes out after the server's `+`.
    fn append_waiting(&mut self, mailbox: &str, message: &MessageSpec) -> io::Result<()> {
        self.offer(mailbox, message)?.ok("APPEND").map(drop)
    }

    /// Appends messages that the server may refuse; the answers in order.
    pub(super) fn offer_all(
        &mut self,
        mailbox: &str,
        messages: &[MessageSpec],
    ) -> io::Result<Vec<RawReply>> {
        if !self.literal_plus {
            return messages
                .iter()
                .map(|message| self.offer(mailbox, message))
                .collect();
        }
        let mut replies = Vec::new();
        for some in messages.chunks(OFFERED) {
            let tags = self.send_appends(mailbox, some)?;
            for tag in tags {
                replies.push(self.reply(&tag)?);
            }
        }
        Ok(replies)
    }

    /// Appends a message with a synchronizing literal; the server may refuse it, before its body or after.
    pub fn offer(&mut self, mailbox: &str, message: &MessageSpec) -> io::Result<RawReply> {
        let tag = self.next_tag();
        self.send(
            format!(
                "{tag} APPEND {}{}",
                quoted(mailbox),
                announcement(message, "")
            )
            .as_bytes(),
        )?;
        if let Some(refused) = self.reply_or_invitation(&tag)? {
            return Ok(refused);
        }
        self.send(&message.body)?;
        self.send(b"\r\n")?;
        self.reply(&tag)
    }

    fn next_tag(&mut self) -> String {
        self.tag += 1;
        format!("t{}", self.tag)
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.reader.get_mut().write_all(bytes)
    }

    /// Responses up to the tagged one.
    fn reply(&mut self, tag: &str) -> io::Result<RawReply> {
        loop {
            if let Some(reply) = self.reply_or_invitation(tag)? {
                return Ok(reply);
            }
        }
    }

    /// Responses up to the tagged one, or to a `+`: then there is no reply yet.
    fn reply_or_invitation(&mut self, tag: &str) -> io::Result<Option<RawReply>> {
        let mut untagged = Vec::new();
        loop {
            let response = self.response()?;
            if response.starts_with(b"+") {
                return Ok(None);
            }
            let text = String::from_utf8_lossy(&response);
            if let Some(rest) = text
                .strip_prefix(tag)
                .and_then(|rest| rest.strip_prefix(' '))
            {
                let (status, text) = tagged(rest)?;
                return Ok(Some(RawReply {
                    untagged,
                    status,
                    text,
                }));
            }
            untagged.push(response);
        }
    }

    /// One response: a line, and while it ends in `{n}`, the literal and the next line.
    fn response(&mut self) -> io::Result<Vec<u8>> {
        let mut response = Vec::new();
        loop {
            let start = response.len();
            self.reader.read_until(b'\n', &mut response)?;
            if !response.ends_with(b"\r\n") {
                return Err(io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    "connection closed",
                ));
            }
            let end = response.len() - 2;
            let Some(length) = announced_literal(&response[start..end]) else {
                response.truncate(end);
                return Ok(response);
            };
            let literal_start = response.len();
            response.resize(literal_start + length, 0);
            self.reader.read_exact(&mut response[literal_start..])?;
        }
    }
}

/// A quoted string (RFC 3501 section 4.3).
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// ` (flags) "date" {n}CRLF`: what stands before a message in APPEND.
fn announcement(message: &MessageSpec, plus: &str) -> String {
    format!(
        " ({}) \"{}\" {{{}{plus}}}\r\n",
        message.flags.join(" "),
        message.internal_date,
        message.body.len()
    )
}

/// Messages in one go; answers to that many fit a socket's buffer.
const BATCH: usize = 250;
/// Fewer, for servers that say much about each.
const OFFERED: usize = 50;
/// A server that says nothing for so long has hung.
const ANSWER_LIMIT: Duration = Duration::from_secs(120);
