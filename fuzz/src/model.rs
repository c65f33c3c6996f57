//! What one response says, apart from how it was written and from who reads it: the writer writes it, and
//! the values of both parsers are brought into it, so that they can be compared.

use arbitrary::Arbitrary;

use crate::words::{Atom, Delimiter, Key, Nz, Octets, Positive, Text, Words, more};

/// One response.
#[derive(Debug, Clone, PartialEq, Eq, Arbitrary)]
pub enum Said {
    Continuation(Text),
    Status(Status),
    Capability(Words),
    Enabled(Words),
    Id(Vec<(Octets, Option<Octets>)>),
    List(Listed),
    Lsub(Listed),
    /// The user's own, other users', shared.
    Namespace([Vec<(Octets, Delimiter)>; 3]),
    MailboxStatus(MailboxStatus),
    Flags(Flags),
    Search(Vec<Nz>),
    Esearch(Esearch),
    Exists(u32),
    Recent(u32),
    Expunge(Nz),
    Vanished(Vanished),
    Fetch(Fetch),
}

/// A status response, untagged or at the end of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    pub tag: Option<Key>,
    pub condition: Condition,
    pub code: Option<Code>,
    /// Begins with no blank.
    pub text: Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    Ok,
    No,
    Bad,
    Bye,
    PreAuth,
}

impl<'a> Arbitrary<'a> for Status {
    fn arbitrary(bytes: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        use Condition::{Bad, Bye, No, Ok as Okay, PreAuth};
        let tag: Option<Key> = bytes.arbitrary()?;
        let conditions: &[Condition] = match tag {
            Some(_) => &[Okay, No, Bad],
            None => &[Okay, No, Bad, Bye, PreAuth],
        };
        Ok(Self {
            tag,
            condition: *bytes.choose(conditions)?,
            code: bytes.arbitrary()?,
            text: bytes.arbitrary()?,
        })
    }
}

/// A response code.
#[derive(Debug, Clone, PartialEq, Eq, Arbitrary)]
pub enum Code {
    Plain(Plain),
    AppendUid(Nz, Set),
    Capability(Words),
    CopyUid(Nz, Set, Set),
    HighestModSeq(Positive),
    Modified(Set),
    PermanentFlags(Flags),
    UidNext(Nz),
    UidValidity(Nz),
    Unseen(Nz),
    Other(OtherCode),
}

/// Any other code: the words between the brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherCode(pub Vec<u8>);

impl OtherCode {
    /// A name and what stands behind it.
    pub fn new(name: &[u8], value: &[u8]) -> Self {
        let space: &[u8] = if value.is_empty() { b"" } else { b" " };
        Self([name, space, value].concat())
    }
}

impl<'a> Arbitrary<'a> for OtherCode {
    fn arbitrary(bytes: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        let name = [b"X-", Atom::arbitrary(bytes)?.0.as_slice()].concat();
        let value = Atom::arbitrary(bytes)?.0;
        Ok(Self::new(
            &name,
            if bytes.arbitrary()? { &value } else { b"" },
        ))
    }
}

/// A code that is a word and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plain(pub &'static str);

/// The codes of [`Plain`] (RFC 9051 section 7.1 and the extensions).
pub const PLAIN_CODES: [&str; 35] = [
    "ALERT",
    "ALREADYEXISTS",
    "AUTHENTICATIONFAILED",
    "AUTHORIZATIONFAILED",
    "BADCOMPARATOR",
    "CANNOT",
    "CLIENTBUG",
    "CLOSED",
    "COMPRESSIONACTIVE",
    "CONTACTADMIN",
    "CORRUPTION",
    "EXPIRED",
    "EXPUNGEISSUED",
    "HASCHILDREN",
    "INUSE",
    "LIMIT",
    "NOMODSEQ",
    "NONEXISTENT",
    "NOPERM",
    "NOTIFICATIONOVERFLOW",
    "NOTSAVED",
    "OVERQUOTA",
    "PARSE",
    "PRIVACYREQUIRED",
    "READ-ONLY",
    "READ-WRITE",
    "SERVERBUG",
    "TEMPFAIL",
    "TOOBIG",
    "TRYCREATE",
    "UIDNOTSTICKY",
    "UIDREQUIRED",
    "UNAVAILABLE",
    "UNKNOWN-CTE",
    "USEATTR",
];

