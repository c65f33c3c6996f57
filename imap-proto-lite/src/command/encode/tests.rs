//! Commands as they go out.

use super::*;
use crate::command::AppendMessage;
use crate::date::InternalDate;
use crate::flag::{FlagSet, Flags};
use crate::ids::Uid;
use crate::uid_set::UidSet;

/// Segments as one text, `<+>` for a pause and `<n>` for a body.
fn shown(command: &Command<'_>, literals: Literals) -> String {
    let show = |segment: Segment| match segment {
        Segment::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Segment::AwaitContinuation => "<+>".to_owned(),
        Segment::Body(octets) => format!("<{octets}>"),
    };
    command
        .encode("a1", literals)
        .into_iter()
        .map(show)
        .collect()
}

#[test]
fn names_are_quoted_or_literals() {
    for (wire, plus, synchronizing) in [
        (
            &b"INBOX"[..],
            "a1 CREATE \"INBOX\"\r\n",
            "a1 CREATE \"INBOX\"\r\n",
        ),
        (
            b" a\"b\\ {3}",
            "a1 CREATE \" a\\\"b\\\\ {3}\"\r\n",
            "a1 CREATE \" a\\\"b\\\\ {3}\"\r\n",
        ),
        (
            b"\xe9",
            "a1 CREATE {1+}\r\n\u{fffd}\r\n",
            "a1 CREATE {1}\r\n<+>\u{fffd}\r\n",
        ),
        (
            b"a\tb",
            "a1 CREATE {3+}\r\na\tb\r\n",
            "a1 CREATE {3}\r\n<+>a\tb\r\n",
        ),
    ] {
        let name = MailboxName::from_wire(wire).expect("fit to be sent");
        assert_eq!(shown(&Command::Create(&name), Literals::Plus), plus);
        assert_eq!(
            shown(&Command::Create(&name), Literals::Synchronizing),
            synchronizing
        );
    }
    for wire in [&b"a\0"[..], b"a\r\nx CREATE b", b"\n"] {
        assert!(MailboxName::from_wire(wire).is_err());
    }
}

#[test]
fn logins_take_any_password() {
    let login = |password| Command::Login {
        user: "joe",
        password,
    };
    assert_eq!(shown(&login("pw"), Literals::Plus), "a1 LOGIN joe pw\r\n");
    assert_eq!(
        shown(&login("a \"b"), Literals::Plus),
        "a1 LOGIN joe \"a \\\"b\"\r\n"
    );
    assert_eq!(shown(&login(""), Literals::Plus), "a1 LOGIN joe \"\"\r\n");
    assert_eq!(
        shown(&login("nil"), Literals::Plus),
        "a1 LOGIN joe \"nil\"\r\n"
    );
    assert_eq!(
        shown(&login("pä"), Literals::Minus),
        "a1 LOGIN joe {3+}\r\npä\r\n"
    );
    assert_eq!(
        shown(&login("pä"), Literals::Synchronizing),
        "a1 LOGIN joe {3}\r\n<+>pä\r\n"
    );
}

#[test]
fn compress_names_its_mechanism() {
    let line = shown(&Command::Compress, Literals::Plus);
    assert_eq!(line, "a1 COMPRESS DEFLATE\r\n");
}

#[test]
fn appends_wait_as_the_server_wants() {
    let mailbox = MailboxName::inbox();
    let flags = FlagSet::from_flags(Flags(b"\\Seen $A \\Recent"), |_| {});
    let shown = |octets, literals| {
        let message = AppendMessage {
            flags: &flags,
            internal_date: InternalDate::new(0, 60),
            octets,
            literal: None,
        };
        let append = Append {
            mailbox: &mailbox,
            messages: &[message],
        };
        shown(&Command::Append(append), literals)
    };
    let line = "a1 APPEND \"INBOX\" (\\Seen $A) \"01-Jan-1970 01:00:00 +0100\" ";
    assert_eq!(
        shown(5000, Literals::Plus),
        format!("{line}{{5000+}}\r\n<5000>\r\n")
    );
    assert_eq!(
        shown(5000, Literals::Minus),
        format!("{line}{{5000}}\r\n<+><5000>\r\n")
    );
    assert_eq!(
        shown(4096, Literals::Minus),
        format!("{line}{{4096+}}\r\n<4096>\r\n")
    );
    assert_eq!(
        shown(0, Literals::Synchronizing),
        format!("{line}{{0}}\r\n<+><0>\r\n")
    );
}

