//! Commands that concern messages of the selected mailbox.

use core::num::NonZeroU32;

use super::*;
use crate::flag::{FlagSet, SystemFlag};

#[test]
fn messages_have_many_names() {
    let (some, numbers) = (uids([3, 4, 9]), seqs([2, 4, 5]));
    let fetch = |messages| Command::fetch(messages, &[FetchItem::Uid]);
    let (first, last) = (seq(5), seq(5));
    check(&[
        (fetch(Messages::Uids(&some)), "UID FETCH 3:4,9 (UID)"),
        (fetch(Messages::UidsFrom(uid(7))), "UID FETCH 7:* (UID)"),
        (fetch(Messages::SavedUids), "UID FETCH $ (UID)"),
        (fetch(Messages::Sequence(&numbers)), "FETCH 2,4:5 (UID)"),
        (
            fetch(Messages::SequenceRange { first, last }),
            "FETCH 5:5 (UID)",
        ),
        (fetch(Messages::SequenceFrom(seq(1))), "FETCH 1:* (UID)"),
        (fetch(Messages::Saved), "FETCH $ (UID)"),
        (Command::UidExpunge(&some), "UID EXPUNGE 3:4,9"),
    ]);
}

#[test]
fn items_are_words() {
    let number = |value| NonZeroU32::new(value).expect("above zero");
    let part = [number(4), number(2)];
    let octets = Some(Octets {
        first: 10,
        count: number(1024),
    });
    let names = [text("DATE"), text("X Y"), text("NIL")];
    let section = |text, seen, octets| FetchItem::Section {
        section: FetchSection { part: &part, text },
        seen,
        octets,
    };
    let one = |item| [item];
    let table: Vec<([FetchItem<'_>; 1], &str)> = vec![
        (one(FetchItem::BODY), "BODY.PEEK[]"),
        (one(FetchItem::HEADER), "BODY.PEEK[HEADER]"),
        (
            one(FetchItem::MESSAGE_ID),
            "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]",
        ),
        (one(section(None, Seen::Set, octets)), "BODY[4.2]<10.1024>"),
        (
            one(section(Some(SectionText::Mime), Seen::Peek, None)),
            "BODY.PEEK[4.2.MIME]",
        ),
        (
            one(section(Some(SectionText::Text), Seen::Set, None)),
            "BODY[4.2.TEXT]",
        ),
        (
            one(section(
                Some(SectionText::HeaderFieldsNot(&names)),
                Seen::Set,
                octets,
            )),
            "BODY[4.2.HEADER.FIELDS.NOT (DATE \"X Y\" \"NIL\")]<10.1024>",
        ),
        (
            one(FetchItem::Binary {
                part: &part,
                seen: Seen::Peek,
                octets,
            }),
            "BINARY.PEEK[4.2]<10.1024>",
        ),
        (
            one(FetchItem::Binary {
                part: &[],
                seen: Seen::Set,
                octets: None,
            }),
            "BINARY[]",
        ),
        (one(FetchItem::BinarySize(&part[..1])), "BINARY.SIZE[4]"),
    ];
    for (items, word) in &table {
        let fetch = Command::fetch(Messages::Saved, items);
        check(&[(fetch, &format!("FETCH $ ({word})"))]);
    }
}

#[test]
fn items_of_one_word() {
    let items = [
        FetchItem::Flags,
        FetchItem::InternalDate,
        FetchItem::Size,
        FetchItem::Envelope,
        FetchItem::BodyStructure,
        FetchItem::BodyStructureBasic,
        FetchItem::Rfc822,
        FetchItem::Rfc822Header,
        FetchItem::Rfc822Text,
        FetchItem::ModSeq,
        FetchItem::EmailId,
        FetchItem::ThreadId,
        FetchItem::SaveDate,
        FetchItem::Preview,
        FetchItem::PreviewLazy,
        FetchItem::GmailMessageId,
        FetchItem::GmailThreadId,
        FetchItem::GmailLabels,
    ];
    let words = "FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE BODY RFC822 RFC822.HEADER \
                 RFC822.TEXT MODSEQ EMAILID THREADID SAVEDATE PREVIEW PREVIEW (LAZY) X-GM-MSGID \
                 X-GM-THRID X-GM-LABELS";
    let fetch = Command::fetch(Messages::Saved, &items);
    check(&[(fetch, &format!("FETCH $ ({words})"))]);
}

#[test]
fn only_what_changed() {
    let all = uids([1, 2]);
    let number = |value| NonZeroU32::new(value).expect("above zero");
    let (first, last) = (number(1), number(500));
    let fetch = |modifiers| {
        Command::Fetch(FetchCommand {
            messages: Messages::Uids(&all),
            items: &[FetchItem::Flags],
            modifiers,
        })
    };
    check(&[
        (
            fetch(&[FetchModifier::ChangedSince(ModSeq(12345))]),
            "UID FETCH 1:2 (FLAGS) (CHANGEDSINCE 12345)",
        ),
        (
            fetch(&[FetchModifier::ChangedSinceVanished(ModSeq(12345))]),
            "UID FETCH 1:2 (FLAGS) (CHANGEDSINCE 12345 VANISHED)",
        ),
        (
            fetch(&[
                FetchModifier::ChangedSince(ModSeq(1)),
                FetchModifier::Partial(PartialRange::FromLast { first, last }),
            ]),
            "UID FETCH 1:2 (FLAGS) (CHANGEDSINCE 1 PARTIAL -1:-500)",
        ),
    ]);
}

#[test]
fn flags_change() {
    let (numbers, meeting) = (seqs([2, 3, 4]), name("MEETING"));
    let mut flags = FlagSet::default();
    flags.insert(SystemFlag::Deleted);
    flags.insert_atom(atom("b"));
    flags.insert_atom(atom("$a"));
    flags.insert_atom(atom("b"));
    let store = Store {
        messages: Messages::Sequence(&numbers),
        unchanged_since: None,
        change: Change::Add,
        values: StoreValues::Flags(&flags),
        answer: StoreAnswer::Fetch,
    };
    let silent = Store {
        messages: Messages::UidsFrom(uid(1)),
        unchanged_since: Some(ModSeq(0)),
        change: Change::Remove,
        answer: StoreAnswer::Silent,
        ..store
    };
    let none = FlagSet::default();
    let replaced = Store {
        change: Change::Replace,
        values: StoreValues::Flags(&none),
        ..store
    };
    let labels = Store {
        values: StoreValues::GmailLabels(&[text("\\Inbox"), text("foo")]),
        ..store
    };
    check(&[
        (Command::Store(store), "STORE 2:4 +FLAGS (\\Deleted $a b)"),
        (
            Command::Store(silent),
            "UID STORE 1:* (UNCHANGEDSINCE 0) -FLAGS.SILENT (\\Deleted $a b)",
        ),
        (Command::Store(replaced), "STORE 2:4 FLAGS ()"),
        (
            Command::Store(labels),
            "STORE 2:4 +X-GM-LABELS (\"\\\\Inbox\" foo)",
        ),
        (
            Command::Copy(Messages::Sequence(&numbers), &meeting),
            "COPY 2:4 \"MEETING\"",
        ),
        (
            Command::Move(Messages::SavedUids, &meeting),
            "UID MOVE $ \"MEETING\"",
        ),
    ]);
}
