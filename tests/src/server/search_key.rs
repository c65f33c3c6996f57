//! Search keys (RFC 9051 section 6.4.4): those that a synchronising client may use.

use super::date::InternalDate;
use super::mailbox::Message;
use super::sequence_set::SequenceSet;
use super::token::Token;

/// A condition on messages.
#[derive(Debug)]
pub(super) enum Key {
    All,
    Flag(String),
    Larger(u64),
    Smaller(u64),
    Before(i64),
    On(i64),
    Since(i64),
    Header(String, String),
    ModSeq(u64),
    Sequence(SequenceSet),
    Uid(SequenceSet),
    Not(Box<Self>),
    Or(Box<Self>, Box<Self>),
    And(Vec<Self>),
}

/// Reads all keys of a SEARCH command; every one of them must hold.
pub(super) fn parse(tokens: &[Token]) -> Result<Key, &'static str> {
    let mut tokens = tokens.iter();
    let mut keys = Vec::new();
    while tokens.len() > 0 {
        keys.push(key(&mut tokens)?);
    }
    match keys.is_empty() {
        true => Err("Missing search key"),
        false => Ok(Key::And(keys)),
    }
}

type Tokens<'a> = std::slice::Iter<'a, Token>;

fn key(tokens: &mut Tokens<'_>) -> Result<Key, &'static str> {
    let first = tokens.next().ok_or("Missing search key")?;
    let name = match first {
        Token::List(keys) => return parse(keys),
        Token::Atom(name) | Token::String(name) => name,
    };
    if let Some(set) = SequenceSet::parse(name) {
        return Ok(Key::Sequence(set));
    }
    let name = String::from_utf8_lossy(name).to_ascii_uppercase();
    if let Some(key) = flag_key(&name) {
        return Ok(key);
    }
    Ok(match name.as_str() {
        "ALL" => Key::All,
        "KEYWORD" => Key::Flag(text(tokens)?),
        "UNKEYWORD" => Key::Not(Box::new(Key::Flag(text(tokens)?))),
        "LARGER" => Key::Larger(number(tokens)?),
        "SMALLER" => Key::Smaller(number(tokens)?),
        "MODSEQ" => Key::ModSeq(number(tokens)?),
        "BEFORE" => Key::Before(day(tokens)?),
        "ON" => Key::On(day(tokens)?),
        "SINCE" => Key::Since(day(tokens)?),
        "HEADER" => Key::Header(text(tokens)?, text(tokens)?.to_ascii_lowercase()),
        "UID" => Key::Uid(SequenceSet::parse(text(tokens)?.as_bytes()).ok_or("Invalid UID set")?),
        "NOT" => Key::Not(Box::new(key(tokens)?)),
        "OR" => Key::Or(Box::new(key(tokens)?), Box::new(key(tokens)?)),
        _ => return Err("Unknown search key"),
    })
}

/// `SEEN`, `UNSEEN` and the like.
fn flag_key(name: &str) -> Option<Key> {
    let (plain, negated) = match name.strip_prefix("UN") {
        Some(plain) => (plain, true),
        None => (name, false),
    };
    let known = ["ANSWERED", "DELETED", "DRAFT", "FLAGGED", "SEEN"].contains(&plain);
    let key = known.then(|| Key::Flag(format!("\\{plain}")))?;
    Some(if negated {
        Key::Not(Box::new(key))
    } else {
        key
    })
}

fn text(tokens: &mut Tokens<'_>) -> Result<String, &'static str> {
    let text = tokens.next().and_then(|token| token.text());
    text.map(|text| String::from_utf8_lossy(text).into_owned())
        .ok_or("Missing search argument")
}

fn number(tokens: &mut Tokens<'_>) -> Result<u64, &'static str> {
    text(tokens)?.parse().map_err(|_| "Invalid number")
}

fn day(tokens: &mut Tokens<'_>) -> Result<i64, &'static str> {
    InternalDate::parse_day(text(tokens)?.as_bytes()).ok_or("Invalid date")
}

/// A message and where it stands.
#[derive(Debug)]
pub(super) struct Candidate<'a> {
    pub(super) message: &'a Message,
    pub(super) place: usize,
    pub(super) uids: &'a [u32],
}

impl Key {
    pub(super) fn holds(&self, candidate: &Candidate<'_>) -> bool {
        let message = candidate.message;
        let among = |set: &SequenceSet, numbering| {
            let places = set.places(candidate.uids, numbering).unwrap_or_default();
            places.iter().any(|range| range.contains(&candidate.place))
        };
        match self {
            Self::All => true,
            Self::Flag(flag) => message.has(flag),
            Self::Larger(octets) => message.body.length() > *octets,
            Self::Smaller(octets) => message.body.length() < *octets,
            Self::Before(day) => message.internal_date.local_day() < *day,
            Self::On(day) => message.internal_date.local_day() == *day,
            Self::Since(day) => message.internal_date.local_day() >= *day,
            Self::Header(name, value) => has_header(message, name, value),
            Self::ModSeq(modseq) => message.modseq >= *modseq,
            Self::Sequence(set) => among(set, super::sequence_set::Numbering::Sequence),
            Self::Uid(set) => among(set, super::sequence_set::Numbering::Uid),
            Self::Not(key) => !key.holds(candidate),
            Self::Or(first, second) => first.holds(candidate) || second.holds(candidate),
            Self::And(keys) => keys.iter().all(|key| key.holds(candidate)),
        }
    }
}

/// Is there such a header field whose value contains `value`, which is in lower case?
fn has_header(message: &Message, name: &str, value: &str) -> bool {
    let header = message.body.header();
    let header = String::from_utf8_lossy(&header)
        .replace("\r\n ", " ")
        .replace("\r\n\t", " ");
    header
        .lines()
        .filter_map(|line| line.split_once(':'))
        .any(|(field, text)| {
            field.trim_end().eq_ignore_ascii_case(name) && text.to_ascii_lowercase().contains(value)
        })
}
