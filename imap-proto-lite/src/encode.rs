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
mod tests {
    use super::*;
    use crate::command::AppendMessage;
    use crate::date::InternalDate;
    use crate::flag::{FlagSet, Flags};
    use crate::ids::Uid;
    use crate::uid_set::UidSet;

    /// Segments as one text, `<+>` for a pause and `<n>` for a body.
    fn shown(command: &Command<'_>, literals: Literals) -> String {
        let show = |segment: Segment| match segment {
            Segment::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Segment::AwaitContinuation => "<+>".to_owned(),
            Segment::Body(octets) => format!("<{octets}>"),
        };
        command
            .encode("a1", literals)
            .into_iter()
            .map(show)
            .collect()
    }

    #[test]
    fn names_are_quoted_or_literals() {
        for (wire, plus, synchronizing) in [
            (
                &b"INBOX"[..],
                "a1 CREATE \"INBOX\"\r\n",
                "a1 CREATE \"INBOX\"\r\n",
            ),
            (
                b" a\"b\\ {3}",
                "a1 CREATE \" a\\\"b\\\\ {3}\"\r\n",
                "a1 CREATE \" a\\\"b\\\\ {3}\"\r\n",
            ),
            (
                b"\xe9",
                "a1 CREATE {1+}\r\n\u{fffd}\r\n",
                "a1 CREATE {1}\r\n<+>\u{fffd}\r\n",
            ),
            (
                b"a\tb",
                "a1 CREATE {3+}\r\na\tb\r\n",
                "a1 CREATE {3}\r\n<+>a\tb\r\n",
            ),
        ] {
            let name = MailboxName::from_wire(wire).expect("fit to be sent");
            assert_eq!(shown(&Command::Create(&name), Literals::Plus), plus);
            assert_eq!(
                shown(&Command::Create(&name), Literals::Synchronizing),
                synchronizing
            );
        }
        for wire in [&b"a\0"[..], b"a\r\nx CREATE b", b"\n"] {
            assert!(MailboxName::from_wire(wire).is_err());
        }
    }

    #[test]
    fn logins_take_any_password() {
        let login = |password| Command::Login {
            user: "joe",
            password,
        };
        assert_eq!(shown(&login("pw"), Literals::Plus), "a1 LOGIN joe pw\r\n");
        assert_eq!(
            shown(&login("a \"b"), Literals::Plus),
            "a1 LOGIN joe \"a \\\"b\"\r\n"
        );
        assert_eq!(shown(&login(""), Literals::Plus), "a1 LOGIN joe \"\"\r\n");
        assert_eq!(
            shown(&login("nil"), Literals::Plus),
            "a1 LOGIN joe \"nil\"\r\n"
        );
        assert_eq!(
            shown(&login("pä"), Literals::Minus),
            "a1 LOGIN joe {3+}\r\npä\r\n"
        );
        assert_eq!(
            shown(&login("pä"), Literals::Synchronizing),
            "a1 LOGIN joe {3}\r\n<+>pä\r\n"
        );
    }

    #[test]
    fn compress_names_its_mechanism() {
        let line = shown(&Command::Compress, Literals::Plus);
        assert_eq!(line, "a1 COMPRESS DEFLATE\r\n");
    }

    #[test]
    fn appends_wait_as_the_server_wants() {
        let mailbox = MailboxName::inbox();
        let flags = FlagSet::from_flags(Flags(b"\\Seen $A \\Recent"), |_| {});
        let shown = |octets, literals| {
            let message = AppendMessage {
                flags: &flags,
                internal_date: InternalDate::new(0, 60),
                octets,
                literal: None,
            };
            let append = Append {
                mailbox: &mailbox,
                messages: &[message],
            };
            shown(&Command::Append(append), literals)
        };
        let line = "a1 APPEND \"INBOX\" (\\Seen $A) \"01-Jan-1970 01:00:00 +0100\" ";
        assert_eq!(
            shown(5000, Literals::Plus),
            format!("{line}{{5000+}}\r\n<5000>\r\n")
        );
        assert_eq!(
            shown(5000, Literals::Minus),
            format!("{line}{{5000}}\r\n<+><5000>\r\n")
        );
        assert_eq!(
            shown(4096, Literals::Minus),
            format!("{line}{{4096+}}\r\n<4096>\r\n")
        );
        assert_eq!(
            shown(0, Literals::Synchronizing),
            format!("{line}{{0}}\r\n<+><0>\r\n")
        );
    }

