//! BODYSTRUCTURE and BODY, read when they are asked for: RFC 9051 section 7.5.2 and `body` of section 9.
//!
//! The tree is read in one loop and kept as a flat list, so that no nesting can exhaust the stack.

mod extension;
pub(crate) mod parameters;
pub(crate) mod part;
mod single;

use alloc::vec::Vec;

use crate::error::{Fail, ParseError, Parsed, fail};
use crate::limits::NESTING_DEPTH;
use crate::primitive::{any_value, blanks, byte, nil, no_sp};
use crate::quirk::Quirk;
use crate::response::body_structure::extension::end_multipart;
use crate::response::body_structure::part::Part;
use crate::response::body_structure::single::{end_single, single};
use crate::response::fields::Fields;
use crate::response::raw::Raw;
use crate::tolerance::{QuirkSet, Reading};

/// The parts of a message, each before its own parts and all in the order of the message.
/// See RFC 9051 section 7.5.2, BODYSTRUCTURE.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BodyStructure<'a> {
    parts: Vec<Part<'a>>,
}

impl<'a> BodyStructure<'a> {
    /// Reads what [`Fetch::body_structure`](crate::Fetch::body_structure) holds, with all that
    /// servers are known to get wrong.
    ///
    /// # Errors
    /// When the value is no body structure.
    pub fn parse(raw: Raw<'a>) -> Result<Self, ParseError> {
        Self::parse_with(raw, QuirkSet::LENIENT).map(|(structure, _)| structure)
    }

    /// The same, but accepts these quirks only; says which of them were met.
    ///
    /// # Errors
    /// When the value is no body structure by the grammar that the accepted quirks widen.
    pub fn parse_with(raw: Raw<'a>, accepted: QuirkSet) -> Result<(Self, QuirkSet), ParseError> {
        raw.read(accepted, body)
    }

    /// All parts; the first one, if there is any, is the message itself.
    #[must_use]
    pub fn parts(&self) -> &[Part<'a>] {
        &self.parts
    }

    /// The parts directly within the part at `index`.
    pub fn children(&self, index: usize) -> impl Iterator<Item = &Part<'a>> {
        self.parts
            .iter()
            .filter(move |part| part.parent == Some(index))
    }

    /// The numbers by which `BODY[1.2]` names the part at `index`: RFC 9051 section 6.4.5.1. Empty
    /// for a multipart that is a whole message, which has no number of its own.
    #[must_use]
    pub fn section(&self, index: usize) -> Vec<u32> {
        let mut numbers = Vec::new();
        let mut at = self.parts.get(index);
        while let Some(part) = at {
            let within = part.parent.and_then(|parent| self.parts.get(parent));
            let is_whole_message = within.is_none_or(|parent| !parent.is_multipart());
            if !(is_whole_message && part.is_multipart()) {
                numbers.push(part.ordinal);
            }
            at = within;
        }
        numbers.reverse();
        numbers
    }
}

/// `body = "(" (body-type-1part / body-type-mpart) ")"`
fn body<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, BodyStructure<'a>> {
    let mut tree = Tree::default();
    if let Ok((rest, ())) = nil(input) {
        reading.accept(Quirk::ShortBody, input, "a body")?;
        return Ok((rest, BodyStructure::default()));
    }
    let mut rest = input;
    loop {
        let (tail, begun) = begin(reading, &mut tree, rest)?;
        rest = match begun {
            Begun::Whole => end_parents(reading, &mut tree, tail)?,
            Begun::UpToItsParts => tail,
        };
        if tree.open.is_empty() {
            return Ok((rest, BodyStructure { parts: tree.parts }));
        }
    }
}

/// How much of a part was read.
enum Begun {
    Whole,
    UpToItsParts,
}

/// A part from its `(` up to its first part, or up to its end when it has none.
fn begin<'a>(reading: &Reading, tree: &mut Tree<'a>, input: &'a [u8]) -> Parsed<'a, Begun> {
    if tree.open.len() >= NESTING_DEPTH {
        return fail(input, "less nesting");
    }
    let (rest, ()) = byte(b'(', "a body", input)?;
    let mut fields = Fields::open(reading, rest, Quirk::ShortBody)?;
    if fields.rest.first() == Some(&b'(') {
        tree.open(Part::multipart());
        return Ok((fields.rest, Begun::UpToItsParts));
    }
    if fields.rest.first() == Some(&b')') {
        return fail(fields.rest, "a media type");
    }
    let mut part = single(&mut fields)?;
    if part.envelope.is_some() && fields.more()? {
        if is_body(fields.rest) {
            tree.open(part);
            return Ok((fields.rest, Begun::UpToItsParts));
        }
        fields.missing("a body")?;
        fields.rest = any_value(reading, fields.rest)?.0;
    }
    let rest = end_single(fields, &mut part)?;
    tree.push(part);
    Ok((rest, Begun::Whole))
}

/// Whether there is a body and not the `()` or NIL of Domino.
fn is_body(input: &[u8]) -> bool {
    input
        .strip_prefix(b"(")
        .is_some_and(|inside| blanks(inside).first() != Some(&b')'))
}

/// Ends each part whose last part was read; gives what follows, which is a sibling's begin as long
/// as a part is open.
fn end_parents<'a>(
    reading: &Reading,
    tree: &mut Tree<'a>,
    input: &'a [u8],
) -> Result<&'a [u8], nom::Err<Fail<'a>>> {
    let mut rest = input;
    while let Some(part) = tree.innermost() {
        if part.is_multipart() && blanks(rest).first() == Some(&b'(') {
            return no_sp(reading, rest).map(|(rest, ())| rest);
        }
        let fields = Fields::resume(reading, rest, Quirk::ShortBody);
        rest = if part.is_multipart() {
            end_multipart(fields, part)?
        } else {
            end_single(fields, part)?
        };
        tree.open.pop();
    }
    Ok(rest)
}

/// What is read so far, and which parts are not at their end yet, the outermost first.
#[derive(Default)]
struct Tree<'a> {
    parts: Vec<Part<'a>>,
    open: Vec<Open>,
}

/// A part that holds others.
struct Open {
    index: usize,
    children: u32,
}

impl<'a> Tree<'a> {
    /// Adds a part within the innermost open one.
    fn push(&mut self, mut part: Part<'a>) {
        part.depth = self.open.len();
        part.ordinal = 1;
        if let Some(parent) = self.open.last_mut() {
            parent.children += 1;
            part.ordinal = parent.children;
            part.parent = Some(parent.index);
        }
        self.parts.push(part);
    }

    /// Adds a part that holds others; they follow.
    fn open(&mut self, part: Part<'a>) {
        let index = self.parts.len();
        self.push(part);
        self.open.push(Open { index, children: 0 });
    }

    /// The innermost open part.
    fn innermost(&mut self) -> Option<&mut Part<'a>> {
        let index = self.open.last()?.index;
        self.parts.get_mut(index)
    }
}
