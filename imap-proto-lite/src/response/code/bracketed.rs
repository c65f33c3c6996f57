//! A response code in its brackets: RFC 9051 section 9, `resp-text-code`.

use super::Code;
use super::known::known;
use crate::chars::is_strict_atom_char;
use crate::error::{Fail, Parsed};
use crate::flag::flag_perm_list;
use crate::primitive::{byte, no_sp, sp};
use crate::quirk::Quirk;
use crate::tolerance::Reading;

/// `"[" resp-text-code "]"`. Without a closing bracket there is no code and the rest is text.
pub(crate) fn resp_text_code<'a>(
    reading: &Reading,
    input: &'a [u8],
) -> Result<Option<(&'a [u8], Code<'a>)>, nom::Err<Fail<'a>>> {
    let Some(inside) = input.strip_prefix(b"[") else {
        return Ok(None);
    };
    let Some(name_end) = memchr::memchr3(b' ', b']', b'(', inside) else {
        return Ok(None);
    };
    let (name, value) = inside.split_at(name_end);
    if name.eq_ignore_ascii_case(b"PERMANENTFLAGS") && memchr::memchr(b']', value).is_some() {
        match reading.attempt(|| permanent_flags(reading, value)) {
            Ok((rest, code)) => return Ok(Some((rest, code))),
            Err(error @ nom::Err::Failure(_)) => return Err(error),
            Err(_) => {}
        }
    }
    let Some(end) = memchr::memchr(b']', value) else {
        return Ok(None);
    };
    let (value, rest) = value.split_at(end);
    let code = code(reading, input, name, value)?;
    Ok(Some((rest.get(1..).unwrap_or_default(), code)))
}

/// `"PERMANENTFLAGS" SP "(" [flag-perm *(SP flag-perm)] ")"`, after the keyword, with the bracket: a flag
/// may have one, too (quirk 42).
fn permanent_flags<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Code<'a>> {
    let (rest, ()) = sp(reading, input)?;
    let (rest, flags) = flag_perm_list(reading, rest)?;
    let (rest, ()) = no_sp(reading, rest)?;
    let (rest, ()) = byte(b']', "the end of a response code", rest)?;
    Ok((rest, Code::PermanentFlags(flags)))
}

/// A known code with its value, or another word: `atom [SP 1*<any TEXT-CHAR except "]">]`. A known one
/// whose value makes no sense is kept as it is, and so is one whose name is no atom.
fn code<'a>(
    reading: &Reading,
    at: &'a [u8],
    name: &'a [u8],
    after_name: &'a [u8],
) -> Result<Code<'a>, nom::Err<Fail<'a>>> {
    let value = after_name.trim_ascii();
    let blanks = after_name.len() - value.len();
    let other = Code::Other { name, value };
    let known = match reading.attempt(|| known(reading, name, value).ok_or(())) {
        Ok(code) if name.iter().all(|&byte| is_strict_atom_char(byte)) && !name.is_empty() => code,
        _ if reading.refused() => return Err(nom::Err::Failure(Fail { at, expected: CODE })),
        _ => {
            reading.accept(Quirk::OddCode, at, CODE)?;
            return Ok(other);
        }
    };
    if known != other && blanks > usize::from(!value.is_empty()) {
        reading.accept(Quirk::ExtraBlanks, at, "one space in a response code")?;
    }
    Ok(known)
}

const CODE: &str = "a response code";
