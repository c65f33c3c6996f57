//! Finds the end of an ENVELOPE or BODYSTRUCTURE of nothing but lists, quoted strings, numbers and NIL.
//!
//! Declines what a closer look could find odd, such as doubled blanks, and literals; see `any_value` for those.

use crate::limits::NESTING_DEPTH;
use crate::plain_quoted::skip_quoted;

/// The list that `input` begins with, and what is left.
pub(super) fn plain_list(input: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut rest = input
        .strip_prefix(b"(")
        .filter(|rest| !rest.starts_with(b" "))?;
    let mut depth = 1_usize;
    loop {
        let (&first, after) = rest.split_first()?;
        rest = match first {
            b'"' => match skip_quoted(after)? {
                after @ [b' ' | b')', ..] => after,
                _ => return None,
            },
            b' ' if !matches!(after, [b' ' | b')', ..]) => after,
            b'N' => after.strip_prefix(b"IL")?,
            b'0'..=b'9' => after,
            b'(' if depth < NESTING_DEPTH && !after.starts_with(b" ") => {
                depth += 1;
                after
            }
            b')' if depth == 1 => {
                let (list, _) = input.split_at_checked(input.len() - after.len())?;
                return Some((list, after));
            }
            b')' => {
                depth -= 1;
                after
            }
            _ => return None,
        };
    }
}