#[test]
fn many_messages_go_into_one_command() {
    let mailbox = MailboxName::inbox();
    let flags = FlagSet::default();
    let messages = [3, 5000].map(|octets| AppendMessage {
        flags: &flags,
        internal_date: None,
        octets,
        literal: None,
    });
    let append = Command::Append(Append {
        mailbox: &mailbox,
        messages: &messages,
    });
    assert_eq!(
        shown(&append, Literals::Minus),
        "a1 APPEND \"INBOX\" () {3+}\r\n<3> () {5000}\r\n<+><5000>\r\n"
    );
    let [first, second] = messages;
    let waits = AppendMessage {
        literal: Some(Literals::Synchronizing),
        ..first
    };
    let append = Command::Append(Append {
        mailbox: &mailbox,
        messages: &[first, waits, second],
    });
    assert_eq!(
        shown(&append, Literals::Plus),
        "a1 APPEND \"INBOX\" () {3+}\r\n<3> () {3}\r\n<+><3> () {5000+}\r\n<5000>\r\n"
    );
}

#[test]
fn no_argument_carries_a_second_command() {
    let command = Command::AuthenticatePlain {
        response: "AGEA\r\nx DELETE INBOX",
        initial: true,
    };
    let segments = command.encode("a1\r\nb", Literals::Plus);
    let line = b"a1b AUTHENTICATE PLAIN AGEAxDELETEINBOX\r\n";
    assert_eq!(segments, [Segment::Bytes(Bytes::from_static(line))]);
}

#[test]
fn the_other_commands() {
    let mailbox = MailboxName::inbox();
    let uids: UidSet = [3, 4, 9].into_iter().filter_map(Uid::new).collect();
    let items = [FetchItem::Uid, FetchItem::Flags, FetchItem::Body];
    let status = [StatusItem::Messages, StatusItem::UidNext];
    for (command, wire) in [
        (Command::Noop, "a1 NOOP\r\n"),
        (
            Command::UidFetch {
                uids: &uids,
                items: &items,
            },
            "a1 UID FETCH 3:4,9 (UID FLAGS BODY.PEEK[])\r\n",
        ),
        (
            Command::UidFetch {
                uids: &uids,
                items: &[FetchItem::Uid, FetchItem::MessageId],
            },
            "a1 UID FETCH 3:4,9 (UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])\r\n",
        ),
        (
            Command::Status {
                mailbox: &mailbox,
                items: &status,
            },
            "a1 STATUS \"INBOX\" (MESSAGES UIDNEXT)\r\n",
        ),
        (
            Command::List {
                pattern: "*",
                with: ListReturn::Nothing,
            },
            "a1 LIST \"\" \"*\"\r\n",
        ),
        (
            Command::List {
                pattern: "*",
                with: ListReturn::Status(&status),
            },
            "a1 LIST \"\" \"*\" RETURN (STATUS (MESSAGES UIDNEXT))\r\n",
        ),
        (
            Command::Id(&[("name", "x"), ("version", "1")]),
            "a1 ID (\"name\" \"x\" \"version\" \"1\")\r\n",
        ),
        (Command::Id(&[]), "a1 ID NIL\r\n"),
        (
            Command::AuthenticatePlain {
                response: "AGEAYg==",
                initial: true,
            },
            "a1 AUTHENTICATE PLAIN AGEAYg==\r\n",
        ),
        (
            Command::AuthenticatePlain {
                response: "AGEAYg==",
                initial: false,
            },
            "a1 AUTHENTICATE PLAIN\r\n<+>AGEAYg==\r\n",
        ),
    ] {
        assert_eq!(shown(&command, Literals::Synchronizing), wire);
    }
}
