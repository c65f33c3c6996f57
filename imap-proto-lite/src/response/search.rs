//! SEARCH and ESEARCH responses: RFC 9051 section 7.3.4, RFC 3501 section 7.2.5. SORT has the form of SEARCH.

pub(crate) mod window;

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::error::{Fail, Parsed, fail};
use crate::ids::{ModSeq, UidValidity};
use crate::primitive::{
    Next, any_value, astring, atom, blanks, byte, next_in_list, no_sp, number, number64, nz_number,
    sp, sp_unless_end,
};
use crate::response::search::window::{Change, Partial, Update, partial, updates};
use crate::sequence_set::{SequenceSet, sequence_set};
use crate::tolerance::Reading;

/// Numbers with blanks between them (RFC 3501 section 7.2.5), read as they are walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Numbers<'a>(&'a [u8]);

impl Numbers<'_> {
    /// The numbers in the server's order.
    pub fn iter(self) -> impl Iterator<Item = u32> {
        let mut rest = self.0;
        core::iter::from_fn(move || {
            let (after, number) = number(blanks(rest)).ok()?;
            rest = after;
            Some(number)
        })
    }
}

/// `"SEARCH" *(SP nz-number) [SP search-sort-mod-seq]`, after the keyword and its space.
///
/// A number that is none fails the whole: a result with a hole would say that a message is not there.
pub(crate) fn search<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Numbers<'a>> {
    let mut rest = input;
    while rest.first().is_some_and(u8::is_ascii_digit) {
        let (tail, _) = nz_number(rest)?;
        rest = sp_unless_end(reading, tail)?.0;
    }
    let length = input.len() - rest.len();
    let numbers = Numbers(input.get(..length).unwrap_or_default());
    match rest.first() {
        None => Ok((rest, numbers)),
        Some(b'(') => any_value(reading, rest).map(|(rest, _)| (rest, numbers)),
        Some(_) => fail(rest, "a number"),
    }
}

/// An extended search result (RFC 9051 section 7.3.4, RFC 4731); what the server left out is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Esearch<'a> {
    /// The tag of the command that this answers.
    pub tag: Option<Cow<'a, [u8]>>,
    /// Whether the numbers are UIDs.
    pub uid: bool,
    /// The lowest match.
    pub min: Option<u32>,
    /// The highest match.
    pub max: Option<u32>,
    /// All matches.
    pub all: Option<SequenceSet<'a>>,
    /// How many match.
    pub count: Option<u32>,
    /// The highest mod-sequence among the matches (RFC 7162).
    pub mod_seq: Option<ModSeq>,
    /// A window of the matches (RFC 9394).
    pub partial: Option<Partial<'a>>,
    /// What changed in a result that the server keeps up to date (RFC 5267).
    pub updates: Vec<Update<'a>>,
    /// The mailbox that this is about, when several are searched (RFC 7377).
    pub mailbox: Option<Cow<'a, [u8]>>,
    /// The generation of that mailbox's UIDs.
    pub uid_validity: Option<UidValidity>,
}

/// `"ESEARCH" [search-correlator] [SP "UID"] *(SP search-return-data)`, after the keyword.
pub(crate) fn esearch<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Esearch<'a>> {
    let mut found = Esearch::default();
    let mut rest = input;
    if rest.first() == Some(&b'(') {
        let tail = correlator(reading, &mut found, rest)?;
        rest = sp_unless_end(reading, tail)?.0;
    }
    while !rest.is_empty() {
        let (tail, name) = atom(rest)?;
        let (tail, ()) = sp_unless_end(reading, tail)?;
        let tail = return_data(reading, &mut found, name, tail)?;
        // UID is a word alone: the blanks behind it are read already.
        rest = if name.eq_ignore_ascii_case(b"UID") {
            tail
        } else {
            sp_unless_end(reading, tail)?.0
        };
    }
    Ok((rest, found))
}

