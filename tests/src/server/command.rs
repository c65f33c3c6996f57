//! Reading one command: its lines, its literals, its tag and name (RFC 9051 section 2.2.1).

use std::io;

use tokio::io::{AsyncRead, AsyncWrite};

use super::log::{Log, Place};
use super::profile::Profile;
use super::token::{Malformed, Token, Tokenizer};
use super::wire::{Line, Wire};

/// A command whose arguments are all here, except the messages of APPEND.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) tag: String,
    /// Upper case; `UID FETCH` for the UID forms.
    pub(super) name: String,
    pub(super) arguments: Vec<Token>,
    /// For APPEND: the literal that follows.
    pub(super) literal: Option<LiteralHeader>,
    pub(super) place: Place,
}

/// What came instead of, or as, a command.
#[derive(Debug)]
pub(super) enum Incoming {
    Command(Command),
    /// Nonsense, to be answered with this line.
    Nonsense(String),
    /// To be answered with this line, and the connection closed.
    Fatal(String),
}

/// `{n}`, `{n+}`, `~{n}` at the end of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LiteralHeader {
    pub(super) length: u64,
    pub(super) is_synchronizing: bool,
    pub(super) is_literal8: bool,
}

impl LiteralHeader {
    /// Splits a line into what precedes a literal, and the literal's header.
    pub(super) fn split(line: &[u8]) -> (&[u8], Option<Self>) {
        let parsed = || {
            let inside = line.strip_suffix(b"}")?;
            let brace = inside.iter().rposition(|&octet| octet == b'{')?;
            let number = &inside[brace + 1..];
            let digits = number.strip_suffix(b"+").unwrap_or(number);
            let only_digits = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
            let length = std::str::from_utf8(digits)
                .ok()
                .filter(|_| only_digits)?
                .parse()
                .ok()?;
            let before = &line[..brace];
            let before_tilde = before.strip_suffix(b"~");
            let header = Self {
                length,
                is_synchronizing: digits.len() == number.len(),
                is_literal8: before_tilde.is_some(),
            };
            Some((before_tilde.unwrap_or(before), header))
        };
        parsed().map_or((line, None), |(before, header)| (before, Some(header)))
    }

    /// Does the profile allow the client to send this at once?
    pub(super) fn permission(&self, profile: &Profile) -> Permission {
        match self.is_synchronizing {
            true => Permission::Granted,
            false if profile.literal_plus => Permission::Granted,
            false if !profile.literal_minus => Permission::Unknown,
            false if self.length <= 4096 => Permission::Granted,
            false => Permission::TooLarge,
        }
    }
}

/// May a client send a literal in this form?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Permission {
    Granted,
    /// Non-synchronizing literals are not offered: the literal is taken for commands.
    Unknown,
    /// More than LITERAL- permits.
    TooLarge,
}

/// Reads the next command and notes it in the log.
pub(super) async fn read<S: AsyncRead + AsyncWrite + Unpin>(
    wire: &mut Wire<S>,
    profile: &Profile,
    log: &Log,
    connection: u64,
) -> io::Result<Incoming> {
    let mut tokenizer = Tokenizer::new();
    let mut place = None;
    let mut tag = String::from("*");
    let literal = loop {
        let line = match wire.line(profile.line_limit).await? {
            Line::Whole(line) => line,
            Line::TooLong => return Ok(Incoming::Nonsense(format!("{tag} BAD Too long argument"))),
        };
        match place {
            None => {
                place = Some(log.begin(connection, &line));
                tag = tag_of(&line);
            }
            Some(place) => log.extend(place, &line),
        }
        let (text, literal) = LiteralHeader::split(&line);
        if let Err(malformed) = tokenizer.line(text) {
            return Ok(Incoming::Nonsense(format!("{tag} BAD {malformed}")));
        }
        let Some(header) = literal else { break None };
        if precedes_message(&tokenizer) {
            break Some(header);
        }
        if let Some(answer) = objection(&header, profile, &tag) {
            return Ok(answer);
        }
        if header.is_synchronizing {
            wire.put(b"+ OK\r\n");
        }
        let length = usize::try_from(header.length).unwrap_or(0);
        tokenizer.literal(wire.exactly(length).await?);
    };
    let command = place.map(|place| assemble(tokenizer, literal, place));
    Ok(match command {
        Some(Ok(command)) => Incoming::Command(command),
        Some(Err(malformed)) => Incoming::Nonsense(format!("{tag} BAD {malformed}")),
        None => Incoming::Nonsense("* BAD Empty command".to_owned()),
    })
}

