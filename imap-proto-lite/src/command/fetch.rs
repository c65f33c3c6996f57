//! FETCH: RFC 9051 section 6.4.5, with the message data items and modifiers of its extensions.

use core::num::NonZeroU32;

use super::encode::Encoder;
use super::messages::{Messages, PartialRange};
use super::section::{FetchSection, Octets, Part, SectionText};
use crate::command::argument::Text;
use crate::ids::ModSeq;

/// FETCH, or UID FETCH where the messages are named by UIDs (RFC 9051 section 6.4.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchCommand<'a> {
    /// Which messages.
    pub messages: Messages<'a>,
    /// What of them; a server refuses to be asked for nothing.
    pub items: &'a [FetchItem<'a>],
    /// Which of them, and how: mostly nothing.
    pub modifiers: &'a [FetchModifier],
}

/// A message data item to ask for: RFC 9051 section 6.4.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FetchItem<'a> {
    /// `UID`
    Uid,
    /// `FLAGS`
    Flags,
    /// `INTERNALDATE`
    InternalDate,
    /// `RFC822.SIZE`
    Size,
    /// `ENVELOPE`
    Envelope,
    /// `BODYSTRUCTURE`
    BodyStructure,
    /// `BODY`: the structure without its extensions.
    BodyStructureBasic,
    /// `BODY[...]`: a section, or a part of its octets.
    Section {
        /// The section.
        section: FetchSection<'a>,
        /// Whether it counts as read.
        seen: Seen,
        /// Which octets, where not all.
        octets: Option<Octets>,
    },
    /// `BINARY[...]`: a part without its transfer encoding (RFC 9051, RFC 3516).
    Binary {
        /// The part; none is the whole message.
        part: Part<'a>,
        /// Whether it counts as read.
        seen: Seen,
        /// Which octets, where not all.
        octets: Option<Octets>,
    },
    /// `BINARY.SIZE[...]`: the size of a part without its transfer encoding.
    BinarySize(Part<'a>),
    /// `RFC822`: as `BODY[]` (RFC 3501 section 6.4.5).
    Rfc822,
    /// `RFC822.HEADER`: as `BODY.PEEK[HEADER]` (RFC 3501 section 6.4.5).
    Rfc822Header,
    /// `RFC822.TEXT`: as `BODY[TEXT]` (RFC 3501 section 6.4.5).
    Rfc822Text,
    /// `MODSEQ` (RFC 7162 section 3.1.5)
    ModSeq,
    /// `EMAILID` (RFC 8474 section 5.1)
    EmailId,
    /// `THREADID` (RFC 8474 section 5.2)
    ThreadId,
    /// `SAVEDATE` (RFC 8514 section 4.2)
    SaveDate,
    /// `PREVIEW` (RFC 8970 section 3.1)
    Preview,
    /// `PREVIEW (LAZY)`: only what costs the server nothing (RFC 8970 section 3.1).
    PreviewLazy,
    /// `X-GM-MSGID` (Gmail)
    GmailMessageId,
    /// `X-GM-THRID` (Gmail)
    GmailThreadId,
    /// `X-GM-LABELS` (Gmail)
    GmailLabels,
}

/// Whether reading a section sets `\Seen` (RFC 9051 section 6.4.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// `.PEEK`: it does not.
    Peek,
    /// It does.
    Set,
}

/// What narrows a FETCH: RFC 4466 section 2.4, `fetch-modifier`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FetchModifier {
    /// `CHANGEDSINCE`: messages with a higher mod-sequence only (RFC 7162 section 3.1.4.1).
    ChangedSince(ModSeq),
    /// `CHANGEDSINCE n VANISHED`: also which were expunged; UID FETCH only, with QRESYNC enabled
    /// (RFC 7162 section 3.2.6).
    ChangedSinceVanished(ModSeq),
    /// `PARTIAL`: so many of them; UID FETCH only (RFC 9394 section 3.3).
    Partial(PartialRange),
}

