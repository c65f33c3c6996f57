//! Conditions, of commands and of the server itself: RFC 9051 section 7.1.

use crate::error::{Fail, Parsed};
use crate::primitive::blanks;
use crate::quirk::Quirk;
use crate::response::code::{Code, resp_text_code};
use crate::tolerance::Reading;

/// How the server feels about a command or about itself: RFC 9051 section 7.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of the protocol")]
pub enum Condition {
    Ok,
    No,
    Bad,
    Bye,
    PreAuth,
}

/// A condition with its code and text: RFC 9051 section 7.1, `resp-cond-state`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusResponse<'a> {
    /// The condition.
    pub condition: Condition,
    /// The response code, if one was sent.
    pub code: Option<Code<'a>>,
    /// Text for a person; escape it before a terminal sees it.
    pub text: &'a [u8],
}

pub(super) fn condition(word: &[u8]) -> Option<Condition> {
    const ALL: [(&[u8], Condition); 5] = [
        (b"OK", Condition::Ok),
        (b"NO", Condition::No),
        (b"BAD", Condition::Bad),
        (b"BYE", Condition::Bye),
        (b"PREAUTH", Condition::PreAuth),
    ];
    ALL.into_iter()
        .find(|(name, _)| word.eq_ignore_ascii_case(name))
        .map(|(_, condition)| condition)
}

/// `SP resp-text`, where `resp-text = ["[" resp-text-code "]" SP] [text]`. The text is free: nothing in it
/// is a quirk, nor is a blank at its beginning, unless a code follows.
pub(super) fn status<'a>(
    reading: &Reading,
    condition: Condition,
    input: &'a [u8],
) -> Parsed<'a, StatusResponse<'a>> {
    let all = text(reading, input)?;
    let trimmed = blanks(all);
    let mut status = StatusResponse {
        condition,
        code: None,
        text: trimmed,
    };
    if let Some((rest, code)) = resp_text_code(reading, trimmed)? {
        if trimmed.len() != all.len() {
            reading.accept(Quirk::ExtraBlanks, all, "one space before a response code")?;
        }
        status.code = Some(code);
        status.text = blanks(text(reading, rest)?);
    }
    Ok((&[], status))
}

/// `SP [text]`; servers leave out the text, even the space.
pub(super) fn text<'a>(reading: &Reading, input: &'a [u8]) -> Result<&'a [u8], nom::Err<Fail<'a>>> {
    match input.split_first() {
        Some((b' ', text)) => Ok(text),
        None => {
            reading.accept(Quirk::MissingText, input, "a space and text")?;
            Ok(input)
        }
        Some(_) => {
            reading.accept(Quirk::MissingBlank, input, "a space")?;
            Ok(input)
        }
    }
}
