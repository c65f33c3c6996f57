//! One whole response: RFC 9051 section 7. Dispatches on its first words; each kind of response has its
//! rule in a file of its name.

pub(crate) mod address;
pub(crate) mod body_structure;
pub(crate) mod capability;
pub(crate) mod code;
pub(crate) mod envelope;
pub(crate) mod fetch;
mod fields;
pub(crate) mod identity;
pub(crate) mod list;
pub(crate) mod mailbox_status;
pub(crate) mod namespace;
pub(crate) mod raw;
pub(crate) mod search;
pub(crate) mod string_list;

use crate::error::{ParseError, Parsed, fail, locate};
use crate::flag::{Flags, flag_list};
use crate::primitive::{atom, blanks, no_sp, number};
use crate::quirk::Quirk;
use crate::response::capability::Capabilities;
use crate::response::code::{Code, resp_text_code};
use crate::response::fetch::fast::fetch_line;
use crate::response::fetch::{Fetch, fetch};
use crate::response::identity::{Identity, identity};
use crate::response::list::{List, mailbox_list};
use crate::response::mailbox_status::{MailboxStatus, mailbox_status};
use crate::response::namespace::{Namespaces, namespaces};
use crate::response::search::{Esearch, Numbers, esearch, search};
use crate::sequence_set::{SequenceSet, sequence_set};
use crate::tolerance::{QuirkSet, Reading};

/// A response of the server, borrowed from its frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response<'a> {
    /// `+`: the server waits for the rest of a command.
    Continuation {
        /// What follows the `+`; base64 during AUTHENTICATE.
        text: &'a [u8],
    },
    /// The end of the command with this tag.
    Tagged {
        /// The tag as the client sent it.
        tag: &'a [u8],
        /// How it ended.
        status: StatusResponse<'a>,
    },
    /// Data or news from the server.
    Untagged(Untagged<'a>),
}

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

/// A condition with its code and text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusResponse<'a> {
    /// The condition.
    pub condition: Condition,
    /// The response code, if one was sent.
    pub code: Option<Code<'a>>,
    /// Text for a person; escape it before a terminal sees it.
    pub text: &'a [u8],
}

