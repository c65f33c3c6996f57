//! What a response says in the reading of `imap-codec`, brought into the model.

use imap_codec::decode::Decoder;
use imap_codec::imap_types::core::{AString, IString, NString, NString8, QuotedChar};
use imap_codec::imap_types::extensions::namespace::Namespace;
use imap_codec::imap_types::extensions::uidplus::{UidElement, UidSet};
use imap_codec::imap_types::fetch::{MessageDataItem, Part, Section as TheirSection};
use imap_codec::imap_types::flag::{FlagFetch, FlagNameAttribute, FlagPerm};
use imap_codec::imap_types::mailbox::Mailbox;
use imap_codec::imap_types::response::{
    Code as TheirCode, CommandContinuationRequest, Data, GreetingKind, Response,
    Status as TheirStatus, StatusBody, StatusKind,
};
use imap_codec::imap_types::sequence::{SeqOrUid, Sequence, SequenceSet};
use imap_codec::imap_types::status::StatusDataItem;
use imap_codec::{GreetingCodec, ResponseCodec};

use crate::model::{
    Attribute, Code, Condition, Date, Fetch, Flags, Listed, MailboxStatus, Name, OtherCode, Plain,
    Said, Section, Set, Status, Vanished,
};
use crate::ours::Reading;
use crate::words::{Delimiter, Key, Nz, Octets, Positive, Text, Words};

/// Reads one response with its CRLF, as a greeting where it is none else.
pub fn read(wire: &[u8]) -> Reading {
    let said = match ResponseCodec::default().decode(wire) {
        Ok(([], response)) => response_said(response),
        _ => match GreetingCodec::default().decode(wire) {
            Ok(([], greeting)) => code(greeting.code).map(|code| {
                Said::Status(Status {
                    tag: None,
                    condition: match greeting.kind {
                        GreetingKind::Ok => Condition::Ok,
                        GreetingKind::PreAuth => Condition::PreAuth,
                        GreetingKind::Bye => Condition::Bye,
                    },
                    code,
                    text: Text::new(greeting.text.inner().as_bytes()),
                })
            }),
            _ => return Reading::Refused,
        },
    };
    said.map_or(Reading::Unknown, |said| Reading::Said(Box::new(said)))
}

fn response_said(response: Response<'_>) -> Option<Said> {
    match response {
        Response::CommandContinuationRequest(CommandContinuationRequest::Basic(basic)) => basic
            .code()
            .is_none()
            .then(|| Said::Continuation(Text::new(basic.text().inner().as_bytes()))),
        Response::CommandContinuationRequest(_) => None,
        Response::Status(TheirStatus::Untagged(body)) => status(None, body),
        Response::Status(TheirStatus::Tagged(tagged)) => {
            status(Some(Key(tagged.tag.inner().into())), tagged.body)
        }
        Response::Status(TheirStatus::Bye(bye)) => Some(Said::Status(Status {
            tag: None,
            condition: Condition::Bye,
            code: code(bye.code)?,
            text: Text::new(bye.text.inner().as_bytes()),
        })),
        Response::Data(data) => data_said(data),
    }
}

fn status(tag: Option<Key>, body: StatusBody<'_>) -> Option<Said> {
    Some(Said::Status(Status {
        tag,
        condition: match body.kind {
            StatusKind::Ok => Condition::Ok,
            StatusKind::No => Condition::No,
            StatusKind::Bad => Condition::Bad,
        },
        code: code(body.code)?,
        text: Text::new(body.text.inner().as_bytes()),
    }))
}

/// `None` for a code that the model does not have.
fn code(code: Option<TheirCode<'_>>) -> Option<Option<Code>> {
    let Some(code) = code else { return Some(None) };
    Some(Some(match code {
        TheirCode::AppendUid { uid_validity, uid } => {
            Code::AppendUid(Nz(uid_validity.get()), Set(vec![(uid.get(), uid.get())]))
        }
        TheirCode::Capability(names) => Code::Capability(words(names.as_ref())),
        TheirCode::CopyUid {
            uid_validity,
            source,
            destination,
        } => Code::CopyUid(
            Nz(uid_validity.get()),
            uid_set(source),
            uid_set(destination),
        ),
        TheirCode::HighestModSeq(number) => Code::HighestModSeq(Positive(number.get())),
        TheirCode::PermanentFlags(list) => {
            Code::PermanentFlags(Flags::new(list.into_iter().map(|flag| match flag {
                FlagPerm::Flag(flag) => flag.to_string().into(),
                FlagPerm::Asterisk => b"\\*".to_vec(),
            })))
        }
        TheirCode::UidNext(uid) => Code::UidNext(Nz(uid.get())),
        TheirCode::UidValidity(number) => Code::UidValidity(Nz(number.get())),
        TheirCode::Unseen(number) => Code::Unseen(Nz(number.get())),
        TheirCode::Other(other) => other_code(other.inner()),
        TheirCode::BadCharset { .. } => return None,
        TheirCode::Modified(messages) => Code::Modified(sequence_set(&messages)),
        word => Code::Plain(Plain::of_variant(&format!("{word:?}"))?),
    }))
}

