//! A body part that is no multipart: `body-type-1part`, RFC 9051 section 9.

use alloc::borrow::Cow;

use crate::error::{Fail, Parsed};
use crate::primitive::{any_value, atom, nil, nstring, odd_number, string};
use crate::quirk::Quirk;
use crate::response::body_structure::extension::{extend, extend_single};
use crate::response::body_structure::parameters::body_fld_param;
use crate::response::body_structure::part::Part;
use crate::response::fields::Fields;
use crate::response::raw::Raw;
use crate::tolerance::Reading;

/// `media-basic SP body-fields`, and the envelope of an embedded message.
///
/// A multipart without parts comes here too, in one of the forms that servers have for it.
pub(crate) fn single<'a>(fields: &mut Fields<'_, 'a>) -> Result<Part<'a>, nom::Err<Fail<'a>>> {
    let mut part = Part::default();
    if media(fields, &mut part)? == Kind::Multipart {
        return Ok(part);
    }
    part.id = fields.read("a Content-ID", nstring)?;
    part.description = fields.read("a description", nstring)?;
    part.encoding = fields.read("an encoding", body_fld_enc)?;
    part.octets = fields.read("a size", odd_number)?;
    if part.embeds_message() {
        part.envelope = envelope(fields)?;
    }
    Ok(part)
}

/// What follows `single`, through the `)`.
pub(crate) fn end_single<'a>(
    mut fields: Fields<'_, 'a>,
    part: &mut Part<'a>,
) -> Result<&'a [u8], nom::Err<Fail<'a>>> {
    let is_multipart_without_parts = part.is_multipart() && part.encoding.is_none();
    if is_multipart_without_parts {
        extend(&mut fields, part)?;
        return fields.close();
    }
    if part.is_text() || part.envelope.is_some() {
        part.lines = lines(&mut fields)?;
    }
    extend_single(&mut fields, part)?;
    fields.close()
}

/// What fields a part has.
#[derive(PartialEq, Eq)]
enum Kind {
    /// Those of a single part.
    Single,
    /// Those that stand behind the parts of a multipart.
    Multipart,
}

/// `media-type SP media-subtype SP body-fld-param`, where servers leave out one of the first two.
fn media<'a>(fields: &mut Fields<'_, 'a>, part: &mut Part<'a>) -> Result<Kind, nom::Err<Fail<'a>>> {
    let (reading, begin) = (fields.reading, fields.rest);
    let media_type = fields.read("a media type", nstring)?;
    let subtype = media_subtype(fields, media_type.as_ref())?;
    part.parameters = fields.read("parameters", body_fld_param)?;
    let has_boundary = || part.parameters.get("boundary").is_some();
    let (quirk, kind) = match (media_type, subtype) {
        (Some(media_type), Some(subtype)) => {
            part.media_type = media_type;
            part.subtype = subtype;
            if !part.is_multipart() {
                return Ok(Kind::Single);
            }
            (Quirk::MultipartWithoutParts, Kind::Single)
        }
        (Some(subtype), None) if has_boundary() => {
            part.media_type = Part::multipart().media_type;
            part.subtype = subtype;
            (Quirk::MultipartWithoutParts, Kind::Multipart)
        }
        (None, Some(subtype)) => {
            part.media_type = Part::multipart().media_type;
            part.subtype = subtype;
            (Quirk::MultipartWithoutParts, Kind::Multipart)
        }
        (media_type, None) => {
            part.media_type = media_type.unwrap_or_default();
            (Quirk::ShortBody, Kind::Single)
        }
    };
    reading.accept(
        quirk,
        begin,
        "a media type, a subtype and what they call for",
    )?;
    Ok(kind)
}

/// `media-subtype = string`. Where it is left out, the next field is the list of parameters; NIL
/// stands for that list too, unless the type was NIL as well.
fn media_subtype<'a>(
    fields: &mut Fields<'_, 'a>,
    media_type: Option<&Cow<'a, [u8]>>,
) -> Result<Option<Cow<'a, [u8]>>, nom::Err<Fail<'a>>> {
    let before = *fields;
    if fields.more()? {
        if matches!(fields.rest.first(), Some(b'"' | b'{')) {
            let (rest, subtype) = string(fields.reading, fields.rest)?;
            fields.rest = rest;
            return Ok(Some(subtype));
        }
        if media_type.is_none()
            && let Ok((rest, ())) = nil(fields.rest)
        {
            fields.rest = rest;
            return Ok(None);
        }
    }
    *fields = before;
    Ok(None)
}

/// `body-fld-enc = string`; servers send NIL, or leave out the quotes.
fn body_fld_enc<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Option<Cow<'a, [u8]>>> {
    if matches!(input.first(), Some(b'"' | b'{')) {
        return string(reading, input).map(|(rest, text)| (rest, Some(text)));
    }
    let (rest, word) = atom(input)?;
    reading.accept(Quirk::OddEncoding, input, "an encoding in quotes")?;
    let is_nil = word.eq_ignore_ascii_case(b"NIL");
    Ok((rest, (!is_nil).then_some(Cow::Borrowed(word))))
}

/// `envelope`, which no other field can be taken for: the next one would be a string.
fn envelope<'a>(fields: &mut Fields<'_, 'a>) -> Result<Option<Raw<'a>>, nom::Err<Fail<'a>>> {
    let before = *fields;
    if fields.more()? && fields.rest.first() == Some(&b'(') {
        let (rest, envelope) = any_value(fields.reading, fields.rest)?;
        fields.rest = rest;
        return Ok(Some(Raw(envelope)));
    }
    fields.missing("an envelope")?;
    *fields = before;
    Ok(None)
}

/// `body-fld-lines`, which servers leave out: the next field would be a string or NIL.
fn lines<'a>(fields: &mut Fields<'_, 'a>) -> Result<Option<u64>, nom::Err<Fail<'a>>> {
    let before = *fields;
    if fields.more()? && matches!(fields.rest.first(), Some(b'0'..=b'9' | b'-')) {
        let (rest, count) = odd_number(fields.reading, fields.rest)?;
        fields.rest = rest;
        return Ok(count);
    }
    fields.missing("a count of lines")?;
    *fields = before;
    Ok(None)
}
