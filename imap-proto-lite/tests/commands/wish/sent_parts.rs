//! Wishes as commands: those that are made of many parts, lent since they borrow from what is made here.

use imap_proto_lite::command::{
    Append, AppendMessage, BodyForm, Command, EventGroup, FetchCommand, FetchItem, FetchModifier,
    FetchSection, ListCommand, ListReturn, ListSelection, Notify, NotifyEvent, NotifyStatus,
    Octets, Qresync, SectionText, Seen, Select, SelectParameter, StatusItem, Store, StoreAnswer,
    StoreValues, Text, WatchedMailboxes,
};
use imap_proto_lite::{
    FlagSet, InternalDate, Literals, MailboxName, ModSeq, SystemFlag, UidValidity,
};

use super::sent_types::with_messages;
use super::{
    Changed, Counted, Event, Form, Item, Keywords, Known, Line, Message, Modifier, Name, Part,
    Return, Selection, Set, Stored, Watched, Which,
};

pub(super) fn texts(lines: &[Line]) -> Vec<Text<'_>> {
    lines.iter().map(Line::text).collect()
}

pub(super) fn pairs(all: &[(Line, Option<Line>)]) -> Vec<(Text<'_>, Option<Text<'_>>)> {
    let mut pairs = Vec::new();
    for (name, value) in all {
        pairs.push((name.text(), value.as_ref().map(Line::text)));
    }
    pairs
}

pub(super) fn counted(items: &[Counted]) -> Vec<StatusItem> {
    let item = |item: &Counted| match item {
        Counted::Messages => StatusItem::Messages,
        Counted::UidNext => StatusItem::UidNext,
        Counted::HighestModSeq => StatusItem::HighestModSeq,
    };
    items.iter().map(item).collect()
}

pub(super) fn flag_set(Keywords(seen, words): &Keywords) -> FlagSet {
    let mut flags = FlagSet::default();
    if *seen {
        flags.insert(SystemFlag::Seen);
    }
    words.iter().for_each(|word| flags.insert_atom(word.atom()));
    flags
}

/// The date of a message, where it has one.
pub(super) fn date(message: &Message) -> Option<InternalDate> {
    InternalDate::new(i64::from(message.seconds?), -60)
}

