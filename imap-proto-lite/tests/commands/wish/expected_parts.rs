//! What a server must read of the parts of commands: items, options, groups.

use std::num::NonZeroU32;

use super::sent_parts::date;
use super::want::{Want, list, mailbox, plain, string, text};
use super::{
    Changed, Counted, Depth, Event, Form, Found, Item, Keywords, Line, Message, Modifier, Name,
    Part, Return, Sasl, Selection, Stored, Watched,
};

pub(super) fn message(message: &Message) -> Vec<Want> {
    let mut words = vec![keywords(&message.flags)];
    if message.seconds.is_some() {
        let date = date(message).expect("of this epoch");
        words.push(Want::String(date.to_string().into_bytes()));
    }
    match message.form {
        Form::Literal => words.push(Want::Body(message.octets)),
        Form::Literal8 => words.push(Want::Body8(message.octets)),
        Form::Utf8 => words.extend([plain("UTF8"), list(vec![Want::Body8(message.octets)])]),
    }
    words
}

pub(super) fn keywords(Keywords(seen, words): &Keywords) -> Want {
    let seen = seen.then(|| "\\Seen".to_owned());
    Want::Flags(
        words
            .iter()
            .map(|word| word.0.clone())
            .chain(seen)
            .collect(),
    )
}

pub(super) fn response(sasl: &Sasl) -> Vec<Want> {
    match sasl {
        Sasl::Initial(coded) if coded.0.is_empty() => vec![plain("=")],
        Sasl::Initial(coded) => vec![plain(&coded.0)],
        Sasl::After(coded) if coded.0.is_empty() => vec![Want::NextLine],
        Sasl::After(coded) => vec![Want::NextLine, plain(&coded.0)],
        Sasl::Challenged => Vec::new(),
    }
}

pub(super) fn item(item: &Item) -> Vec<Want> {
    let numbers = |part: &[NonZeroU32]| {
        let numbers: Vec<String> = part.iter().map(ToString::to_string).collect();
        numbers.join(".")
    };
    match item {
        Item::Flags => vec![plain("FLAGS")],
        Item::PreviewLazy => vec![plain("PREVIEW"), list(vec![plain("LAZY")])],
        Item::Binary(part) => vec![plain(format!("BINARY.PEEK[{}]", numbers(part)))],
        Item::BinarySize(part) => vec![plain(format!("BINARY.SIZE[{}]", numbers(part)))],
        Item::Section(part, text, peek, octets) => {
            let dot = if part.is_empty() || text.is_none() {
                ""
            } else {
                "."
            };
            let head = if *peek { "BODY.PEEK" } else { "BODY" };
            let head = format!("{head}[{}{dot}", numbers(part));
            let tail = octets.map(|(first, count)| format!("<{first}.{count}>"));
            let tail = tail.unwrap_or_default();
            section(&head, text.as_ref(), &tail)
        }
    }
}

pub(super) fn section(head: &str, part: Option<&Part>, tail: &str) -> Vec<Want> {
    let (word, names) = match part {
        None => return vec![plain(format!("{head}]{tail}"))],
        Some(Part::Mime) => return vec![plain(format!("{head}MIME]{tail}"))],
        Some(Part::Fields(names)) => ("HEADER.FIELDS", names),
        Some(Part::FieldsNot(names)) => ("HEADER.FIELDS.NOT", names),
    };
    vec![
        plain(format!("{head}{word}")),
        list(names.iter().map(text).collect()),
        plain(format!("]{tail}")),
    ]
}

pub(super) fn modifier(modifier: &Modifier) -> Vec<Want> {
    match modifier {
        Modifier::ChangedSince(since) => vec![plain("CHANGEDSINCE"), plain(since)],
        Modifier::Vanished(since) => {
            vec![plain("CHANGEDSINCE"), plain(since), plain("VANISHED")]
        }
        Modifier::Partial(first, last) => {
            vec![plain("PARTIAL"), plain(format!("-{first}:-{last}"))]
        }
    }
}

pub(super) fn found(found: &Found) -> Vec<Want> {
    match found {
        Found::Min => vec![plain("MIN")],
        Found::Save => vec![plain("SAVE")],
        Found::Partial(first, last) => vec![plain("PARTIAL"), plain(format!("{first}:{last}"))],
    }
}

pub(super) fn metadata_options(size: Option<u32>, depth: Depth) -> Option<Want> {
    let mut words = Vec::new();
    if let Some(size) = size {
        words.extend([plain("MAXSIZE"), plain(size)]);
    }
    match depth {
        Depth::Zero => {}
        Depth::One => words.extend([plain("DEPTH"), plain(1)]),
        Depth::Infinity => words.extend([plain("DEPTH"), plain("infinity")]),
    }
    (!words.is_empty()).then(|| list(words))
}

pub(super) fn expected_list(
    selection: &[Selection],
    reference: &Line,
    patterns: &[Line],
    returns: &[Return],
) -> Vec<Want> {
    let mut words = vec![plain("LIST")];
    if !selection.is_empty() {
        let all = selection.iter().map(|one| match one {
            Selection::Subscribed => plain("SUBSCRIBED"),
            Selection::SpecialUse => plain("SPECIAL-USE"),
        });
        words.push(list(all.collect()));
    }
    words.push(string(reference));
    words.push(match patterns {
        [pattern] => string(pattern),
        patterns => list(patterns.iter().map(string).collect()),
    });
    if !returns.is_empty() {
        let all = returns.iter().flat_map(|one| match one {
            Return::Children => vec![plain("CHILDREN")],
            Return::Status(items) => vec![plain("STATUS"), status_items(items)],
            Return::Metadata(entries) => {
                vec![plain("METADATA"), list(entries.iter().map(text).collect())]
            }
        });
        words.extend([plain("RETURN"), list(all.collect())]);
    }
    words
}

pub(super) fn status_items(items: &[Counted]) -> Want {
    let word = |item: &Counted| plain(format!("{item:?}").to_uppercase());
    list(items.iter().map(word).collect())
}

pub(super) fn group(watched: &Watched, events: &[Event]) -> Want {
    let names = |names: &[Name]| list(names.iter().map(mailbox).collect());
    let mut words = match watched {
        Watched::Selected => vec![plain("SELECTED")],
        Watched::Subtree(all) => vec![plain("SUBTREE"), names(all)],
        Watched::Mailboxes(all) => vec![plain("MAILBOXES"), names(all)],
    };
    let event = |event: &Event| match event {
        Event::Expunge => vec![plain("MessageExpunge")],
        Event::New(items) if items.is_empty() => vec![plain("MessageNew")],
        Event::New(items) => {
            let items = items.iter().flat_map(item).collect();
            vec![plain("MessageNew"), list(items)]
        }
    };
    words.push(match events {
        [] => plain("NONE"),
        events => list(events.iter().flat_map(event).collect()),
    });
    list(words)
}

pub(super) fn sign(change: Changed) -> &'static str {
    match change {
        Changed::Replace => "",
        Changed::Add => "+",
        Changed::Remove => "-",
    }
}

pub(super) fn expected_stored(change: Changed, stored: &Stored) -> [Want; 2] {
    let sign = sign(change);
    match stored {
        Stored::Flags(flags) => [plain(format!("{sign}FLAGS")), keywords(flags)],
        Stored::SilentFlags(flags) => [plain(format!("{sign}FLAGS.SILENT")), keywords(flags)],
        Stored::Labels(labels) => {
            let labels = list(labels.iter().map(text).collect());
            [plain(format!("{sign}X-GM-LABELS")), labels]
        }
    }
}
