//! Users who do things while a session is at work.

use super::client::{Client, MESSAGE, server};
use crate::server::{Delivery, EmbeddedServer, Fault, Operation, Profile, Rule, Which};

fn two_messages() -> EmbeddedServer {
    let server = server(Profile::full());
    for _ in 0..2 {
        let delivery = Delivery::new(MESSAGE);
        server.store().deliver("alice", "INBOX", delivery);
    }
    server
}

fn inbox() -> String {
    "INBOX".to_owned()
}

#[test]
fn an_operation_happens_before_the_nth_command() {
    let server = two_messages();
    let expunge = Operation::Expunge {
        mailbox: inbox(),
        which: Which::First(1),
    };
    let rule = Rule::new(Fault::Meanwhile(expunge));
    server.add_fault(rule.on_command("UID FETCH").nth(2));
    let mut client = Client::alice(&server);
    client.run("SELECT INBOX");
    assert!(client.run("UID FETCH 1:* (UID)").contains("UID 1)"));
    let answer = client.run("UID FETCH 1:* (UID)");
    assert!(
        answer.contains("* 2 FETCH (UID 2)") && answer.contains("* 1 EXPUNGE"),
        "{answer}"
    );
    assert!(!answer.contains("UID 1)"), "{answer}");
    assert!(
        client
            .run("UID FETCH 1:* (UID)")
            .contains("* 1 FETCH (UID 2)")
    );
}

#[test]
fn a_session_whose_mailbox_is_gone_or_replaced_is_told_so() {
    let other = "other".to_owned();
    for operation in [
        Operation::Delete {
            mailbox: other.clone(),
        },
        Operation::Rename {
            from: other.clone(),
            to: "elsewhere".to_owned(),
        },
        Operation::Renumber {
            mailbox: other.clone(),
        },
        Operation::Restore {
            mailbox: other.clone(),
        },
    ] {
        let server = two_messages();
        server
            .store()
            .deliver("alice", "other", Delivery::new(MESSAGE));
        let backup = Operation::BackUp {
            mailbox: other.clone(),
        };
        let backed_up = server.store().account("alice").operate(&backup);
        backed_up.expect("it can be done");
        let meanwhile = Fault::Meanwhile(operation.clone());
        server.add_fault(Rule::new(meanwhile).on_command("NOOP"));
        let mut client = Client::alice(&server);
        client.run("SELECT other");
        assert!(client.run("UID FETCH 1 (UID)").contains("UID 1"));
        let answer = client.run("NOOP");
        assert!(answer.starts_with("* BYE"), "{operation:?}: {answer}");
        let mut client = Client::alice(&server);
        assert!(client.run("SELECT INBOX").contains("OK"));
        assert!(client.run("NOOP").contains("OK"), "its mailbox is there");
    }
}

#[test]
fn an_append_into_a_mailbox_that_just_went_is_answered_trycreate() {
    let server = two_messages();
    server.store().create("alice", "x").map(drop).expect("made");
    let delete = Operation::Delete {
        mailbox: "x".to_owned(),
    };
    server.add_fault(
        Rule::new(Fault::Meanwhile(delete))
            .on_command("APPEND")
            .nth(2),
    );
    let mut client = Client::alice(&server);
    client.run("SELECT x");
    assert!(client.append("x", MESSAGE).contains("ap OK"));
    assert!(client.append("x", MESSAGE).starts_with("ap NO [TRYCREATE]"));
}
