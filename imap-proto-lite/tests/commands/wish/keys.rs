//! Search keys: the tree, what is sent of it, and what a server must read.

use std::num::NonZeroU32;

use arbitrary::Arbitrary;
use imap_proto_lite::command::{Day, SearchDate, SearchKey, SearchOrder, SearchText};
use imap_proto_lite::{ModSeq, SystemFlag};

use super::sent_types::with_messages;
use super::want::{Want, list, plain, set, text};
use super::{Line, Set, Which, Word};

#[derive(Debug, Clone, Arbitrary)]
pub enum Key {
    All,
    NotSeen,
    Keyword(Word),
    Header(Line, Line),
    GmailRaw(Line),
    Larger(u64),
    ModSeq(u64),
    Younger(NonZeroU32),
    EmailId(Word),
    Day(u16, u8, u8),
    Uids(Set),
    Not(Box<Self>),
    Fuzzy(Box<Self>),
    Or(Box<Self>, Box<Self>),
    And(Vec<Self>),
}

/// Lends the key, where it is not so deep that this very function needs too much stack.
fn with_key(key: &Key, depth: usize, then: &mut dyn FnMut(SearchKey<'_>)) {
    let Some(deeper) = depth.checked_sub(1) else {
        return;
    };
    match key {
        Key::Not(inner) => with_key(inner, deeper, &mut |inner| then(SearchKey::Not(&inner))),
        Key::Fuzzy(inner) => with_key(inner, deeper, &mut |inner| then(SearchKey::Fuzzy(&inner))),
        Key::Or(one, other) => with_key(one, deeper, &mut |one| {
            with_key(other, deeper, &mut |other| {
                then(SearchKey::Or(&one, &other));
            });
        }),
        Key::And(keys) => with_keys_after(&[], keys, deeper, &mut |keys| {
            then(SearchKey::And(keys));
        }),
        Key::Uids(uids) => with_messages(&Which::Uids(uids.clone()), |messages| {
            then(SearchKey::Messages(messages));
        }),
        simple => then(simple_key(simple)),
    }
}

fn simple_key(key: &Key) -> SearchKey<'_> {
    match key {
        Key::NotSeen => SearchKey::NotFlag(SystemFlag::Seen),
        Key::Keyword(word) => SearchKey::Keyword(word.atom()),
        Key::Header(field, value) => SearchKey::Header {
            field: field.text(),
            value: value.text(),
        },
        Key::GmailRaw(query) => SearchKey::Text(SearchText::GmailRaw, query.text()),
        Key::Larger(octets) => SearchKey::Larger(*octets),
        Key::ModSeq(least) => SearchKey::ModSeq(ModSeq(*least)),
        Key::Younger(seconds) => SearchKey::Younger(*seconds),
        Key::EmailId(id) => SearchKey::EmailId(id.atom()),
        Key::Day(year, month, day) => match Day::new(*year, *month, *day) {
            Some(day) => SearchKey::Date(SearchDate::Saved, SearchOrder::Before, day),
            None => SearchKey::All,
        },
        _ => SearchKey::All,
    }
}

/// Lends the keys; not at all where one of them is too deep.
pub(super) fn with_keys(keys: &[Key], then: &mut dyn FnMut(&[SearchKey<'_>])) {
    with_keys_after(&[], keys, DEPTH, then);
}

fn with_keys_after(
    done: &[SearchKey<'_>],
    left: &[Key],
    depth: usize,
    then: &mut dyn FnMut(&[SearchKey<'_>]),
) {
    let Some((first, left)) = left.split_first() else {
        return then(done);
    };
    let Some(deeper) = depth.checked_sub(1) else {
        return;
    };
    with_key(first, deeper, &mut |key| {
        let mut done = done.to_vec();
        done.push(key);
        with_keys_after(&done, left, deeper, then);
    });
}

/// The words of keys.
pub(super) fn expected(keys: &[Key]) -> Vec<Want> {
    match keys {
        [] => vec![plain("ALL")],
        keys => keys.iter().flat_map(expected_key).collect(),
    }
}

fn expected_key(key: &Key) -> Vec<Want> {
    let before = |word, mut rest: Vec<Want>| {
        rest.insert(0, plain(word));
        rest
    };
    match key {
        Key::All => vec![plain("ALL")],
        Key::NotSeen => vec![plain("UNSEEN")],
        Key::Keyword(word) => vec![plain("KEYWORD"), plain(&word.0)],
        Key::Header(field, value) => vec![plain("HEADER"), text(field), text(value)],
        Key::GmailRaw(query) => vec![plain("X-GM-RAW"), text(query)],
        Key::Larger(octets) => vec![plain("LARGER"), plain(octets)],
        Key::ModSeq(least) => vec![plain("MODSEQ"), plain(least)],
        Key::Younger(seconds) => vec![plain("YOUNGER"), plain(seconds)],
        Key::EmailId(id) => vec![plain("EMAILID"), plain(&id.0)],
        Key::Day(year, month, day) => match Day::new(*year, *month, *day) {
            Some(_) => vec![plain("SAVEDBEFORE"), Want::Day(*year, *month, *day)],
            None => vec![plain("ALL")],
        },
        Key::Uids(uids) => vec![plain("UID"), set(uids)],
        Key::Not(inner) => before("NOT", expected_key(inner)),
        Key::Fuzzy(inner) => before("FUZZY", expected_key(inner)),
        Key::Or(one, other) => {
            let mut both = before("OR", expected_key(one));
            both.extend(expected_key(other));
            both
        }
        Key::And(keys) => vec![list(expected(keys))],
    }
}

/// How deep a tree the borrowing functions above follow.
const DEPTH: usize = 40;
