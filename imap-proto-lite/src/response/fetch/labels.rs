//! Gmail's labels of a message: `X-GM-LABELS`, Gmail's IMAP extensions.

use alloc::borrow::Cow;

use nom::bytes::complete::take_while1;

use crate::error::{Parsed, fail};
use crate::frame::section::announces_body;
use crate::primitive::{Next, byte, next_in_list, nil, no_sp, string};
use crate::tolerance::Reading;

/// Labels in wire form: checked, and read as they are walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Labels<'a>(&'a [u8]);

impl<'a> Labels<'a> {
    /// The labels in the server's order, in modified UTF-7; those of Gmail itself begin with a
    /// backslash, such as `\Inbox`, whether they came quoted or not.
    pub fn iter(self) -> impl Iterator<Item = Cow<'a, [u8]>> {
        let reading = Reading::lenient();
        let mut rest = self.0;
        core::iter::from_fn(move || {
            let (tail, label) = next_label(&reading, rest).ok()?;
            rest = tail;
            label
        })
    }
}

/// `"(" [label *(SP label)] ")"`. A literal behind what looks like a body's item was streamed, so that its
/// octets are not there to read.
pub(super) fn labels<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Labels<'a>> {
    let (inside, ()) = byte(b'(', "a list of labels", input)?;
    let (begin, ()) = no_sp(reading, inside)?;
    if let Some(after) = begin.strip_prefix(b")") {
        return Ok((after, Labels::default()));
    }
    let mut rest = begin;
    let mut line = begin;
    loop {
        let is_literal = rest.first() == Some(&b'{');
        let before = line.len() - rest.len();
        if is_literal && announces_body(line.get(..before).unwrap_or_default()) {
            return fail(rest, "no body within a value");
        }
        let (tail, _) = label(reading, rest)?;
        if is_literal {
            line = tail;
        }
        match next_in_list(reading, tail)? {
            (next, Next::Element) => rest = next,
            (after, Next::End) => {
                let length = begin.len() - tail.len();
                return Ok((after, Labels(begin.get(..length).unwrap_or_default())));
            }
        }
    }
}

/// A string, an atom, or a word with a backslash; NIL is none. Gmail has no grammar for it, only examples.
fn label<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Option<Cow<'a, [u8]>>> {
    if matches!(input.first(), Some(b'"' | b'{')) {
        return string(reading, input).map(|(rest, text)| (rest, Some(text)));
    }
    if let Ok((rest, ())) = nil(input) {
        return Ok((rest, None));
    }
    take_while1(is_label_char)(input).map(|(rest, word)| (rest, Some(Cow::Borrowed(word))))
}

/// The next label that is one, from a list that was checked.
fn next_label<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Option<Cow<'a, [u8]>>> {
    let mut rest = input;
    loop {
        rest = no_sp(reading, rest)?.0;
        if rest.is_empty() {
            return Ok((rest, None));
        }
        let (tail, label) = label(reading, rest)?;
        if label.is_some() {
            return Ok((tail, label));
        }
        rest = tail;
    }
}

/// A byte of a label without quotes.
const fn is_label_char(byte: u8) -> bool {
    !matches!(byte, b' ' | b'(' | b')' | b'"' | b'{' | b'\r' | b'\n')
}