fn other_code(raw: &[u8]) -> Code {
    if let Some(plain) = Plain::named(raw.trim_ascii_end()) {
        return Code::Plain(plain);
    }
    let name_end = raw
        .iter()
        .position(|byte| matches!(byte, b' ' | b'('))
        .unwrap_or(raw.len());
    let (name, value) = raw.split_at(name_end);
    Code::Other(OtherCode::new(name, value.trim_ascii()))
}

fn data_said(data: Data<'_>) -> Option<Said> {
    Some(match data {
        Data::Capability(names) => Said::Capability(words(names.as_ref())),
        Data::Enabled { capabilities } => Said::Enabled(words(&capabilities)),
        Data::Id { parameters } => Said::Id(
            parameters
                .unwrap_or_default()
                .into_iter()
                .map(|(name, value)| (string(&name), nstring(value)))
                .collect(),
        ),
        Data::List {
            items,
            delimiter,
            mailbox,
        } => Said::List(listed(&items, delimiter, &mailbox)),
        Data::Lsub {
            items,
            delimiter,
            mailbox,
        } => Said::Lsub(listed(&items, delimiter, &mailbox)),
        Data::Namespace {
            personal,
            other,
            shared,
        } => Said::Namespace(
            [personal, other, shared].map(|all| all.iter().map(namespace).collect()),
        ),
        Data::Status { mailbox, items } => Said::MailboxStatus(mailbox_status(&mailbox, &items)),
        Data::Flags(list) => Said::Flags(Flags::new(
            list.into_iter().map(|flag| flag.to_string().into()),
        )),
        Data::Search(numbers, _) => Said::Search(numbers.iter().map(|n| Nz(n.get())).collect()),
        Data::Exists(number) => Said::Exists(number),
        Data::Recent(number) => Said::Recent(number),
        Data::Expunge(number) => Said::Expunge(Nz(number.get())),
        Data::Vanished {
            earlier,
            known_uids,
        } => Said::Vanished(Vanished {
            earlier,
            uids: sequence_set(&known_uids),
        }),
        Data::Fetch { seq, items } => Said::Fetch(fetch(Nz(seq.get()), items)),
        _ => return None,
    })
}

fn listed(
    items: &[FlagNameAttribute<'_>],
    delimiter: Option<QuotedChar>,
    mailbox: &Mailbox<'_>,
) -> Listed {
    Listed {
        attributes: items
            .iter()
            .map(|one| Attribute(one.to_string().to_ascii_lowercase().into()))
            .collect(),
        delimiter: delimited(delimiter),
        name: name(mailbox),
    }
}

fn namespace(one: &Namespace<'_>) -> (Octets, Delimiter) {
    (string(&one.prefix), delimited(one.delimiter))
}

fn delimited(delimiter: Option<QuotedChar>) -> Delimiter {
    Delimiter(delimiter.and_then(|one| u8::try_from(one.inner()).ok()))
}

fn mailbox_status(mailbox: &Mailbox<'_>, items: &[StatusDataItem]) -> MailboxStatus {
    let mut status = MailboxStatus {
        mailbox: name(mailbox),
        messages: None,
        uid_next: None,
        uid_validity: None,
        unseen: None,
        size: None,
        highest_mod_seq: None,
    };
    for item in items {
        match *item {
            StatusDataItem::Messages(number) => status.messages = Some(number),
            StatusDataItem::UidNext(uid) => status.uid_next = Some(Nz(uid.get())),
            StatusDataItem::UidValidity(number) => status.uid_validity = Some(Nz(number.get())),
            StatusDataItem::Unseen(number) => status.unseen = Some(number),
            StatusDataItem::Size(octets) => status.size = Some(octets),
            StatusDataItem::HighestModSeq(number) => {
                status.highest_mod_seq = (number > 0).then_some(Positive(number));
            }
            _ => {}
        }
    }
    status
}

/// The last of each item counts; ENVELOPE and BODYSTRUCTURE are not in the model.
fn fetch<'a>(seq: Nz, items: impl IntoIterator<Item = MessageDataItem<'a>>) -> Fetch {
    let mut fetch = Fetch {
        seq,
        uid: None,
        flags: None,
        internal_date: None,
        size: None,
        mod_seq: None,
        sections: Vec::new(),
    };
    for item in items {
        match item {
            MessageDataItem::Uid(uid) => fetch.uid = Some(Nz(uid.get())),
            MessageDataItem::Flags(list) => fetch.flags = Some(fetched_flags(list)),
            MessageDataItem::InternalDate(date) => {
                let date = date.as_ref();
                fetch.internal_date = Some(Date {
                    unix_seconds: date.timestamp(),
                    zone_minutes: i16::try_from(date.offset().local_minus_utc() / 60)
                        .unwrap_or(i16::MAX),
                });
            }
            MessageDataItem::Rfc822Size(octets) => fetch.size = Some(octets),
            MessageDataItem::ModSeq(number) => fetch.mod_seq = Some(Positive(number.get())),
            other => fetch.sections.extend(section(other)),
        }
    }
    fetch
}

