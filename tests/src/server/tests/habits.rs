//! Destinations with habits: what they make of an APPEND, and what they say about it.

use super::client::{Client, MESSAGE, server};
use crate::server::{
    Alteration, AppendUidLie, EmbeddedServer, Fault, HangUp, Options, Profile, Rule,
};

fn server_with(fault: Fault) -> EmbeddedServer {
    let server = server(Profile::full());
    server.add_fault(Rule::new(fault).on_command("APPEND"));
    server
}

fn uids(server: &EmbeddedServer) -> Vec<u32> {
    server.dump("alice").iter().map(|row| row.uid).collect()
}

/// The UID that APPENDUID names.
fn named(answer: &str) -> u32 {
    let code = answer.split_once("[APPENDUID ").map(|(_, code)| code);
    let uid = code.and_then(|code| code.split([' ', ']']).nth(1));
    uid.and_then(|uid| uid.parse().ok())
        .unwrap_or_else(|| panic!("no UID in {answer}"))
}

#[test]
fn a_message_is_stored_altered() {
    let server = server_with(Fault::Alter(Alteration::AddHeader("X: y".to_owned())));
    server.add_fault(Rule::new(Fault::Alter(Alteration::CleanLines)).on_command("APPEND"));
    let mut client = Client::alice(&server);
    assert!(client.append("INBOX", b"a: b\n\n\0\r").contains("ap OK"));
    client.run("SELECT INBOX");
    assert_eq!(client.body(1), b"X: y\r\na: b\r\n\r\n\x80");
}

#[test]
fn also_when_it_is_stored_late_or_too_large_to_keep() {
    let options = Options {
        hash_over: 10,
        ..Options::default().with_user("alice", "pw")
    };
    let server = EmbeddedServer::start(options).expect("loopback has a free port");
    let strip = Fault::Alter(Alteration::StripHeader("subject".to_owned()));
    server.add_fault(Rule::new(strip).on_command("APPEND"));
    let (after, hang_up) = (std::time::Duration::ZERO, HangUp::Server);
    server.add_fault(Rule::new(Fault::CommitLate { after, hang_up }).on_command("APPEND"));
    Client::alice(&server).append("INBOX", MESSAGE);
    while server.dump("alice").is_empty() {
        std::thread::yield_now();
    }
    let mut client = Client::alice(&server);
    client.run("SELECT INBOX");
    assert_eq!(client.body(1), &MESSAGE[b"Subject: hello\r\n".len()..]);
}

#[test]
fn identical_messages_are_merged() {
    let server = server_with(Fault::MergeIdentical);
    let mut client = Client::alice(&server);
    let told: Vec<_> = [MESSAGE, b"other", MESSAGE]
        .map(|body| named(&client.append("INBOX", body)))
        .to_vec();
    assert_eq!((told, uids(&server)), (vec![1, 2, 1], vec![1, 2]));
}

#[test]
fn uids_have_gaps() {
    let server = server_with(Fault::SkipUids(4));
    let mut client = Client::alice(&server);
    assert_eq!(named(&client.append("INBOX", MESSAGE)), 5);
    assert_eq!(named(&client.append("INBOX", MESSAGE)), 10);
    assert_eq!(uids(&server), [5, 10]);
}

#[test]
fn plausible_lies() {
    let told = |lie| {
        let server = server_with(Fault::AppendUid(lie));
        let mut client = Client::alice(&server);
        let told = [(); 4].map(|()| named(&client.append("INBOX", MESSAGE)));
        assert_eq!(uids(&server), [1, 2, 3, 4], "only what is told is wrong");
        told
    };
    assert_eq!(told(AppendUidLie::Shifted(1)), [2, 3, 4, 5]);
    assert_eq!(told(AppendUidLie::Below(1)), [1, 1, 2, 3]);
    assert_eq!(told(AppendUidLie::Always(2)), [2, 2, 2, 2]);
    let others = told(AppendUidLie::Another { seed: 1 });
    let is_another = |(uid, told): (u32, u32)| told != uid && told < uid;
    assert_eq!(others[0], 1, "there is no other");
    assert!(
        (2..).zip(others[1..].to_vec()).all(is_another),
        "{others:?}"
    );
    let [one, two] = [1, 2].map(|seed| told(AppendUidLie::Random { seed }));
    assert!(one != two && one == told(AppendUidLie::Random { seed: 1 }));
    assert!(one.iter().all(|uid| (1..=105).contains(uid)), "{one:?}");
}

#[test]
fn new_mail_hides_until_the_next_select() {
    let server = server(Profile {
        hides_new_mail: true,
        ..Profile::full()
    });
    let mut client = Client::alice(&server);
    client.run("SELECT INBOX");
    assert!(!client.append("INBOX", MESSAGE).contains("EXISTS"));
    assert!(!client.run("NOOP").contains("EXISTS"));
    assert_eq!(client.run("UID FETCH 1:* (UID)"), "t4 OK Fetch completed");
    assert!(client.run("STATUS INBOX (MESSAGES)").contains("MESSAGES 1"));
    assert!(client.run("SELECT INBOX").contains("* 1 EXISTS"));
    assert!(client.run("UID FETCH 1:* (UID)").contains("UID 1"));
}
