//! The answer to ID: RFC 2971.

use std::borrow::Cow;

use crate::error::{Parsed, fail};
use crate::primitive::{blanks, nil, nstring, string};
use crate::tolerance::Reading;

/// Field and value pairs by which a server names itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity<'a> {
    fields: Vec<Field<'a>>,
}

type Field<'a> = (Cow<'a, [u8]>, Option<Cow<'a, [u8]>>);

impl Identity<'_> {
    /// The pairs in the server's order.
    pub fn fields(&self) -> impl Iterator<Item = (&[u8], Option<&[u8]>)> {
        self.fields
            .iter()
            .map(|(name, value)| (name.as_ref(), value.as_deref()))
    }
}

/// `id-params-list = "(" *(string SP nstring) ")" / nil`, with blanks where servers add them.
pub(crate) fn identity<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Identity<'a>> {
    if let Ok((rest, ())) = nil(input) {
        return Ok((rest, Identity::default()));
    }
    let Some(mut rest) = input.strip_prefix(b"(") else {
        return fail(input, "a list");
    };
    let mut fields: Vec<Field<'_>> = Vec::new();
    loop {
        rest = blanks(rest);
        if let Some(after) = rest.strip_prefix(b")") {
            return Ok((after, Identity { fields }));
        }
        let (tail, name) = string(reading, rest)?;
        let (tail, value) = nstring(reading, blanks(tail))?;
        fields.push((name, value));
        rest = tail;
    }
}