impl Plain {
    /// The code of that name, in any case.
    pub fn named(name: &[u8]) -> Option<Self> {
        PLAIN_CODES
            .into_iter()
            .find(|known| name.eq_ignore_ascii_case(known.as_bytes()))
            .map(Self)
    }
}

impl Plain {
    /// The code for which a parser has a variant of that name: its own without hyphens.
    pub fn of_variant(name: &str) -> Option<Self> {
        PLAIN_CODES
            .into_iter()
            .find(|known| known.replace('-', "").eq_ignore_ascii_case(name))
            .map(Self)
    }
}

impl<'a> Arbitrary<'a> for Plain {
    fn arbitrary(bytes: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        bytes.choose(&PLAIN_CODES).copied().map(Self)
    }
}

/// Flags as words; the system flags and `\Recent` in the case of RFC 9051.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flags(pub Vec<Vec<u8>>);

/// Flags that are compared without their case, as RFC 9051 writes them.
pub const SYSTEM_FLAGS: [&str; 6] = [
    "\\Answered",
    "\\Deleted",
    "\\Draft",
    "\\Flagged",
    "\\Seen",
    "\\Recent",
];

impl Flags {
    /// Flags in any case.
    pub fn new(words: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let canonical = |word: Vec<u8>| {
            let known = SYSTEM_FLAGS.map(str::as_bytes);
            let known = known
                .into_iter()
                .find(|known| known.eq_ignore_ascii_case(&word));
            known.map_or(word, <[u8]>::to_vec)
        };
        Self(words.into_iter().map(canonical).collect())
    }
}

/// Whether the flag is compared without its case.
pub fn is_system(flag: &[u8]) -> bool {
    SYSTEM_FLAGS.iter().any(|known| known.as_bytes() == flag)
}

impl<'a> Arbitrary<'a> for Flags {
    fn arbitrary(bytes: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        let mut words = Vec::new();
        while more(bytes)? {
            words.push(match bytes.int_in_range(0..=3)? {
                0 => Atom::arbitrary(bytes)?.0,
                1 => [b"\\X-", Atom::arbitrary(bytes)?.0.as_slice()].concat(),
                _ => bytes.choose(&SYSTEM_FLAGS)?.as_bytes().to_vec(),
            });
        }
        Ok(Self(words))
    }
}

/// One name as LIST or LSUB has it.
#[derive(Debug, Clone, PartialEq, Eq, Arbitrary)]
pub struct Listed {
    /// Lower case, each with its backslash.
    pub attributes: Vec<Attribute>,
    pub delimiter: Delimiter,
    pub name: Name,
}

/// A name attribute in lower case, with its backslash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute(pub Vec<u8>);

const ATTRIBUTES: [&str; 6] = [
    "\\noselect",
    "\\noinferiors",
    "\\marked",
    "\\haschildren",
    "\\sent",
    "\\x-own",
];

impl<'a> Arbitrary<'a> for Attribute {
    fn arbitrary(bytes: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        let word = bytes.choose(&ATTRIBUTES)?;
        Ok(Self(word.as_bytes().to_vec()))
    }
}

/// A mailbox's name in wire form; INBOX in upper case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(pub Vec<u8>);

impl Name {
    /// INBOX is the same name in any case (RFC 9051 section 5.1).
    pub fn new(wire: &[u8]) -> Self {
        Self(match wire.eq_ignore_ascii_case(b"INBOX") {
            true => b"INBOX".to_vec(),
            false => wire.to_vec(),
        })
    }
}

impl<'a> Arbitrary<'a> for Name {
    fn arbitrary(bytes: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        Octets::arbitrary(bytes).map(|octets| Self::new(&octets.0))
    }
}

