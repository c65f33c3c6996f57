//! What a server must read: words that are compared with those that it does read.

use std::fmt::Display;

use super::{Line, Name, Set};
use crate::command_reader::Word;

/// A word as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
    /// These bytes, not quoted.
    Plain(String),
    /// An `astring`: these octets in any form.
    Text(Vec<u8>),
    /// A `string`: these octets, quoted or a literal.
    String(Vec<u8>),
    /// These numbers, as a set.
    Numbers(Vec<u32>),
    /// This day.
    Day(u16, u8, u8),
    /// These flags, in any order.
    Flags(Vec<String>),
    /// Words in parentheses.
    List(Vec<Self>),
    /// A body.
    Body(u64),
    /// A body that may hold NUL.
    Body8(u64),
    /// The client goes on after a `+`.
    NextLine,
}

/// Whether the words are those.
pub fn matches(want: &[Want], words: &[Word]) -> bool {
    want.len() == words.len() && want.iter().zip(words).all(|(want, word)| one(want, word))
}

fn one(want: &Want, word: &Word) -> bool {
    match (want, word) {
        (Want::Plain(want), Word::Plain(text)) => want.as_bytes() == text,
        (Want::Text(want), Word::Plain(text)) => {
            want == text && !want.is_empty() && !text.eq_ignore_ascii_case(b"NIL")
        }
        (Want::Text(want) | Want::String(want), Word::String(text)) => want == text,
        (Want::Numbers(want), Word::Plain(text)) => numbers(text).as_ref() == Some(want),
        (Want::Day(..), Word::Plain(text)) => day(want, text),
        (Want::Flags(want), Word::List(words)) => flags(want, words),
        (Want::List(want), Word::List(words)) => matches(want, words),
        (Want::Body(want), Word::Body(octets)) | (Want::Body8(want), Word::Body8(octets)) => {
            want == octets
        }
        (Want::NextLine, Word::NextLine) => true,
        _ => false,
    }
}

/// The ends of a set's ranges.
fn numbers(text: &[u8]) -> Option<Vec<u32>> {
    let text = std::str::from_utf8(text).ok()?;
    let range = |part: &str| {
        let (first, last) = part.split_once(':').unwrap_or((part, part));
        Some([first.parse().ok()?, last.parse().ok()?])
    };
    let ranges: Option<Vec<[u32; 2]>> = text.split(',').map(range).collect();
    Some(ranges?.concat())
}

fn day(want: &Want, text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    let parts: Vec<&str> = text.split('-').collect();
    let [day, month, year] = parts[..] else {
        return false;
    };
    let names = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let month = names.find(month).map(|at| at / 3 + 1);
    let (Ok(day), Some(Ok(month)), Ok(number)) =
        (day.parse(), month.map(u8::try_from), year.parse())
    else {
        return false;
    };
    year.len() == 4 && *want == Want::Day(number, month, day)
}

fn flags(want: &[String], words: &[Word]) -> bool {
    let mut want: Vec<&[u8]> = want.iter().map(String::as_bytes).collect();
    want.sort_unstable();
    want.dedup();
    let plain = |word: &Word| match word {
        Word::Plain(text) => Some(text.clone()),
        _ => None,
    };
    let mut sent: Vec<Vec<u8>> = words.iter().filter_map(plain).collect();
    sent.sort_unstable();
    sent.len() == words.len() && sent == want
}

pub(super) fn plain(word: impl Display) -> Want {
    Want::Plain(word.to_string())
}

pub(super) fn text(line: &Line) -> Want {
    Want::Text(line.0.clone())
}

pub(super) fn string(line: &Line) -> Want {
    Want::String(line.0.clone())
}

pub(super) fn mailbox(name: &Name) -> Want {
    Want::String(name.0.as_wire().to_vec())
}

pub(super) fn server_or(name: Option<&Name>) -> Want {
    name.map_or(Want::String(Vec::new()), mailbox)
}

pub(super) fn list(words: Vec<Want>) -> Want {
    Want::List(words)
}

/// The ranges that a set's numbers make, by sorting and joining them all.
pub(super) fn set(Set(first, others): &Set) -> Want {
    let mut all: Vec<u32> = others.iter().chain([first]).map(|n| n.get()).collect();
    all.sort_unstable();
    all.dedup();
    let joined = all.chunk_by(|one, next| one + 1 == *next);
    Want::Numbers(
        joined
            .flat_map(|run| [run[0], run[run.len() - 1]])
            .collect(),
    )
}

pub(super) fn nstring(value: &Option<Line>) -> Want {
    value.as_ref().map_or_else(|| plain("NIL"), string)
}
