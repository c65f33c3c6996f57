//! Messages that are never held whole, in either direction.

use std::io::Read;

use super::client::Client;
use crate::server::{Body, Delivery, EmbeddedServer, Options, Synthesized};

const LENGTH: u64 = 64 << 20;

#[test]
fn a_large_message_streams_out_and_in() {
    let mut options = Options::default().with_user("alice", "pw");
    options.hash_over = 1 << 20;
    let server = EmbeddedServer::start(options).expect("a port");
    let body = Body::synthesized(5, LENGTH);
    let digest = body.digest();
    server
        .store()
        .deliver("alice", "INBOX", Delivery::new(body));

    let mut reader = Client::alice(&server);
    reader.run("EXAMINE INBOX");
    let octets = reader.body(1);
    assert_eq!(Body::from(octets).digest(), digest);

    let mut writer = Client::alice(&server);
    writer.send(format!("a APPEND INBOX {{{LENGTH}+}}\r\n"));
    let made = Synthesized {
        seed: 5,
        length: LENGTH,
    };
    let mut sent = 0;
    while sent < LENGTH {
        let chunk = made.chunk(sent);
        writer.send(&chunk);
        sent += chunk.len() as u64;
    }
    writer.send("\r\n");
    assert!(writer.until("a").contains("a OK"));
    let rows = server.dump("alice");
    assert_eq!((rows[0].digest, rows[1].digest), (digest, digest));

    // Its header is known, its octets are not.
    assert!(reader.run("NOOP").contains("* 2 EXISTS"));
    let answer = reader.run("UID FETCH 2 (RFC822.SIZE BODY.PEEK[HEADER.FIELDS (Subject)])");
    assert!(
        answer.contains("Subject: Synthesized message 5"),
        "{answer}"
    );
    assert!(
        reader
            .run("UID FETCH 2 (BODY.PEEK[])")
            .contains("NO [SERVERBUG]")
    );
}

/// The server's own memory cannot be told from the test's here; that a client who does not read
/// stops the server's writing shows that nothing piles up.
#[test]
fn a_client_that_does_not_read_stops_the_server() {
    let server =
        EmbeddedServer::start(Options::default().with_user("alice", "pw")).expect("a port");
    server.store().deliver(
        "alice",
        "INBOX",
        Delivery::new(Body::synthesized(1, 1 << 30)),
    );
    let mut client = Client::alice(&server);
    client.run("EXAMINE INBOX");
    client.send("a FETCH 1 BODY.PEEK[]\r\n");
    client.exactly(1000);
    let mut before = 0;
    // Until the buffers of the operating system are full.
    while before != server.shared().octets_sent() {
        before = server.shared().octets_sent();
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert!(before < 64 << 20, "{before} octets went into the void");
    let mut some = [0; 4096];
    client
        .stream()
        .read_exact(&mut some)
        .expect("the rest is still there");
}