pub(super) fn append(name: &Name, all: &[Message], then: impl FnOnce(Command<'_>)) {
    let flags: Vec<FlagSet> = all.iter().map(|one| flag_set(&one.flags)).collect();
    let both = all.iter().zip(&flags);
    let messages = both.map(|(one, flags)| AppendMessage {
        flags,
        internal_date: date(one),
        octets: one.octets,
        literal: one.waits.then_some(Literals::Synchronizing),
        form: match one.form {
            Form::Literal => BodyForm::Literal,
            Form::Literal8 => BodyForm::Literal8,
            Form::Utf8 => BodyForm::Utf8,
        },
    });
    then(Command::Append(Append {
        mailbox: &name.0,
        messages: &messages.collect::<Vec<_>>(),
    }));
}

pub(super) fn fetch(
    which: &Which,
    items: &[Item],
    modifiers: &[Modifier],
    then: impl FnOnce(Command<'_>),
) {
    let modifiers: Vec<FetchModifier> = modifiers.iter().map(|one| one.modifier()).collect();
    with_items(items, |items| {
        with_messages(which, |messages| {
            then(Command::Fetch(FetchCommand {
                messages,
                items,
                modifiers: &modifiers,
            }));
        });
    });
}

/// Lends the items.
pub(super) fn with_items(items: &[Item], then: impl FnOnce(&[FetchItem<'_>])) {
    let names = |item: &'_ Item| match item {
        Item::Section(_, Some(Part::Fields(names) | Part::FieldsNot(names)), ..) => names.clone(),
        _ => Vec::new(),
    };
    let names: Vec<Vec<Line>> = items.iter().map(names).collect();
    let names: Vec<Vec<Text<'_>>> = names.iter().map(|names| texts(names)).collect();
    let mut all = Vec::new();
    for (item, names) in items.iter().zip(&names) {
        all.push(match item {
            Item::Flags => FetchItem::Flags,
            Item::PreviewLazy => FetchItem::PreviewLazy,
            Item::BinarySize(part) => FetchItem::BinarySize(part),
            Item::Binary(part) => FetchItem::Binary {
                part,
                seen: Seen::Peek,
                octets: None,
            },
            Item::Section(part, text, peek, octets) => FetchItem::Section {
                section: FetchSection {
                    part,
                    text: text.as_ref().map(|text| match text {
                        Part::Mime => SectionText::Mime,
                        Part::Fields(_) => SectionText::HeaderFields(names),
                        Part::FieldsNot(_) => SectionText::HeaderFieldsNot(names),
                    }),
                },
                seen: if *peek { Seen::Peek } else { Seen::Set },
                octets: octets.map(|(first, count)| Octets { first, count }),
            },
        });
    }
    then(&all);
}

pub(super) fn list(
    selection: &[Selection],
    reference: &Line,
    patterns: &[Line],
    returns: &[Return],
    then: impl FnOnce(Command<'_>),
) {
    let option = |one: &Selection| match one {
        Selection::Subscribed => ListSelection::Subscribed,
        Selection::SpecialUse => ListSelection::SpecialUse,
    };
    let items = |one: &Return| match one {
        Return::Status(items) => counted(items),
        _ => Vec::new(),
    };
    let items: Vec<Vec<StatusItem>> = returns.iter().map(items).collect();
    let mut entries = Vec::new();
    for one in returns {
        entries.push(match one {
            Return::Metadata(entries) => texts(entries),
            _ => Vec::new(),
        });
    }
    let mut options = Vec::new();
    for (one, (items, entries)) in returns.iter().zip(items.iter().zip(&entries)) {
        options.push(match one {
            Return::Children => ListReturn::Children,
            Return::Status(_) => ListReturn::Status(items),
            Return::Metadata(_) => ListReturn::Metadata(entries),
        });
    }
    then(Command::List(ListCommand {
        selection: &selection.iter().map(option).collect::<Vec<_>>(),
        reference: reference.text(),
        patterns: &texts(patterns),
        returns: &options,
    }));
}

pub(super) fn notify(groups: &[(Watched, Vec<Event>)], then: impl FnOnce(Command<'_>)) {
    then_with_groups(groups, &[], &mut Some(then));
}

/// Lends the groups, gathered one by one since each borrows from what only lives in here.
pub(super) fn then_with_groups(
    left: &[(Watched, Vec<Event>)],
    done: &[EventGroup<'_>],
    then: &mut Option<impl FnOnce(Command<'_>)>,
) {
    let Some(((watched, events), left)) = left.split_first() else {
        if let Some(then) = then.take() {
            then(Command::Notify(match done {
                [] => Notify::None,
                groups => Notify::Set {
                    status: NotifyStatus::Omitted,
                    groups,
                },
            }));
        }
        return;
    };
    with_events(events, &[], &mut |events| {
        let names: Vec<MailboxName> = match watched {
            Watched::Selected => Vec::new(),
            Watched::Subtree(all) | Watched::Mailboxes(all) => {
                all.iter().map(|name| name.0.clone()).collect()
            }
        };
        let mailboxes = match watched {
            Watched::Selected => WatchedMailboxes::Selected,
            Watched::Subtree(_) => WatchedMailboxes::Subtree(&names),
            Watched::Mailboxes(_) => WatchedMailboxes::Mailboxes(&names),
        };
        let mut all = done.to_vec();
        all.push(EventGroup { mailboxes, events });
        then_with_groups(left, &all, then);
    });
}

pub(super) fn with_events(
    left: &[Event],
    done: &[NotifyEvent<'_>],
    then: &mut dyn FnMut(&[NotifyEvent<'_>]),
) {
    let Some((first, left)) = left.split_first() else {
        return then(done);
    };
    let mut go_on = |event: NotifyEvent<'_>| {
        let mut all = done.to_vec();
        all.push(event);
        with_events(left, &all, then);
    };
    match first {
        Event::Expunge => go_on(NotifyEvent::MessageExpunge),
        Event::New(items) => with_items(items, |items| go_on(NotifyEvent::MessageNew(items))),
    }
}

pub(super) fn select(name: &Name, known: Option<&Known>, then: impl FnOnce(Command<'_>)) {
    let mailbox = &name.0;
    let Some(Known(validity, mod_seq, uids, matching)) = known else {
        return then(Command::select(mailbox));
    };
    let uids = uids.as_ref().map(Set::uids);
    let matching = matching.as_ref();
    let matching = matching.map(|(one, other)| (one.sequence(), other.uids()));
    let qresync = Qresync {
        uid_validity: UidValidity::new(validity.get()).expect("above zero"),
        mod_seq: ModSeq(*mod_seq),
        known_uids: uids.as_ref(),
        seq_match: matching.as_ref().map(|(one, other)| (one, other)),
    };
    then(Command::Select(Select {
        mailbox,
        parameter: Some(SelectParameter::Qresync(qresync)),
    }));
}

pub(super) fn store(
    which: &Which,
    unchanged_since: Option<ModSeq>,
    change: Changed,
    stored: &Stored,
    then: impl FnOnce(Command<'_>),
) {
    let (flags, labels) = match stored {
        Stored::Flags(flags) | Stored::SilentFlags(flags) => (flag_set(flags), Vec::new()),
        Stored::Labels(labels) => (FlagSet::default(), texts(labels)),
    };
    with_messages(which, |messages| {
        then(Command::Store(Store {
            messages,
            unchanged_since,
            change: change.change(),
            values: match stored {
                Stored::Labels(_) => StoreValues::GmailLabels(&labels),
                _ => StoreValues::Flags(&flags),
            },
            answer: match stored {
                Stored::SilentFlags(_) => StoreAnswer::Silent,
                _ => StoreAnswer::Fetch,
            },
        }));
    });
}
