//! However much mail there is, `verify` holds less than 48 MiB.

use imapsync_tests::program::Program;
use imapsync_tests::real::long_campaign;
use imapsync_tests::server::{Body, Delivery, EmbeddedServer, Options, Profile};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");

/// A server whose INBOX holds so many messages of 600 octets, made whenever they are read, but for
/// one that is another.
fn server(messages: u64, other: u64) -> EmbeddedServer {
    let options = Options::with_profile(Profile::full()).with_user("alice", "pw");
    let server = EmbeddedServer::start(options).expect("loopback has a free port");
    let mut store = server.store();
    for number in 0..messages {
        let seed = if number == other { messages } else { number };
        let body = Body::synthesized(seed, 600);
        store.deliver("alice", "INBOX", Delivery::new(body));
    }
    drop(store);
    server
}

#[test]
fn memory_stays_small_however_much_mail_there_is() {
    let messages = if long_campaign() { 1_000_000 } else { 50_000 };
    let source = server(messages, messages);
    let dest = server(messages, messages / 2);
    let program = Program::between(PROGRAM, &source, &dest);
    for level in ["headers", "bodies"] {
        let verified = program.verified(&["--level", level, "--strict"], 4);
        let uid = messages / 2 + 1;
        let line = format!("altered INBOX {uid} {uid}");
        assert_eq!(verified.list("wrong"), [line]);
        assert_eq!(verified.get("dest_messages"), messages);
        let outcome = verified.outcome.stays_small();
        println!(
            "level {level}, {messages} messages on each side: peak {} KiB, {:.1} s",
            outcome.peak_kib,
            outcome.elapsed.as_secs_f64()
        );
    }
}

/// Nothing is equal: all of it goes through all stages, and the findings are many.
#[test]
fn memory_stays_small_when_everything_differs() {
    let messages = if long_campaign() { 300_000 } else { 20_000 };
    let source = server(messages, messages);
    let options = Options::with_profile(Profile::full()).with_user("alice", "pw");
    let dest = EmbeddedServer::start(options).expect("loopback has a free port");
    let mut store = dest.store();
    for number in 0..messages {
        let body = Body::synthesized(number + 10 * messages, 700);
        store.deliver("alice", "INBOX", Delivery::new(body).flagged(&["\\Seen"]));
    }
    drop(store);
    let program = Program::between(PROGRAM, &source, &dest);
    let verified = program.verified(&[], 4);
    assert_eq!(verified.get("wrong")["count"], messages);
    assert_eq!(verified.get("extra")["count"], messages);
    let outcome = verified.outcome.stays_small();
    println!(
        "{messages} messages on each side, none equal: peak {} KiB, {:.1} s",
        outcome.peak_kib,
        outcome.elapsed.as_secs_f64()
    );
}

/// As many connections as there can be, each in the middle of a large message.
#[test]
fn memory_stays_small_over_many_connections() {
    let [source, dest] = [(); 2].map(|()| {
        let options = Options::with_profile(Profile::full()).with_user("alice", "pw");
        let server = EmbeddedServer::start(options).expect("loopback has a free port");
        let mut store = server.store();
        for mailbox in 0..32 {
            for number in 0..200 {
                let octets = if number % 50 == 0 { 1_500_000 } else { 4_000 };
                let body = Body::synthesized(1_000 * mailbox + number, octets);
                let name = format!("Mailbox {mailbox}");
                store.deliver("alice", &name, Delivery::new(body));
            }
        }
        drop(store);
        server
    });
    // Two servers do not agree in this by chance, or they would look like one.
    if let Some(inbox) = dest.store().mailbox("alice", "INBOX") {
        inbox.uidvalidity += 1_000_000;
    }
    let program = Program::between(PROGRAM, &source, &dest);
    let verified = program.verified(&["--connections", "32", "--strict"], 0);
    assert_eq!(source.shared().connections(), 32);
    assert_eq!(verified.get("messages"), 6_400);
    let outcome = verified.outcome.stays_small();
    println!("32 connections to each side: peak {} KiB", outcome.peak_kib);
}
