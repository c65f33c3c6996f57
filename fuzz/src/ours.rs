//! What a response says in the reading of `imap-proto-lite`.

use imap_proto_lite::{
    BodyValue, Code as OurCode, Condition as OurCondition, DateField, Esearch as OurEsearch,
    Fetch as OurFetch, Flag, Flags as OurFlags, List, MailboxStatus as OurStatus, Namespace,
    QuirkSet, Response, SequenceSet, StatusResponse, Untagged, Vanished as OurVanished,
};

use crate::framing::{Body, Frame};
use crate::model::{
    Attribute, Code, Condition, Date, Esearch, Fetch, Flags, Listed, MailboxStatus, Name,
    OtherCode, Plain, Said, Section, Set, Status, Vanished,
};
use crate::words::{Delimiter, Key, Nz, Octets, Positive, Text, Words};

/// How a frame was read.
#[derive(Debug, PartialEq, Eq)]
pub enum Reading {
    /// It is no response.
    Refused,
    /// It is one, of which the model knows nothing: an unknown response, a date that is none.
    Unknown,
    Said(Box<Said>),
}

/// Reads a frame, with the bodies that were streamed past it, by the grammar alone.
pub fn read(frame: &Frame) -> Reading {
    match Response::parse_with(&frame.bytes, QuirkSet::STRICT) {
        Err(_) => Reading::Refused,
        Ok((response, _)) => match said(&response, &frame.bodies) {
            Some(said) => Reading::Said(Box::new(said)),
            None => Reading::Unknown,
        },
    }
}

/// What the response says, where the model has it.
pub fn said(response: &Response<'_>, bodies: &[Body]) -> Option<Said> {
    Some(match response {
        Response::Continuation { text } => Said::Continuation(Text::new(text)),
        Response::Tagged { tag, status } => Said::Status(status_of(Some(tag), status)?),
        Response::Untagged(untagged) => return untagged_said(untagged, bodies),
        _ => return None,
    })
}

fn untagged_said(untagged: &Untagged<'_>, bodies: &[Body]) -> Option<Said> {
    Some(match untagged {
        Untagged::Status(status) => Said::Status(status_of(None, status)?),
        Untagged::Capability(names) => Said::Capability(words(names.iter())),
        Untagged::Enabled(names) => Said::Enabled(words(names.iter())),
        Untagged::Id(identity) => Said::Id(
            identity
                .fields()
                .map(|(name, value)| (octets(name), value.map(octets)))
                .collect(),
        ),
        Untagged::List(list) => Said::List(listed(list)),
        Untagged::Lsub(list) => Said::Lsub(listed(list)),
        Untagged::Namespace(all) => Said::Namespace([
            all.personal.iter().map(namespace).collect(),
            all.other_users.iter().map(namespace).collect(),
            all.shared.iter().map(namespace).collect(),
        ]),
        Untagged::MailboxStatus(status) => Said::MailboxStatus(mailbox_status(status)),
        Untagged::Flags(list) => Said::Flags(flags(*list)),
        Untagged::Search(numbers) => Said::Search(numbers.iter().map(Nz).collect()),
        Untagged::Esearch(found) => Said::Esearch(esearch(found)),
        Untagged::Exists(number) => Said::Exists(*number),
        Untagged::Recent(number) => Said::Recent(*number),
        Untagged::Expunge(number) => Said::Expunge(Nz(*number)),
        Untagged::Vanished(vanished) => Said::Vanished(match vanished {
            OurVanished::Earlier(uids) => Vanished {
                earlier: true,
                uids: set(*uids),
            },
            OurVanished::Now(uids) => Vanished {
                earlier: false,
                uids: set(*uids),
            },
        }),
        Untagged::Fetch(items) => Said::Fetch(fetch(items, bodies)?),
        _ => return None,
    })
}

fn status_of(tag: Option<&[u8]>, status: &StatusResponse<'_>) -> Option<Status> {
    Some(Status {
        tag: tag.map(|tag| Key(tag.to_vec())),
        condition: match status.condition {
            OurCondition::Ok => Condition::Ok,
            OurCondition::No => Condition::No,
            OurCondition::Bad => Condition::Bad,
            OurCondition::Bye => Condition::Bye,
            OurCondition::PreAuth => Condition::PreAuth,
        },
        code: match status.code {
            Some(found) => Some(code(found)?),
            None => None,
        },
        text: Text::new(status.text),
    })
}

