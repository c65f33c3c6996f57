//! Reads every part of a response that the grammar leaves to be read lazily.

use std::hint::black_box;

use imap_proto_lite::{
    BodyValue, Code, DateField, Fetch, Flags, InternalDate, Response, SequenceSet, StatusResponse,
    Untagged, Vanished,
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
        Untagged::List(list) | Untagged::Lsub(list) => {
            black_box((list.attributes().count(), list.selectable()));
        }
        Untagged::Flags(flags) => walk_flags(*flags),
        Untagged::Search(numbers) => drop(black_box(numbers.iter().sum::<u32>())),
        Untagged::Esearch(found) => found.all.into_iter().for_each(walk_set),
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
        Code::AppendUid { uids, .. } => walk_set(uids),
        Code::CopyUid { from, to, .. } => {
            walk_set(from);
            walk_set(to);
        }
        _ => {}
    }
}

fn walk_fetch(fetch: &Fetch<'_>) {
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
