//! The answer to ID: RFC 2971.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::error::Parsed;
use crate::primitive::{Next, byte, next_in_list, nil, no_sp, nstring, sp, string};
use crate::tolerance::Reading;

/// Field and value pairs by which a server names itself (RFC 2971 section 3.2).
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
    let (rest, ()) = byte(b'(', "a list", input)?;
    let (mut rest, ()) = no_sp(reading, rest)?;
    let mut fields: Vec<Field<'_>> = Vec::new();
    if let Some(after) = rest.strip_prefix(b")") {
        return Ok((after, Identity { fields }));
    }
    loop {
        let (tail, name) = string(reading, rest)?;
        let (tail, ()) = sp(reading, tail)?;
        let (tail, value) = nstring(reading, tail)?;
        fields.push((name, value));
        match next_in_list(reading, tail)? {
            (after, Next::End) => return Ok((after, Identity { fields })),
            (next, Next::Element) => rest = next,
        }
    }
}
