//! The small rules that all others use: numbers, atoms, quoted strings, literals. RFC 9051 section 9.

use std::borrow::Cow;
use std::num::NonZeroU32;

use nom::bytes::complete::{take, take_while1};

use crate::chars::{is_astring_char, is_atom_char};
use crate::digits::short_number;
use crate::error::{Fail, Parsed, fail};
use crate::frame::section::announces_body;
use crate::limits::NESTING_DEPTH;
use crate::plain_quoted::plain_quoted;
use crate::quirk::Quirk;
use crate::tolerance::Reading;

/// `SP`: the grammar says one, servers send more or none.
#[inline]
pub(crate) fn sp<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, ()> {
    match input {
        [b' ', rest @ ..] => no_sp(reading, rest),
        _ => {
            reading.accept(Quirk::MissingBlank, input, "a space")?;
            Ok((input, ()))
        }
    }
}

/// Nothing where servers add blanks: before `)`, after `(`, at the end of a response.
#[inline]
pub(crate) fn no_sp<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, ()> {
    if input.first() != Some(&b' ') {
        return Ok((input, ()));
    }
    reading.accept(Quirk::ExtraBlanks, input, "no more spaces")?;
    Ok((blanks(input), ()))
}

/// `[SP ...]`: a space when something follows, else nothing.
pub(crate) fn sp_unless_end<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, ()> {
    if blanks(input).is_empty() {
        no_sp(reading, input)
    } else {
        sp(reading, input)
    }
}

/// What stands behind an element of a list in parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    Element,
    End,
}

/// `SP` and the next element, or `)`.
pub(crate) fn next_in_list<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Next> {
    if let [b' ', b')', ..] | [b' ', b' ', ..] = input {
        reading.accept(Quirk::ExtraBlanks, input, "no more spaces")?;
    }
    match blanks(input) {
        [b')', after @ ..] => Ok((after, Next::End)),
        [] => fail(input, "the end of a list"),
        element => {
            if element.len() == input.len() {
                reading.accept(Quirk::MissingBlank, input, "a space")?;
            }
            Ok((element, Next::Element))
        }
    }
}

/// `*SP`, where any number is taken without a word.
#[inline]
pub(crate) fn blanks(input: &[u8]) -> &[u8] {
    if input.first() != Some(&b' ') {
        return input;
    }
    let spaces = input.iter().take_while(|&&byte| byte == b' ').count();
    input.get(spaces..).unwrap_or_default()
}

/// One given byte.
#[inline]
pub(crate) fn byte<'a>(wanted: u8, expected: &'static str, input: &'a [u8]) -> Parsed<'a, ()> {
    match input.split_first() {
        Some((&first, rest)) if first == wanted => Ok((rest, ())),
        _ => fail(input, expected),
    }
}

/// `number64 = 1*DIGIT`, checked.
pub(crate) fn number64(input: &[u8]) -> Parsed<'_, u64> {
    let mut value: u64 = 0;
    let mut rest = input;
    while let Some((&digit @ b'0'..=b'9', tail)) = rest.split_first() {
        let next = value
            .checked_mul(10)
            .and_then(|v| v.checked_add(u64::from(digit - b'0')));
        let Some(next) = next else {
            return fail(input, "a number below 2^64");
        };
        value = next;
        rest = tail;
    }
    if rest.len() == input.len() {
        fail(input, "a number")
    } else {
        Ok((rest, value))
    }
}

/// `number = 1*DIGIT`, below 2^32.
#[inline]
pub(crate) fn number(input: &[u8]) -> Parsed<'_, u32> {
    if let Some(parsed) = short_number(input) {
        return Ok(parsed);
    }
    let (rest, value) = number64(input)?;
    match u32::try_from(value) {
        Ok(value) => Ok((rest, value)),
        Err(_) => fail(input, "a number below 2^32"),
    }
}

/// `nz-number = digit-nz *DIGIT`, below 2^32. What names a message or a mailbox's generation is read so or
/// not at all: no zero, no zeros in front.
pub(crate) fn nz_number(input: &[u8]) -> Parsed<'_, NonZeroU32> {
    if input.first() == Some(&b'0') {
        return fail(input, "a number above zero");
    }
    let (rest, value) = number(input)?;
    match NonZeroU32::new(value) {
        Some(value) => Ok((rest, value)),
        None => fail(input, "a number above zero"),
    }
}

