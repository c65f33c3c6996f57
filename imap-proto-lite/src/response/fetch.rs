//! FETCH responses: RFC 9051 section 7.5.2.

pub(crate) mod fast;
pub(crate) mod item;
pub(crate) mod labels;
mod plain_list;

use std::borrow::Cow;

use nom::bytes::complete::take_while1;

use crate::chars::is_item_name_char;
use crate::date::{DateField, InternalDate, is_date_time};
use crate::error::{Fail, Parsed, fail};
use crate::flag::{Flags, flag_list};
use crate::frame::section::announces_body;
use crate::ids::{ModSeq, SeqNumber, Uid};
use crate::primitive::{
    Next, any_value, atom, blanks, byte, lacks_value, literal_header, next_in_list, nil, no_sp,
    nstring, number64, nz_number, odd_number, quoted, sp,
};
use crate::quirk::Quirk;
use crate::response::fetch::item::{Item, rare_item};
use crate::response::raw::Raw;
use crate::tolerance::Reading;

/// The message data items of one FETCH response, or of a UIDFETCH (RFC 9586). Items that were not
/// sent are `None`. Only body sections and rare items allocate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch<'a> {
    /// The message's position; `None` in a UIDFETCH, and where a server counts from zero (Courier).
    pub seq: Option<SeqNumber>,
    /// `UID`
    pub uid: Option<Uid>,
    /// `FLAGS`
    pub flags: Option<Flags<'a>>,
    /// `INTERNALDATE`
    pub internal_date: Option<DateField<'a>>,
    /// `RFC822.SIZE`: a hint only, servers get it wrong.
    pub size: Option<u64>,
    /// `MODSEQ` (RFC 7162)
    pub mod_seq: Option<ModSeq>,
    /// `ENVELOPE`: read it with [`Envelope::parse`](crate::Envelope::parse).
    pub envelope: Option<Raw<'a>>,
    /// `BODYSTRUCTURE`, or `BODY` without a section: read it with
    /// [`BodyStructure::parse`](crate::BodyStructure::parse).
    pub body_structure: Option<Raw<'a>>,
    /// `BODY[...]`, `RFC822` and the like.
    pub sections: Vec<Section<'a>>,
    /// Rare items in the server's order, and those that this crate does not know.
    pub items: Vec<Item<'a>>,
}

/// One body section with its value: RFC 9051 section 6.4.5.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section<'a> {
    /// The item as the server names it, such as `BODY[]` or `BODY[HEADER.FIELDS (DATE)]`.
    pub item: &'a [u8],
    /// What it holds.
    pub value: BodyValue<'a>,
}

/// The value of a body section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyValue<'a> {
    /// NIL, or nothing where a value should be: the server has no such text.
    Absent,
    /// Text within the response.
    Inline(Cow<'a, [u8]>),
    /// So many octets that the framer streamed past: see [`Piece`](crate::Piece).
    Streamed(u64),
}

/// `msg-att = "(" msg-att-item *(SP msg-att-item) ")"`, after the number, the keyword and its space.
///
/// A value that makes no sense costs only itself, but a UID that is none fails the whole, and so do two
/// different ones: flags or a body under the wrong UID are worse than none.
pub(crate) fn fetch<'a>(reading: &Reading, seq: u32, input: &'a [u8]) -> Parsed<'a, Fetch<'a>> {
    let fetch = empty(SeqNumber::new(seq));
    if fetch.seq.is_none() {
        reading.accept(Quirk::ZeroSequenceNumber, input, "a number above zero")?;
    }
    msg_att(reading, fetch, input)
}

/// The same after UIDFETCH, where the number is the UID: RFC 9586 section 3.3.
pub(crate) fn uid_fetch<'a>(reading: &Reading, uid: Uid, input: &'a [u8]) -> Parsed<'a, Fetch<'a>> {
    let mut fetch = empty(None);
    fetch.uid = Some(uid);
    msg_att(reading, fetch, input)
}

fn msg_att<'a>(reading: &Reading, mut fetch: Fetch<'a>, input: &'a [u8]) -> Parsed<'a, Fetch<'a>> {
    let (rest, ()) = byte(b'(', "a list of items", input)?;
    let (mut rest, ()) = no_sp(reading, rest)?;
    if let Some(after) = rest.strip_prefix(b")") {
        reading.accept(Quirk::EmptyFetch, rest, "an item")?;
        return Ok((after, fetch));
    }
    loop {
        let tail = msg_att_item(reading, &mut fetch, rest)?;
        match next_in_list(reading, tail)? {
            (after, Next::End) => return Ok((after, fetch)),
            (next, Next::Element) => rest = next,
        }
    }
}