fn fetched_flags(list: Vec<FlagFetch<'_>>) -> Flags {
    Flags::new(list.into_iter().map(|flag| match flag {
        FlagFetch::Flag(flag) => flag.to_string().into(),
        FlagFetch::Recent => b"\\Recent".to_vec(),
    }))
}

fn section(item: MessageDataItem<'_>) -> Option<Section> {
    let (item, value) = match item {
        MessageDataItem::BodyExt {
            section,
            origin,
            data,
        } => {
            let inside = section.map_or_else(String::new, |one| section_text(&one));
            let origin = origin.map_or_else(String::new, |from| format!("<{from}>"));
            (format!("BODY[{inside}]{origin}"), nstring(data))
        }
        MessageDataItem::Rfc822(data) => ("RFC822".to_owned(), nstring(data)),
        MessageDataItem::Rfc822Header(data) => ("RFC822.HEADER".to_owned(), nstring(data)),
        MessageDataItem::Rfc822Text(data) => ("RFC822.TEXT".to_owned(), nstring(data)),
        MessageDataItem::Binary { section, value } => {
            let parts: Vec<String> = section.iter().map(ToString::to_string).collect();
            let value = match value {
                NString8::NString(text) => nstring(text),
                NString8::Literal8(text) => Some(Octets(text.data.into_owned())),
            };
            (format!("BINARY[{}]", parts.join(".")), value)
        }
        _ => return None,
    };
    Some(Section {
        item: item.to_ascii_uppercase().into(),
        value,
    })
}

fn section_text(section: &TheirSection<'_>) -> String {
    let part = |part: &Option<Part>| {
        part.as_ref()
            .map_or_else(String::new, |one| part_text(one) + ".")
    };
    match section {
        TheirSection::Part(one) => part_text(one),
        TheirSection::Header(one) => part(one) + "HEADER",
        TheirSection::HeaderFields(one, names) => {
            format!("{}HEADER.FIELDS ({})", part(one), fields(names.as_ref()))
        }
        TheirSection::HeaderFieldsNot(one, names) => {
            format!(
                "{}HEADER.FIELDS.NOT ({})",
                part(one),
                fields(names.as_ref())
            )
        }
        TheirSection::Text(one) => part(one) + "TEXT",
        TheirSection::Mime(one) => part_text(one) + ".MIME",
    }
}

fn part_text(part: &Part) -> String {
    let numbers: Vec<String> = part.0.as_ref().iter().map(ToString::to_string).collect();
    numbers.join(".")
}

/// The header names as they were written, quoted or not.
fn fields(names: &[AString<'_>]) -> String {
    let texts: Vec<String> = names
        .iter()
        .map(|name| match name {
            AString::Atom(atom) => atom.inner().to_owned(),
            AString::String(text) => {
                let text = String::from_utf8_lossy(text.as_ref());
                format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
            }
        })
        .collect();
    texts.join(" ")
}

fn sequence_set(set: &SequenceSet) -> Set {
    let number = |end: &SeqOrUid| match end {
        SeqOrUid::Value(value) => value.get(),
        SeqOrUid::Asterisk => u32::MAX,
    };
    let range = |one: &Sequence| match one {
        Sequence::Single(one) => (number(one), number(one)),
        Sequence::Range(first, last) => ordered(number(first), number(last)),
    };
    Set(set.0.as_ref().iter().map(range).collect())
}

fn uid_set(set: UidSet) -> Set {
    let range = |one: &UidElement| match one {
        UidElement::Single(one) => (one.get(), one.get()),
        UidElement::Range(first, last) => ordered(first.get(), last.get()),
    };
    Set(set.0.as_ref().iter().map(range).collect())
}

fn ordered(first: u32, last: u32) -> (u32, u32) {
    (first.min(last), first.max(last))
}

fn name(mailbox: &Mailbox<'_>) -> Name {
    match mailbox {
        Mailbox::Inbox => Name::new(b"INBOX"),
        Mailbox::Other(other) => Name::new(other.as_ref()),
    }
}

fn string(text: &IString<'_>) -> Octets {
    Octets(text.as_ref().to_vec())
}

fn nstring(text: NString<'_>) -> Option<Octets> {
    text.0.as_ref().map(string)
}

fn words(names: &[impl ToString]) -> Words {
    Words(
        names
            .iter()
            .map(|one| one.to_string().to_ascii_uppercase().into())
            .collect(),
    )
}
