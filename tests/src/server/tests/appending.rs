//! APPEND in all its forms, and what comes back by FETCH.

use super::client::{Client, MESSAGE, server};
use crate::server::{InternalDate, Profile};

#[test]
fn octets_flags_and_date_come_back_exactly() {
    let server = server(Profile::full());
    let mut client = Client::alice(&server);
    let awkward: [&[u8]; 5] = [
        b"a: b\r\n\r\nNUL \0 and bare\nLF and bare \r CR, no end",
        b"x",
        b"\r\n",
        &[0xff, 0, b'\r'],
        b"Subject: x {5}\r\n\r\na1 OK\r\n)\r\n",
    ];
    for (uid, octets) in (1..).zip(awkward) {
        let arguments = "INBOX (\\Seen $Keyword) \"01-Jan-2100 12:30:00 +0545\"";
        let answer = client.append(arguments, octets);
        assert!(answer.contains("ap OK [APPENDUID "), "{answer}");
        client.run("SELECT INBOX");
        assert_eq!(client.body(uid), octets);
        let answer = client.run(&format!("UID FETCH {uid} (INTERNALDATE FLAGS RFC822.SIZE)"));
        assert!(
            answer.contains("INTERNALDATE \"01-Jan-2100 12:30:00 +0545\""),
            "{answer}"
        );
        assert!(
            answer.contains(&format!("RFC822.SIZE {})", octets.len())),
            "{answer}"
        );
        assert!(answer.contains("FLAGS (\\Seen $Keyword"), "{answer}");
    }
    let rows = server.dump("alice");
    let date = InternalDate::parse(b"01-Jan-2100 12:30:00 +0545").expect("a date");
    assert!(rows.iter().all(|row| row.internal_date == date));
}

#[test]
fn non_synchronizing_literals_pipeline() {
    let server = server(Profile::full());
    let mut client = Client::alice(&server);
    let commands: Vec<u8> = (0..100)
        .flat_map(|n| {
            [
                format!("p{n} APPEND INBOX () {{{}+}}\r\n", MESSAGE.len()).as_bytes(),
                MESSAGE,
                b"\r\n",
            ]
            .concat()
        })
        .collect();
    client.send(commands);
    assert!(client.until("p99").contains("p99 OK"));
    assert_eq!(server.log().count("APPEND"), 100);
    assert_eq!(
        server.log().arguments("APPEND")[0],
        format!("INBOX () {{{}+}}", MESSAGE.len())
    );
    assert_eq!(server.dump("alice").len(), 100);
}

#[test]
fn many_messages_in_one_command() {
    let server = server(Profile::full());
    let mut client = Client::alice(&server);
    let date = "\"17-Jul-1996 02:44:25 -0700\"";
    client.send(format!(
        "a APPEND INBOX (\\Seen) {date} {{1+}}\r\nx (\\Draft) {{2}}\r\n"
    ));
    assert!(client.line().starts_with('+'));
    client.send("yy {3+}\r\nzzz\r\n");
    let answer = client.until("a");
    assert!(answer.contains(" 1:3] "), "{answer}");
    let lengths: Vec<_> = server
        .dump("alice")
        .iter()
        .map(|row| row.digest.length)
        .collect();
    assert_eq!(lengths, [1, 2, 3]);
    assert_eq!(
        server.log().arguments("APPEND"),
        [format!(
            "INBOX (\\Seen) {date} {{1+}} (\\Draft) {{2}} {{3+}}"
        )]
    );
}

#[test]
fn an_empty_literal_cancels_a_multiappend() {
    let server = server(Profile::full());
    let mut client = Client::alice(&server);
    client.send("a APPEND INBOX {1+}\r\nx {0+}\r\n\r\n");
    assert!(client.until("a").contains("a NO"));
    assert!(client.run("NOOP").contains("OK"));
    assert!(server.dump("alice").is_empty());
}

#[test]
fn without_multiappend() {
    for (profile, kept) in [(Profile::courier_like(), 1), (Profile::plain(), 0)] {
        let server = server(profile);
        let mut client = Client::alice(&server);
        client.send("a APPEND INBOX {1}\r\n");
        assert!(client.line().starts_with('+'));
        client.send("x {1}\r\n");
        assert!(client.line().starts_with('+'));
        client.send("y\r\n");
        assert!(!client.until("a").contains("OK"));
        assert_eq!(server.dump("alice").len(), kept);
    }
}

#[test]
fn a_literal_form_that_is_not_offered_is_run_as_commands() {
    let server = server(Profile::courier_like());
    let mut client = Client::alice(&server);
    client.send("a APPEND INBOX {24+}\r\nx1 CREATE INBOX.pwned\r\n.\r\n");
    assert!(client.until("x1").contains("a NO"));
    assert!(server.store().mailbox("alice", "INBOX.pwned").is_some());
}

#[test]
fn an_early_bad_runs_the_message_as_commands() {
    for arguments in [
        "INBOX (\\Foo)",
        "INBOX (\\Recent)",
        "INBOX () \"30-Feb-2000 00:00:00 +0000\"",
    ] {
        let server = server(Profile::full());
        let mut client = Client::alice(&server);
        client.send(format!(
            "a APPEND {arguments} {{18+}}\r\nx1 CREATE pwned\r\n\r\n"
        ));
        assert!(client.until("x1").starts_with("a BAD"));
        assert!(
            client.line().starts_with("* BAD"),
            "the rest is an empty command"
        );
        assert!(server.store().mailbox("alice", "pwned").is_some());
        assert!(
            client.append(arguments, MESSAGE).starts_with("ap BAD"),
            "before the literal"
        );
    }
}

#[test]
fn refusals_before_the_data() {
    let profile = Profile {
        appendlimit: Some(100),
        ..Profile::full()
    };
    let server = server(profile);
    let mut client = Client::alice(&server);
    assert!(
        client
            .append("nowhere", MESSAGE)
            .starts_with("ap NO [TRYCREATE]")
    );
    assert!(
        client
            .append("INBOX", &[b'x'; 101])
            .starts_with("ap NO [TOOBIG]")
    );
    client.send(format!("a APPEND nowhere {{{}+}}\r\n", MESSAGE.len()));
    client.send(MESSAGE);
    client.send("\r\n");
    assert!(client.until("a").contains("a NO [TRYCREATE]"));
    assert!(client.run("NOOP").contains("OK"), "the literal went by");
}

#[test]
fn literal_minus_has_its_limit() {
    let profile = Profile {
        literal_plus: false,
        literal_minus: true,
        ..Profile::full()
    };
    let server = server(profile);
    let mut client = Client::alice(&server);
    client.send("a APPEND INBOX {1+}\r\nx\r\n");
    assert!(client.until("a").contains("a OK"));
    client.send("b APPEND INBOX {4097+}\r\n");
    assert!(client.line().starts_with("* BYE [TOOBIG]"));
}
