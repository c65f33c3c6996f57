//! Commands to bytes: RFC 9051 section 9 `command`, with the pauses of synchronizing literals.

use bytes::{BufMut, Bytes, BytesMut};

use crate::chars::{is_quotable, is_strict_atom_char};
use crate::command::{Append, Command, FetchItem, ListReturn, MailboxName, StatusItem};
use crate::limits::LITERAL_MINUS_OCTETS;

/// Which literals the server takes without being asked first: RFC 7888.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Literals {
    /// Every literal waits for a command continuation request.
    #[default]
    Synchronizing,
    /// `LITERAL-`: up to 4096 octets go out at once.
    Minus,
    /// `LITERAL+`: all go out at once.
    Plus,
}

impl Literals {
    /// Whether a literal of so many octets waits for a command continuation request.
    #[must_use]
    pub const fn waits(self, octets: u64) -> bool {
        match self {
            Self::Synchronizing => true,
            Self::Minus => octets > LITERAL_MINUS_OCTETS,
            Self::Plus => false,
        }
    }
}

/// A part of an encoded command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// Bytes to send.
    Bytes(Bytes),
    /// Nothing more of this command before the server's `+`.
    AwaitContinuation,
    /// So many octets of a body, which the caller provides, go here.
    Body(u64),
}

impl Command<'_> {
    /// The command as segments, from its tag (letters and digits) to its CRLF.
    #[must_use]
    pub fn encode(&self, tag: &str, literals: Literals) -> Vec<Segment> {
        let mut out = Encoder {
            line: BytesMut::with_capacity(128),
            segments: Vec::with_capacity(4),
            literals,
        };
        out.only(tag, |byte| byte.is_ascii_alphanumeric());
        out.raw(" ");
        out.command(self);
        out.raw("\r\n");
        out.flush();
        out.segments
    }
}

struct Encoder {
    line: BytesMut,
    segments: Vec<Segment>,
    literals: Literals,
}

impl Encoder {
    fn command(&mut self, command: &Command<'_>) {
        match *command {
            Command::AuthenticatePlain { response, initial } => {
                self.authenticate(response, initial)
            }
            Command::Append(ref append) => self.append(append),
            _ => {
                self.raw(command.name());
                self.arguments(command);
            }
        }
    }

    fn arguments(&mut self, command: &Command<'_>) {
        match *command {
            Command::Compress => self.raw(" DEFLATE"),
            Command::Create(mailbox)
            | Command::Examine(mailbox)
            | Command::Select(mailbox)
            | Command::Subscribe(mailbox) => self.mailbox(mailbox),
            Command::Fetch { first, last, items } => {
                self.word(&format!("{first}:{last}"));
                self.items(items);
            }
            Command::UidFetch { uids, items } => {
                self.word(&uids.to_string());
                self.items(items);
            }
            Command::UidFetchFrom { first, items } => {
                self.word(&format!("{first}:*"));
                self.items(items);
            }
            Command::UidSearchHeader { field, value } => {
                self.raw(" HEADER");
                self.astring(field.as_bytes());
                self.astring(value.as_bytes());
            }
            Command::Id(fields) => self.id(fields),
            Command::List { pattern, with } => self.list(pattern, with),
            Command::Lsub { pattern } => self.list(pattern, ListReturn::Nothing),
            Command::Login { user, password } => {
                self.astring(user.as_bytes());
                self.astring(password.as_bytes());
            }
            Command::Status { mailbox, items } => {
                self.mailbox(mailbox);
                self.status_items(items);
            }
            _ => {}
        }
    }

    fn authenticate(&mut self, response: &str, initial: bool) {
        self.raw("AUTHENTICATE PLAIN");
        if initial {
            self.raw(" ");
        } else {
            self.raw("\r\n");
            self.pause();
        }
        self.only(response, |byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
        });
    }

    fn append(&mut self, append: &Append<'_>) {
        self.raw("APPEND");
        self.mailbox(append.mailbox);
        for message in append.messages {
            self.word(&format!("({})", message.flags));
            if let Some(date) = message.internal_date {
                self.word(&format!("\"{date}\""));
            }
            self.raw(" ");
            let usual = self.literals;
            self.literals = message.literal.unwrap_or(usual);
            self.literal_header(message.octets);
            self.literals = usual;
            self.flush();
            self.segments.push(Segment::Body(message.octets));
        }
    }

    fn id(&mut self, fields: &[(&str, &str)]) {
        for (index, (name, value)) in fields.iter().enumerate() {
            self.raw(if index == 0 { " (" } else { " " });
            self.quoted(name.as_bytes());
            self.raw(" ");
            self.quoted(value.as_bytes());
        }
        self.raw(if fields.is_empty() { " NIL" } else { ")" });
    }

    fn list(&mut self, pattern: &str, with: ListReturn<'_>) {
        self.raw(" \"\" ");
        self.string(pattern.as_bytes());
        if let ListReturn::Status(items) = with {
            self.raw(" RETURN (STATUS");
            self.status_items(items);
            self.raw(")");
        }
    }

    fn items(&mut self, items: &[FetchItem]) {
        let words: Vec<&str> = items.iter().map(|item| item.as_str()).collect();
        self.word(&format!("({})", words.join(" ")));
    }

    fn status_items(&mut self, items: &[StatusItem]) {
        let words: Vec<&str> = items.iter().map(|item| item.as_str()).collect();
        self.word(&format!("({})", words.join(" ")));
    }

    fn mailbox(&mut self, mailbox: &MailboxName) {
        self.raw(" ");
        self.string(mailbox.as_wire());
    }

    fn astring(&mut self, text: &[u8]) {
        self.raw(" ");
        let atom = !text.is_empty() && text.iter().all(|&byte| is_strict_atom_char(byte));
        if atom && !text.eq_ignore_ascii_case(b"NIL") {
            self.line.put_slice(text);
        } else {
            self.string(text);
        }
    }

    /// A quoted string where the grammar allows one, else a literal.
    fn string(&mut self, text: &[u8]) {
        if text.iter().all(|&byte| is_quotable(byte)) {
            self.quoted(text);
        } else {
            self.literal_header(text.len() as u64);
            self.line.put_slice(text);
        }
    }

    fn quoted(&mut self, text: &[u8]) {
        self.raw("\"");
        for &byte in text {
            if matches!(byte, b'"' | b'\\') {
                self.raw("\\");
            }
            self.line
                .put_u8(if is_quotable(byte) { byte } else { b'?' });
        }
        self.raw("\"");
    }

    fn literal_header(&mut self, octets: u64) {
        if self.literals.waits(octets) {
            self.raw(&format!("{{{octets}}}\r\n"));
            self.pause();
        } else {
            self.raw(&format!("{{{octets}+}}\r\n"));
        }
    }

    fn word(&mut self, word: &str) {
        self.raw(" ");
        self.raw(word);
    }

    /// What a tag or base64 is made of; nothing else of `text` can get into a command line.
    fn only(&mut self, text: &str, allowed: impl Fn(u8) -> bool) {
        let kept = text.bytes().filter(|&byte| allowed(byte));
        self.line.extend(kept);
    }

    fn raw(&mut self, text: &str) {
        self.line.put_slice(text.as_bytes());
    }

    fn pause(&mut self) {
        self.flush();
        self.segments.push(Segment::AwaitContinuation);
    }

    fn flush(&mut self) {
        if !self.line.is_empty() {
            self.segments
                .push(Segment::Bytes(self.line.split().freeze()));
        }
    }
}

#[cfg(test)]
mod tests;
