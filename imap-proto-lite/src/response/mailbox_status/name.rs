//! The mailbox's name in a STATUS response, also of servers that do not quote it.

use alloc::borrow::Cow;

use crate::error::{Parsed, fail};
use crate::primitive::{any_value, astring, blanks, byte};
use crate::quirk::Quirk;
use crate::tolerance::Reading;

/// A name, which some servers do not quote although it has blanks: it ends at the last ` (`.
pub(super) fn status_name<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Cow<'a, [u8]>> {
    if matches!(input.first(), Some(b'"' | b'{')) {
        return astring(reading, input);
    }
    match reading.attempt(|| name_before_list(reading, input)) {
        Err(nom::Err::Error(_)) => {}
        read => return read,
    }
    let Some(at) = memchr::memmem::rfind(input, b" (") else {
        return fail(input, "a mailbox name");
    };
    let (name, rest) = input.split_at(at);
    let read = reading.attempt(|| astring(reading, name));
    match read {
        Ok(([], name)) => Ok((rest, name)),
        Err(error @ nom::Err::Failure(_)) => Err(error),
        Ok((left, _)) if blanks(left).is_empty() => {
            let begun = name.len() - left.len();
            let (name, rest) = input.split_at(begun);
            Ok((rest, Cow::Borrowed(name)))
        }
        _ => {
            reading.accept(Quirk::UnquotedName, input, "a mailbox name")?;
            Ok((rest, Cow::Borrowed(name)))
        }
    }
}

/// A name that is an atom, where nothing but a list follows.
fn name_before_list<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Cow<'a, [u8]>> {
    let (rest, name) = astring(reading, input)?;
    let (list, ()) = byte(b' ', "a space", rest)?;
    match (list.first(), any_value(reading, list)?) {
        (Some(b'('), (after, _)) if blanks(after).is_empty() => Ok((rest, name)),
        _ => fail(list, "a status list"),
    }
}
