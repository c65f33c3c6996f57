//! A client over a pipe in memory: cancelling, peers that stop reading, STARTTLS, silence.

use std::time::Duration;

use bytes::Bytes;
use imap_client_lite::proto::command::BodyForm;
use imap_client_lite::proto::{Append, AppendMessage, Command, FlagSet, MailboxName, Untagged};
use imap_client_lite::{
    Client, Config, Credentials, Endpoint, Error, Event, Secret, Security, Transport,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

fn endpoint() -> Endpoint {
    Endpoint::new("localhost", 143, Security::None)
}

async fn connect(pipe: DuplexStream) -> Result<Client, Error> {
    Client::greet(
        Transport::Other(Box::new(pipe)),
        endpoint(),
        &Config::default(),
    )
    .await
}

/// Reads one line as the server.
async fn line(server: &mut DuplexStream) -> String {
    let mut text = Vec::new();
    while !text.ends_with(b"\r\n") {
        text.push(server.read_u8().await.expect("a whole line"));
    }
    String::from_utf8(text).expect("ASCII")
}

fn tag(line: &str) -> &str {
    line.split(' ').next().expect("a tag")
}

#[tokio::test(start_paused = true)]
async fn dropping_next_at_every_await_loses_nothing() {
    let (near, mut far) = tokio::io::duplex(7);
    let wire = b"* OK hi\r\n* 1 FETCH (UID 4 BODY[] {26}\r\nabcdefghijklmnopqrstuvwxyz FLAGS (\\Seen))\r\n* 9 EXISTS\r\n";
    tokio::spawn(async move {
        for byte in wire {
            far.write_all(&[*byte]).await.expect("the pipe is open");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
    });
    let mut client = connect(near).await.expect("a greeting");
    let mut body = Vec::new();
    let mut fetched = false;
    loop {
        // Every wait is cut short: most polls are cancelled.
        match tokio::time::timeout(Duration::from_millis(3), client.next()).await {
            Err(_) => {}
            Ok(Ok(Event::BodyChunk(chunk))) => body.extend_from_slice(&chunk),
            Ok(Ok(Event::Untagged(Untagged::Fetch(fetch)))) => {
                fetched = fetch.uid.is_some() && fetch.flags.is_some()
            }
            Ok(Ok(Event::Untagged(Untagged::Exists(9)))) => break,
            Ok(Ok(_)) => {}
            Ok(Err(error)) => panic!("{error}"),
        }
    }
    assert!(fetched);
    assert_eq!(body, b"abcdefghijklmnopqrstuvwxyz");
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_answers_instead_of_reading_does_not_hang_us() {
    let (near, mut far) = tokio::io::duplex(64);
    tokio::spawn(async move {
        far.write_all(b"* OK [CAPABILITY IMAP4rev1 LITERAL+] hi\r\n")
            .await
            .expect("the pipe is open");
        let first = line(&mut far).await;
        // Much more than the pipe holds, while the client wants to send much more than it holds.
        for _ in 0..1000 {
            far.write_all(b"* OK still here\r\n")
                .await
                .expect("the client reads");
        }
        let mut body = vec![0; 100_000 + 2];
        far.read_exact(&mut body).await.expect("the client writes");
        far.write_all(format!("{} OK stored\r\n", tag(&first)).as_bytes())
            .await
            .expect("the pipe is open");
        tokio::time::sleep(Duration::from_secs(5)).await;
    });
    let mut client = connect(near).await.expect("a greeting");
    let (mailbox, flags) = (MailboxName::inbox(), FlagSet::default());
    let message = AppendMessage {
        flags: &flags,
        internal_date: None,
        octets: 100_000,
        literal: None,
        form: BodyForm::Literal,
    };
    let append = Append {
        mailbox: &mailbox,
        messages: &[message],
    };
    let body = [Bytes::from(vec![b'x'; 100_000])];
    let ticket = client
        .enqueue_append(append, std::iter::once(&body[..]))
        .expect("nothing is open");
    loop {
        if let Event::Done(done) = client.next().await.expect("it goes on") {
            assert_eq!(done.ticket, ticket);
            break;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn progress_tells_of_a_continuation_that_came_with_an_event() {
    let (near, mut far) = tokio::io::duplex(4096);
    let server = tokio::spawn(async move {
        far.write_all(b"* OK [CAPABILITY IMAP4rev1] hi\r\n")
            .await
            .expect("open");
        let noop = line(&mut far).await;
        let append = line(&mut far).await;
        let both = format!("{} OK done\r\n+ go\r\n", tag(&noop));
        far.write_all(both.as_bytes()).await.expect("open");
        let mut body = [0; 6];
        far.read_exact(&mut body).await.expect("the body follows");
        far.write_all(format!("{} OK stored\r\n", tag(&append)).as_bytes())
            .await
            .expect("open");
        body
    });
    let mut client = connect(near).await.expect("a greeting");
    client.enqueue(&Command::Noop).expect("nothing is open");
    let (mailbox, flags) = (MailboxName::inbox(), FlagSet::default());
    let message = AppendMessage {
        flags: &flags,
        internal_date: None,
        octets: 4,
        literal: None,
        form: BodyForm::Literal,
    };
    let append = Append {
        mailbox: &mailbox,
        messages: &[message],
    };
    client.open_append(append).expect("nothing is open");
    while client.awaits_continuation() {
        if client.progress().await.expect("it goes on") {
            client.next().await.expect("an event");
        }
    }
    client.supply(Bytes::from_static(b"body")).expect("it fits");
    client.settle().await.expect("stored");
    assert_eq!(&server.await.expect("content"), b"body\r\n");
}

#[tokio::test(start_paused = true)]
async fn silence_ends() {
    let (near, mut far) = tokio::io::duplex(64);
    assert!(matches!(connect(near).await, Err(Error::TimedOut { .. })));
    let (near, mut other) = tokio::io::duplex(64);
    far.write_all(b"x").await.ok();
    other
        .write_all(b"* OK hi\r\n")
        .await
        .expect("the pipe is open");
    let mut client = connect(near).await.expect("a greeting");
    let silent = client.run(&Command::Noop, |_| {}).await;
    assert!(matches!(
        silent,
        Err(Error::TimedOut {
            awaiting: "NOOP",
            ..
        })
    ));
}

#[tokio::test]
async fn greetings_that_are_none() {
    for (greeting, wanted) in [
        (&b"HTTP/1.1 400 Bad Request\r\n"[..], "no IMAP server"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "no IMAP server"),
        (b"220 mail ESMTP\r\n", "no IMAP server"),
        (b"+OK POP3 ready\r\n", "it said: +OK POP3 ready"),
        (b"* BYE overloaded\r\n", "does not want us now: overloaded"),
        (b"", "closed the connection"),
    ] {
        let (near, mut far) = tokio::io::duplex(64);
        far.write_all(greeting).await.expect("the pipe is open");
        drop(far);
        let error = connect(near).await.expect_err("no greeting");
        assert!(error.to_string().contains(wanted), "{error}");
    }
}

/// Logs in against a server with these capabilities and returns the login line it saw.
async fn login_line(capabilities: &'static str) -> String {
    let (near, mut far) = tokio::io::duplex(4096);
    let server = tokio::spawn(async move {
        far.write_all(format!("* OK [CAPABILITY IMAP4rev1 {capabilities}] hi\r\n").as_bytes())
            .await
            .expect("open");
        let login = line(&mut far).await;
        far.write_all(format!("{} OK [CAPABILITY IMAP4rev1 X] in\r\n", tag(&login)).as_bytes())
            .await
            .expect("open");
        let again = line(&mut far).await;
        assert!(
            again.ends_with(" CAPABILITY\r\n"),
            "capabilities are asked again after login"
        );
        far.write_all(
            format!("* CAPABILITY IMAP4rev1 UIDPLUS\r\n{} OK\r\n", tag(&again)).as_bytes(),
        )
        .await
        .expect("open");
        tokio::time::sleep(Duration::from_millis(50)).await;
        login
    });
    let mut client = connect(near).await.expect("a greeting");
    client
        .login(&Credentials::new("joe", Secret::new("p w".to_owned())))
        .await
        .expect("welcome");
    assert!(client.capabilities().has("uidplus"));
    server.await.expect("the server is content")
}

#[tokio::test]
async fn the_way_to_log_in_is_what_the_server_offers() {
    assert!(
        login_line("AUTH=PLAIN SASL-IR")
            .await
            .ends_with(" AUTHENTICATE PLAIN AGpvZQBwIHc=\r\n")
    );
    assert!(
        login_line("AUTH=PLAIN")
            .await
            .ends_with(" LOGIN joe \"p w\"\r\n")
    );
    assert!(login_line("").await.ends_with(" LOGIN joe \"p w\"\r\n"));
}

#[tokio::test]
async fn no_password_is_sent_where_login_is_disabled() {
    let (near, mut far) = tokio::io::duplex(4096);
    far.write_all(b"* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi\r\n")
        .await
        .expect("open");
    let mut client = connect(near).await.expect("a greeting");
    let refused = client
        .login(&Credentials::new("joe", Secret::new("secret".to_owned())))
        .await;
    assert!(matches!(refused, Err(Error::NoLoginMethod)));
    drop(client);
    let mut sent = Vec::new();
    far.read_to_end(&mut sent).await.expect("closed");
    assert!(sent.is_empty());
}
