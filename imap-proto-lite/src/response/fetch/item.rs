//! Message data items beyond those that a sync asks for: RFC 3516, 8474, 8514, 8970, and Gmail's.

use alloc::borrow::Cow;

use crate::date::DateField;
use crate::error::{Parsed, fail};
use crate::primitive::{any_value, byte, no_sp, nstring, number64, or_nil};
use crate::quirk::Quirk;
use crate::response::fetch::Fetch;
use crate::response::fetch::labels::{Labels, labels};
use crate::response::fetch::values::internal_date;
use crate::response::raw::Raw;
use crate::tolerance::Reading;

/// A message data item that is asked for rarely, or that this crate does not know (RFC 9051 section 7.5.2).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Item<'a> {
    /// `BINARY.SIZE[...]`: octets of a decoded part (RFC 3516 section 4.3).
    BinarySize {
        /// What stands between the brackets, such as `1.2`.
        section: &'a [u8],
        /// The size.
        octets: u64,
    },
    /// `EMAILID` (RFC 8474 section 5.1): the same for every copy of a message.
    EmailId(&'a [u8]),
    /// `THREADID` (RFC 8474 section 5.2), which may be NIL.
    ThreadId(Option<&'a [u8]>),
    /// `SAVEDATE` (RFC 8514 section 4.2); NIL where the mailbox keeps none.
    SaveDate(Option<DateField<'a>>),
    /// `PREVIEW` (RFC 8970 section 3.2); NIL while there is none.
    Preview(Option<Cow<'a, [u8]>>),
    /// `X-GM-MSGID`
    GmailMessageId(u64),
    /// `X-GM-THRID`
    GmailThreadId(u64),
    /// `X-GM-LABELS`
    GmailLabels(Labels<'a>),
    /// Any other, or one of these with a value that makes no sense ([`Quirk::OddItem`]).
    Other {
        /// The name as sent, with its section.
        name: &'a [u8],
        /// The value.
        value: Raw<'a>,
    },
}

impl<'a> Fetch<'a> {
    /// `EMAILID`
    #[must_use]
    pub fn email_id(&self) -> Option<&'a [u8]> {
        self.items.iter().find_map(|item| match item {
            Item::EmailId(id) => Some(*id),
            _ => None,
        })
    }

    /// `THREADID`, when it is not NIL.
    #[must_use]
    pub fn thread_id(&self) -> Option<&'a [u8]> {
        self.items.iter().find_map(|item| match item {
            Item::ThreadId(id) => *id,
            _ => None,
        })
    }

    /// `SAVEDATE`, when it is not NIL.
    #[must_use]
    pub fn save_date(&self) -> Option<DateField<'a>> {
        self.items.iter().find_map(|item| match item {
            Item::SaveDate(date) => *date,
            _ => None,
        })
    }

    /// `PREVIEW`, when it is not NIL.
    #[must_use]
    pub fn preview(&self) -> Option<&[u8]> {
        self.items.iter().find_map(|item| match item {
            Item::Preview(text) => text.as_deref(),
            _ => None,
        })
    }

    /// `X-GM-MSGID`
    #[must_use]
    pub fn gmail_message_id(&self) -> Option<u64> {
        self.items.iter().find_map(|item| match item {
            Item::GmailMessageId(id) => Some(*id),
            _ => None,
        })
    }

    /// `X-GM-THRID`
    #[must_use]
    pub fn gmail_thread_id(&self) -> Option<u64> {
        self.items.iter().find_map(|item| match item {
            Item::GmailThreadId(id) => Some(*id),
            _ => None,
        })
    }

    /// `X-GM-LABELS`
    #[must_use]
    pub fn gmail_labels(&self) -> Option<Labels<'a>> {
        self.items.iter().find_map(|item| match item {
            Item::GmailLabels(labels) => Some(*labels),
            _ => None,
        })
    }

    /// The value of an item that this crate does not know; names compare case-insensitively.
    #[must_use]
    pub fn other(&self, wanted: &str) -> Option<Raw<'a>> {
        self.items.iter().find_map(|item| match item {
            Item::Other { name, value } if name.eq_ignore_ascii_case(wanted.as_bytes()) => {
                Some(*value)
            }
            _ => None,
        })
    }
}