impl FetchItem<'static> {
    /// `BODY.PEEK[]`: the whole message, without setting `\Seen`.
    pub const BODY: Self = Self::peek(FetchSection::WHOLE);
    /// `BODY.PEEK[HEADER]`: the message's header, without setting `\Seen`.
    pub const HEADER: Self = Self::peek(FetchSection::of_message(SectionText::Header));
    /// `BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]`: the header field of that name, and an empty line.
    pub const MESSAGE_ID: Self =
        Self::peek(FetchSection::of_message(SectionText::HeaderFields(&[
            Text::MESSAGE_ID,
        ])));
}

impl<'a> FetchItem<'a> {
    /// All octets of a section, without setting `\Seen`.
    #[must_use]
    pub const fn peek(section: FetchSection<'a>) -> Self {
        Self::Section {
            section,
            seen: Seen::Peek,
            octets: None,
        }
    }

    pub(super) fn write(&self, out: &mut Encoder) {
        match *self {
            Self::Section {
                section,
                seen,
                octets,
            } => {
                out.raw(seen.choose("BODY.PEEK", "BODY"));
                section.write(out);
                write_octets(out, octets);
            }
            Self::Binary { part, seen, octets } => {
                out.raw(seen.choose("BINARY.PEEK", "BINARY"));
                write_part(out, part);
                write_octets(out, octets);
            }
            Self::BinarySize(part) => write_part(out.raw("BINARY.SIZE"), part),
            _ => {
                out.raw(self.word());
            }
        }
    }

    const fn word(&self) -> &'static str {
        match self {
            Self::Uid => "UID",
            Self::Flags => "FLAGS",
            Self::InternalDate => "INTERNALDATE",
            Self::Size => "RFC822.SIZE",
            Self::Envelope => "ENVELOPE",
            Self::BodyStructure => "BODYSTRUCTURE",
            Self::BodyStructureBasic | Self::Section { .. } => "BODY",
            Self::Binary { .. } => "BINARY",
            Self::BinarySize(_) => "BINARY.SIZE",
            Self::Rfc822 => "RFC822",
            Self::Rfc822Header => "RFC822.HEADER",
            Self::Rfc822Text => "RFC822.TEXT",
            Self::ModSeq => "MODSEQ",
            Self::EmailId => "EMAILID",
            Self::ThreadId => "THREADID",
            Self::SaveDate => "SAVEDATE",
            Self::Preview => "PREVIEW",
            Self::PreviewLazy => "PREVIEW (LAZY)",
            Self::GmailMessageId => "X-GM-MSGID",
            Self::GmailThreadId => "X-GM-THRID",
            Self::GmailLabels => "X-GM-LABELS",
        }
    }
}

impl Seen {
    const fn choose(self, peek: &'static str, set: &'static str) -> &'static str {
        match self {
            Self::Peek => peek,
            Self::Set => set,
        }
    }
}

impl FetchCommand<'_> {
    pub(super) fn write(self, out: &mut Encoder) {
        self.messages.write(out.raw(" "));
        out.raw(" ").list(self.items, |out, item| item.write(out));
        if !self.modifiers.is_empty() {
            out.raw(" ").list(self.modifiers, |out, one| one.write(out));
        }
    }
}

impl FetchModifier {
    fn write(self, out: &mut Encoder) {
        match self {
            Self::ChangedSince(since) => out.raw("CHANGEDSINCE ").number(since.0),
            Self::ChangedSinceVanished(since) => {
                out.raw("CHANGEDSINCE ").number(since.0).raw(" VANISHED")
            }
            Self::Partial(range) => range.write(out),
        };
    }
}

fn write_part(out: &mut Encoder, part: &[NonZeroU32]) {
    out.raw("[").part(part).raw("]");
}

fn write_octets(out: &mut Encoder, octets: Option<Octets>) {
    if let Some(Octets { first, count }) = octets {
        out.raw("<")
            .number(first)
            .raw(".")
            .number(count.get())
            .raw(">");
    }
}
