//! Greeting, capabilities, login, TLS, mailbox commands.

use super::client::{Client, MESSAGE, server};
use crate::server::{Delivery, EmbeddedServer, Options, Profile};

#[test]
fn login_right_and_wrong() {
    let server = server(Profile::full());
    let (mut client, greeting) = Client::connect(&server);
    assert!(
        greeting.starts_with("* OK [CAPABILITY IMAP4rev1 "),
        "{greeting}"
    );
    assert!(
        client
            .run("LOGIN alice wrong")
            .contains("t1 NO [AUTHENTICATIONFAILED]")
    );
    assert!(client.run("SELECT INBOX").contains("t2 BAD"));
    assert!(
        client
            .run("LOGIN \"alice\" pw")
            .contains("t3 OK [CAPABILITY IMAP4rev1")
    );
    assert!(client.run("LOGOUT").contains("* BYE"));
    assert_eq!(client.line(), "");
    assert_eq!(server.log().lines()[0], "1 t1 LOGIN ***");
}

#[test]
fn a_password_may_come_as_a_literal() {
    let server = server(Profile::plain());
    let (mut client, greeting) = Client::connect(&server);
    assert!(!greeting.contains("CAPABILITY"));
    client.send("a LOGIN {5}\r\n");
    assert!(client.line().starts_with('+'));
    client.send("alice {2}\r\n");
    assert!(client.line().starts_with('+'));
    client.send("pw\r\n");
    assert!(client.until("a").contains("a OK"));
}

#[test]
fn authenticate_plain_with_and_without_initial_response() {
    let server = server(Profile::full());
    let (mut client, _) = Client::connect(&server);
    assert!(
        client
            .run("AUTHENTICATE PLAIN AGFsaWNlAHB3")
            .contains("t1 OK")
    );
    let (mut client, _) = Client::connect(&server);
    client.send("a AUTHENTICATE PLAIN\r\n");
    assert!(client.line().starts_with('+'));
    client.send("AGFsaWNlAHB3\r\n");
    assert!(client.until("a").contains("a OK"));
}

#[test]
fn a_user_has_so_many_connections() {
    let profile = Profile {
        connection_limit: Some(1),
        ..Profile::full()
    };
    let server = server(profile);
    let mut first = Client::alice(&server);
    let (mut second, _) = Client::connect(&server);
    assert!(second.run("LOGIN alice pw").contains("NO [LIMIT]"));
    first.run("LOGOUT");
    first.rest();
    // The place is given back when the first session's task ends, just after its socket closed.
    while !second.run("LOGIN alice pw").contains(" OK ") {
        std::thread::yield_now();
    }
}

#[test]
fn list_and_its_extensions() {
    let server = server(Profile::full());
    server
        .store()
        .deliver("alice", "a/b", Delivery::new(MESSAGE));
    let mut client = Client::alice(&server);
    client.run("CREATE Sent");
    client.run("SUBSCRIBE inbox");
    let answer = client.run("LIST \"\" %");
    assert!(
        answer.contains("* LIST (\\Noselect \\HasChildren) \"/\" \"a\""),
        "{answer}"
    );
    assert!(!answer.contains("a/b"));
    let answer = client.run("LIST \"\" * RETURN (SUBSCRIBED STATUS (MESSAGES UIDNEXT))");
    assert!(
        answer.contains("* STATUS \"a/b\" (MESSAGES 1 UIDNEXT 2)"),
        "{answer}"
    );
    assert!(answer.contains("* LIST (\\HasNoChildren \\Subscribed) \"/\" \"INBOX\""));
    assert_eq!(
        client.run("LSUB \"\" *").lines().next(),
        Some("* LSUB () \"/\" \"INBOX\"")
    );
    assert!(
        client
            .run("LIST \"\" \"\"")
            .contains("* LIST (\\Noselect) \"/\" \"\"")
    );
}

#[test]
fn courier_keeps_everything_under_its_prefix() {
    let server = server(Profile::courier_like());
    let mut client = Client::alice(&server);
    assert!(
        client
            .run("NAMESPACE")
            .contains("* NAMESPACE ((\"INBOX.\" \".\")) NIL NIL")
    );
    assert!(client.run("CREATE Sent").contains(" NO "));
    assert!(client.run("CREATE INBOX.Sent").contains(" OK "));
    assert!(!client.run("SELECT INBOX.Sent").contains("UIDNEXT"));
    assert!(
        client
            .run("LIST \"\" * RETURN (STATUS (MESSAGES))")
            .contains(" BAD ")
    );
}

#[test]
fn names_with_quotes_and_backslashes() {
    let server = server(Profile::full());
    let mut client = Client::alice(&server);
    assert!(client.run(r#"CREATE "a\"b\\c""#).contains(" OK "));
    assert!(client.run("LIST \"\" a*").contains(r#""a\"b\\c""#));
    assert!(server.store().mailbox("alice", "a\"b\\c").is_some());
}

#[test]
fn login_is_refused_where_tls_is_wanted() {
    let profile = Profile {
        logindisabled: true,
        ..Profile::full()
    };
    let server = server(profile);
    let (mut client, greeting) = Client::connect(&server);
    assert!(greeting.contains("LOGINDISABLED"));
    assert!(
        client
            .run("LOGIN alice pw")
            .contains("NO [PRIVACYREQUIRED]")
    );
}

#[test]
fn two_ports_may_share_one_store() {
    let options = Options::default().with_user("alice", "pw");
    let first = EmbeddedServer::start(options).expect("a port");
    let second = EmbeddedServer::listen(first.shared().clone(), 1).expect("a port");
    Client::alice(&second).append("INBOX", MESSAGE);
    assert_eq!(first.dump("alice").len(), 1);
}
