//! The departures from the grammar that real servers make, each with an identity: what it looks like, and
//! who was seen to send it.

use core::fmt;

/// A shape that RFC 9051 and RFC 3501 do not allow, and that this crate knows how to read.
///
/// None of them changes a literal's size, a tag, a UID or a UIDVALIDITY: those are read as the grammar has
/// them or not at all, since whoever reads one of them wrongly loses mail. Free text is never a quirk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Quirk {
    /// NUL octets before a response (RFC 9051 section 2.2 has none).
    LeadingNul,
    /// A line that ends in LF alone (RFC 9051 section 2.2: all lines end in CRLF).
    BareLineFeed,
    /// Several spaces where one belongs, or some where none does (RFC 9051 section 9, note 3).
    ExtraBlanks,
    /// Blanks between a literal's `}` and its CRLF (RFC 9051 section 4.3).
    BlanksAfterLiteral,
    /// A literal's length or a message sequence number with zeros in front (RFC 9051 sections 4.3 and 9).
    /// The number is the same; a UID with zeros is refused.
    LeadingZero,
    /// COPYUID or APPENDUID that stands alone, without `* OK` (RFC 9051 section 7.1). Other codes are not read so.
    BareCode,
    /// A line that begins with neither `*`, `+` nor a tag and a condition (RFC 9051 section 2.2.2).
    StrayLine,
    /// A condition or `+` with no space and text behind it (RFC 9051 section 7.1: `resp-text`).
    MissingText,
    /// A known response code whose value makes no sense, such as `[UIDNEXT 0]`, or one whose name is no
    /// atom (RFC 9051 section 7.1); it is kept raw.
    OddCode,
    /// BYE or PREAUTH behind a tag (RFC 9051 sections 7.1.4 and 7.1.5: always untagged).
    TaggedCondition,
    /// A known response whose value makes no sense (RFC 9051 section 7); it is kept raw, unless it says which
    /// messages there are.
    OddResponse,
    /// A flag that is no atom: with `]`, parentheses, or 8-bit octets (RFC 9051 section 2.3.2); `\*` outside of
    /// PERMANENTFLAGS; a mailbox name attribute without its backslash.
    OddFlag,
    /// A mailbox name with blanks or controls that stands without quotes (RFC 9051 section 5.1).
    UnquotedName,
    /// FETCH of the message at position 0 (RFC 9051 section 2.3.1.2).
    ZeroSequenceNumber,
    /// FETCH without any data item (RFC 9051 section 7.5.2).
    EmptyFetch,
    /// A data item without a value, or with one that makes no sense (RFC 9051 sections 7.5.2 and 7.3.3); it counts
    /// as not sent. Never a UID.
    OddItem,
    /// An internal date that the calendar does not have, or in another form (RFC 9051 section 2.3.3).
    OddDate,
    /// A size, count or mod-sequence that is no number, such as `-1` or `9.3e+06`; a zero where STATUS has none
    /// (RFC 9051 section 7.3.3, RFC 7162 section 3.1).
    OddNumber,
    /// A quoted string with bare quotes inside (RFC 9051 section 4.3). A quote is content unless a space, a
    /// parenthesis, `]` or the end of the line follows.
    UnescapedQuote,
    /// A quoted string with a backslash that escapes nothing (RFC 9051 section 9: `quoted-specials`); it is content.
    UnescapedBackslash,
    /// A quoted string with octets above 127 (RFC 9051 section 4.3). After `ENABLE UTF8=ACCEPT` or rev2 they are
    /// no quirk, but the grammar does not know what was enabled.
    EightBitQuoted,
    /// An address list `()`, or one with NIL in it (RFC 9051 section 7.5.2).
    OddAddressList,
    /// An ENVELOPE of fewer than ten fields (RFC 9051 section 7.5.2).
    ShortEnvelope,
    /// An ENVELOPE within another pair of parentheses (RFC 9051 section 7.5.2).
    WrappedEnvelope,
    /// Body parameters that are no pairs of strings (RFC 9051 section 7.5.2).
    OddParameters,
    /// A content disposition in another form (RFC 2183).
    OddDisposition,
    /// A body part without fields that its type calls for (RFC 9051 section 7.5.2).
    ShortBody,
    /// A multipart body without parts, given as a single one (RFC 9051 section 7.5.2).
    MultipartWithoutParts,
    /// A content transfer encoding that is NIL or stands without quotes (RFC 9051 section 9: `body-fld-enc`).
    OddEncoding,
    /// A field of a body part's extension data in another form (RFC 9051 section 9: `body-ext-1part`); it
    /// counts as not sent.
    OddBodyField,
    /// No space where one belongs (RFC 9051 section 9, note 3).
    MissingBlank,
    /// A name without quotes that has octets above 127 (RFC 9051 section 9: `ATOM-CHAR`).
    EightBitAtom,
    /// A quoted string with NUL or a bare CR inside (RFC 9051 section 9: `TEXT-CHAR`).
    ControlInQuoted,
    /// A hierarchy delimiter `""`; it reads as NIL (RFC 9051 section 7.3.1).
    OddDelimiter,
    /// EXPUNGED where EXPUNGE belongs (RFC 9051 section 7.5.1).
    ExpungedWord,
    /// A capability that is no atom (RFC 9051 section 7.2.2).
    OddCapability,
}

