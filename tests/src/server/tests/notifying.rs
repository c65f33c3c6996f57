//! What one session is told about the doings of another.

use super::client::{Client, MESSAGE, server};
use crate::server::{Delivery, EmbeddedServer, Profile};

fn two_sessions() -> (EmbeddedServer, Client, Client) {
    let server = server(Profile::full());
    for _ in 0..4 {
        server
            .store()
            .deliver("alice", "INBOX", Delivery::new(MESSAGE));
    }
    let (mut first, mut second) = (Client::alice(&server), Client::alice(&server));
    first.run("SELECT INBOX");
    second.run("SELECT INBOX");
    (server, first, second)
}

#[test]
fn an_expunge_is_told_at_noop_and_not_at_fetch() {
    let (_server, mut first, mut second) = two_sessions();
    first.run("STORE 2:3 +FLAGS.SILENT (\\Deleted)");
    let answer = first.run("EXPUNGE");
    assert!(answer.starts_with("* 3 EXPUNGE\n* 2 EXPUNGE\n"), "{answer}");
    let answer = second.run("FETCH 1:4 (UID)");
    assert!(!answer.contains("EXPUNGE"), "{answer}");
    assert!(
        answer.contains("* 4 FETCH (UID 4)") && !answer.contains("UID 2"),
        "{answer}"
    );
    assert!(second.run("NOOP").starts_with("* 3 EXPUNGE\n* 2 EXPUNGE\n"));
    assert!(second.run("FETCH 2 (UID)").contains("* 2 FETCH (UID 4)"));
}

#[test]
fn uid_expunge_takes_only_what_it_names() {
    let (server, mut first, _second) = two_sessions();
    first.run("STORE 1:4 +FLAGS.SILENT (\\Deleted)");
    first.run("UID EXPUNGE 2:3");
    let left: Vec<_> = server.dump("alice").iter().map(|row| row.uid).collect();
    assert_eq!(left, [1, 4]);
}

#[test]
fn new_mail_and_flags_are_told() {
    let (_server, mut first, mut second) = two_sessions();
    assert!(first.append("INBOX", MESSAGE).contains("* 5 EXISTS"));
    first.run("STORE 1 +FLAGS.SILENT (\\Flagged)");
    let answer = second.run("NOOP");
    assert!(answer.contains("* 5 EXISTS"), "{answer}");
    assert!(
        answer.contains("* 1 FETCH (UID 1 FLAGS (\\Flagged)"),
        "{answer}"
    );
}

#[test]
fn close_expunges_in_silence() {
    let (server, mut first, _second) = two_sessions();
    first.run("STORE 1 +FLAGS (\\Deleted)");
    assert!(!first.run("CLOSE").contains("EXPUNGE"));
    assert_eq!(server.dump("alice").len(), 3);
}