/// A number of the width of `T`; a value that is none (`-1`, `9.3e+06`) is passed over.
pub(crate) fn odd_number<'a, T: TryFrom<u64>>(
    reading: &Reading,
    input: &'a [u8],
) -> Parsed<'a, Option<T>> {
    if let Ok((rest, value)) = number64(input)
        && matches!(rest.first(), None | Some(b' ' | b')'))
        && let Ok(value) = T::try_from(value)
    {
        return Ok((rest, Some(value)));
    }
    reading.accept(Quirk::OddNumber, input, "a number")?;
    any_value(reading, input).map(|(rest, _)| (rest, None))
}

/// Whether nothing stands behind an item's name where its value belongs.
pub(crate) fn lacks_value(behind_name: &[u8]) -> bool {
    matches!(blanks(behind_name).first(), None | Some(b')'))
}

/// `atom = 1*ATOM-CHAR`
pub(crate) fn atom(input: &[u8]) -> Parsed<'_, &[u8]> {
    take_while1(is_atom_char)(input)
}

/// `quoted = DQUOTE *QUOTED-CHAR DQUOTE`; borrowed unless it holds a backslash. A line end within
/// it could only stand behind what the framer took for a literal.
#[inline]
pub(crate) fn quoted<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Cow<'a, [u8]>> {
    let (body, ()) = byte(b'"', "a quoted string", input)?;
    match plain_quoted(body) {
        Some((text, rest)) if can_follow_string(rest) => Ok((rest, Cow::Borrowed(text))),
        _ => odd_quoted(reading, input, body),
    }
}

/// One that holds more than printable ASCII; `body` is what stands behind its first quote.
fn odd_quoted<'a>(reading: &Reading, input: &'a [u8], body: &'a [u8]) -> Parsed<'a, Cow<'a, [u8]>> {
    let (at, end) = end_of_quoted(body);
    let (text, tail) = body.split_at(at);
    let rest = match (end, tail) {
        (QuotedEnd::None, _) | (_, []) => return fail(input, "the end of a quoted string"),
        (_, [_, rest @ ..]) => rest,
    };
    if let QuotedEnd::BareQuotes = end {
        reading.accept(Quirk::UnescapedQuote, rest, "a backslash before a quote")?;
    }
    if !text.is_ascii() {
        reading.accept(Quirk::EightBitQuoted, input, "octets below 128")?;
    }
    if memchr::memchr2(0, b'\r', text).is_some() {
        reading.accept(Quirk::ControlInQuoted, input, "neither NUL nor CR")?;
    }
    if memchr::memchr(b'\\', text).is_none() {
        return Ok((rest, Cow::Borrowed(text)));
    }
    let (plain, stray) = unescape(text);
    if stray {
        reading.accept(Quirk::UnescapedBackslash, input, "an escaped backslash")?;
    }
    Ok((rest, Cow::Owned(plain)))
}

/// Where a string ends that begins here, as far as can be told of bytes that make no sense: a literal that
/// the framer streamed hides what follows it, an open string the rest of the line.
pub(crate) fn end_of_string(input: &[u8]) -> usize {
    let octets = match input.split_first() {
        Some((b'"', body)) => end_of_quoted(body).0 + 2,
        _ => match literal_header(&Reading::lenient(), input) {
            Ok((rest, octets)) => {
                let header = input.len() - rest.len();
                usize::try_from(octets).map_or(usize::MAX, |octets| header.saturating_add(octets))
            }
            Err(_) => 1,
        },
    };
    octets.min(input.len())
}

/// How the end of a quoted string was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum QuotedEnd {
    /// At the first quote without a backslash.
    FirstQuote,
    /// At a later one: those before it are content, by what follows them.
    BareQuotes,
    /// Nowhere in the line.
    None,
}

/// Where a quoted string ends. Servers that do not escape quotes (quirk 68) write them before anything;
/// one that ends a string stands before a space, a parenthesis, `]`, or the end of the line. Where no
/// such quote is left, a backslash before one that could end the string escapes nothing (quirk 69).
fn end_of_quoted(body: &[u8]) -> (usize, QuotedEnd) {
    let (mut from, mut end) = (0, QuotedEnd::FirstQuote);
    let mut behind_backslash = None;
    while let Some(at) = memchr::memchr3(b'"', b'\\', b'\n', body.get(from..).unwrap_or_default()) {
        let at = from + at;
        match body.get(at..).unwrap_or_default() {
            [b'"', after @ ..] if can_follow_string(after) => return (at, end),
            [b'"', ..] => {
                end = QuotedEnd::BareQuotes;
                from = at + 1;
            }
            [b'\\', b'"', after @ ..] => {
                if behind_backslash.is_none() && can_follow_string(after) {
                    behind_backslash = Some((at + 1, end));
                }
                from = at + 2;
            }
            [b'\\', b'\\', ..] => from = at + 2,
            [b'\\', ..] => from = at + 1,
            _ => break,
        }
    }
    behind_backslash.unwrap_or((body.len(), QuotedEnd::None))
}