    #[test]
    fn many_messages_go_into_one_command() {
        let mailbox = MailboxName::inbox();
        let flags = FlagSet::default();
        let messages = [3, 5000].map(|octets| AppendMessage {
            flags: &flags,
            internal_date: None,
            octets,
            literal: None,
        });
        let append = Command::Append(Append {
            mailbox: &mailbox,
            messages: &messages,
        });
        assert_eq!(
            shown(&append, Literals::Minus),
            "a1 APPEND \"INBOX\" () {3+}\r\n<3> () {5000}\r\n<+><5000>\r\n"
        );
        let [first, second] = messages;
        let waits = AppendMessage {
            literal: Some(Literals::Synchronizing),
            ..first
        };
        let append = Command::Append(Append {
            mailbox: &mailbox,
            messages: &[first, waits, second],
        });
        assert_eq!(
            shown(&append, Literals::Plus),
            "a1 APPEND \"INBOX\" () {3+}\r\n<3> () {3}\r\n<+><3> () {5000+}\r\n<5000>\r\n"
        );
    }

    #[test]
    fn no_argument_carries_a_second_command() {
        let command = Command::AuthenticatePlain {
            response: "AGEA\r\nx DELETE INBOX",
            initial: true,
        };
        let segments = command.encode("a1\r\nb", Literals::Plus);
        let line = b"a1b AUTHENTICATE PLAIN AGEAxDELETEINBOX\r\n";
        assert_eq!(segments, [Segment::Bytes(Bytes::from_static(line))]);
    }

    #[test]
    fn the_other_commands() {
        let mailbox = MailboxName::inbox();
        let uids: UidSet = [3, 4, 9].into_iter().filter_map(Uid::new).collect();
        let items = [FetchItem::Uid, FetchItem::Flags, FetchItem::Body];
        let status = [StatusItem::Messages, StatusItem::UidNext];
        for (command, wire) in [
            (Command::Noop, "a1 NOOP\r\n"),
            (
                Command::UidFetch {
                    uids: &uids,
                    items: &items,
                },
                "a1 UID FETCH 3:4,9 (UID FLAGS BODY.PEEK[])\r\n",
            ),
            (
                Command::UidFetch {
                    uids: &uids,
                    items: &[FetchItem::Uid, FetchItem::MessageId],
                },
                "a1 UID FETCH 3:4,9 (UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])\r\n",
            ),
            (
                Command::Status {
                    mailbox: &mailbox,
                    items: &status,
                },
                "a1 STATUS \"INBOX\" (MESSAGES UIDNEXT)\r\n",
            ),
            (
                Command::List {
                    pattern: "*",
                    with: ListReturn::Nothing,
                },
                "a1 LIST \"\" \"*\"\r\n",
            ),
            (
                Command::List {
                    pattern: "*",
                    with: ListReturn::Status(&status),
                },
                "a1 LIST \"\" \"*\" RETURN (STATUS (MESSAGES UIDNEXT))\r\n",
            ),
            (
                Command::Id(&[("name", "x"), ("version", "1")]),
                "a1 ID (\"name\" \"x\" \"version\" \"1\")\r\n",
            ),
            (Command::Id(&[]), "a1 ID NIL\r\n"),
            (
                Command::AuthenticatePlain {
                    response: "AGEAYg==",
                    initial: true,
                },
                "a1 AUTHENTICATE PLAIN AGEAYg==\r\n",
            ),
            (
                Command::AuthenticatePlain {
                    response: "AGEAYg==",
                    initial: false,
                },
                "a1 AUTHENTICATE PLAIN\r\n<+>AGEAYg==\r\n",
            ),
        ] {
            assert_eq!(shown(&command, Literals::Synchronizing), wire);
        }
    }
}
