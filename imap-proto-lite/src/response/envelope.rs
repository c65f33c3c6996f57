//! ENVELOPE, read when it is asked for: RFC 9051 section 7.5.2.

use alloc::borrow::Cow;

use crate::error::{Fail, ParseError, Parsed};
use crate::primitive::{byte, nil, nstring};
use crate::quirk::Quirk;
use crate::response::address::{Addresses, address_list};
use crate::response::fields::Fields;
use crate::response::raw::Raw;
use crate::tolerance::{QuirkSet, Reading};

/// What a server took from the header of a message. A field that the message lacks is `None` or
/// holds no address (RFC 9051 section 7.5.2, ENVELOPE).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Envelope<'a> {
    /// `Date`, as the message has it.
    pub date: Option<Cow<'a, [u8]>>,
    /// `Subject`, RFC 2047 encoded words as they are.
    pub subject: Option<Cow<'a, [u8]>>,
    /// `From`
    pub from: Addresses<'a>,
    /// `Sender`; servers give `From` where the message has none.
    pub sender: Addresses<'a>,
    /// `Reply-To`; servers give `From` where the message has none.
    pub reply_to: Addresses<'a>,
    /// `To`
    pub to: Addresses<'a>,
    /// `Cc`
    pub cc: Addresses<'a>,
    /// `Bcc`
    pub bcc: Addresses<'a>,
    /// `In-Reply-To`
    pub in_reply_to: Option<Cow<'a, [u8]>>,
    /// `Message-ID`
    pub message_id: Option<Cow<'a, [u8]>>,
}

impl<'a> Envelope<'a> {
    /// Reads what [`Fetch::envelope`](crate::Fetch::envelope) holds, with all that servers are
    /// known to get wrong.
    ///
    /// # Errors
    /// When the value is no envelope.
    pub fn parse(raw: Raw<'a>) -> Result<Self, ParseError> {
        Self::parse_with(raw, QuirkSet::LENIENT).map(|(envelope, _)| envelope)
    }

    /// The same, but accepts these quirks only; says which of them were met.
    ///
    /// # Errors
    /// When the value is no envelope by the grammar that the accepted quirks widen.
    pub fn parse_with(raw: Raw<'a>, accepted: QuirkSet) -> Result<(Self, QuirkSet), ParseError> {
        raw.read(accepted, envelope)
    }
}

/// `envelope = "(" env-date SP env-subject SP ... SP env-message-id ")"`; Domino puts it into
/// parentheses once more.
fn envelope<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Envelope<'a>> {
    if let Ok((rest, ())) = nil(input) {
        reading.accept(Quirk::ShortEnvelope, input, "an envelope")?;
        return Ok((rest, Envelope::default()));
    }
    let (rest, ()) = byte(b'(', "an envelope", input)?;
    let mut outer = Fields::open(reading, rest, Quirk::ShortEnvelope)?;
    let Some(inside) = outer.rest.strip_prefix(b"(") else {
        let (rest, envelope) = fields(outer)?;
        return Ok((rest, envelope));
    };
    reading.accept(Quirk::WrappedEnvelope, outer.rest, "a date")?;
    let inner = Fields::open(reading, inside, Quirk::ShortEnvelope)?;
    let (rest, envelope) = fields(inner)?;
    outer.rest = rest;
    Ok((outer.close()?, envelope))
}

/// The ten fields and the `)` behind them. Servers leave the last ones out.
fn fields<'a>(mut fields: Fields<'_, 'a>) -> Result<(&'a [u8], Envelope<'a>), nom::Err<Fail<'a>>> {
    let envelope = Envelope {
        date: fields.read("a date", nstring)?,
        subject: fields.read("a subject", nstring)?,
        from: fields.read("the from field", address_list)?,
        sender: fields.read("the sender field", address_list)?,
        reply_to: fields.read("the reply-to field", address_list)?,
        to: fields.read("the to field", address_list)?,
        cc: fields.read("the cc field", address_list)?,
        bcc: fields.read("the bcc field", address_list)?,
        in_reply_to: fields.read("the in-reply-to field", nstring)?,
        message_id: fields.read("the message ID", nstring)?,
    };
    Ok((fields.close()?, envelope))
}
