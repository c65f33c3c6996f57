//! Faults: each does what it says, and only where its rule says.

use std::time::{Duration, Instant};

use super::client::{Client, MESSAGE, server};
use crate::server::{AppendUidLie, Delivery, EmbeddedServer, Fault, HangUp, Profile, Rule};

fn one_message() -> EmbeddedServer {
    let server = server(Profile::full());
    server
        .store()
        .deliver("alice", "INBOX", Delivery::new(MESSAGE));
    server
}

#[test]
fn cut_after_so_many_octets_sent() {
    let server = one_message();
    server.add_fault(Rule::new(Fault::CutAfterSent(25)).on_connection(2));
    let (mut first, greeting) = Client::connect(&server);
    assert!(greeting.len() > 25);
    let (mut second, greeting) = Client::connect(&server);
    assert_eq!(greeting.len(), 25);
    assert!(second.rest().is_empty());
    assert!(first.run("NOOP").contains("BAD") || first.run("CAPABILITY").contains("OK"));
}

#[test]
fn cut_after_so_many_octets_received() {
    let server = one_message();
    server.add_fault(Rule::new(Fault::CutAfterReceived(MESSAGE.len() as u64)).on_command("APPEND"));
    let mut client = Client::alice(&server);
    // All but the command's last CRLF is heard.
    client.send(format!("a APPEND INBOX {{{}}}\r\n", MESSAGE.len()));
    assert!(client.line().starts_with('+'));
    client.send(MESSAGE);
    client.send("\r\n");
    assert_eq!(client.until("a"), "");
    assert_eq!(server.dump("alice").len(), 1);
}

#[test]
fn cut_in_the_middle_of_a_literal() {
    let server = one_message();
    server
        .store()
        .deliver("alice", "INBOX", Delivery::new(MESSAGE));
    server.add_fault(Rule::new(Fault::CutInLiteral {
        literal: 2,
        after: 10,
    }));
    let mut client = Client::alice(&server);
    client.run("SELECT INBOX");
    client.send("a FETCH 1:2 BODY.PEEK[]\r\n");
    let rest = client.rest();
    let end = [b"* 2 FETCH (BODY[] {54}\r\n", &MESSAGE[..10]].concat();
    assert!(rest.ends_with(&end), "{}", rest.escape_ascii());
}

#[test]
fn refuse_by_name_number_and_mailbox() {
    let server = one_message();
    let refuse = Fault::Refuse("NO [OVERQUOTA] full".to_owned());
    server.add_fault(
        Rule::new(refuse)
            .on_command("APPEND")
            .on_mailbox("INBOX")
            .nth(2),
    );
    server.add_fault(
        Rule::new(Fault::Refuse("BAD no".to_owned()))
            .on_command("NOOP")
            .times(1),
    );
    let mut client = Client::alice(&server);
    assert!(client.append("INBOX", MESSAGE).contains("ap OK"));
    assert_eq!(
        client.append("INBOX", MESSAGE),
        "ap NO [OVERQUOTA] full",
        "before the data"
    );
    assert!(client.append("INBOX", MESSAGE).contains("ap OK"));
    assert!(client.run("NOOP").contains("BAD no"));
    assert!(client.run("NOOP").contains("OK"));
    let late = Fault::RefuseAfterData("NO contains NUL characters".to_owned());
    server.add_fault(Rule::new(late).on_command("APPEND"));
    assert_eq!(
        client.append("INBOX", MESSAGE),
        "ap NO contains NUL characters"
    );
    server.shared().faults().clear();
    assert!(client.append("INBOX", MESSAGE).contains("ap OK"));
    assert_eq!(server.dump("alice").len(), 4);
}

