//! LIST and LSUB responses: RFC 9051 section 7.3.1, with the extended data of RFC 5258.

pub(crate) mod attribute;
mod extended;

use alloc::borrow::Cow;

use crate::error::{Parsed, fail};
use crate::flag::{Flags, attribute_list};
use crate::primitive::{any_value, astring, blanks, nil, no_sp, quoted, sp};
use crate::quirk::Quirk;
use crate::response::list::attribute::NameAttribute;
use crate::response::raw::Raw;
use crate::tolerance::Reading;

/// One mailbox name as a server lists it: RFC 9051 section 7.3.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<'a> {
    attributes: Flags<'a>,
    /// The hierarchy delimiter; `None` for a flat name.
    pub delimiter: Option<u8>,
    /// The name in wire form (modified UTF-7, unless UTF-8 was agreed on).
    pub name: Cow<'a, [u8]>,
    /// Extended data behind the name, such as `("OLDNAME" ("a"))`.
    pub extended: Option<Raw<'a>>,
}

impl List<'_> {
    /// Whether the server gives the name this attribute.
    #[must_use]
    pub fn has(&self, attribute: NameAttribute) -> bool {
        self.known_attributes().any(|known| known == attribute)
    }

    /// The attributes that this crate knows.
    pub fn known_attributes(&self) -> impl Iterator<Item = NameAttribute> {
        self.attributes().filter_map(NameAttribute::from_word)
    }

    /// What the mailbox is for, when the server says so (RFC 6154, XLIST).
    #[must_use]
    pub fn special_use(&self) -> Option<NameAttribute> {
        self.known_attributes().find(|known| known.is_special_use())
    }

    /// Whether the name can be selected.
    #[must_use]
    pub fn selectable(&self) -> bool {
        !self.has(NameAttribute::NoSelect) && !self.has(NameAttribute::NonExistent)
    }

    /// All attributes as the server wrote them.
    pub fn attributes(&self) -> impl Iterator<Item = &[u8]> {
        self.attributes
            .0
            .split(|&byte| byte == b' ')
            .filter(|word| !word.is_empty())
    }
}

/// `mailbox-list = "(" [mbx-list-flags] ")" SP (DQUOTE QUOTED-CHAR DQUOTE / nil) SP mailbox`
pub(crate) fn mailbox_list<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, List<'a>> {
    let (rest, attributes) = attribute_list(reading, input)?;
    let (rest, ()) = sp(reading, rest)?;
    let (rest, delimiter) = delimiter(reading, rest)?;
    let (rest, ()) = sp(reading, rest)?;
    let (rest, (name, extended)) = listed_name(reading, rest)?;
    Ok((
        rest,
        List {
            attributes,
            delimiter,
            name,
            extended,
        },
    ))
}

/// One character in quotes, or NIL. Servers that do not escape write a backslash as `"\"` (quirk 69).
pub(crate) fn delimiter<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Option<u8>> {
    if let Ok((rest, ())) = nil(input) {
        return Ok((rest, None));
    }
    if let [b'"', b'\\', b'"', rest @ ..] = input
        && matches!(rest.first(), None | Some(b' ' | b')'))
    {
        reading.accept(Quirk::UnescapedBackslash, input, "an escaped backslash")?;
        return Ok((rest, Some(b'\\')));
    }
    let (rest, text) = quoted(reading, input)?;
    match *text {
        [] => {
            reading.accept(Quirk::OddDelimiter, input, "a delimiter or NIL")?;
            Ok((rest, None))
        }
        [one] => Ok((rest, Some(one))),
        _ => fail(input, "a delimiter of one character"),
    }
}

/// A name, and the extended data behind it.
type NameAndData<'a> = (Cow<'a, [u8]>, Option<Raw<'a>>);

/// A name, and extended data behind it. Names with unquoted blanks or controls (Exchange) take
/// the rest of the line.
fn listed_name<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, NameAndData<'a>> {
    match reading.attempt(|| name_and_extended_data(reading, input)) {
        Err(nom::Err::Error(_))
            if !input.is_empty() && !matches!(input.first(), Some(b'"' | b'{')) =>
        {
            reading.accept(Quirk::UnquotedName, input, "a mailbox name")?;
            Ok((&[], (Cow::Borrowed(input), None)))
        }
        read => read,
    }
}