/// `None` for a code that the model does not have.
fn code(code: OurCode<'_>) -> Option<Code> {
    Some(match code {
        OurCode::AppendUid { uid_validity, uids } => {
            Code::AppendUid(Nz(uid_validity.into()), set(uids))
        }
        OurCode::Capability(names) => Code::Capability(words(names.iter())),
        OurCode::CopyUid {
            uid_validity,
            from,
            to,
        } => Code::CopyUid(Nz(uid_validity.into()), set(from), set(to)),
        OurCode::HighestModSeq(number) => Code::HighestModSeq(Positive(number.0)),
        OurCode::PermanentFlags(list) => Code::PermanentFlags(flags(list)),
        OurCode::UidNext(uid) => Code::UidNext(Nz(uid.into())),
        OurCode::UidValidity(number) => Code::UidValidity(Nz(number.into())),
        OurCode::Unseen(number) => Code::Unseen(Nz(number)),
        OurCode::Other { name, value } => Code::Other(OtherCode::new(name, value)),
        OurCode::Modified(messages) => Code::Modified(set(messages)),
        word => Code::Plain(Plain::of_variant(&format!("{word:?}"))?),
    })
}

fn listed(list: &List<'_>) -> Listed {
    Listed {
        attributes: list
            .attributes()
            .map(|word| Attribute(word.to_ascii_lowercase()))
            .collect(),
        delimiter: Delimiter(list.delimiter),
        name: Name::new(&list.name),
    }
}

fn namespace(one: &Namespace<'_>) -> (Octets, Delimiter) {
    (octets(&one.prefix), Delimiter(one.delimiter))
}

fn mailbox_status(status: &OurStatus<'_>) -> MailboxStatus {
    MailboxStatus {
        mailbox: Name::new(&status.mailbox),
        messages: status.messages,
        uid_next: status.uid_next.map(|uid| Nz(uid.into())),
        uid_validity: status.uid_validity.map(|number| Nz(number.into())),
        unseen: status.unseen,
        size: status.size,
        highest_mod_seq: status.highest_mod_seq.map(|number| Positive(number.0)),
    }
}

fn esearch(found: &OurEsearch<'_>) -> Esearch {
    Esearch {
        tag: found.tag.as_deref().map(octets),
        uid: found.uid,
        min: found.min.map(Nz),
        max: found.max.map(Nz),
        all: found.all.map(set),
        count: found.count,
        mod_seq: found.mod_seq.map(|number| Positive(number.0)),
    }
}

fn fetch(fetch: &OurFetch<'_>, bodies: &[Body]) -> Option<Fetch> {
    let mut bodies = bodies.iter();
    let mut sections = Vec::new();
    for section in &fetch.sections {
        let value = match &section.value {
            BodyValue::Absent => None,
            BodyValue::Inline(text) => Some(octets(text)),
            BodyValue::Streamed(announced) => {
                let body = bodies.next()?;
                assert_eq!(body.announced, *announced, "another body");
                Some(octets(&body.octets))
            }
        };
        sections.push(Section {
            item: section.item.to_ascii_uppercase(),
            value,
        });
    }
    let internal_date = match fetch.internal_date {
        Some(DateField::Valid(date)) => Some(Date {
            unix_seconds: date.unix_seconds(),
            zone_minutes: date.zone_minutes(),
        }),
        Some(DateField::Invalid(_)) => return None,
        None => None,
    };
    Some(Fetch {
        seq: Nz(fetch.seq?.into()),
        uid: fetch.uid.map(|uid| Nz(uid.into())),
        flags: fetch.flags.map(flags),
        internal_date,
        size: fetch
            .size
            .map(|octets| u32::try_from(octets).unwrap_or(u32::MAX)),
        mod_seq: fetch.mod_seq.map(|number| Positive(number.0)),
        sections,
    })
}

fn flags(list: OurFlags<'_>) -> Flags {
    let word = |flag: Flag<'_>| match flag {
        Flag::System(system) => system.as_str().as_bytes().to_vec(),
        Flag::Recent => b"\\Recent".to_vec(),
        Flag::Wildcard => b"\\*".to_vec(),
        Flag::Extension(word) | Flag::Keyword(word) => word.to_vec(),
    };
    Flags(list.iter().map(word).collect())
}

fn words<'a>(names: impl Iterator<Item = &'a str>) -> Words {
    Words(names.map(|name| name.to_ascii_uppercase().into()).collect())
}

fn set(set: SequenceSet<'_>) -> Set {
    Set(set.ranges().collect())
}

fn octets(text: &[u8]) -> Octets {
    Octets(text.to_vec())
}
