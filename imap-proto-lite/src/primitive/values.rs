//! Values of any shape, which are skipped whole: what is unknown, or read on demand.

use nom::bytes::complete::take_while1;

use super::{blanks, literal, no_sp, quoted};
use crate::error::{Fail, Parsed, fail};
use crate::frame::section::announces_body;
use crate::limits::NESTING_DEPTH;
use crate::quirk::Quirk;
use crate::tolerance::Reading;

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