/// The UID that stands before a body in the response that `prefix` begins; some servers send it
/// only afterwards.
#[must_use]
pub fn fetch_prefix_uid(prefix: &[u8]) -> Option<Uid> {
    let open = memchr::memchr(b'(', prefix)?;
    let mut rest = prefix.get(open + 1..)?;
    let (mut fetch, reading) = (empty(None), Reading::lenient());
    fetch.uid = uid_of_uid_fetch(prefix);
    while let Ok(after) = msg_att_item(&reading, &mut fetch, blanks(rest)) {
        rest = after;
    }
    fetch.uid
}

/// The number of `* n UIDFETCH`.
fn uid_of_uid_fetch(prefix: &[u8]) -> Option<Uid> {
    let (rest, number) = nz_number(blanks(prefix.strip_prefix(b"*")?)).ok()?;
    let (_, word) = atom(blanks(rest)).ok()?;
    word.eq_ignore_ascii_case(b"UIDFETCH")
        .then(|| Uid::new(number.get()))?
}

const fn empty<'a>(seq: Option<SeqNumber>) -> Fetch<'a> {
    Fetch {
        seq,
        uid: None,
        flags: None,
        internal_date: None,
        size: None,
        mod_seq: None,
        envelope: None,
        body_structure: None,
        sections: Vec::new(),
        items: Vec::new(),
    }
}

fn msg_att_item<'a>(
    reading: &Reading,
    fetch: &mut Fetch<'a>,
    input: &'a [u8],
) -> Result<&'a [u8], nom::Err<Fail<'a>>> {
    let (after_name, name) = item_name(reading, input)?;
    let is = |wanted: &[u8]| name.eq_ignore_ascii_case(wanted);
    if has_section(name, after_name) || is(b"RFC822") || is(b"RFC822.TEXT") || is(b"RFC822.HEADER")
    {
        let (rest, section) = section(reading, input, after_name)?;
        fetch.sections.push(section);
        return Ok(rest);
    }
    let is_uid = is(b"UID");
    if lacks_value(after_name) && !is_uid {
        reading.accept(Quirk::OddItem, after_name, "a value")?;
        return Ok(after_name);
    }
    let (value, ()) = sp(reading, after_name)?;
    if is_uid {
        let (rest, uid) = uniqueid(value)?;
        if fetch.uid.is_some_and(|other| other != uid) {
            return fail(value, "one UID").map(|(rest, ())| rest);
        }
        fetch.uid = Some(uid);
        return Ok(rest);
    }
    if is(b"FLAGS") {
        return flags(reading, value).map(|(rest, flags)| {
            fetch.flags = flags;
            rest
        });
    }
    if is(b"INTERNALDATE") {
        return internal_date(reading, value).map(|(rest, date)| {
            fetch.internal_date = Some(date);
            rest
        });
    }
    if is(b"RFC822.SIZE") {
        return odd_number(reading, value).map(|(rest, size)| {
            fetch.size = size;
            rest
        });
    }
    if is(b"MODSEQ") {
        return mod_seq(reading, value).map(|(rest, number)| {
            fetch.mod_seq = number;
            rest
        });
    }
    if is(b"ENVELOPE") {
        return any_value(reading, value).map(|(rest, raw)| {
            fetch.envelope = Some(Raw(raw));
            rest
        });
    }
    if is(b"BODYSTRUCTURE") || is(b"BODY") {
        return any_value(reading, value).map(|(rest, raw)| {
            fetch.body_structure = Some(Raw(raw));
            rest
        });
    }
    rare_item(reading, name, value).map(|(rest, item)| {
        fetch.items.push(item);
        rest
    })
}

/// The name of an item; the section behind it belongs to it, unless it is one of a body.
fn item_name<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, &'a [u8]> {
    let (rest, name) = take_while1(is_item_name_char)(input)?;
    match rest.strip_prefix(b"[") {
        Some(inside) if !has_section(name, rest) => {
            let rest = end_of_section(reading, inside)?;
            let length = input.len() - rest.len();
            Ok((rest, input.get(..length).unwrap_or_default()))
        }
        _ => Ok((rest, name)),
    }
}

/// Whether this is `BODY[...]` or `BINARY[...]`, also as a server that repeats the client's `.PEEK` has it.
fn has_section(name: &[u8], after_name: &[u8]) -> bool {
    const NAMES: [&[u8]; 4] = [b"BODY", b"BINARY", b"BODY.PEEK", b"BINARY.PEEK"];
    after_name.starts_with(b"[") && NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// `uniqueid = nz-number`, and nothing that clings to it.
fn uniqueid(input: &[u8]) -> Parsed<'_, Uid> {
    let (rest, uid) = nz_number(input)?;
    match (Uid::new(uid.get()), rest.first()) {
        (Some(uid), Some(b' ' | b')')) => Ok((rest, uid)),
        _ => fail(input, "a UID"),
    }
}