/// STATUS of one mailbox: each item at most once.
#[derive(Debug, Clone, PartialEq, Eq, Arbitrary)]
pub struct MailboxStatus {
    pub mailbox: Name,
    pub messages: Option<u32>,
    pub uid_next: Option<Nz>,
    pub uid_validity: Option<Nz>,
    pub unseen: Option<u32>,
    pub size: Option<u64>,
    /// Zero is none: the mailbox keeps no mod-sequences (RFC 7162 section 3.1.2.2).
    pub highest_mod_seq: Option<Positive>,
}

#[derive(Debug, Clone, PartialEq, Eq, Arbitrary)]
pub struct Esearch {
    pub tag: Option<Octets>,
    pub uid: bool,
    pub min: Option<Nz>,
    pub max: Option<Nz>,
    pub all: Option<Set>,
    pub count: Option<u32>,
    pub mod_seq: Option<Positive>,
}

#[derive(Debug, Clone, PartialEq, Eq, Arbitrary)]
pub struct Vanished {
    pub earlier: bool,
    pub uids: Set,
}

/// Ranges with their ends in order, never none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set(pub Vec<(u32, u32)>);

impl<'a> Arbitrary<'a> for Set {
    fn arbitrary(bytes: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        let mut ranges = Vec::new();
        while ranges.is_empty() || more(bytes)? {
            let first = Nz::arbitrary(bytes)?.0;
            let last = if bytes.arbitrary()? {
                Nz::arbitrary(bytes)?.0
            } else {
                first
            };
            ranges.push((first.min(last), first.max(last)));
        }
        Ok(Self(ranges))
    }
}

/// The items of one FETCH, each at most once but for the sections; never none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    pub seq: Nz,
    pub uid: Option<Nz>,
    pub flags: Option<Flags>,
    pub internal_date: Option<Date>,
    pub size: Option<u32>,
    pub mod_seq: Option<Positive>,
    pub sections: Vec<Section>,
}

impl<'a> Arbitrary<'a> for Fetch {
    fn arbitrary(bytes: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        let seq = bytes.arbitrary()?;
        let flags: Option<Flags> = bytes.arbitrary()?;
        let internal_date: Option<Date> = bytes.arbitrary()?;
        let size: Option<u32> = bytes.arbitrary()?;
        let mod_seq: Option<Positive> = bytes.arbitrary()?;
        let sections: Vec<Section> = bytes.arbitrary()?;
        let some =
            flags.is_some() || internal_date.is_some() || size.is_some() || mod_seq.is_some();
        let some = some || !sections.is_empty();
        Ok(Self {
            seq,
            uid: if some {
                bytes.arbitrary()?
            } else {
                Some(Nz(1))
            },
            flags,
            internal_date,
            size,
            mod_seq,
            sections,
        })
    }
}

/// An instant, and the minutes east of Greenwich that it was written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date {
    pub unix_seconds: i64,
    pub zone_minutes: i16,
}

impl<'a> Arbitrary<'a> for Date {
    fn arbitrary(bytes: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        Ok(Self {
            // From the year 1 to the year 9998.
            unix_seconds: bytes.int_in_range(-62_100_000_000..=253_300_000_000)?,
            zone_minutes: bytes.int_in_range(-720..=840)?,
        })
    }
}

/// A body section with its octets, streamed or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// In upper case, such as `BODY[1.TEXT]<0>`.
    pub item: Vec<u8>,
    pub value: Option<Octets>,
}

const SECTIONS: [&str; 12] = [
    "BODY[]",
    "BODY[]<0>",
    "BODY[TEXT]",
    "BODY[HEADER]",
    "BODY[1.2]",
    "BODY[1.MIME]",
    "BODY[HEADER.FIELDS (DATE X-A)]",
    "BODY[1.HEADER.FIELDS.NOT (TO)]<7>",
    "BINARY[1]",
    "RFC822",
    "RFC822.HEADER",
    "RFC822.TEXT",
];

impl<'a> Arbitrary<'a> for Section {
    fn arbitrary(bytes: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        Ok(Self {
            item: bytes.choose(&SECTIONS)?.as_bytes().to_vec(),
            value: bytes.arbitrary()?,
        })
    }
}