const fn can_follow_string(after: &[u8]) -> bool {
    matches!(after, [] | [b' ' | b'(' | b')' | b']' | b'\r', ..])
}

/// The content of a quoted string, and whether some backslash in it escapes nothing; that one is content.
fn unescape(text: &[u8]) -> (Vec<u8>, bool) {
    let mut plain = Vec::with_capacity(text.len());
    let mut stray = false;
    let mut rest = text;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match (byte, tail) {
            (b'\\', [escaped @ (b'"' | b'\\'), after @ ..]) => {
                plain.push(*escaped);
                rest = after;
            }
            _ => {
                stray |= byte == b'\\';
                plain.push(byte);
            }
        }
    }
    (plain, stray)
}

/// `"{" number64 ["+"] "}" CRLF`, also behind `~`: the octets that follow.
pub(crate) fn literal_header<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, u64> {
    let opened = input.strip_prefix(b"~").unwrap_or(input);
    let (rest, ()) = byte(b'{', "a literal", opened)?;
    if let [b'0', b'0'..=b'9', ..] = rest {
        reading.accept(Quirk::LeadingZero, rest, "a number without zeros in front")?;
    }
    let (rest, octets) = number64(rest)?;
    let rest = rest.strip_prefix(b"+").unwrap_or(rest);
    let (mut rest, ()) = byte(b'}', "the end of a literal's length", rest)?;
    if rest.first() == Some(&b' ') {
        reading.accept(Quirk::BlanksAfterLiteral, rest, "CRLF")?;
        rest = blanks(rest);
    }
    rest = match rest.strip_prefix(b"\r") {
        Some(rest) => rest,
        None => {
            reading.accept(Quirk::BareLineFeed, rest, "CRLF")?;
            rest
        }
    };
    let (rest, ()) = byte(b'\n', "the end of a literal's line", rest)?;
    Ok((rest, octets))
}

/// `literal`: its octets, contiguous in the frame.
pub(crate) fn literal<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, &'a [u8]> {
    let (rest, octets) = literal_header(reading, input)?;
    let Ok(octets) = usize::try_from(octets) else {
        return fail(input, "a literal that fits");
    };
    take(octets)(rest)
}

/// `string = quoted / literal`
#[inline]
pub(crate) fn string<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Cow<'a, [u8]>> {
    match input.first() {
        Some(b'"') => quoted(reading, input),
        Some(b'{' | b'~') => {
            literal(reading, input).map(|(rest, text)| (rest, Cow::Borrowed(text)))
        }
        _ => fail(input, "a string"),
    }
}

/// `nstring = string / nil`
#[inline]
pub(crate) fn nstring<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Option<Cow<'a, [u8]>>> {
    match nil(input) {
        Ok((rest, ())) => Ok((rest, None)),
        Err(_) => string(reading, input).map(|(rest, text)| (rest, Some(text))),
    }
}

/// `nil = "NIL"`
#[inline]
pub(crate) fn nil(input: &[u8]) -> Parsed<'_, ()> {
    if !matches!(input.first(), Some(b'n' | b'N')) {
        return fail(input, "NIL");
    }
    let (rest, word) = atom(input)?;
    if word.eq_ignore_ascii_case(b"NIL") {
        Ok((rest, ()))
    } else {
        fail(input, "NIL")
    }
}

/// `nil`, or what the rule wants.
pub(crate) fn or_nil<'a, T>(
    input: &'a [u8],
    rule: impl FnOnce(&'a [u8]) -> Parsed<'a, T>,
) -> Parsed<'a, Option<T>> {
    match nil(input) {
        Ok((rest, ())) => Ok((rest, None)),
        Err(_) => rule(input).map(|(rest, value)| (rest, Some(value))),
    }
}

/// `astring = 1*ASTRING-CHAR / string`
pub(crate) fn astring<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Cow<'a, [u8]>> {
    match input {
        [b'"' | b'{', ..] | [b'~', b'{', ..] => string(reading, input),
        _ => {
            let (rest, text) = take_while1(is_astring_char)(input)?;
            if !text.is_ascii() {
                reading.accept(Quirk::EightBitAtom, input, "octets below 128")?;
            }
            Ok((rest, Cow::Borrowed(text)))
        }
    }
}

