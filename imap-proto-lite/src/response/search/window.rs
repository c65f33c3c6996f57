//! Windows of a search result, and changes of one: RFC 9394 section 3.1, RFC 5267 section 4.3.

use alloc::vec::Vec;

use crate::error::{Fail, Parsed};
use crate::primitive::{Next, byte, next_in_list, nil, no_sp, number, nz_number, sp};
use crate::sequence_set::{SequenceSet, sequence_set};
use crate::tolerance::Reading;

/// The matches at some positions of a result (RFC 9394 section 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partial<'a> {
    /// The first and the last position asked for, as the server repeats them. They count from 1, or
    /// downwards from -1, which is the last match.
    pub positions: (i64, i64),
    /// The numbers or UIDs there; `None` when the result does not reach so far.
    pub matches: Option<SequenceSet<'a>>,
}

/// Matches that came or went (RFC 5267 section 4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Update<'a> {
    /// Which of the two.
    pub change: Change,
    /// Where in the sorted result, counted from 1; 0 where there is no order.
    pub position: u32,
    /// The numbers or UIDs.
    pub matches: SequenceSet<'a>,
}

/// What happened to matches (RFC 5267 section 4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// `ADDTO`
    Added,
    /// `REMOVEFROM`
    Removed,
}

/// `"(" partial-range SP (sequence-set / nil) ")"`
pub(super) fn partial<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Partial<'a>> {
    let (rest, ()) = byte(b'(', "a window", input)?;
    let (rest, ()) = no_sp(reading, rest)?;
    let (rest, first) = position(rest)?;
    let (rest, ()) = byte(b':', "a range", rest)?;
    let (rest, last) = position(rest)?;
    let (rest, ()) = sp(reading, rest)?;
    let (rest, matches) = match nil(rest) {
        Ok((rest, ())) => (rest, None),
        Err(_) => sequence_set(rest).map(|(rest, set)| (rest, Some(set)))?,
    };
    let (rest, ()) = no_sp(reading, rest)?;
    let (rest, ()) = byte(b')', "the end of a window", rest)?;
    let positions = (first, last);
    Ok((rest, Partial { positions, matches }))
}

/// `nz-number`, or that with `MINUS` in front
fn position(input: &[u8]) -> Parsed<'_, i64> {
    match input.strip_prefix(b"-") {
        Some(number) => nz_number(number).map(|(rest, n)| (rest, -i64::from(n.get()))),
        None => nz_number(input).map(|(rest, n)| (rest, i64::from(n.get()))),
    }
}

/// `"(" context-position SP sequence-set *(SP context-position SP sequence-set) ")"`
pub(super) fn updates<'a>(
    reading: &Reading,
    change: Change,
    found: &mut Vec<Update<'a>>,
    input: &'a [u8],
) -> Result<&'a [u8], nom::Err<Fail<'a>>> {
    let (rest, ()) = byte(b'(', "a list of changes", input)?;
    let (mut rest, ()) = no_sp(reading, rest)?;
    loop {
        let (tail, position) = number(rest)?;
        let (tail, ()) = sp(reading, tail)?;
        let (tail, matches) = sequence_set(tail)?;
        found.push(Update {
            change,
            position,
            matches,
        });
        match next_in_list(reading, tail)? {
            (after, Next::End) => return Ok(after),
            (next, Next::Element) => rest = next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::response::search::esearch;

    #[test]
    fn windows_as_the_rfc_has_them() {
        for (wire, positions, count) in [
            ("PARTIAL (1:500 2:4)", (1, 500), Some(3)),
            ("PARTIAL (-1:-100 200:250,252:300)", (-1, -100), Some(100)),
            ("PARTIAL (24000:24500 NIL)", (24_000, 24_500), None),
        ] {
            let (_, found) = esearch(&Reading::lenient(), wire.as_bytes()).expect(wire);
            let window = found.partial.expect(wire);
            assert_eq!(window.positions, positions);
            assert_eq!(window.matches.map(SequenceSet::count), count, "{wire}");
        }
    }

    #[test]
    fn changes_as_the_rfc_has_them() {
        let wire = b"(TAG \"B01\") UID ADDTO (0 32768:32769) REMOVEFROM (1 5 2 7)";
        let (_, found) = esearch(&Reading::lenient(), wire).expect("RFC 5267");
        let changes: Vec<(Change, u32, u64)> = found
            .updates
            .iter()
            .map(|one| (one.change, one.position, one.matches.count()))
            .collect();
        assert_eq!(
            changes,
            [
                (Change::Added, 0, 2),
                (Change::Removed, 1, 1),
                (Change::Removed, 2, 1)
            ]
        );
    }

    #[test]
    fn what_is_no_window_is_refused() {
        for wire in [
            "PARTIAL 1:2",
            "PARTIAL (1 2)",
            "PARTIAL (0:1 2)",
            "PARTIAL (1:2 0)",
            "PARTIAL (1:2 x)",
            "PARTIAL (1:2 3",
            "PARTIAL (--1:2 3)",
            "ADDTO ()",
            "ADDTO (1)",
            "REMOVEFROM (1 0)",
        ] {
            assert!(
                esearch(&Reading::lenient(), wire.as_bytes()).is_err(),
                "{wire}"
            );
        }
    }
}