/// Is the next literal a message of APPEND, not an argument?
fn precedes_message(tokenizer: &Tokenizer) -> bool {
    let is_append = |tokens: &[Token]| tokens.len() > 2 && tokens[1].is("APPEND");
    tokenizer.complete().is_some_and(is_append)
}

/// Why an argument's literal is not accepted, if it is not.
fn objection(header: &LiteralHeader, profile: &Profile, tag: &str) -> Option<Incoming> {
    match header.permission(profile) {
        Permission::Unknown => Some(Incoming::Nonsense(not_offered(tag))),
        Permission::TooLarge => Some(Incoming::Fatal(
            "* BYE [TOOBIG] Literal too large".to_owned(),
        )),
        Permission::Granted if header.length <= ARGUMENT_LIMIT => None,
        Permission::Granted if header.is_synchronizing => Some(Incoming::Nonsense(format!(
            "{tag} BAD [TOOBIG] Literal too large"
        ))),
        Permission::Granted => Some(Incoming::Fatal(
            "* BYE [TOOBIG] Literal too large".to_owned(),
        )),
    }
}

/// The answer of a server without LITERAL+ to `{n+}`; what follows is run as commands (Courier).
pub(super) fn not_offered(tag: &str) -> String {
    format!("{tag} NO Error in IMAP command received by server.")
}

fn assemble(
    tokenizer: Tokenizer,
    literal: Option<LiteralHeader>,
    place: Place,
) -> Result<Command, Malformed> {
    let mut tokens = tokenizer.finish()?.into_iter();
    let mut word = |missing| match tokens.next() {
        Some(Token::Atom(text)) => String::from_utf8(text).map_err(|_| missing),
        _ => Err(missing),
    };
    let tag = word("Invalid tag")?;
    if tag.contains(['+', '*', '%', '{', '\\']) {
        return Err("Invalid tag");
    }
    let mut name = word("Missing command")?.to_ascii_uppercase();
    if name == "UID" {
        name = format!("UID {}", word("Missing UID command")?.to_ascii_uppercase());
    }
    Ok(Command {
        tag,
        name,
        arguments: tokens.collect(),
        literal,
        place,
    })
}

/// The first word as the tag of an answer, `*` where it cannot be one.
fn tag_of(text: &[u8]) -> String {
    let word = text
        .split(|&octet| octet == b' ')
        .next()
        .unwrap_or_default();
    let fits = |octet: &u8| octet.is_ascii_alphanumeric() || b"._-:".contains(octet);
    match !word.is_empty() && word.iter().all(fits) {
        true => String::from_utf8_lossy(word).into_owned(),
        false => "*".to_owned(),
    }
}

/// Longest literal that is an argument and not a message.
const ARGUMENT_LIMIT: u64 = 65_536;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literal_headers_stand_at_the_end() {
        let header = |length, is_synchronizing, is_literal8| {
            Some(LiteralHeader {
                length,
                is_synchronizing,
                is_literal8,
            })
        };
        let table = [
            ("a {5}", "a ", header(5, true, false)),
            ("a {5+}", "a ", header(5, false, false)),
            ("a ~{0}", "a ", header(0, true, true)),
            ("a {5}x", "a {5}x", None),
            ("a {}", "a {}", None),
            ("a {-1}", "a {-1}", None),
            ("a {99999999999999999999}", "a {99999999999999999999}", None),
        ];
        for (line, before, header) in table {
            let split = LiteralHeader::split(line.as_bytes());
            assert_eq!(split, (before.as_bytes(), header), "{line}");
        }
    }
}
