//! SELECT, FETCH, STORE, SEARCH, STATUS.

use super::client::{Client, MESSAGE, server};
use crate::server::{Body, Delivery, Profile, synthesize};

#[test]
fn select_and_examine() {
    let server = server(Profile::full());
    server
        .store()
        .deliver("alice", "INBOX", Delivery::new(MESSAGE).flagged(&["key"]));
    let mut client = Client::alice(&server);
    let answer = client.run("EXAMINE inbox");
    for expected in [
        "* 1 EXISTS",
        "* 1 RECENT",
        "[UIDVALIDITY ",
        "[UIDNEXT 2]",
        "[PERMANENTFLAGS ()]",
        "[HIGHESTMODSEQ ",
        "OK [READ-ONLY]",
    ] {
        assert!(answer.contains(expected), "{expected} in {answer}");
    }
    let answer = client.run("SELECT INBOX");
    for expected in [
        "* OK [CLOSED]",
        "[PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft key \\*)]",
        "OK [READ-WRITE]",
    ] {
        assert!(answer.contains(expected), "{expected} in {answer}");
    }
    assert!(client.run("SELECT nowhere").contains("NO [NONEXISTENT]"));
    assert!(
        client.run("FETCH 1 UID").contains("BAD"),
        "nothing is selected now"
    );
}

#[test]
fn reading_a_body_without_peek_sets_seen() {
    let server = server(Profile::full());
    server
        .store()
        .deliver("alice", "INBOX", Delivery::new(MESSAGE));
    let mut client = Client::alice(&server);
    client.run("SELECT INBOX");
    client.body(1);
    assert!(server.dump("alice")[0].flags.is_empty());
    let answer = client.run("FETCH 1 BODY[]");
    assert!(answer.contains(" FLAGS (\\Seen \\Recent))"), "{answer}");
    assert_eq!(server.dump("alice")[0].flags, ["\\Seen"]);
}

#[test]
fn sections() {
    let server = server(Profile::full());
    server
        .store()
        .deliver("alice", "INBOX", Delivery::new(MESSAGE));
    let mut client = Client::alice(&server);
    client.run("SELECT INBOX");
    let answer = client.run("FETCH 1 (BODY.PEEK[HEADER.FIELDS (message-id)])");
    let expected =
        "* 1 FETCH (BODY[HEADER.FIELDS (message-id)] {31}\nMessage-ID: <1@example.org>\n";
    assert!(answer.starts_with(expected), "{answer}");
    assert!(
        client
            .run("FETCH 1 BODY.PEEK[HEADER]")
            .contains("{47}\nSubject: hello")
    );
    assert!(
        client
            .run("FETCH 1 BODY.PEEK[TEXT]")
            .contains("BODY[TEXT] {7}\nhello\n)")
    );
    assert!(
        client
            .run("FETCH 1 BODY.PEEK[]<9.5>")
            .contains("BODY[]<9> {5}\nhello)")
    );
    assert!(client.run("FETCH 1 BODYSTRUCTURE").contains("BAD"));
    assert!(client.run("FETCH 2 UID").contains("BAD"));
    assert!(client.run("UID FETCH 2 UID").contains(" OK "));
}

#[test]
fn changed_since() {
    let server = server(Profile::full());
    for _ in 0..3 {
        server
            .store()
            .deliver("alice", "INBOX", Delivery::new(MESSAGE));
    }
    let mut client = Client::alice(&server);
    client.run("SELECT INBOX");
    let modseq = server
        .store()
        .mailbox("alice", "INBOX")
        .expect("inbox")
        .highest_modseq;
    client.run("UID STORE 2 +FLAGS.SILENT (\\Seen)");
    let answer = client.run(&format!("UID FETCH 1:* (FLAGS) (CHANGEDSINCE {modseq})"));
    assert_eq!(answer.lines().count(), 2, "{answer}");
    assert!(
        answer.contains(&format!("MODSEQ ({})", modseq + 1)),
        "{answer}"
    );
}

#[test]
fn store_answers_unless_silent() {
    let server = server(Profile::full());
    server
        .store()
        .deliver("alice", "INBOX", Delivery::new(MESSAGE));
    let mut client = Client::alice(&server);
    client.run("SELECT INBOX");
    let answer = client.run("STORE 1 +FLAGS (\\Seen work)");
    assert!(
        answer.starts_with("* 1 FETCH (UID 1 FLAGS (\\Seen work \\Recent))"),
        "{answer}"
    );
    assert_eq!(
        client.run("UID STORE 1 -FLAGS.SILENT work"),
        "t4 OK Store completed"
    );
    assert_eq!(
        client.run("NOOP"),
        "t5 OK Completed",
        "own changes are not told again"
    );
    assert!(client.run("STORE 1 FLAGS (\\Foo)").contains("BAD"));
}

#[test]
fn search_and_esearch() {
    let server = server(Profile::full());
    for n in 0..10 {
        let flags: &[&str] = if n % 2 == 0 { &["\\Seen"] } else { &[] };
        server
            .store()
            .deliver("alice", "INBOX", Delivery::new(MESSAGE).flagged(flags));
    }
    let mut client = Client::alice(&server);
    client.run("SELECT INBOX");
    let first = |answer: String| answer.lines().next().unwrap_or_default().to_owned();
    assert_eq!(first(client.run("UID SEARCH UID 3:5")), "* SEARCH 3 4 5");
    assert_eq!(
        first(client.run("SEARCH UNSEEN NOT 2:4")),
        "* SEARCH 6 8 10"
    );
    assert_eq!(
        first(client.run("SEARCH HEADER message-id <2@")),
        "* SEARCH"
    );
    let answer = first(client.run("UID SEARCH RETURN (ALL COUNT) OR UID 1:3 UID 9"));
    assert!(answer.ends_with("UID ALL 1:3,9 COUNT 4"), "{answer}");
}

#[test]
fn status_counts() {
    let server = server(Profile::full());
    server.store().deliver("alice", "x", Delivery::new(MESSAGE));
    server
        .store()
        .deliver("alice", "x", Delivery::new(MESSAGE).flagged(&["\\Seen"]));
    let mut client = Client::alice(&server);
    let answer = client.run("STATUS x (MESSAGES UNSEEN RECENT UIDNEXT SIZE)");
    assert!(
        answer.contains("(MESSAGES 2 UNSEEN 1 RECENT 2 UIDNEXT 3 SIZE 108)"),
        "{answer}"
    );
    assert!(client.run("STATUS x (NONSENSE)").contains("BAD"));
}

#[test]
fn a_synthesized_account_reads_back_as_its_hashes_say() {
    let server = server(Profile::full());
    synthesize(server.store().account("alice"), 7, 300, 4);
    let mut client = Client::alice(&server);
    for row in server.dump("alice") {
        client.run(&format!("EXAMINE \"{}\"", row.mailbox.escape_ascii()));
        assert_eq!(Body::from(client.body(row.uid)).digest(), row.digest);
    }
    let again = super::client::server(Profile::full());
    synthesize(again.store().account("alice"), 7, 300, 4);
    assert_eq!(again.dump("alice"), server.dump("alice"));
}
