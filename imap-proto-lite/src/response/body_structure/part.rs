//! One part of a message: RFC 9051 section 7.5.2.

use alloc::borrow::Cow;

use crate::response::body_structure::parameters::Parameters;
use crate::response::raw::Raw;
use crate::response::string_list::Strings;

/// What a server says about one part. What it left out is `None` or empty.
/// See RFC 9051 section 7.5.2, BODYSTRUCTURE.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Part<'a> {
    /// How many parts hold this one; 0 for the message itself.
    pub depth: usize,
    /// Where in [`BodyStructure::parts`](crate::BodyStructure::parts) the part stands that holds
    /// this one.
    pub parent: Option<usize>,
    /// Which part of its parent it is, counted from 1.
    pub ordinal: u32,
    /// `media-type`, `multipart` included; empty where the server sent NIL. Compares
    /// case-insensitively, and so does the subtype.
    pub media_type: Cow<'a, [u8]>,
    /// `media-subtype`; empty where the server sent none.
    pub subtype: Cow<'a, [u8]>,
    /// `body-fld-param`: parameters of the media type, such as `charset` and `boundary`.
    pub parameters: Parameters<'a>,
    /// `body-fld-id`: Content-ID.
    pub id: Option<Cow<'a, [u8]>>,
    /// `body-fld-desc`: Content-Description.
    pub description: Option<Cow<'a, [u8]>>,
    /// `body-fld-enc`: Content-Transfer-Encoding; `None` for a multipart.
    pub encoding: Option<Cow<'a, [u8]>>,
    /// `body-fld-octets`: the size in its transfer encoding; `None` for a multipart, or when it is
    /// no number.
    pub octets: Option<u64>,
    /// `body-fld-lines` of a text or an embedded message.
    pub lines: Option<u64>,
    /// `body-fld-md5`
    pub md5: Option<Cow<'a, [u8]>>,
    /// `body-fld-dsp`
    pub disposition: Option<Disposition<'a>>,
    /// `body-fld-lang`: language tags.
    pub language: Strings<'a>,
    /// `body-fld-loc`: Content-Location.
    pub location: Option<Cow<'a, [u8]>>,
    /// The envelope of an embedded message: read it with
    /// [`Envelope::parse`](crate::Envelope::parse).
    pub envelope: Option<Raw<'a>>,
    /// `body-extension`: values that no RFC has a meaning for yet, with the blanks between them.
    pub extension: &'a [u8],
}

/// How a part is meant to be shown: RFC 2183.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Disposition<'a> {
    /// `inline`, `attachment` or another word; compares case-insensitively.
    pub kind: Cow<'a, [u8]>,
    /// Its parameters, such as `filename`.
    pub parameters: Parameters<'a>,
}

impl Part<'_> {
    /// Whether it consists of other parts.
    #[must_use]
    pub fn is_multipart(&self) -> bool {
        self.media_type.eq_ignore_ascii_case(MULTIPART)
    }

    /// One of the type `multipart`, of which nothing else is known.
    pub(crate) fn multipart() -> Self {
        Self {
            media_type: Cow::Borrowed(MULTIPART),
            ..Self::default()
        }
    }

    /// Whether it is an embedded message, for which the grammar wants an envelope and a body.
    pub(crate) fn embeds_message(&self) -> bool {
        self.media_type.eq_ignore_ascii_case(b"message")
            && (self.subtype.eq_ignore_ascii_case(b"rfc822")
                || self.subtype.eq_ignore_ascii_case(b"global"))
    }

    /// Whether it is text, for which the grammar wants a count of lines.
    pub(crate) fn is_text(&self) -> bool {
        self.media_type.eq_ignore_ascii_case(b"text")
    }
}

const MULTIPART: &[u8] = b"multipart";
