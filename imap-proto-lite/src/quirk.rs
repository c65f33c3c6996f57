//! The departures from the grammar that real servers make, each with an identity: what it looks like, and
//! who was seen to send it.

use std::fmt;

/// A shape that RFC 9051 and RFC 3501 do not allow, and that this crate knows how to read.
///
/// None of them concerns a literal's size, a tag, a UID or a UIDVALIDITY: those are read as the grammar has
/// them or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Quirk {
    /// NUL octets before a response.
    LeadingNul,
    /// A line that ends in LF alone.
    BareLineFeed,
    /// Several spaces where one belongs, or some where none does.
    ExtraBlanks,
    /// Blanks between a literal's `}` and its CRLF.
    BlanksAfterLiteral,
    /// A number with zeros in front.
    LeadingZero,
    /// A response code that stands alone, without `* OK`.
    BareCode,
    /// A line that begins with neither `*`, `+` nor a tag and a condition.
    StrayLine,
    /// A condition or `+` with no text behind it.
    MissingText,
    /// A known response code whose value makes no sense, such as `[UIDNEXT 0]`; it is kept raw.
    OddCode,
    /// BYE or PREAUTH behind a tag.
    TaggedCondition,
    /// A known response whose value makes no sense; it is kept raw.
    OddResponse,
    /// A flag that is no atom: with `]`, parentheses, or 8-bit octets.
    OddFlag,
    /// A mailbox name with blanks or controls that stands without quotes.
    UnquotedName,
    /// FETCH of the message at position 0.
    ZeroSequenceNumber,
    /// FETCH without any data item.
    EmptyFetch,
    /// A data item without a value, or with one that makes no sense; it counts as not sent.
    OddItem,
    /// An internal date that the calendar does not have, or in another form.
    OddDate,
    /// A size or count that is no number, such as `-1` or `9.3e+06`.
    OddNumber,
    /// A quoted string with bare quotes inside.
    UnescapedQuote,
    /// A quoted string with a backslash that escapes nothing.
    UnescapedBackslash,
    /// A quoted string with octets above 127, outside of UTF8=ACCEPT.
    EightBitQuoted,
    /// An address list `()`, or one with NIL in it.
    OddAddressList,
    /// An ENVELOPE of fewer than ten fields.
    ShortEnvelope,
    /// An ENVELOPE within another pair of parentheses.
    WrappedEnvelope,
    /// Body parameters that are no pairs of strings.
    OddParameters,
    /// A content disposition in another form.
    OddDisposition,
    /// A body part without fields that its type calls for.
    ShortBody,
    /// A multipart body without parts, given as a single one.
    MultipartWithoutParts,
    /// A content transfer encoding that is NIL or stands without quotes.
    OddEncoding,
    /// A field of a body part's extension data in another form; it counts as not sent.
    OddBodyField,
    /// No space where one belongs.
    MissingBlank,
    /// A name without quotes that has octets above 127.
    EightBitAtom,
    /// A quoted string with NUL or a bare CR inside.
    ControlInQuoted,
    /// A hierarchy delimiter `""`; it reads as NIL.
    OddDelimiter,
    /// EXPUNGED where EXPUNGE belongs.
    ExpungedWord,
    /// A capability that is no atom.
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
}

impl fmt::Display for Quirk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
