//! Sections of a message: RFC 9051 section 6.4.5.1, `section-spec`.

use core::num::NonZeroU32;

use super::argument::Text;
use super::encode::Encoder;

/// Which part of a message: RFC 9051 section 9, `section-part = nz-number *("." nz-number)`. No number
/// at all is the message itself.
pub type Part<'a> = &'a [NonZeroU32];

/// A section to ask for (RFC 9051 section 6.4.5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchSection<'a> {
    /// The part; none is the message itself.
    pub part: Part<'a>,
    /// What of it; `None` is all of it.
    pub text: Option<SectionText<'a>>,
}

/// What of a part: RFC 9051 section 9, `section-text`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SectionText<'a> {
    /// `HEADER`: the header of the message.
    Header,
    /// `HEADER.FIELDS`: header fields of these names, at least one.
    HeaderFields(&'a [Text<'a>]),
    /// `HEADER.FIELDS.NOT`: header fields of other names than these, at least one.
    HeaderFieldsNot(&'a [Text<'a>]),
    /// `TEXT`: all but the header.
    Text,
    /// `MIME`: the MIME header of a part; the message itself has none.
    Mime,
}

/// Some octets of a section: RFC 9051 section 9, `partial`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Octets {
    /// The first one, counted from 0.
    pub first: u64,
    /// How many at most.
    pub count: NonZeroU32,
}

impl FetchSection<'static> {
    /// The whole message.
    pub const WHOLE: Self = Self {
        part: &[],
        text: None,
    };
}

impl<'a> FetchSection<'a> {
    /// Something of the message itself.
    #[must_use]
    pub const fn of_message(text: SectionText<'a>) -> Self {
        Self {
            part: &[],
            text: Some(text),
        }
    }

    pub(super) fn write(self, out: &mut Encoder) {
        out.raw("[").part(self.part);
        if let Some(text) = self.text {
            if !self.part.is_empty() {
                out.raw(".");
            }
            text.write(out);
        }
        out.raw("]");
    }
}

impl SectionText<'_> {
    fn write(self, out: &mut Encoder) {
        match self {
            Self::Header => out.raw("HEADER"),
            Self::HeaderFields(names) => fields(out.raw("HEADER.FIELDS "), names),
            Self::HeaderFieldsNot(names) => fields(out.raw("HEADER.FIELDS.NOT "), names),
            Self::Text => out.raw("TEXT"),
            Self::Mime => out.raw("MIME"),
        };
    }
}

fn fields<'e>(out: &'e mut Encoder, names: &[Text<'_>]) -> &'e mut Encoder {
    out.list(names, |out, &name| {
        out.astring(name);
    })
}

impl Encoder {
    /// `section-part`
    pub(super) fn part(&mut self, part: Part<'_>) -> &mut Self {
        for (index, number) in part.iter().enumerate() {
            self.raw(if index == 0 { "" } else { "." })
                .number(number.get());
        }
        self
    }
}
