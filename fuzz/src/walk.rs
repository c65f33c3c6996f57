//! Reads every part of a response that the grammar leaves to be read lazily.

use std::hint::black_box;

use imap_proto_lite::{
    BodyStructure, BodyValue, Code, DateField, Envelope, Fetch, Flags, InternalDate, Item, List,
    Part, QuirkSet, Raw, Response, SequenceSet, StatusResponse, ThreadStep, Threads, Untagged,
    Vanished,
};

/// Reads all of it; what it gives back does not matter, that it ends and does not panic does.
pub fn walk(response: &Response<'_>) {
    match response {
        Response::Tagged { status, .. } => walk_status(status),
        Response::Untagged(untagged) => walk_untagged(untagged),
        Response::Continuation { .. } | Response::Stray(_) => {}
    }
}

fn walk_untagged(untagged: &Untagged<'_>) {
    match untagged {
        Untagged::Status(status) => walk_status(status),
        Untagged::Capability(names) | Untagged::Enabled(names) => {
            black_box((names.iter().count(), names.has("IDLE")));
        }
        Untagged::Id(identity) => drop(black_box(identity.fields().collect::<Vec<_>>())),
        Untagged::List(list) | Untagged::Lsub(list) => walk_list(list),
        Untagged::Flags(flags) => walk_flags(*flags),
        Untagged::Search(numbers) | Untagged::Sort(numbers) => {
            black_box(numbers.iter().fold(0, u32::wrapping_add));
        }
        Untagged::Esearch(found) => {
            found.all.into_iter().for_each(walk_set);
            let window = found.partial.and_then(|partial| partial.matches);
            window.into_iter().for_each(walk_set);
            found.updates.iter().for_each(|one| walk_set(one.matches));
        }
        Untagged::Thread(threads) => walk_threads(*threads),
        Untagged::Language(tags) => drop(black_box(tags.iter().count())),
        Untagged::Comparator(one) => drop(black_box(one.matching.iter().count())),
        Untagged::Vanished(Vanished::Earlier(set) | Vanished::Now(set)) => walk_set(*set),
        Untagged::Fetch(fetch) => walk_fetch(fetch),
        _ => {}
    }
}

fn walk_status(status: &StatusResponse<'_>) {
    let Some(code) = status.code else { return };
    if let Some(detached) = code.detached() {
        assert_eq!(detached, code);
    }
    match code {
        Code::PermanentFlags(flags) => walk_flags(flags),
        Code::Capability(names) => drop(black_box(names.iter().count())),
        Code::AppendUid { uids, .. } | Code::Modified(uids) => walk_set(uids),
        Code::CopyUid { from, to, .. } => {
            walk_set(from);
            walk_set(to);
        }
        _ => {}
    }
}

fn walk_list(list: &List<'_>) {
    let known = list.known_attributes().count();
    assert!(known <= list.attributes().count());
    black_box((list.selectable(), list.special_use(), list.old_name()));
    black_box(list.child_info().iter().count());
}

/// Each thread that begins ends.
fn walk_threads(threads: Threads<'_>) {
    let mut depth = 0_usize;
    for step in threads.iter() {
        match step {
            ThreadStep::Open => depth += 1,
            ThreadStep::Message(number) => assert!(depth > 0 && number > 0),
            ThreadStep::Close => depth -= 1,
        }
    }
    assert_eq!(depth, 0);
}

/// What strict grammar reads, lenient grammar reads as the same value and meets no quirk.
fn walk_envelope(raw: Raw<'_>) {
    let lenient = Envelope::parse_with(raw, QuirkSet::LENIENT);
    if let Ok((envelope, _)) = &lenient {
        let lists = [
            envelope.from,
            envelope.sender,
            envelope.reply_to,
            envelope.to,
            envelope.cc,
            envelope.bcc,
        ];
        for list in lists {
            assert_eq!(list.is_empty(), list.iter().count() == 0);
        }
    }
    if let Ok(strict) = Envelope::parse_with(raw, QuirkSet::STRICT) {
        assert_eq!(lenient, Ok(strict));
    }
}

fn walk_body_structure(raw: Raw<'_>) {
    let lenient = BodyStructure::parse_with(raw, QuirkSet::LENIENT);
    if let Ok((structure, _)) = &lenient {
        for (index, part) in structure.parts().iter().enumerate() {
            assert_eq!(part.parent.is_none(), index == 0);
            assert!(part.parent.is_none_or(|parent| parent < index));
            assert!(structure.section(index).len() <= part.depth + 1);
            walk_part(part);
        }
    }
    if let Ok(strict) = BodyStructure::parse_with(raw, QuirkSet::STRICT) {
        assert_eq!(lenient, Ok(strict));
    }
}

fn walk_part(part: &Part<'_>) {
    black_box((part.parameters.iter().count(), part.language.iter().count()));
    if let Some(disposition) = &part.disposition {
        black_box(disposition.parameters.get("filename"));
    }
    part.envelope.into_iter().for_each(walk_envelope);
}

fn walk_item(item: &Item<'_>) {
    match item {
        Item::GmailLabels(labels) => drop(black_box(labels.iter().count())),
        Item::EmailId(id) | Item::ThreadId(Some(id)) => assert!((1..=255).contains(&id.len())),
        Item::Other { name, value } => {
            assert!(!name.is_empty() && !value.as_bytes().is_empty());
        }
        _ => {}
    }
}

fn walk_fetch(fetch: &Fetch<'_>) {
    fetch.envelope.into_iter().for_each(walk_envelope);
    fetch
        .body_structure
        .into_iter()
        .for_each(walk_body_structure);
    fetch.items.iter().for_each(walk_item);
    fetch.flags.into_iter().for_each(walk_flags);
    if let Some(DateField::Valid(date)) = fetch.internal_date {
        let written = date.to_string();
        assert_eq!(
            InternalDate::parse(written.as_bytes()),
            Some(date),
            "{written}"
        );
    }
}

fn walk_flags(flags: Flags<'_>) {
    let (all, wildcard) = (flags.iter().count(), flags.allows_new_keywords());
    assert!(all > 0 || !wildcard);
}

fn walk_set(set: SequenceSet<'_>) {
    let mut numbers = 0;
    for (first, last) in set.ranges() {
        assert!(0 < first && first <= last);
        numbers += u64::from(last - first) + 1;
    }
    assert!(numbers > 0, "an empty set");
    assert_eq!(set.count(), numbers);
}

/// The octets of each body that the grammar takes as streamed past the frame.
pub fn streamed(response: &Response<'_>) -> Vec<u64> {
    let Response::Untagged(Untagged::Fetch(fetch)) = response else {
        return Vec::new();
    };
    let octets = |value: &BodyValue<'_>| match value {
        BodyValue::Streamed(octets) => Some(*octets),
        _ => None,
    };
    fetch
        .sections
        .iter()
        .filter_map(|section| octets(&section.value))
        .collect()
}
