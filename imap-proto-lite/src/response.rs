//! One whole response: RFC 9051 section 7. Dispatches on its first words; each kind of response has its
//! rule in a file of its name.

pub(crate) mod acl;
pub(crate) mod address;
pub(crate) mod body_structure;
pub(crate) mod capability;
pub(crate) mod code;
pub(crate) mod envelope;
pub(crate) mod fetch;
mod fields;
pub(crate) mod identity;
pub(crate) mod language;
pub(crate) mod list;
pub(crate) mod mailbox_status;
pub(crate) mod metadata;
pub(crate) mod namespace;
pub(crate) mod quota;
pub(crate) mod raw;
pub(crate) mod search;
pub(crate) mod string_list;
pub(crate) mod thread;
mod words;

use std::borrow::Cow;

use nom::bytes::complete::take_while1;

use crate::chars::{is_strict_atom_char, without_nuls};
use crate::error::{Fail, ParseError, Parsed, fail, locate};
use crate::flag::{Flags, flag_list};
use crate::ids::Uid;
use crate::primitive::{atom, blanks, no_sp, number, nz_number, sp, sp_unless_end, string};
use crate::quirk::Quirk;
use crate::response::acl::{Acl, ListRights, MyRights, acl, list_rights, my_rights};
use crate::response::capability::{Capabilities, capability_list};
use crate::response::code::{Code, resp_text_code};
use crate::response::fetch::fast::fetch_line;
use crate::response::fetch::{Fetch, fetch, uid_fetch};
use crate::response::identity::{Identity, identity};
use crate::response::language::{Comparator, comparator, languages};
use crate::response::list::{List, mailbox_list};
use crate::response::mailbox_status::{MailboxStatus, mailbox_status};
use crate::response::metadata::{Metadata, metadata};
use crate::response::namespace::{Namespaces, namespaces};
use crate::response::quota::{Quota, QuotaRoot, quota, quota_root};
use crate::response::search::{Esearch, Numbers, esearch, search};
use crate::response::string_list::Strings;
use crate::response::thread::{Threads, threads};
use crate::sequence_set::{SequenceSet, sequence_set};
use crate::tolerance::{QuirkSet, Reading};