/// A list of flags; anything else than a list is none.
fn flags<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Option<Flags<'a>>> {
    if input.first() == Some(&b'(') {
        return flag_list(reading, input).map(|(rest, flags)| (rest, Some(flags)));
    }
    reading.accept(Quirk::OddItem, input, "a list of flags")?;
    any_value(reading, input).map(|(rest, _)| (rest, None))
}

/// `"BODY" section ["<" number ">"] SP nstring`, from the item's name on.
fn section<'a>(
    reading: &Reading,
    input: &'a [u8],
    after_name: &'a [u8],
) -> Parsed<'a, Section<'a>> {
    let mut rest = after_name;
    if let Some(inside) = rest.strip_prefix(b"[") {
        rest = end_of_section(reading, inside)?;
    }
    if let Some(origin) = rest.strip_prefix(b"<") {
        let (tail, _) = number64(origin)?;
        let Some(tail) = tail.strip_prefix(b">") else {
            return fail(tail, "the end of an origin");
        };
        rest = tail;
    }
    let item = input.get(..input.len() - rest.len()).unwrap_or_default();
    if lacks_value(rest) || !begins_nstring(blanks(rest)) {
        reading.accept(Quirk::OddItem, rest, "a value")?;
        let value = BodyValue::Absent;
        return Ok((rest, Section { item, value }));
    }
    let (text, ()) = sp(reading, rest)?;
    let (rest, value) = if announces_body(item) && matches!(text.first(), Some(b'{' | b'~')) {
        let (rest, octets) = literal_header(reading, text)?;
        (rest, BodyValue::Streamed(octets))
    } else {
        let (rest, text) = nstring(reading, text)?;
        (rest, text.map_or(BodyValue::Absent, BodyValue::Inline))
    };
    Ok((rest, Section { item, value }))
}

/// Whether a string or NIL stands here, and not another item already (quirk 83).
fn begins_nstring(input: &[u8]) -> bool {
    matches!(input.first(), Some(b'"' | b'{' | b'~')) || nil(input).is_ok()
}

/// What follows the `]`; header names inside may be quoted.
fn end_of_section<'a>(reading: &Reading, inside: &'a [u8]) -> Result<&'a [u8], nom::Err<Fail<'a>>> {
    let mut rest = inside;
    loop {
        match rest.split_first() {
            Some((b']', after)) => return Ok(after),
            Some((b'"', _)) => rest = quoted(reading, rest)?.0,
            Some((b'\r' | b'\n', _)) | None => {
                return fail(rest, "the end of a section").map(|(rest, ())| rest);
            }
            Some((_, after)) => rest = after,
        }
    }
}

/// `date-time`; another form that names an instant is read as well, and what does not is kept as it is.
fn internal_date<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, DateField<'a>> {
    let (rest, raw) = any_value(reading, input)?;
    let quoted = raw
        .strip_prefix(b"\"")
        .and_then(|text| text.strip_suffix(b"\""));
    let text = quoted.unwrap_or(raw);
    let date = InternalDate::parse(text).or_else(|| InternalDate::parse_imf(text));
    if date.is_none() || quoted.is_none() || !is_date_time(text) {
        reading.accept(Quirk::OddDate, input, "a date")?;
    }
    Ok((
        rest,
        date.map_or(DateField::Invalid(text), DateField::Valid),
    ))
}