#[test]
fn slow_answers() {
    let server = one_message();
    let delay = Duration::from_millis(120);
    server.add_fault(Rule::new(Fault::Delay(delay)).on_command("NOOP"));
    server.add_fault(Rule::new(Fault::DelayResponses(delay)).on_command("FETCH"));
    let mut client = Client::alice(&server);
    client.run("SELECT INBOX");
    for command in ["NOOP", "FETCH 1 UID"] {
        let start = Instant::now();
        assert!(client.run(command).contains("OK"));
        assert!(start.elapsed() >= delay, "{command}");
    }
}

#[test]
fn late_commit() {
    for hang_up in [HangUp::Server, HangUp::Client] {
        let server = one_message();
        let after = Duration::from_millis(150);
        server.add_fault(Rule::new(Fault::CommitLate { after, hang_up }).on_command("APPEND"));
        let mut client = Client::alice(&server);
        client.send(format!("a APPEND INBOX {{{}+}}\r\n", MESSAGE.len()));
        client.send([MESSAGE, b"\r\n"].concat());
        if hang_up == HangUp::Server {
            assert!(client.rest().is_empty());
        }
        drop(client);
        let start = Instant::now();
        assert_eq!(server.dump("alice").len(), 1, "not yet");
        while server.dump("alice").len() < 2 {
            assert!(start.elapsed() < Duration::from_secs(10));
            std::thread::yield_now();
        }
    }
}

#[test]
fn applied_but_not_told() {
    let server = one_message();
    server.add_fault(Rule::new(Fault::CutBeforeReply).on_command("APPEND"));
    let mut client = Client::alice(&server);
    assert_eq!(client.append("INBOX", MESSAGE), "");
    assert_eq!(server.dump("alice").len(), 2);
}

#[test]
fn lies_in_responses() {
    let server = one_message();
    for fault in [
        Fault::SizeOff(-4),
        Fault::BodyFirst,
        Fault::NoUidNext,
        Fault::NoUidValidity,
    ] {
        server.add_fault(Rule::new(fault));
    }
    let mut client = Client::alice(&server);
    let answer = client.run("SELECT INBOX");
    assert!(
        !answer.contains("UIDNEXT") && !answer.contains("UIDVALIDITY"),
        "{answer}"
    );
    let answer = client.run("UID FETCH 1 (RFC822.SIZE FLAGS BODY.PEEK[])");
    assert!(answer.starts_with("* 1 FETCH (BODY[] {54}"), "{answer}");
    assert!(
        answer.contains(" UID 1 RFC822.SIZE 50 FLAGS (\\Recent))"),
        "{answer}"
    );
    let uidvalidity = server
        .store()
        .mailbox("alice", "INBOX")
        .expect("inbox")
        .uidvalidity;
    server.shared().faults().clear();
    server.add_fault(Rule::new(Fault::AppendUid(AppendUidLie::Swapped)));
    let answer = client.append("INBOX", MESSAGE);
    assert!(
        answer.contains(&format!("[APPENDUID 2 {uidvalidity}]")),
        "{answer}"
    );
}

#[test]
fn strange_greetings_and_bye() {
    let server = one_message();
    let garbage = b"220 mail.example.org ESMTP\r\n".to_vec();
    server.add_fault(Rule::new(Fault::Greeting(garbage)).nth(1));
    server.add_fault(Rule::new(Fault::Greeting(b"* BYE busy\r\n".to_vec())).nth(2));
    assert_eq!(Client::connect(&server).1, "220 mail.example.org ESMTP");
    // The first rule has had its turn; the second counts the first connection as well.
    assert_eq!(Client::connect(&server).1, "* BYE busy");
    let mut client = Client::alice(&server);
    server.add_fault(Rule::new(Fault::Bye("[UNAVAILABLE] later".to_owned())).on_command("NOOP"));
    assert_eq!(client.run("NOOP"), "* BYE [UNAVAILABLE] later\n");
}

#[test]
fn cut_all_connections_at_once() {
    let server = one_message();
    let mut clients = [Client::alice(&server), Client::alice(&server)];
    server.shared().cut_all();
    for client in &mut clients {
        assert!(client.rest().is_empty());
    }
    Client::alice(&server);
}