/// `search-correlator = SP "(" "TAG" SP tag-string *(SP one-correlator) ")"`, without its space: RFC 7377
/// section 2.1 adds the mailbox and its UIDVALIDITY.
fn correlator<'a>(
    reading: &Reading,
    found: &mut Esearch<'a>,
    input: &'a [u8],
) -> Result<&'a [u8], nom::Err<Fail<'a>>> {
    let (rest, ()) = byte(b'(', "a correlator", input)?;
    let (mut rest, ()) = no_sp(reading, rest)?;
    loop {
        let (tail, name) = atom(rest)?;
        let (value, ()) = sp(reading, tail)?;
        let is = |wanted: &[u8]| name.eq_ignore_ascii_case(wanted);
        let tail = if is(b"UIDVALIDITY") {
            let (tail, number) = nz_number(value)?;
            found.uid_validity = UidValidity::new(number.get());
            tail
        } else {
            let (tail, word) = astring(reading, value)?;
            match is(b"MAILBOX") {
                true => found.mailbox = Some(word),
                false => found.tag = Some(word),
            }
            tail
        };
        match next_in_list(reading, tail)? {
            (next, Next::Element) => rest = next,
            (after, Next::End) => return Ok(after),
        }
    }
}

fn return_data<'a>(
    reading: &Reading,
    found: &mut Esearch<'a>,
    name: &[u8],
    input: &'a [u8],
) -> Result<&'a [u8], nom::Err<Fail<'a>>> {
    let is = |wanted: &[u8]| name.eq_ignore_ascii_case(wanted);
    if is(b"UID") {
        found.uid = true;
        return Ok(input);
    }
    if is(b"ALL") {
        return sequence_set(input).map(|(rest, set)| {
            found.all = Some(set);
            rest
        });
    }
    if is(b"PARTIAL") {
        return partial(reading, input).map(|(rest, window)| {
            found.partial = Some(window);
            rest
        });
    }
    if is(b"ADDTO") || is(b"REMOVEFROM") {
        let change = match is(b"ADDTO") {
            true => Change::Added,
            false => Change::Removed,
        };
        return updates(reading, change, &mut found.updates, input);
    }
    if is(b"MODSEQ") {
        return number64(input).map(|(rest, n)| {
            found.mod_seq = Some(ModSeq(n));
            rest
        });
    }
    let slot = if is(b"MIN") {
        &mut found.min
    } else if is(b"MAX") {
        &mut found.max
    } else if is(b"COUNT") {
        &mut found.count
    } else {
        return any_value(reading, input).map(|(rest, _)| rest);
    };
    number(input).map(|(rest, n)| {
        *slot = Some(n);
        rest
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_results() {
        for (wire, numbers) in [
            (&b""[..], &[][..]),
            (b"2 84 882", &[2, 84, 882]),
            (b"2 ", &[2]),
            (b"2 5 (MODSEQ 917162500)", &[2, 5]),
        ] {
            let (_, found) = search(&Reading::lenient(), wire).expect("well-formed");
            assert_eq!(found.iter().collect::<Vec<_>>(), numbers);
        }
        assert!(search(&Reading::lenient(), b"x").is_err());
        assert!(search(&Reading::lenient(), b"4294967296").is_err());
    }

    #[test]
    fn extended_results() {
        let (_, found) = esearch(
            &Reading::lenient(),
            b"(TAG \"A282\") UID MIN 2 COUNT 3 ALL 2,10:11 MODSEQ 7 X-NEW (a b)",
        )
        .expect("well-formed");
        assert_eq!(found.tag.as_deref(), Some(&b"A282"[..]));
        assert_eq!(
            (found.uid, found.min, found.count, found.mod_seq),
            (true, Some(2), Some(3), Some(ModSeq(7)))
        );
        assert_eq!(found.all.map(SequenceSet::count), Some(3));
        assert_eq!(
            esearch(&Reading::lenient(), b"").expect("empty").1,
            Esearch::default()
        );
        assert!(esearch(&Reading::lenient(), b"ALL x").is_err());
    }

    #[test]
    fn results_of_several_mailboxes() {
        let wire = b"(TAG \"tag1\" MAILBOX \"folder 1\" UIDVALIDITY 1) UID ALL 4001";
        let (_, found) = esearch(&Reading::lenient(), wire).expect("RFC 7377");
        assert_eq!(found.tag.as_deref(), Some(&b"tag1"[..]));
        assert_eq!(found.mailbox.as_deref(), Some(&b"folder 1"[..]));
        assert_eq!(found.uid_validity, UidValidity::new(1));
        for wire in [&b"(TAG)"[..], b"(TAG \"a\" UIDVALIDITY 0)", b"(TAG \"a\""] {
            assert!(esearch(&Reading::lenient(), wire).is_err());
        }
    }
}