impl Quirk {
    /// All of them, in the order of the declaration.
    pub const ALL: [Self; 36] = [
        Self::LeadingNul,
        Self::BareLineFeed,
        Self::ExtraBlanks,
        Self::BlanksAfterLiteral,
        Self::LeadingZero,
        Self::BareCode,
        Self::StrayLine,
        Self::MissingText,
        Self::OddCode,
        Self::TaggedCondition,
        Self::OddResponse,
        Self::OddFlag,
        Self::UnquotedName,
        Self::ZeroSequenceNumber,
        Self::EmptyFetch,
        Self::OddItem,
        Self::OddDate,
        Self::OddNumber,
        Self::UnescapedQuote,
        Self::UnescapedBackslash,
        Self::EightBitQuoted,
        Self::OddAddressList,
        Self::ShortEnvelope,
        Self::WrappedEnvelope,
        Self::OddParameters,
        Self::OddDisposition,
        Self::ShortBody,
        Self::MultipartWithoutParts,
        Self::OddEncoding,
        Self::OddBodyField,
        Self::MissingBlank,
        Self::EightBitAtom,
        Self::ControlInQuoted,
        Self::OddDelimiter,
        Self::ExpungedWord,
        Self::OddCapability,
    ];

    /// A name for reports: lower case, with hyphens.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LeadingNul => "leading-nul",
            Self::BareLineFeed => "bare-line-feed",
            Self::ExtraBlanks => "extra-blanks",
            Self::BlanksAfterLiteral => "blanks-after-literal",
            Self::LeadingZero => "leading-zero",
            Self::BareCode => "bare-code",
            Self::StrayLine => "stray-line",
            Self::MissingText => "missing-text",
            Self::OddCode => "odd-code",
            Self::TaggedCondition => "tagged-condition",
            Self::OddResponse => "odd-response",
            Self::OddFlag => "odd-flag",
            Self::UnquotedName => "unquoted-name",
            Self::ZeroSequenceNumber => "zero-sequence-number",
            Self::EmptyFetch => "empty-fetch",
            Self::OddItem => "odd-item",
            Self::OddDate => "odd-date",
            Self::OddNumber => "odd-number",
            Self::UnescapedQuote => "unescaped-quote",
            Self::UnescapedBackslash => "unescaped-backslash",
            Self::EightBitQuoted => "eight-bit-quoted",
            Self::OddAddressList => "odd-address-list",
            Self::ShortEnvelope => "short-envelope",
            Self::WrappedEnvelope => "wrapped-envelope",
            Self::OddParameters => "odd-parameters",
            Self::OddDisposition => "odd-disposition",
            Self::ShortBody => "short-body",
            Self::MultipartWithoutParts => "multipart-without-parts",
            Self::OddEncoding => "odd-encoding",
            Self::OddBodyField => "odd-body-field",
            Self::MissingBlank => "missing-blank",
            Self::EightBitAtom => "eight-bit-atom",
            Self::ControlInQuoted => "control-in-quoted",
            Self::OddDelimiter => "odd-delimiter",
            Self::ExpungedWord => "expunged-word",
            Self::OddCapability => "odd-capability",
        }
    }

    /// The servers that were seen to send it, as other clients' sources and issue threads tell: a hint for
    /// reports, not a claim about any version.
    #[must_use]
    pub const fn seen_in(self) -> &'static str {
        match self {
            Self::LeadingNul
            | Self::BareLineFeed
            | Self::LeadingZero
            | Self::OddResponse
            | Self::ShortEnvelope
            | Self::MissingBlank
            | Self::EightBitAtom
            | Self::ControlInQuoted
            | Self::OddDelimiter
            | Self::ExpungedWord
            | Self::OddCapability
            | Self::OddBodyField => "unknown server",
            Self::ExtraBlanks => "Exchange, QQ exmail, DavMail, SurgeMail, Archiveopteryx, Yahoo",
            Self::BlanksAfterLiteral | Self::WrappedEnvelope => "Domino",
            Self::BareCode => "Exchange, home.pl",
            Self::StrayLine => "Exchange, Xeams",
            Self::MissingText => "Gmail, iCloud, public-inbox",
            Self::OddCode => "Exchange, Outlook.com, mail.xwtec.cn",
            Self::TaggedCondition => "wp.pl",
            Self::OddFlag => "Gmail, Zoho, GreenMail",
            Self::UnquotedName => "Exchange, Strato",
            Self::ZeroSequenceNumber => "Courier",
            Self::EmptyFetch => "QIP",
            Self::OddItem => "Yandex",
            Self::OddDate => "Domino, Bouygues, asimap",
            Self::OddNumber => "mail.ru, Dovecot, Exchange, Zoho",
            Self::UnescapedQuote => "QQ, 163",
            Self::UnescapedBackslash => "Domino, David",
            Self::EightBitQuoted => "Proton Bridge, Dovecot, Cyrus",
            Self::OddAddressList => "Yahoo, Outlook.com, SmarterMail",
            Self::OddParameters => "mail.ru, maddy, Exchange",
            Self::OddDisposition => "Exchange",
            Self::ShortBody => "Gmail, Domino",
            Self::MultipartWithoutParts => "Dovecot, Gmail, Yandex, QQ, GMX",
            Self::OddEncoding => "maddy, Exchange",
        }
    }
}

impl fmt::Display for Quirk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
