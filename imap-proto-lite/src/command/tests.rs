//! Commands as they go out: a table of each command with its exact bytes, most of them of an RFC.

mod accounts;
mod literals;
mod mailboxes;
mod messages;
mod searches;

use super::*;
use crate::ids::{ModSeq, SeqNumber, Uid, UidValidity};
use crate::uid_set::{SeqSet, UidSet};

/// Segments as one text, `<+>` for a pause and `<n>` for a body.
fn shown(command: &Command<'_>, literals: Literals) -> String {
    let show = |segment: Segment| match segment {
        Segment::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Segment::AwaitContinuation => "<+>".to_owned(),
        Segment::Body(octets) => format!("<{octets}>"),
    };
    let tag = Tag::new("a1").expect("a tag");
    let segments = command.encode(tag, literals);
    segments.into_iter().map(show).collect()
}

/// Checks a table of commands and their lines, without tag and CRLF.
fn check(table: &[(Command<'_>, &str)]) {
    for (command, line) in table {
        let wire = shown(command, Literals::Synchronizing);
        assert_eq!(wire, format!("a1 {line}\r\n"));
        assert!(line.starts_with(command.name()), "{line}");
    }
}

fn text(text: &str) -> Text<'_> {
    Text::new(text).expect("no NUL")
}

fn atom(text: &str) -> Atom<'_> {
    Atom::new(text).expect("an atom")
}

fn name(wire: &str) -> MailboxName {
    MailboxName::from_wire(wire.as_bytes()).expect("fit to be sent")
}

fn uid(number: u32) -> Uid {
    Uid::new(number).expect("above zero")
}

fn seq(number: u32) -> SeqNumber {
    SeqNumber::new(number).expect("above zero")
}

fn uids<const COUNT: usize>(numbers: [u32; COUNT]) -> UidSet {
    UidSet::collect(numbers.map(uid)).expect("some")
}

fn seqs<const COUNT: usize>(numbers: [u32; COUNT]) -> SeqSet {
    SeqSet::collect(numbers.map(seq)).expect("some")
}
