//! The fields of BODYSTRUCTURE that BODY lacks: `body-ext-1part` and `body-ext-mpart`, RFC 9051 section 9.

use crate::error::{Fail, Parsed};
use crate::primitive::{any_value, nil, nstring, string};
use crate::quirk::Quirk;
use crate::response::body_structure::parameters::body_fld_param;
use crate::response::body_structure::part::{Disposition, Part};
use crate::response::fields::Fields;
use crate::response::string_list::{Strings, string_list};
use crate::tolerance::Reading;

/// `SP media-subtype [SP body-ext-mpart] ")"`
pub(crate) fn end_multipart<'a>(
    mut fields: Fields<'_, 'a>,
    part: &mut Part<'a>,
) -> Result<&'a [u8], nom::Err<Fail<'a>>> {
    part.subtype = fields.read("a media subtype", string)?;
    part.parameters = optional(&mut fields, body_fld_param)?;
    extend(&mut fields, part)?;
    fields.close()
}

/// `body-ext-1part = body-fld-md5 [SP body-fld-dsp ...]`
pub(crate) fn extend_single<'a>(
    fields: &mut Fields<'_, 'a>,
    part: &mut Part<'a>,
) -> Result<(), nom::Err<Fail<'a>>> {
    part.md5 = optional(fields, nstring)?;
    extend(fields, part)
}

/// `[SP body-fld-dsp [SP body-fld-lang [SP body-fld-loc *(SP body-extension)]]]`
pub(crate) fn extend<'a>(
    fields: &mut Fields<'_, 'a>,
    part: &mut Part<'a>,
) -> Result<(), nom::Err<Fail<'a>>> {
    part.disposition = optional(fields, body_fld_dsp)?;
    part.language = optional(fields, body_fld_lang)?;
    part.location = optional(fields, nstring)?;
    if fields.more()? {
        let begin = fields.rest;
        fields.rest = any_value(fields.reading, begin)?.0;
        let mut end = fields.rest;
        while fields.more()? {
            fields.rest = any_value(fields.reading, fields.rest)?.0;
            end = fields.rest;
        }
        let length = begin.len() - end.len();
        part.extension = begin.get(..length).unwrap_or_default();
    }
    Ok(())
}

/// A field that may be missing; one in another form counts as not sent.
fn optional<'a, T: Default>(
    fields: &mut Fields<'_, 'a>,
    rule: impl FnOnce(&Reading, &'a [u8]) -> Parsed<'a, T>,
) -> Result<T, nom::Err<Fail<'a>>> {
    if !fields.more()? {
        return Ok(T::default());
    }
    let (reading, at) = (fields.reading, fields.rest);
    let (rest, value) = match reading.attempt(|| rule(reading, at)) {
        Err(nom::Err::Error(_)) => {
            reading.accept(Quirk::OddBodyField, at, "another field")?;
            (any_value(reading, at)?.0, T::default())
        }
        read => read?,
    };
    fields.rest = rest;
    Ok(value)
}

/// `body-fld-dsp = "(" string SP body-fld-param ")" / nil`
fn body_fld_dsp<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Option<Disposition<'a>>> {
    if let Ok((rest, ())) = nil(input) {
        return Ok((rest, None));
    }
    let Some(inside) = input.strip_prefix(b"(") else {
        let (rest, kind) = string(reading, input)?;
        reading.accept(Quirk::OddDisposition, input, "a list or NIL")?;
        let parameters = Default::default();
        return Ok((rest, Some(Disposition { kind, parameters })));
    };
    let mut fields = Fields::open(reading, inside, Quirk::OddDisposition)?;
    let kind = fields.read("a disposition", nstring)?;
    if kind.is_none() {
        fields.missing("a disposition")?;
    }
    let parameters = fields.read("parameters", body_fld_param)?;
    let disposition = kind.map(|kind| Disposition { kind, parameters });
    Ok((fields.close()?, disposition))
}

/// `body-fld-lang = nstring / "(" string *(SP string) ")"`
fn body_fld_lang<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Strings<'a>> {
    if input.first() == Some(&b'(') {
        return string_list(reading, Quirk::OddBodyField, input)
            .map(|(rest, (strings, _))| (rest, strings));
    }
    let (rest, language) = nstring(reading, input)?;
    let length = match language {
        Some(_) => input.len() - rest.len(),
        None => 0,
    };
    Ok((rest, Strings(input.get(..length).unwrap_or_default())))
}
