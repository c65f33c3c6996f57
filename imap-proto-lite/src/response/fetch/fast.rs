//! The lines of a listing, `* n FETCH (UID n FLAGS (..) INTERNALDATE ".." RFC822.SIZE n)`, which a large
//! mailbox sends by the million, also with ENVELOPE and BODYSTRUCTURE: RFC 9051 section 7.5.2.
//!
//! It reads only what strict grammar allows, in the spelling that servers use, and declines everything
//! else, such as blanks that are doubled, zeros in front of a number, or an item that comes twice. The
//! general rule then reads the line from its beginning; it is what this is compared with in the tests.

use super::plain_list::plain_list;
use super::{Fetch, empty};
use crate::chars::is_strict_atom_char;
use crate::date::{DateField, fixed_date_time};
use crate::digits::short_number;
use crate::flag::Flags;
use crate::ids::{ModSeq, SeqNumber, Uid};
use crate::response::raw::Raw;

/// A whole frame, CRLF included.
pub(crate) fn fetch_line(frame: &[u8]) -> Option<Fetch<'_>> {
    let (rest, seq) = no_zero_in_front(frame.strip_prefix(b"* ")?)?;
    let mut rest = rest.strip_prefix(b" FETCH (")?;
    let mut fetch = empty(SeqNumber::new(seq));
    loop {
        rest = match msg_att_item(&mut fetch, rest)? {
            b")\r\n" => return Some(fetch),
            [b' ', rest @ ..] => rest,
            _ => return None,
        };
    }
}

/// One item into its place; what follows it.
fn msg_att_item<'a>(fetch: &mut Fetch<'a>, input: &'a [u8]) -> Option<&'a [u8]> {
    let (rest, ()) = match input.first()? {
        b'U' if fetch.uid.is_none() => {
            let (rest, uid) = no_zero_in_front(input.strip_prefix(b"UID ")?)?;
            (rest, fetch.uid = Uid::new(uid))
        }
        b'F' if fetch.flags.is_none() => {
            let (rest, flags) = flag_list(input.strip_prefix(b"FLAGS (")?)?;
            (rest, fetch.flags = Some(flags))
        }
        b'I' if fetch.internal_date.is_none() => {
            let (text, rest) = input
                .strip_prefix(b"INTERNALDATE \"")?
                .split_first_chunk::<26>()?;
            let date = DateField::Valid(fixed_date_time(text)?);
            (rest.strip_prefix(b"\"")?, fetch.internal_date = Some(date))
        }
        b'R' if fetch.size.is_none() => {
            let (rest, size) = size(input.strip_prefix(b"RFC822.SIZE ")?)?;
            (rest, fetch.size = Some(size.into()))
        }
        b'M' if fetch.mod_seq.is_none() => {
            let (rest, number) = no_zero_in_front(input.strip_prefix(b"MODSEQ (")?)?;
            (
                rest.strip_prefix(b")")?,
                fetch.mod_seq = Some(ModSeq(number.into())),
            )
        }
        b'E' if fetch.envelope.is_none() => {
            let (raw, rest) = plain_list(input.strip_prefix(b"ENVELOPE ")?)?;
            (rest, fetch.envelope = Some(Raw(raw)))
        }
        b'B' if fetch.body_structure.is_none() => {
            let (raw, rest) = plain_list(input.strip_prefix(b"BODYSTRUCTURE ")?)?;
            (rest, fetch.body_structure = Some(Raw(raw)))
        }
        _ => return None,
    };
    Some(rest)
}

/// `number`, of nine digits at most.
fn size(input: &[u8]) -> Option<(&[u8], u32)> {
    match input {
        [b'0', rest @ ..] if !rest.first().is_some_and(u8::is_ascii_digit) => Some((rest, 0)),
        _ => no_zero_in_front(input),
    }
}

/// `nz-number`, of nine digits at most.
fn no_zero_in_front(input: &[u8]) -> Option<(&[u8], u32)> {
    match input.first()? {
        b'1'..=b'9' => short_number(input),
        _ => None,
    }
}

/// `[flag *(SP flag)] ")"` where each flag is an atom, with or without a backslash.
fn flag_list(input: &[u8]) -> Option<(&[u8], Flags<'_>)> {
    let mut last = Octet::Space;
    for (at, &byte) in input.iter().enumerate() {
        last = match (byte, last) {
            (b' ', Octet::Atom) => Octet::Space,
            (b'\\', Octet::Space) => Octet::Backslash,
            (b')', Octet::Atom) => return end_of_flags(input, at),
            (b')', Octet::Space) if at == 0 => return end_of_flags(input, at),
            (byte, _) if is_strict_atom_char(byte) => Octet::Atom,
            _ => return None,
        };
    }
    None
}

fn end_of_flags(input: &[u8], at: usize) -> Option<(&[u8], Flags<'_>)> {
    let (inside, rest) = input.split_at_checked(at)?;
    Some((rest.strip_prefix(b")")?, Flags(inside)))
}

/// What the octet before was; a list begins as if behind a space.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Octet {
    Space,
    Backslash,
    Atom,
}

#[cfg(test)]
mod tests;