/// UIDs that are gone: RFC 7162 section 3.2.10.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vanished<'a> {
    /// Gone since the mod-sequence that the client named.
    Earlier(SequenceSet<'a>),
    /// Expunged just now.
    Now(SequenceSet<'a>),
}

/// An untagged response.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Untagged<'a> {
    /// OK, NO, BAD, BYE or PREAUTH.
    Status(StatusResponse<'a>),
    /// CAPABILITY
    Capability(Capabilities<'a>),
    /// ENABLED
    Enabled(Capabilities<'a>),
    /// ID
    Id(Identity<'a>),
    /// LIST, also XLIST
    List(List<'a>),
    /// LSUB
    Lsub(List<'a>),
    /// NAMESPACE
    Namespace(Namespaces<'a>),
    /// STATUS
    MailboxStatus(MailboxStatus<'a>),
    /// FLAGS
    Flags(Flags<'a>),
    /// SEARCH
    Search(Numbers<'a>),
    /// ESEARCH
    Esearch(Esearch<'a>),
    /// EXISTS
    Exists(u32),
    /// RECENT
    Recent(u32),
    /// EXPUNGE: the message at this position is gone, those behind it move up.
    Expunge(u32),
    /// VANISHED
    Vanished(Vanished<'a>),
    /// FETCH
    Fetch(Fetch<'a>),
    /// A response that this crate does not know, without its line end.
    Other(&'a [u8]),
}

impl<'a> Response<'a> {
    /// Reads one frame of a [`Framer`](crate::Framer), with all that servers are known to get wrong.
    ///
    /// # Errors
    /// When the frame is no response, or one of a known kind with a malformed value.
    #[inline]
    pub fn parse(frame: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse_with(frame, QuirkSet::LENIENT).map(|(response, _)| response)
    }

    /// Reads one frame and accepts these quirks; says which of them were met.
    ///
    /// # Errors
    /// When the frame is no response, or one of a known kind with a malformed value, by the grammar
    /// that the accepted quirks widen.
    #[inline]
    pub fn parse_with(frame: &'a [u8], accepted: QuirkSet) -> Result<(Self, QuirkSet), ParseError> {
        match fetch_line(frame) {
            Some(fetch) => Ok((Self::Untagged(Untagged::Fetch(fetch)), QuirkSet::STRICT)),
            None => general(frame, accepted),
        }
    }
}

/// Any response, by the grammar; what [`fetch_line`] reads comes to the same by this.
fn general(frame: &[u8], accepted: QuirkSet) -> Result<(Response<'_>, QuirkSet), ParseError> {
    let reading = Reading::new(accepted);
    let line = frame.strip_suffix(b"\n").unwrap_or(frame);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let read = line_end(&reading, frame, line).and_then(|_| response(&reading, line));
    match read {
        Ok((_, response)) => Ok((response, reading.met())),
        Err(error) => Err(locate(line, error)),
    }
}

/// What `frame` has more than `line` is CRLF.
fn line_end<'a>(reading: &Reading, frame: &[u8], line: &'a [u8]) -> Parsed<'a, ()> {
    let end = line.get(line.len()..).unwrap_or_default();
    if frame.len() - line.len() != b"\r\n".len() {
        reading.accept(Quirk::BareLineFeed, end, "CRLF at the end")?;
    }
    Ok((end, ()))
}

/// `response = continue-req / response-data / response-done`, without its CRLF.
fn response<'a>(reading: &Reading, line: &'a [u8]) -> Parsed<'a, Response<'a>> {
    match line.split_first() {
        Some((b'+', rest)) => Ok((&[], Response::Continuation { text: blanks(rest) })),
        Some((b'*', rest)) => {
            let (rest, untagged) = untagged(reading, blanks(rest))?;
            Ok((rest, Response::Untagged(untagged)))
        }
        _ => tagged(line),
    }
}

/// `response-tagged = tag SP resp-cond-state`
fn tagged(line: &[u8]) -> Parsed<'_, Response<'_>> {
    let (rest, tag) = atom(line)?;
    let after = blanks(rest);
    let (tail, word) = atom(after)?;
    match condition(word) {
        Some(condition) => Ok((
            &[],
            Response::Tagged {
                tag,
                status: status(condition, tail),
            },
        )),
        None => fail(after, "OK, NO or BAD"),
    }
}

fn condition(word: &[u8]) -> Option<Condition> {
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

/// `resp-text = ["[" resp-text-code "]" SP] [text]`; servers leave out the text, even the space.
fn status(condition: Condition, input: &[u8]) -> StatusResponse<'_> {
    let input = blanks(input);
    match resp_text_code(input) {
        Some((rest, code)) => StatusResponse {
            condition,
            code: Some(code),
            text: blanks(rest),
        },
        None => StatusResponse {
            condition,
            code: None,
            text: input,
        },
    }
}

fn untagged<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Untagged<'a>> {
    if input.first().is_some_and(u8::is_ascii_digit) {
        let (rest, number) = number(input)?;
        let (rest, word) = atom(blanks(rest))?;
        return numbered(reading, input, number, word, blanks(rest));
    }
    let Ok((rest, word)) = atom(input) else {
        return Ok((&[], Untagged::Other(input)));
    };
    if let Some(condition) = condition(word) {
        return Ok((&[], Untagged::Status(status(condition, rest))));
    }
    named(reading, input, word, rest)
}

/// Responses that begin with a number.
fn numbered<'a>(
    reading: &Reading,
    all: &'a [u8],
    number: u32,
    word: &[u8],
    rest: &'a [u8],
) -> Parsed<'a, Untagged<'a>> {
    let is = |wanted: &[u8]| word.eq_ignore_ascii_case(wanted);
    if is(b"FETCH") {
        return complete(reading, fetch(reading, number, rest)?, Untagged::Fetch);
    }
    let untagged = if is(b"EXISTS") {
        Untagged::Exists(number)
    } else if is(b"EXPUNGE") || is(b"EXPUNGED") {
        Untagged::Expunge(number)
    } else if is(b"RECENT") {
        Untagged::Recent(number)
    } else {
        Untagged::Other(all)
    };
    Ok((&[], untagged))
}

/// Responses that begin with a word.
fn named<'a>(
    reading: &Reading,
    all: &'a [u8],
    word: &[u8],
    after: &'a [u8],
) -> Parsed<'a, Untagged<'a>> {
    let rest = blanks(after);
    let is = |wanted: &[u8]| word.eq_ignore_ascii_case(wanted);
    if is(b"LIST") || is(b"XLIST") {
        complete(reading, mailbox_list(reading, rest)?, Untagged::List)
    } else if is(b"LSUB") {
        complete(reading, mailbox_list(reading, rest)?, Untagged::Lsub)
    } else if is(b"STATUS") {
        complete(
            reading,
            mailbox_status(reading, rest)?,
            Untagged::MailboxStatus,
        )
    } else if is(b"SEARCH") {
        complete(reading, search(reading, rest)?, Untagged::Search)
    } else if is(b"ESEARCH") {
        complete(reading, esearch(reading, rest)?, Untagged::Esearch)
    } else if is(b"CAPABILITY") {
        Ok((&[], Untagged::Capability(Capabilities(rest))))
    } else if is(b"ENABLED") {
        Ok((&[], Untagged::Enabled(Capabilities(rest))))
    } else if is(b"FLAGS") {
        complete(reading, flag_list(rest)?, Untagged::Flags)
    } else if is(b"NAMESPACE") {
        complete(reading, namespaces(reading, rest)?, Untagged::Namespace)
    } else if is(b"VANISHED") {
        complete(reading, vanished(rest)?, Untagged::Vanished)
    } else if is(b"ID") {
        complete(reading, identity(reading, rest)?, Untagged::Id)
    } else {
        Ok((&[], Untagged::Other(all)))
    }
}

/// `"VANISHED" [SP "(EARLIER)"] SP known-uids`
fn vanished<'a>(input: &'a [u8]) -> Parsed<'a, Vanished<'a>> {
    let earlier = input
        .get(..9)
        .is_some_and(|word| word.eq_ignore_ascii_case(b"(EARLIER)"));
    let set = if earlier {
        blanks(input.get(9..).unwrap_or_default())
    } else {
        input
    };
    let (rest, uids) = sequence_set(set)?;
    Ok((
        rest,
        if earlier {
            Vanished::Earlier(uids)
        } else {
            Vanished::Now(uids)
        },
    ))
}

/// Wraps a value that must reach the end of the line, blanks aside.
fn complete<'a, T>(
    reading: &Reading,
    (rest, value): (&'a [u8], T),
    wrap: impl Fn(T) -> Untagged<'a>,
) -> Parsed<'a, Untagged<'a>> {
    let (rest, ()) = no_sp(reading, rest)?;
    match rest.is_empty() {
        true => Ok((rest, wrap(value))),
        false => fail(rest, "the end of the response"),
    }
}

#[cfg(test)]
mod tests;