/// One value of any shape (atom, number, string, list), skipped without recursion. A body within
/// it would have been streamed, so that its octets are not there to skip.
pub(crate) fn any_value<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, &'a [u8]> {
    let mut rest = input;
    let mut line = input;
    let mut depth = 0_usize;
    loop {
        rest = match rest.first() {
            Some(b'(') => {
                depth += 1;
                if depth > NESTING_DEPTH {
                    return fail(rest, "less nesting");
                }
                no_sp(reading, rest.get(1..).unwrap_or_default())?.0
            }
            Some(b')') if depth > 0 => {
                depth -= 1;
                rest.get(1..).unwrap_or_default()
            }
            Some(b' ') if depth > 0 => between_values(reading, rest)?,
            Some(b'"') => quoted(reading, rest)?.0,
            Some(b'{' | b'~') if rest.strip_prefix(b"~").unwrap_or(rest).first() == Some(&b'{') => {
                let before = line.len() - rest.len();
                if announces_body(line.get(..before).unwrap_or_default()) {
                    return fail(rest, "no body within a value");
                }
                line = literal(reading, rest)?.0;
                line
            }
            _ => take_while1(is_value_char)(rest)?.0,
        };
        if depth == 0 {
            let length = input.len() - rest.len();
            return Ok((rest, input.get(..length).unwrap_or_default()));
        }
    }
}

/// The space between two values, or those that servers leave before a `)`.
fn between_values<'a>(reading: &Reading, input: &'a [u8]) -> Result<&'a [u8], nom::Err<Fail<'a>>> {
    if let [b' ', b' ' | b')', ..] = input {
        reading.accept(Quirk::ExtraBlanks, input, "no more spaces")?;
    }
    Ok(blanks(input))
}

/// What an unquoted value is made of: wider than an atom, since `\Flag`, `%` and `*` occur.
const fn is_value_char(byte: u8) -> bool {
    !matches!(byte, b'(' | b')' | b'{' | b'"' | b' ' | b'\r' | b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tolerance::QuirkSet;

    #[test]
    fn quoted_strings_end_at_the_first_bare_quote() {
        let cases: [(&[u8], &[u8], &[u8]); 4] = [
            (b"\"\" x", b"", b" x"),
            (b"\"a b\")", b"a b", b")"),
            (br#""a\"b\\" c"#, br#"a"b\"#, b" c"),
            (b"\"\0\"", b"\0", b""),
        ];
        for (wire, value, left) in cases {
            let (rest, text) = quoted(&Reading::lenient(), wire).expect("well-formed");
            assert_eq!((text.as_ref(), rest), (value, left));
        }
        assert!(quoted(&Reading::new(QuirkSet::STRICT), br#""open\""#).is_err());
        assert!(quoted(&Reading::lenient(), br#""open\"x"#).is_err());
        assert!(quoted(&Reading::lenient(), b"\"").is_err());
        assert!(quoted(&Reading::lenient(), b"\"{1}\r\n\"").is_err());
        assert!(quoted(&Reading::lenient(), b"\"\\\n\"").is_err());
    }

    #[test]
    fn literals_carry_any_octets() {
        assert_eq!(
            literal(&Reading::lenient(), b"{3}\r\n\0\r\n)"),
            Ok((&b")"[..], &b"\0\r\n"[..]))
        );
        assert_eq!(
            literal(&Reading::lenient(), b"{003+}\r\nabc"),
            Ok((&b""[..], &b"abc"[..]))
        );
        assert_eq!(
            literal(&Reading::lenient(), b"~{0}\n"),
            Ok((&b""[..], &b""[..]))
        );
        assert!(literal(&Reading::lenient(), b"{4}\r\nabc").is_err());
        assert!(literal(&Reading::lenient(), b"{99999999999999999999999}\r\n").is_err());
        assert!(literal(&Reading::lenient(), b"{-1}\r\n").is_err());
    }

    #[test]
    fn values_are_skipped_whole() {
        let value = b"(a (\"b)\" NIL {3}\r\n))) 7) \\Seen) rest";
        let (rest, skipped) = any_value(&Reading::lenient(), value).expect("balanced");
        assert_eq!(rest, b" rest");
        assert_eq!(skipped.len(), value.len() - 5);
        assert!(any_value(&Reading::lenient(), &[b'('; 1000]).is_err());
        assert!(any_value(&Reading::lenient(), b"(a").is_err());
        assert!(any_value(&Reading::lenient(), b"(BODY {1}\r\n) RFC822.SIZE {1}\r\n))").is_ok());
        assert!(any_value(&Reading::lenient(), b"").is_err());
    }

    #[test]
    fn numbers_do_not_wrap() {
        assert_eq!(number(b"4294967295 "), Ok((&b" "[..], u32::MAX)));
        assert!(number(b"4294967296").is_err());
        assert!(number64(b"18446744073709551616").is_err());
        assert!(number64(b"-1").is_err());
    }
}
