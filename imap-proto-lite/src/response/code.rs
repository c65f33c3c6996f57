//! Response codes: RFC 9051 section 7.1, RFC 5530, RFC 4315, RFC 7162 and others.

mod extension;
mod plain;

use crate::chars::is_strict_atom_char;
use crate::error::{Fail, Parsed};
use crate::flag::{Flags, flag_perm_list};
use crate::ids::{ModSeq, Uid, UidValidity};
use crate::primitive::{byte, no_sp, number64, nz_number, sp};
use crate::quirk::Quirk;
use crate::response::capability::{Capabilities, capability_list};
use crate::response::code::extension::extension_code;
use crate::response::code::plain::{PLAIN, plain};
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
    /// The charsets that the server knows, in wire form; empty when it does not say.
    BadCharset(&'a [u8]),
    /// No such comparator (RFC 5255).
    BadComparator,
    /// The events that the server knows, in wire form (RFC 5465).
    BadEvent(&'a [u8]),
    /// The URL that the server could not use (RFC 4469).
    BadUrl(&'a [u8]),
    Cannot,
    Capability(Capabilities<'a>),
    ClientBug,
    Closed,
    /// The connection is compressed already (RFC 4978).
    CompressionActive,
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
    /// How far a long command is (RFC 9585).
    InProgress {
        /// The command's tag.
        tag: Option<&'a [u8]>,
        /// How much is done.
        done: Option<u32>,
        /// How much there is to do.
        goal: Option<u32>,
    },
    InUse,
    Limit,
    /// The mailbox's ID (RFC 8474).
    MailboxId(&'a [u8]),
    /// A command is about more messages than the server takes at once (RFC 9738).
    MessageLimit {
        /// How many it takes.
        limit: u32,
        /// The lowest UID that was not dealt with.
        lowest: Option<Uid>,
    },
    /// Some entries were too long to be sent; the longest has so many octets (RFC 5464).
    MetadataLongEntries(u32),
    /// A value has more octets than these (RFC 5464).
    MetadataMaxSize(u32),
    /// The server has no private annotations (RFC 5464).
    MetadataNoPrivate,
    /// No more annotations can be made (RFC 5464).
    MetadataTooMany,
    /// These messages had changed and were left alone (RFC 7162).
    Modified(SequenceSet<'a>),
    NoModSeq,
    NonExistent,
    NoPerm,
    /// The search result was not saved (RFC 5182).
    NotSaved,
    /// The server gave up telling of changes (RFC 5465).
    NotificationOverflow,
    /// The server keeps no result for the search with this tag up to date (RFC 5267).
    NoUpdate(&'a [u8]),
    OverQuota,
    Parse,
    PermanentFlags(Flags<'a>),
    PrivacyRequired,
    ReadOnly,
    ReadWrite,
    /// Another server has the account. Never follow it by yourself (RFC 2221).
    Referral(&'a [u8]),
    ServerBug,
    /// The server cannot convert the message for now (RFC 5259).
    TempFail,
    TooBig,
    TryCreate,
    UidNext(Uid),
    UidNotSticky,
    /// Message sequence numbers cannot be used any more (RFC 9586).
    UidRequired,
    UidValidity(UidValidity),
    Unavailable,
    UnknownCte,
    /// The filter with this name does not exist (RFC 5466).
    UndefinedFilter(&'a [u8]),
    Unseen(u32),
    /// The mailbox cannot have this special use (RFC 6154).
    UseAttr,
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
            Self::MessageLimit { limit, lowest } => Some(Code::MessageLimit { limit, lowest }),
            Self::MetadataLongEntries(octets) => Some(Code::MetadataLongEntries(octets)),
            Self::MetadataMaxSize(octets) => Some(Code::MetadataMaxSize(octets)),
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
            None => return extension_code(reading, name, value),
        },
    })
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

#[cfg(test)]
mod tests;
