//! What is an atom, what is quoted, what is a literal, and when a literal waits.

use super::*;
use crate::date::InternalDate;
use crate::flag::{FlagSet, Flags};

#[test]
fn names_are_quoted_or_literals() {
    for (wire, plus, synchronizing) in [
        (&b"INBOX"[..], "\"INBOX\"", "\"INBOX\""),
        (b" a\"b\\ {3}", "\" a\\\"b\\\\ {3}\"", "\" a\\\"b\\\\ {3}\""),
        (b"\xe9", "{1+}\r\n\u{fffd}", "{1}\r\n<+>\u{fffd}"),
        (b"a\tb", "{3+}\r\na\tb", "{3}\r\n<+>a\tb"),
    ] {
        let name = MailboxName::from_wire(wire).expect("fit to be sent");
        let create = Command::create(&name);
        let line = |rest| format!("a1 CREATE {rest}\r\n");
        assert_eq!(shown(&create, Literals::Plus), line(plus));
        assert_eq!(shown(&create, Literals::Synchronizing), line(synchronizing));
    }
    for (wire, byte, at) in [
        (&b"a\0"[..], 0, 1),
        (b"a\r\nx CREATE b", b'\r', 1),
        (b"\n", b'\n', 0),
    ] {
        let what = "a mailbox name";
        let error = ArgumentError::Forbidden { what, byte, at };
        assert_eq!(MailboxName::from_wire(wire), Err(error));
    }
}

#[test]
fn logins_take_any_password() {
    let login = |password| {
        Command::Login(Login {
            user: text("joe"),
            password: text(password),
        })
    };
    for (password, literals, wire) in [
        ("pw", Literals::Plus, "pw"),
        ("a \"b", Literals::Plus, "\"a \\\"b\""),
        ("", Literals::Plus, "\"\""),
        ("nil", Literals::Plus, "\"nil\""),
        ("pä", Literals::Minus, "{3+}\r\npä"),
        ("pä", Literals::Synchronizing, "{3}\r\n<+>pä"),
        ("p\r\nx LOGOUT", Literals::Plus, "{11+}\r\np\r\nx LOGOUT"),
    ] {
        let line = format!("a1 LOGIN joe {wire}\r\n");
        assert_eq!(shown(&login(password), literals), line);
    }
    let debug = format!("{:?}", login("pw"));
    assert!(debug.contains("joe") && !debug.contains("pw"), "{debug}");
}

fn message<'a>(flags: &'a FlagSet, octets: u64) -> AppendMessage<'a> {
    AppendMessage {
        flags,
        internal_date: None,
        octets,
        literal: None,
        form: BodyForm::Literal,
    }
}

fn append(messages: &[AppendMessage<'_>], literals: Literals) -> String {
    let mailbox = MailboxName::inbox();
    let append = Append {
        mailbox: &mailbox,
        messages,
    };
    let wire = shown(&Command::Append(append), literals);
    let line = wire.strip_prefix("a1 APPEND \"INBOX\" ");
    line.expect("an APPEND").to_owned()
}

#[test]
fn appends_wait_as_the_server_wants() {
    let flags = FlagSet::from_flags(Flags(b"\\Seen $A \\Recent"), |_| {});
    for (octets, literals, wire) in [
        (5000, Literals::Plus, "{5000+}\r\n<5000>\r\n"),
        (5000, Literals::Minus, "{5000}\r\n<+><5000>\r\n"),
        (4097, Literals::Minus, "{4097}\r\n<+><4097>\r\n"),
        (4096, Literals::Minus, "{4096+}\r\n<4096>\r\n"),
        (0, Literals::Synchronizing, "{0}\r\n<+><0>\r\n"),
    ] {
        let message = AppendMessage {
            internal_date: InternalDate::new(0, 60),
            ..message(&flags, octets)
        };
        let line = format!("(\\Seen $A) \"01-Jan-1970 01:00:00 +0100\" {wire}");
        assert_eq!(append(&[message], literals), line);
    }
}

#[test]
fn many_messages_go_into_one_command() {
    let flags = FlagSet::default();
    let [first, second] = [3, 5000].map(|octets| message(&flags, octets));
    assert_eq!(
        append(&[first, second], Literals::Minus),
        "() {3+}\r\n<3> () {5000}\r\n<+><5000>\r\n"
    );
    let waits = AppendMessage {
        literal: Some(Literals::Synchronizing),
        ..first
    };
    assert_eq!(
        append(&[first, waits, second], Literals::Plus),
        "() {3+}\r\n<3> () {3}\r\n<+><3> () {5000+}\r\n<5000>\r\n"
    );
}

#[test]
fn bodies_of_other_forms() {
    let flags = FlagSet::default();
    for (form, literals, wire) in [
        (BodyForm::Literal8, Literals::Plus, "() ~{9+}\r\n<9>\r\n"),
        (
            BodyForm::Literal8,
            Literals::Synchronizing,
            "() ~{9}\r\n<+><9>\r\n",
        ),
        (
            BodyForm::Utf8,
            Literals::Synchronizing,
            "() UTF8 (~{9}\r\n<+><9>)\r\n",
        ),
    ] {
        let message = AppendMessage {
            form,
            ..message(&flags, 9)
        };
        assert_eq!(append(&[message], literals), wire);
    }
}