/// `mailbox [SP mbox-list-extended]`, up to the end of the line.
fn name_and_extended_data<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, NameAndData<'a>> {
    let (rest, name) = astring(reading, input)?;
    let extended = match rest {
        [b' ', ..] if !blanks(rest).is_empty() => sp(reading, rest)?.0,
        _ => return end_of_name(reading, rest, (name, None)),
    };
    if extended.first() != Some(&b'(') {
        return fail(extended, "extended data");
    }
    let (rest, data) = any_value(reading, extended)?;
    end_of_name(reading, rest, (name, Some(Raw(data))))
}

fn end_of_name<'a, T>(reading: &Reading, rest: &'a [u8], value: T) -> Parsed<'a, T> {
    match no_sp(reading, rest)? {
        ([], ()) => Ok((&[], value)),
        (rest, ()) => fail(rest, "the end of the response"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_servers_list_them() {
        let cases: [(&[u8], &[u8], Option<u8>); 9] = [
            (b"() \"/\" INBOX", b"INBOX", Some(b'/')),
            (
                b"(\\HasNoChildren) \".\" \"INBOX. a \"",
                b"INBOX. a ",
                Some(b'.'),
            ),
            (br#"() "\\" "a\"b\\""#, br#"a"b\"#, Some(b'\\')),
            (b"() NIL NIL", b"NIL", None),
            (b"() \"/\" nil", b"nil", Some(b'/')),
            (b"() \"/\" {6}\r\na\"\\\r\n ", b"a\"\\\r\n ", Some(b'/')),
            (b"() \"/\" a\tb c", b"a\tb c", Some(b'/')),
            (
                b"() \"/\" foo (\"CHILDINFO\" (\"SUBSCRIBED\"))",
                b"foo",
                Some(b'/'),
            ),
            (b"() \"/\" a]b", b"a]b", Some(b'/')),
        ];
        for (wire, name, delimiter) in cases {
            let (_, list) = mailbox_list(&Reading::lenient(), wire).expect("well-formed");
            assert_eq!((list.name.as_ref(), list.delimiter), (name, delimiter));
        }
    }

    #[test]
    fn attributes_compare_without_case() {
        let (_, list) = mailbox_list(&Reading::lenient(), b"(\\NoSelect \\Subscribed) \"/\" a")
            .expect("well-formed");
        assert!(!list.selectable());
        assert!(list.has(NameAttribute::Subscribed));
        assert!(!list.has(NameAttribute::NoInferiors));
    }

    #[test]
    fn the_use_of_a_mailbox() {
        for (wire, special_use) in [
            (
                "(\\HasNoChildren \\sent) \"/\" a",
                Some(NameAttribute::Sent),
            ),
            (
                "(\\HasNoChildren \\Spam) \"/\" a",
                Some(NameAttribute::Junk),
            ),
            ("(\\AllMail) \"/\" a", Some(NameAttribute::All)),
            ("(\\Starred) \"/\" a", Some(NameAttribute::Flagged)),
            ("(\\Inbox) \"/\" a", Some(NameAttribute::Inbox)),
            ("(\\Marked \\X) \"/\" a", None),
        ] {
            let (_, list) = mailbox_list(&Reading::lenient(), wire.as_bytes()).expect(wire);
            assert_eq!(list.special_use(), special_use, "{wire}");
        }
    }

    #[test]
    fn extended_data() {
        let wire = b"() \"/\" new (\"OLDNAME\" (\"o\\\"ld\") CHILDINFO (\"SUBSCRIBED\" \"x\") x 7)";
        let (_, list) = mailbox_list(&Reading::lenient(), wire).expect("well-formed");
        assert_eq!(list.old_name().as_deref(), Some(&b"o\"ld"[..]));
        let children: Vec<_> = list.child_info().iter().collect();
        assert_eq!(children, [&b"SUBSCRIBED"[..], b"x"]);
        let (_, plain) = mailbox_list(&Reading::lenient(), b"() \"/\" a (x)").expect("odd");
        assert_eq!(
            (plain.old_name(), plain.child_info().is_empty()),
            (None, true)
        );
        assert!(plain.extended.is_some());
    }

    #[test]
    fn what_is_no_listing_is_refused() {
        for wire in [
            "",
            "()",
            "() \"/\"",
            "() \"ab\" x",
            "() / x",
            "() \"/\" \"open",
            "\\Seen \"/\" x",
        ] {
            assert!(
                mailbox_list(&Reading::lenient(), wire.as_bytes()).is_err(),
                "{wire}"
            );
        }
    }
}