/// The value of an item by its name; what is unknown or makes no sense is kept raw.
pub(super) fn rare_item<'a>(
    reading: &Reading,
    name: &'a [u8],
    input: &'a [u8],
) -> Parsed<'a, Item<'a>> {
    let other = |input| {
        any_value(reading, input).map(|(rest, value)| {
            let value = Raw(value);
            (rest, Item::Other { name, value })
        })
    };
    match reading.attempt(|| known_item(reading, name, input)) {
        Ok((rest, Some(item))) => Ok((rest, item)),
        Ok((_, None)) => other(input),
        Err(nom::Err::Error(_)) => {
            reading.accept(Quirk::OddItem, input, "a value that the item can have")?;
            other(input)
        }
        Err(error) => Err(error),
    }
}

/// The rule for each name; `None` when there is none.
fn known_item<'a>(
    reading: &Reading,
    name: &'a [u8],
    input: &'a [u8],
) -> Parsed<'a, Option<Item<'a>>> {
    let is = |wanted: &[u8]| name.eq_ignore_ascii_case(wanted);
    let (rest, item) = if is(b"EMAILID") {
        let (rest, id) = object_id(reading, input)?;
        (rest, Item::EmailId(id))
    } else if is(b"THREADID") {
        let (rest, id) = or_nil(input, |input| object_id(reading, input))?;
        (rest, Item::ThreadId(id))
    } else if is(b"SAVEDATE") {
        let (rest, date) = or_nil(input, |input| internal_date(reading, input))?;
        (rest, Item::SaveDate(date))
    } else if is(b"PREVIEW") {
        let (rest, text) = nstring(reading, input)?;
        (rest, Item::Preview(text))
    } else if is(b"X-GM-MSGID") {
        let (rest, id) = number64(input)?;
        (rest, Item::GmailMessageId(id))
    } else if is(b"X-GM-THRID") {
        let (rest, id) = number64(input)?;
        (rest, Item::GmailThreadId(id))
    } else if is(b"X-GM-LABELS") {
        let (rest, list) = labels(reading, input)?;
        (rest, Item::GmailLabels(list))
    } else if let Some(section) = binary_size_section(name) {
        let (rest, octets) = number64(input)?;
        (rest, Item::BinarySize { section, octets })
    } else {
        return Ok((input, None));
    };
    match rest.first() {
        None | Some(b' ' | b')') => Ok((rest, Some(item))),
        Some(_) => fail(rest, "the end of a value"),
    }
}

/// `"(" objectid ")"`, where `objectid = 1*255(ALPHA / DIGIT / "_" / "-")`: RFC 8474 section 7.
pub(crate) fn object_id<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, &'a [u8]> {
    let (rest, ()) = byte(b'(', "an object ID", input)?;
    let (begin, ()) = no_sp(reading, rest)?;
    let is_id_char = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let length = begin.iter().take_while(|byte| is_id_char(byte)).count();
    if !(1..=255).contains(&length) {
        return fail(begin, "an object ID");
    }
    let (id, rest) = begin.split_at(length);
    let (rest, ()) = no_sp(reading, rest)?;
    let (rest, ()) = byte(b')', "the end of an object ID", rest)?;
    Ok((rest, id))
}

/// What stands between the brackets of `BINARY.SIZE[1.2]`.
fn binary_size_section(name: &[u8]) -> Option<&[u8]> {
    const BEGIN: &[u8] = b"BINARY.SIZE[";
    let (begin, section) = name.split_at_checked(BEGIN.len())?;
    if !begin.eq_ignore_ascii_case(BEGIN) {
        return None;
    }
    section.strip_suffix(b"]")
}

#[cfg(test)]
mod tests;
