//! Response codes: RFC 9051 section 7.1, RFC 5530, RFC 4315, RFC 7162 and others.

use crate::chars::is_strict_atom_char;
use crate::error::{Fail, Parsed};
use crate::flag::{Flags, flag_perm_list};
use crate::ids::{ModSeq, Uid, UidValidity};
use crate::primitive::{byte, no_sp, number64, nz_number, sp};
use crate::quirk::Quirk;
use crate::response::capability::{Capabilities, capability_list};
use crate::sequence_set::{SequenceSet, sequence_set};
use crate::tolerance::Reading;

/// A response code. Known codes whose payload makes no sense are kept as [`Code::Other`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[expect(
    missing_docs,
    reason = "each name is the code's own, defined by its RFC"
)]
pub enum Code<'a> {
    Alert,
    AlreadyExists,
    /// Where appended messages went; UIDs in the order of the messages (RFC 4315).
    AppendUid {
        uid_validity: UidValidity,
        uids: SequenceSet<'a>,
    },
    AuthenticationFailed,
    AuthorizationFailed,
    Cannot,
    Capability(Capabilities<'a>),
    ClientBug,
    Closed,
    ContactAdmin,
    /// Which UIDs became which (RFC 4315).
    CopyUid {
        uid_validity: UidValidity,
        from: SequenceSet<'a>,
        to: SequenceSet<'a>,
    },
    Corruption,
    Expired,
    ExpungeIssued,
    HasChildren,
    HighestModSeq(ModSeq),
    InUse,
    Limit,
    NoModSeq,
    NonExistent,
    NoPerm,
    OverQuota,
    Parse,
    PermanentFlags(Flags<'a>),
    PrivacyRequired,
    ReadOnly,
    ReadWrite,
    ServerBug,
    TooBig,
    TryCreate,
    UidNext(Uid),
    UidNotSticky,
    UidValidity(UidValidity),
    Unavailable,
    UnknownCte,
    Unseen(u32),
    /// Anything else: the name as sent, and what stands behind it.
    Other {
        name: &'a [u8],
        value: &'a [u8],
    },
}

impl Code<'_> {
    /// The code apart from its frame, when it carries nothing that would have to be kept.
    #[must_use]
    pub fn detached(self) -> Option<Code<'static>> {
        match self {
            Self::Unseen(number) => Some(Code::Unseen(number)),
            Self::UidNext(uid) => Some(Code::UidNext(uid)),
            Self::UidValidity(value) => Some(Code::UidValidity(value)),
            Self::HighestModSeq(value) => Some(Code::HighestModSeq(value)),
            Self::AppendUid { .. }
            | Self::Capability(_)
            | Self::CopyUid { .. }
            | Self::PermanentFlags(_)
            | Self::Other { .. } => None,
            _ => PLAIN
                .into_iter()
                .find(|(_, code)| *code == self)
                .map(|(_, code)| code),
        }
    }
}

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
    if name.eq_ignore_ascii_case(b"PERMANENTFLAGS") {
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

/// The code of this name; `None` when its value makes no sense.
fn known<'a>(reading: &Reading, name: &'a [u8], value: &'a [u8]) -> Option<Code<'a>> {
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
            None => Code::Other { name, value },
        },
    })
}

fn plain(name: &[u8]) -> Option<Code<'static>> {
    PLAIN
        .into_iter()
        .find(|(known, _)| *known == name)
        .map(|(_, code)| code)
}

/// A rule's value when it left nothing over.
fn whole<T>(parsed: Parsed<'_, T>) -> Option<T> {
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

/// The codes that are a word and nothing else.
const PLAIN: [(&[u8], Code<'static>); 28] = [
    (b"ALERT", Code::Alert),
    (b"ALREADYEXISTS", Code::AlreadyExists),
    (b"AUTHENTICATIONFAILED", Code::AuthenticationFailed),
    (b"AUTHORIZATIONFAILED", Code::AuthorizationFailed),
    (b"CANNOT", Code::Cannot),
    (b"CLIENTBUG", Code::ClientBug),
    (b"CLOSED", Code::Closed),
    (b"CONTACTADMIN", Code::ContactAdmin),
    (b"CORRUPTION", Code::Corruption),
    (b"EXPIRED", Code::Expired),
    (b"EXPUNGEISSUED", Code::ExpungeIssued),
    (b"HASCHILDREN", Code::HasChildren),
    (b"INUSE", Code::InUse),
    (b"LIMIT", Code::Limit),
    (b"NOMODSEQ", Code::NoModSeq),
    (b"NONEXISTENT", Code::NonExistent),
    (b"NOPERM", Code::NoPerm),
    (b"OVERQUOTA", Code::OverQuota),
    (b"PARSE", Code::Parse),
    (b"PRIVACYREQUIRED", Code::PrivacyRequired),
    (b"READ-ONLY", Code::ReadOnly),
    (b"READ-WRITE", Code::ReadWrite),
    (b"SERVERBUG", Code::ServerBug),
    (b"TOOBIG", Code::TooBig),
    (b"TRYCREATE", Code::TryCreate),
    (b"UIDNOTSTICKY", Code::UidNotSticky),
    (b"UNAVAILABLE", Code::Unavailable),
    (b"UNKNOWN-CTE", Code::UnknownCte),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn code(wire: &[u8]) -> Option<Code<'_>> {
        let read = resp_text_code(&Reading::lenient(), wire).expect("all is accepted");
        read.map(|(_, code)| code)
    }

    #[test]
    fn codes_with_payloads() {
        assert!(
            matches!(code(b"[APPENDUID 38505 3955] ok"), Some(Code::AppendUid { uids, .. }) if uids.single() == Some(3955))
        );
        assert!(
            matches!(code(b"[appenduid 3 3:4]"), Some(Code::AppendUid { uids, .. }) if uids.count() == 2)
        );
        assert!(
            matches!(code(b"[COPYUID 38505 304,319:320 3956:3958]"), Some(Code::CopyUid { from, to, .. }) if from.count() == to.count())
        );
        assert_eq!(code(b"[UIDNEXT 4392]"), Uid::new(4392).map(Code::UidNext));
        assert_eq!(
            code(b"[HIGHESTMODSEQ 9195383]"),
            Some(Code::HighestModSeq(ModSeq(9_195_383)))
        );
        assert!(
            matches!(code(b"[PERMANENTFLAGS (\\Seen a]b \\*)] x"), Some(Code::PermanentFlags(flags)) if flags.allows_new_keywords())
        );
        assert!(
            matches!(code(b"[CAPABILITY IMAP4rev1 LITERAL+ ] x"), Some(Code::Capability(all)) if all.has("literal+"))
        );
        assert_eq!(code(b"[read-only] x"), Some(Code::ReadOnly));
    }

    #[test]
    fn what_makes_no_sense_is_kept_as_it_is() {
        for wire in [
            "[APPENDUID 0 1]",
            "[APPENDUID 1 1 1]",
            "[UIDNEXT 0]",
            "[COPYUID 701  ]",
            "[UNSEEN x]",
            "[X-NEW a b]",
            "[Error=\"Microsoft.Exchange\" AuthResultFromPopImapEnd=0]",
            "[TRYCREATE now]",
        ] {
            assert!(
                matches!(code(wire.as_bytes()), Some(Code::Other { .. })),
                "{wire}"
            );
        }
        assert_eq!(code(b"[never closed"), None);
        assert_eq!(code(b"no code [ALERT]"), None);
    }
}