/// A response of the server (RFC 9051 sections 2.2.2 and 7), borrowed from its frame.
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
    /// A line that is no response ([`Quirk::StrayLine`]), without its line end: an error of a proxy, or
    /// what is left of a response that was cut wrongly.
    Stray(&'a [u8]),
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

/// UIDs that are gone: RFC 7162 section 3.2.10.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vanished<'a> {
    /// Gone since the mod-sequence that the client named.
    Earlier(SequenceSet<'a>),
    /// Expunged just now.
    Now(SequenceSet<'a>),
}

/// An untagged response: RFC 9051 section 7.
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
    /// FETCH, or UIDFETCH (RFC 9586)
    Fetch(Fetch<'a>),
    /// SORT (RFC 5256): numbers or UIDs in the order asked for.
    Sort(Numbers<'a>),
    /// THREAD (RFC 5256)
    Thread(Threads<'a>),
    /// QUOTA (RFC 9208)
    Quota(Quota<'a>),
    /// QUOTAROOT (RFC 9208)
    QuotaRoot(QuotaRoot<'a>),
    /// ACL (RFC 4314)
    Acl(Acl<'a>),
    /// LISTRIGHTS (RFC 4314)
    ListRights(ListRights<'a>),
    /// MYRIGHTS (RFC 4314)
    MyRights(MyRights<'a>),
    /// METADATA (RFC 5464)
    Metadata(Metadata<'a>),
    /// LANGUAGE (RFC 5255): language tags.
    Language(Strings<'a>),
    /// COMPARATOR (RFC 5255)
    Comparator(Comparator<'a>),
    /// JMAPACCESS (RFC 9698): where the same account is found over JMAP.
    JmapAccess(Cow<'a, [u8]>),
    /// A response that this crate does not know, without its line end; also one that it knows, but whose
    /// value makes no sense ([`Quirk::OddResponse`]).
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

/// `tag = 1*<any ASTRING-CHAR except "+">`
const fn is_tag_char(byte: u8) -> bool {
    is_strict_atom_char(byte) && byte != b'+' || byte == b']'
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
    let line = leading_nuls(reading, line)?;
    match line.split_first() {
        Some((b'+', rest)) => {
            let text = text(reading, rest)?;
            Ok((&[], Response::Continuation { text: blanks(text) }))
        }
        Some((b'*', rest)) => {
            let (rest, ()) = sp(reading, rest)?;
            let (rest, untagged) = untagged(reading, rest)?;
            Ok((rest, Response::Untagged(untagged)))
        }
        _ => match bare_code(reading, line)? {
            Some(status) => Ok((&[], Response::Untagged(Untagged::Status(status)))),
            None => tagged(reading, line),
        },
    }
}

/// The line behind the NULs that some server sends before it.
fn leading_nuls<'a>(reading: &Reading, line: &'a [u8]) -> Result<&'a [u8], nom::Err<Fail<'a>>> {
    let response = without_nuls(line);
    if response.len() != line.len() {
        reading.accept(Quirk::LeadingNul, line, "a response")?;
    }
    Ok(response)
}

/// `response-tagged = tag SP resp-cond-state`, where a line of another shape is none of ours.
fn tagged<'a>(reading: &Reading, line: &'a [u8]) -> Parsed<'a, Response<'a>> {
    let (after, (tag, condition)) = match reading.attempt(|| tag_and_condition(reading, line)) {
        Ok(read) => read,
        Err(nom::Err::Error(_)) if reading.accepts(Quirk::StrayLine) => {
            return Ok((&[], Response::Stray(line)));
        }
        Err(error) => return Err(error),
    };
    if matches!(condition, Condition::Bye | Condition::PreAuth) {
        reading.accept(Quirk::TaggedCondition, line, "OK, NO or BAD")?;
    }
    let (rest, status) = status(reading, condition, after)?;
    Ok((rest, Response::Tagged { tag, status }))
}

/// The tag is read as we write ours, so that no other line is taken for the end of a command.
fn tag_and_condition<'a>(reading: &Reading, line: &'a [u8]) -> Parsed<'a, (&'a [u8], Condition)> {
    let (rest, tag) = take_while1(is_tag_char)(line)?;
    let (after, ()) = match rest.first() {
        Some(b' ') => sp(reading, rest)?,
        _ => return fail(rest, "a space behind a tag"),
    };
    let (tail, word) = atom(after)?;
    match condition(word) {
        Some(condition) => Ok((tail, (tag, condition))),
        None => fail(after, "OK, NO or BAD"),
    }
}

/// COPYUID or APPENDUID, where a condition should stand before it; it counts as that of an untagged OK. Of
/// the other codes none was seen so, and one that says how a mailbox is should not come from a stray line.
fn bare_code<'a>(
    reading: &Reading,
    input: &'a [u8],
) -> Result<Option<StatusResponse<'a>>, nom::Err<Fail<'a>>> {
    if input.first() != Some(&b'[') {
        return Ok(None);
    }
    let code_alone = |reading: &Reading| match resp_text_code(reading, input)? {
        Some(known @ (_, Code::CopyUid { .. } | Code::AppendUid { .. })) => Ok(known),
        _ => fail(input, "a response code"),
    };
    let (rest, code) = match reading.attempt(|| code_alone(reading)) {
        Ok(known) => known,
        // A quirk refused is a failure only where it would have led to a code.
        Err(error @ nom::Err::Failure(_)) if code_alone(&Reading::lenient()).is_ok() => {
            return Err(error);
        }
        Err(_) => return Ok(None),
    };
    reading.accept(Quirk::BareCode, input, "OK before a response code")?;
    Ok(Some(StatusResponse {
        condition: Condition::Ok,
        code: Some(code),
        text: blanks(rest),
    }))
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

/// `SP resp-text`, where `resp-text = ["[" resp-text-code "]" SP] [text]`. The text is free: nothing in it
/// is a quirk, nor is a blank at its beginning, unless a code follows.
fn status<'a>(
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
fn text<'a>(reading: &Reading, input: &'a [u8]) -> Result<&'a [u8], nom::Err<Fail<'a>>> {
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

fn untagged<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Untagged<'a>> {
    if input.first().is_some_and(u8::is_ascii_digit) {
        let (rest, number) = number(input)?;
        let (rest, ()) = sp(reading, rest)?;
        let (rest, word) = atom(rest)?;
        return numbered(reading, input, number, word, rest);
    }
    if let Some(status) = bare_code(reading, input)? {
        return Ok((&[], Untagged::Status(status)));
    }
    let (rest, word) = match atom(input) {
        Ok(read) if input.first() != Some(&b'[') => read,
        _ => {
            reading.accept(Quirk::OddResponse, input, "the name of a response")?;
            return Ok((&[], Untagged::Other(input)));
        }
    };
    if let Some(condition) = condition(word) {
        let (rest, status) = status(reading, condition, rest)?;
        return Ok((rest, Untagged::Status(status)));
    }
    match reading.attempt(|| named(reading, input, word, rest)) {
        // What names messages or mailboxes' generations is read or fails: see `MUST_BE_READ`.
        Err(nom::Err::Error(_)) if !must_be_read(word) && reading.accepts(Quirk::OddResponse) => {
            Ok((&[], Untagged::Other(input)))
        }
        read => read,
    }
}

/// Whether a response of this name, when its value makes no sense, is an error and not kept raw.
fn must_be_read(word: &[u8]) -> bool {
    MUST_BE_READ
        .iter()
        .any(|name| word.eq_ignore_ascii_case(name))
}

/// Who passes over one of these goes on with a wrong picture of a mailbox: messages that seem not to be
/// there, or UIDs of another generation. So do FETCH, EXISTS, RECENT and EXPUNGE, which begin with a number.
const MUST_BE_READ: [&[u8]; 6] = [
    b"ESEARCH",
    b"SEARCH",
    b"SORT",
    b"STATUS",
    b"THREAD",
    b"VANISHED",
];

/// Responses that begin with a number.
fn numbered<'a>(
    reading: &Reading,
    all: &'a [u8],
    number: u32,
    word: &[u8],
    after: &'a [u8],
) -> Parsed<'a, Untagged<'a>> {
    let is = |wanted: &[u8]| word.eq_ignore_ascii_case(wanted);
    if is(b"FETCH") {
        leading_zero(reading, all)?;
        let (rest, ()) = sp(reading, after)?;
        return complete(reading, fetch(reading, number, rest)?, Untagged::Fetch);
    }
    if is(b"UIDFETCH") {
        let (_, uid) = nz_number(all)?;
        let Some(uid) = Uid::new(uid.get()) else {
            return fail(all, "a UID");
        };
        let (rest, ()) = sp(reading, after)?;
        return complete(reading, uid_fetch(reading, uid, rest)?, Untagged::Fetch);
    }
    if is(b"EXISTS") {
        return complete(reading, (after, number), Untagged::Exists);
    }
    if is(b"RECENT") {
        return complete(reading, (after, number), Untagged::Recent);
    }
    if is(b"EXPUNGE") || is(b"EXPUNGED") {
        if is(b"EXPUNGED") {
            reading.accept(Quirk::ExpungedWord, all, "EXPUNGE")?;
        }
        let (_, position) = nz_number(all)?;
        return complete(reading, (after, position.get()), Untagged::Expunge);
    }
    Ok((&[], Untagged::Other(all)))
}

/// `nz-number` has no zero in front; a position means the same with one.
fn leading_zero<'a>(reading: &Reading, number: &'a [u8]) -> Result<(), nom::Err<Fail<'a>>> {
    match number {
        [b'0', b'0'..=b'9', ..] => reading.accept(
            Quirk::LeadingZero,
            number,
            "a number without zeros in front",
        ),
        _ => Ok(()),
    }
}

/// Responses that begin with a word.
fn named<'a>(
    reading: &Reading,
    all: &'a [u8],
    word: &[u8],
    after: &'a [u8],
) -> Parsed<'a, Untagged<'a>> {
    let (rest, ()) = sp_unless_end(reading, after)?;
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
        complete(
            reading,
            capability_list(reading, rest)?,
            Untagged::Capability,
        )
    } else if is(b"ENABLED") {
        complete(reading, capability_list(reading, rest)?, Untagged::Enabled)
    } else if is(b"FLAGS") {
        complete(reading, flag_list(reading, rest)?, Untagged::Flags)
    } else if is(b"NAMESPACE") {
        complete(reading, namespaces(reading, rest)?, Untagged::Namespace)
    } else if is(b"VANISHED") {
        complete(reading, vanished(reading, rest)?, Untagged::Vanished)
    } else if is(b"ID") {
        complete(reading, identity(reading, rest)?, Untagged::Id)
    } else {
        named_by_extension(reading, all, word, rest)
    }
}

/// Responses of extensions that begin with a word.
fn named_by_extension<'a>(
    reading: &Reading,
    all: &'a [u8],
    word: &[u8],
    rest: &'a [u8],
) -> Parsed<'a, Untagged<'a>> {
    let is = |wanted: &[u8]| word.eq_ignore_ascii_case(wanted);
    if is(b"SORT") {
        complete(reading, search(reading, rest)?, Untagged::Sort)
    } else if is(b"THREAD") {
        complete(reading, threads(reading, rest)?, Untagged::Thread)
    } else if is(b"QUOTA") {
        complete(reading, quota(reading, rest)?, Untagged::Quota)
    } else if is(b"QUOTAROOT") {
        complete(reading, quota_root(reading, rest)?, Untagged::QuotaRoot)
    } else if is(b"ACL") {
        complete(reading, acl(reading, rest)?, Untagged::Acl)
    } else if is(b"LISTRIGHTS") {
        complete(reading, list_rights(reading, rest)?, Untagged::ListRights)
    } else if is(b"MYRIGHTS") {
        complete(reading, my_rights(reading, rest)?, Untagged::MyRights)
    } else if is(b"METADATA") {
        complete(reading, metadata(reading, rest)?, Untagged::Metadata)
    } else if is(b"LANGUAGE") {
        complete(reading, languages(reading, rest)?, Untagged::Language)
    } else if is(b"COMPARATOR") {
        complete(reading, comparator(reading, rest)?, Untagged::Comparator)
    } else if is(b"JMAPACCESS") {
        complete(reading, string(reading, rest)?, Untagged::JmapAccess)
    } else {
        Ok((&[], Untagged::Other(all)))
    }
}

/// `"VANISHED" [SP "(EARLIER)"] SP known-uids`
fn vanished<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Vanished<'a>> {
    let earlier = input
        .get(..9)
        .is_some_and(|word| word.eq_ignore_ascii_case(b"(EARLIER)"));
    let set = if earlier {
        sp(reading, input.get(9..).unwrap_or_default())?.0
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
