//! The codes of RFC 9051 section 7.1 that have a value, by their names.

use super::Code;
use super::extension::extension_code;
use super::plain::plain;
use crate::error::Parsed;
use crate::ids::{ModSeq, Uid, UidValidity};
use crate::primitive::{number64, nz_number, sp};
use crate::response::capability::capability_list;
use crate::sequence_set::sequence_set;
use crate::tolerance::Reading;

/// The code of this name; `None` when its value makes no sense.
pub(super) fn known<'a>(reading: &Reading, name: &'a [u8], value: &'a [u8]) -> Option<Code<'a>> {
    let upper = name.to_ascii_uppercase();
    Some(match upper.as_slice() {
        b"APPENDUID" => whole(append_uid(reading, value))?,
        b"CAPABILITY" => whole(capability_list(reading, value)).map(Code::Capability)?,
        b"COPYUID" => whole(copy_uid(reading, value))?,
        b"HIGHESTMODSEQ" => {
            let value = whole(number64(value)).filter(|&value| value > 0)?;
            Code::HighestModSeq(ModSeq(value))
        }
        b"PERMANENTFLAGS" => return None,
        b"UIDNEXT" => Code::UidNext(Uid::new(whole(nz_number(value))?.get())?),
        b"UIDVALIDITY" => Code::UidValidity(UidValidity::new(whole(nz_number(value))?.get())?),
        b"UNSEEN" => Code::Unseen(whole(nz_number(value))?.get()),
        upper => match plain(upper) {
            Some(_) if !value.is_empty() => return None,
            Some(code) => code,
            None => return extension_code(reading, name, value),
        },
    })
}

/// A rule's value when it left nothing over.
pub(super) fn whole<T>(parsed: Parsed<'_, T>) -> Option<T> {
    match parsed {
        Ok(([], value)) => Some(value),
        _ => None,
    }
}

/// `nz-number SP append-uid`
fn append_uid<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Code<'a>> {
    let (rest, uid_validity) = uid_validity(input)?;
    let (rest, ()) = sp(reading, rest)?;
    let (rest, uids) = sequence_set(rest)?;
    Ok((rest, Code::AppendUid { uid_validity, uids }))
}

/// `nz-number SP uid-set SP uid-set`
fn copy_uid<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Code<'a>> {
    let (rest, uid_validity) = uid_validity(input)?;
    let (rest, ()) = sp(reading, rest)?;
    let (rest, from) = sequence_set(rest)?;
    let (rest, ()) = sp(reading, rest)?;
    let (rest, to) = sequence_set(rest)?;
    Ok((
        rest,
        Code::CopyUid {
            uid_validity,
            from,
            to,
        },
    ))
}

fn uid_validity(input: &[u8]) -> Parsed<'_, UidValidity> {
    let (rest, value) = nz_number(input)?;
    match UidValidity::new(value.get()) {
        Some(value) => Ok((rest, value)),
        None => crate::error::fail(input, "a UIDVALIDITY"),
    }
}