/// `"(" permsg-modsequence ")"`; Zoho sends `(-1)`.
fn mod_seq<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Option<ModSeq>> {
    let (rest, raw) = any_value(reading, input)?;
    let inside = raw
        .strip_prefix(b"(")
        .and_then(|raw| raw.strip_suffix(b")"));
    let number = match number64(inside.unwrap_or(raw).trim_ascii()) {
        Ok(([], number)) => Some(ModSeq(number)),
        _ => None,
    };
    if number.is_none() || inside.is_none() {
        reading.accept(Quirk::OddNumber, input, "a mod-sequence in parentheses")?;
    }
    Ok((rest, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(wire: &[u8]) -> Fetch<'_> {
        let (rest, fetch) = fetch(&Reading::lenient(), 12, wire).expect("well-formed");
        assert!(rest.is_empty());
        fetch
    }

    #[test]
    fn the_items_of_a_sync() {
        let got = parse(b"(UID 42 FLAGS (\\Seen $Work) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 4286 MODSEQ (624140003))");
        assert_eq!(got.uid, Uid::new(42));
        assert_eq!(got.seq, SeqNumber::new(12));
        assert_eq!(got.flags.map(|flags| flags.iter().count()), Some(2));
        assert!(
            matches!(got.internal_date, Some(DateField::Valid(date)) if date.unix_seconds() == 837_596_665)
        );
        assert_eq!(
            (got.size, got.mod_seq),
            (Some(4286), Some(ModSeq(624_140_003)))
        );
        assert!(got.sections.is_empty());
    }

    /// A million of them are moved by value in a second.
    #[test]
    fn a_fetch_stays_small() {
        assert!(size_of::<Fetch<'_>>() <= 160, "{}", size_of::<Fetch<'_>>());
    }

    #[test]
    fn bodies_leave_slots_and_headers_stay() {
        let got = parse(b"(BODY[] {11}\r\n UID 5 BODY[HEADER.FIELDS (\"T]o\")]<0> {6}\r\nTo: b\n RFC822 NIL BODY[1] \"a)\")");
        let values: Vec<_> = got
            .sections
            .iter()
            .map(|section| section.value.clone())
            .collect();
        assert_eq!(
            values,
            [
                BodyValue::Streamed(11),
                BodyValue::Inline(Cow::Borrowed(b"To: b\n")),
                BodyValue::Absent,
                BodyValue::Inline(Cow::Borrowed(b"a)")),
            ]
        );
        assert_eq!(got.uid, Uid::new(5));
    }

    #[test]
    fn what_servers_send_wrong_costs_only_itself() {
        assert_eq!(parse(b"()").uid, None);
        assert_eq!(parse(b"(UID 19436 )").uid, Uid::new(19436));
        assert_eq!(parse(b"(MODSEQ (-1) UID 1)").mod_seq, None);
        assert_eq!(parse(b"(RFC822.SIZE -1 UID 1)").size, None);
        assert_eq!(parse(b"(RFC822.SIZE 9.3736e+06)").size, None);
        assert!(matches!(
            parse(b"(INTERNALDATE \"00-Jan-0000 00:00:00 +0000\")").internal_date,
            Some(DateField::Invalid(b"00-Jan-0000 00:00:00 +0000"))
        ));
        assert!(matches!(
            parse(b"(INTERNALDATE NIL)").internal_date,
            Some(DateField::Invalid(b"NIL"))
        ));
        assert_eq!(
            parse(b"(FLAGS (OIB-Seen-[Gmail]/All Mail) UID 3)").uid,
            Uid::new(3)
        );
        assert_eq!(
            parse(b"(BODY[1])")
                .sections
                .first()
                .map(|s| s.value.clone()),
            Some(BodyValue::Absent)
        );
        assert_eq!(
            parse(b"(ENVELOPE (\"(\" {3}\r\n))) NIL) X-GM-LABELS (\"\\\\Inbox\" NIL) UID 4)").uid,
            Uid::new(4)
        );
    }

    #[test]
    fn a_uid_is_never_guessed() {
        for wire in [
            "(UID 0)",
            "(UID x)",
            "(UID 4294967296)",
            "(UID 1",
            "(UID 1FLAGS ())",
            "UID 1",
            "(BODY[ UID 1)",
        ] {
            assert!(
                fetch(&Reading::lenient(), 1, wire.as_bytes()).is_err(),
                "{wire}"
            );
        }
    }

    #[test]
    fn a_body_that_the_framer_streamed_is_no_part_of_another_value() {
        for wire in [
            "(X (BODY[] {3}\r\n))) UID 7)",
            "(X (RFC822~{1}\r\n)) UID 7)",
            "(X (\" BODY[] {3}\r\n\") UID 7)",
            "(FLAGS (BODY[] {3}\r\n) UID 7)",
        ] {
            assert!(
                fetch(&Reading::lenient(), 1, wire.as_bytes()).is_err(),
                "{wire}"
            );
        }
        let odd = parse(b"(BODY[HEADER.FIELDS (\"[] BODY[\")] {3}\r\n UID 7)");
        let values: Vec<&BodyValue<'_>> = odd.sections.iter().map(|one| &one.value).collect();
        assert_eq!(values, [&BodyValue::Streamed(3)]);
    }

    #[test]
    fn the_uid_before_a_body() {
        assert_eq!(
            fetch_prefix_uid(b"* 1 FETCH (FLAGS (a) UID 7 BODY[] {3}\r\n"),
            Uid::new(7)
        );
        assert_eq!(fetch_prefix_uid(b"* 1 FETCH (BODY[] {3}\r\n"), None);
        assert_eq!(
            fetch_prefix_uid(b"* 9 UIDFETCH (BODY[] {3}\r\n"),
            Uid::new(9)
        );
    }
}
