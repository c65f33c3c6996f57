//! Lists of flags as servers write them: RFC 9051 section 9, `flag-list`, `flag-perm`, `mbx-list-flags`.

use super::{Flag, Flags};
use crate::chars::is_strict_atom_char;
use crate::error::{Fail, Parsed, fail};
use crate::primitive::byte;
use crate::quirk::Quirk;
use crate::tolerance::Reading;

/// `flag-list = "(" [flag *(SP flag)] ")"`
pub(crate) fn flag_list<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Flags<'a>> {
    let (rest, inside) = words(reading, input)?;
    if memchr::memchr(b'*', inside).is_some() && Flags(inside).allows_new_keywords() {
        reading.accept(Quirk::OddFlag, input, "no wildcard")?;
    }
    Ok((rest, Flags(inside)))
}

/// `"(" [flag-perm *(SP flag-perm)] ")"`, where `flag-perm = flag / "\*"`
pub(crate) fn flag_perm_list<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Flags<'a>> {
    words(reading, input).map(|(rest, inside)| (rest, Flags(inside)))
}

/// `"(" [mbx-list-flags] ")"`, whose words all begin with a backslash.
pub(crate) fn attribute_list<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Flags<'a>> {
    let (rest, attributes) = flag_list(reading, input)?;
    if attributes
        .iter()
        .any(|word| matches!(word, Flag::Keyword(_)))
    {
        reading.accept(Quirk::OddFlag, input, "attributes with a backslash")?;
    }
    Ok((rest, attributes))
}

/// Words in parentheses, split leniently: servers put anything in a flag.
fn words<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, &'a [u8]> {
    let (body, ()) = byte(b'(', "a list of flags", input)?;
    let Some(end) = end_of_words(body) else {
        return fail(input, "the end of a list of flags");
    };
    let (inside, rest) = body.split_at(end);
    if !has_flags_only(inside) {
        odd_words(reading, input, inside)?;
    }
    Ok((rest.get(1..).unwrap_or_default(), inside))
}

/// The `)` that ends the list: not one that a word opened itself, as in `done(old)`.
fn end_of_words(body: &[u8]) -> Option<usize> {
    let mut open_in_word = false;
    let mut from = 0;
    loop {
        let left = body.get(from..)?;
        let at = left
            .iter()
            .position(|byte| matches!(byte, b')' | b'(' | b' ' | b'\n'))?;
        match left.get(at) {
            Some(b'(') => open_in_word = true,
            Some(b' ') => open_in_word = false,
            Some(b')') if open_in_word => open_in_word = false,
            Some(b')') => return Some(from + at),
            _ => return None,
        }
        from += at + 1;
    }
}

/// Whether `inside` is `[flag *(SP flag)]` by the grammar.
fn has_flags_only(inside: &[u8]) -> bool {
    let mut word_octets = 0;
    let mut before = b' ';
    for &byte in inside {
        match byte {
            b' ' if word_octets == 0 => return false,
            b' ' => word_octets = 0,
            b'\\' if before == b' ' => {}
            b'*' if before == b'\\' => word_octets += 1,
            _ if before != b'*' && is_strict_atom_char(byte) => word_octets += 1,
            _ => return false,
        }
        before = byte;
    }
    inside.is_empty() || word_octets > 0
}

/// Notes what is wrong with a list of flags: the blanks, or the words.
fn odd_words<'a>(reading: &Reading, at: &'a [u8], inside: &[u8]) -> Result<(), nom::Err<Fail<'a>>> {
    let lone_blanks = inside.starts_with(b" ")
        || inside.ends_with(b" ")
        || memchr::memmem::find(inside, b"  ").is_some();
    if lone_blanks {
        reading.accept(Quirk::ExtraBlanks, at, "one space between flags")?;
    }
    let words = inside.split(|&byte| byte == b' ');
    if words
        .filter(|word| !word.is_empty())
        .any(|word| !has_flags_only(word))
    {
        reading.accept(Quirk::OddFlag, at, "flags that are atoms")?;
    }
    Ok(())
}
