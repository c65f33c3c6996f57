//! Addresses of an ENVELOPE: RFC 9051 section 7.5.2 and `address` of section 9.

use alloc::borrow::Cow;

use crate::error::Parsed;
use crate::primitive::{byte, nil, no_sp, nstring, sp};
use crate::quirk::Quirk;
use crate::tolerance::Reading;

/// One entry of an address list, in the server's words: an address, or the begin or end of a group.
/// See RFC 9051 section 7.5.2, ENVELOPE.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address<'a> {
    /// `addr-name`: the display name, RFC 2047 encoded words as they are.
    pub name: Option<Cow<'a, [u8]>>,
    /// `addr-adl`: a source route, which nobody sends any more.
    pub route: Option<Cow<'a, [u8]>>,
    /// `addr-mailbox`: what stands before the `@`, or a group's name.
    pub mailbox: Option<Cow<'a, [u8]>>,
    /// `addr-host`: what stands behind the `@`. Servers write `MISSING_DOMAIN`,
    /// `.MISSING-HOST-NAME.` and the like where the message has none.
    pub host: Option<Cow<'a, [u8]>>,
}

/// What an entry of an address list stands for (RFC 9051 section 7.5.2, ENVELOPE).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressKind {
    /// An address.
    Mailbox,
    /// The begin of a group, whose name is [`Address::mailbox`].
    GroupStart,
    /// The end of a group.
    GroupEnd,
}

impl Address<'_> {
    /// Which it is: without a host it belongs to the syntax of groups.
    #[must_use]
    pub const fn kind(&self) -> AddressKind {
        match (&self.host, &self.mailbox) {
            (Some(_), _) => AddressKind::Mailbox,
            (None, Some(_)) => AddressKind::GroupStart,
            (None, None) => AddressKind::GroupEnd,
        }
    }
}

/// An address list in wire form: checked, and read as it is walked. NIL and `()` hold nothing.
/// See RFC 9051 section 9, `env-from` and its like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Addresses<'a>(&'a [u8]);

impl<'a> Addresses<'a> {
    /// The entries in the server's order.
    pub fn iter(self) -> impl Iterator<Item = Address<'a>> {
        let reading = Reading::lenient();
        let mut rest = self.0;
        core::iter::from_fn(move || {
            let (tail, entry) = next_entry(&reading, rest).ok()?;
            rest = tail;
            entry
        })
    }

    /// Whether the list holds nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.iter().next().is_none()
    }
}

/// `env-from = "(" 1*address ")" / nil`, and so the other five.
pub(crate) fn address_list<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Addresses<'a>> {
    if let Some(b'n' | b'N') = input.first() {
        let (rest, ()) = nil(input)?;
        return Ok((rest, Addresses::default()));
    }
    let (inside, ()) = byte(b'(', "an address list", input)?;
    let mut rest = inside;
    let mut entries = 0_usize;
    while let (tail, Some(_)) = next_entry(reading, rest)? {
        rest = tail;
        entries += 1;
    }
    if entries == 0 {
        reading.accept(Quirk::OddAddressList, input, "an address or NIL")?;
    }
    let (end, ()) = no_sp(reading, next_entry(reading, rest)?.0)?;
    let (after, ()) = byte(b')', "the end of an address list", end)?;
    let length = inside.len() - end.len();
    Ok((after, Addresses(inside.get(..length).unwrap_or_default())))
}

/// The next address, with what servers put before it; `None` at the end of the list.
fn next_entry<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Option<Address<'a>>> {
    let mut rest = input;
    loop {
        rest = no_sp(reading, rest)?.0;
        match rest.first() {
            None | Some(b')') => return Ok((rest, None)),
            Some(b'(') => {
                return address(reading, rest).map(|(rest, entry)| (rest, Some(entry)));
            }
            Some(_) => {
                let (after, ()) = nil(rest)?;
                reading.accept(Quirk::OddAddressList, rest, "an address")?;
                rest = after;
            }
        }
    }
}

/// `address = "(" addr-name SP addr-adl SP addr-mailbox SP addr-host ")"`
fn address<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Address<'a>> {
    let (rest, ()) = byte(b'(', "an address", input)?;
    let (rest, ()) = no_sp(reading, rest)?;
    let (rest, name) = nstring(reading, rest)?;
    let (rest, ()) = sp(reading, rest)?;
    let (rest, route) = nstring(reading, rest)?;
    let (rest, ()) = sp(reading, rest)?;
    let (rest, mailbox) = nstring(reading, rest)?;
    let (rest, ()) = sp(reading, rest)?;
    let (rest, host) = nstring(reading, rest)?;
    let (rest, ()) = no_sp(reading, rest)?;
    let (rest, ()) = byte(b')', "the end of an address", rest)?;
    Ok((
        rest,
        Address {
            name,
            route,
            mailbox,
            host,
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tolerance::QuirkSet;

    #[test]
    fn groups_are_kept_as_entries() {
        let wire = b"((NIL NIL \"Team\" NIL)(\"A\" NIL \"a\" \"x.org\")(NIL NIL NIL NIL)) rest";
        let (rest, list) =
            address_list(&Reading::new(QuirkSet::STRICT), wire).expect("well-formed");
        assert_eq!(rest, b" rest");
        let kinds: Vec<AddressKind> = list.iter().map(|entry| entry.kind()).collect();
        assert_eq!(
            kinds,
            [
                AddressKind::GroupStart,
                AddressKind::Mailbox,
                AddressKind::GroupEnd
            ]
        );
    }

    #[test]
    fn what_is_no_address_list_is_refused() {
        for wire in [
            "",
            "(",
            "\"a@b\"",
            "((NIL NIL NIL))",
            "((NIL NIL NIL NIL NIL))",
            "((NIL NIL NIL NIL)",
            "(NILL)",
            "(x)",
        ] {
            assert!(
                address_list(&Reading::lenient(), wire.as_bytes()).is_err(),
                "{wire}"
            );
        }
    }
}
