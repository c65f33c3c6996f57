//! COMPRESS=DEFLATE on a client over a pipe in memory: the switch, refusals, and servers that lie.

use std::time::Duration;

use flate2::{Compress, Compression as Level, Decompress, FlushCompress, FlushDecompress};
use imap_client_lite::proto::Command;
use imap_client_lite::{
    Client, Compression, Config, Credentials, Endpoint, Error, Secret, Security, Transport,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::task::JoinHandle;

/// A server's end, which deflates by flate2 itself.
struct Server {
    pipe: DuplexStream,
    deflate: Compress,
    inflate: Decompress,
}

impl Server {
    const fn new(pipe: DuplexStream, deflate: Compress, inflate: Decompress) -> Self {
        Self {
            pipe,
            deflate,
            inflate,
        }
    }

    async fn plain_line(&mut self) -> String {
        let mut text = Vec::new();
        while !text.ends_with(b"\r\n") {
            text.push(self.pipe.read_u8().await.expect("a whole line"));
        }
        String::from_utf8(text).expect("ASCII")
    }

    /// Reads one plain line and answers with these lines, where `TAG` is its tag.
    async fn answer(&mut self, command: &str, lines: &str) {
        let line = self.plain_line().await;
        let (tag, rest) = line.split_once(' ').expect("a tag");
        assert!(rest.starts_with(command), "{line}");
        let lines = lines.replace("TAG", tag);
        self.pipe.write_all(lines.as_bytes()).await.expect("open");
    }

    fn deflated(&mut self, plain: &str) -> Vec<u8> {
        let mut wire = Vec::with_capacity(4096);
        self.deflate
            .compress_vec(plain.as_bytes(), &mut wire, FlushCompress::Sync)
            .expect("it fits");
        wire
    }

    /// Reads one compressed line; an octet at a time, so that none of the next is taken.
    async fn line(&mut self) -> String {
        let mut text = Vec::with_capacity(4096);
        while !text.ends_with(b"\r\n") {
            let octet = self.pipe.read_u8().await.expect("a whole line");
            self.inflate
                .decompress_vec(&[octet], &mut text, FlushDecompress::None)
                .expect("the client deflates");
        }
        String::from_utf8(text).expect("ASCII")
    }
}

/// A logged-in client, and a server that greets, lets in, and goes on as `script` says.
async fn client<F>(
    capabilities: &'static str,
    script: impl FnOnce(Server) -> F + Send + 'static,
) -> (Client, JoinHandle<()>)
where
    F: Future<Output = ()> + Send,
{
    let (near, far) = tokio::io::duplex(4096);
    let mut server = Server::new(
        far,
        Compress::new(Level::new(9), false),
        Decompress::new(false),
    );
    let server = tokio::spawn(async move {
        let greeting = b"* OK [CAPABILITY IMAP4rev1 COMPRESS=DEFLATE] hi\r\n";
        server.pipe.write_all(greeting).await.expect("open");
        tokio::time::sleep(Duration::from_millis(40)).await;
        server.answer("LOGIN", "TAG OK in\r\n").await;
        let list = format!("* CAPABILITY IMAP4rev1 {capabilities}\r\nTAG OK\r\n");
        server.answer("CAPABILITY", &list).await;
        script(server).await;
    });
    let endpoint = Endpoint::new("localhost", 143, Security::None);
    let mut client = Client::greet(
        Transport::Other(Box::new(near)),
        endpoint,
        &Config::default(),
    )
    .await
    .expect("a greeting");
    assert!(matches!(client.compress().await, Err(Error::Misuse(_))));
    let credentials = Credentials::new("joe", Secret::new("pw".to_owned()));
    client.login(&credentials).await.expect("welcome");
    (client, server)
}

#[tokio::test(start_paused = true)]
async fn both_directions_are_deflated_from_the_ok_on() {
    let (mut client, server) = client("COMPRESS=DEFLATE", |mut server| async move {
        let line = server.plain_line().await;
        assert!(line.ends_with(" COMPRESS DEFLATE\r\n"), "{line}");
        let tag = line.split(' ').next().expect("a tag");
        // The OK, and compressed news at once, in one write.
        let mut wire = format!("{tag} OK begin\r\n").into_bytes();
        wire.extend(server.deflated("* 23 EXISTS\r\n"));
        server.pipe.write_all(&wire).await.expect("open");
        let noop = server.line().await;
        let tag = noop.split(' ').next().expect("a tag");
        assert_eq!(noop, format!("{tag} NOOP\r\n"));
        let wire = server.deflated(&format!("{tag} OK done\r\n"));
        for octet in wire {
            server.pipe.write_all(&[octet]).await.expect("open");
        }
        let last = server.line().await;
        assert!(last.ends_with(" LOGOUT\r\n"), "{last}");
    })
    .await;
    assert_eq!(
        client.compress().await.expect("it is sane"),
        Compression::Active
    );
    // A second time is nothing.
    assert_eq!(client.compress().await.expect("it is"), Compression::Active);
    assert!(matches!(
        client.enqueue(&Command::StartTls),
        Err(Error::Misuse(_))
    ));
    assert!(matches!(
        client.enqueue(&Command::Compress),
        Err(Error::Misuse(_))
    ));
    let mut news = Vec::new();
    client
        .run(&Command::Noop, |one| news.push(format!("{one:?}")))
        .await
        .expect("it is sane");
    assert_eq!(news, ["Exists(23)"]);
    client.logout().await;
    server.await.expect("the server is content");
}

/// The OK of COMPRESS and what is behind it come in every possible cut, and the call is dropped at
/// every wait.
#[tokio::test(start_paused = true)]
async fn the_switch_is_exact_wherever_reads_end_and_calls_are_dropped() {
    for cut in 1..60 {
        let (mut client, server) = client("COMPRESS=DEFLATE", move |mut server| async move {
            let line = server.plain_line().await;
            let tag = line.split(' ').next().expect("a tag");
            let mut wire = format!("{tag} OK [ALERT] begin {{9}}\r\n").into_bytes();
            wire.extend(server.deflated("* 23 EXISTS\r\n* BYE really\r\n"));
            let (first, second) = wire.split_at(cut.min(wire.len()));
            for part in [first, second] {
                server.pipe.write_all(part).await.expect("open");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await;
        let patience = Duration::from_millis(2);
        let dropped = tokio::time::timeout(patience, client.compress()).await;
        // The OK line has 28 octets: five for the tag.
        assert_eq!(dropped.is_err(), cut < 28, "{cut}");
        let mut news = Vec::new();
        let ended = loop {
            match tokio::time::timeout(patience, client.next()).await {
                Err(_) => {}
                Ok(Ok(event)) => news.push(format!("{event:?}")),
                Ok(Err(error)) => break error,
            }
        };
        let news = news.join("\n");
        assert!(news.contains("Exists(23)"), "{cut}: {news}");
        assert!(ended.to_string().ends_with("it said: really"), "{ended}");
        server.await.expect("the server is content");
    }
}

#[tokio::test(start_paused = true)]
async fn without_compression_all_goes_on_as_before() {
    let (mut none, server) = client("", |mut server| async move {
        server.answer("NOOP", "TAG OK done\r\n").await;
    })
    .await;
    // What was offered before login does not count.
    assert_eq!(
        none.compress().await.expect("nothing is sent"),
        Compression::NotOffered
    );
    none.run(&Command::Noop, |_| {}).await.expect("it goes on");
    server.await.expect("the server is content");
    for refusal in ["NO [COMPRESSIONACTIVE] TLS does it", "BAD what?"] {
        let (mut client, server) = client("COMPRESS=DEFLATE", move |mut server| async move {
            server
                .answer("COMPRESS", &format!("TAG {refusal}\r\n"))
                .await;
            server.answer("NOOP", "* 1 EXISTS\r\nTAG OK done\r\n").await;
        })
        .await;
        let refused = client.compress().await.expect("no error");
        assert!(matches!(refused, Compression::Refused(_)), "{refused:?}");
        client
            .run(&Command::Noop, |_| {})
            .await
            .expect("it goes on");
        server.await.expect("the server is content");
    }
}

#[tokio::test(start_paused = true)]
async fn plain_text_behind_the_ok_is_no_answer() {
    for injected in [
        "* 666 EXISTS\r\n",
        "TAG OK NOOP done\r\n",
        "* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n",
        "\r\n\r\n",
        "* OK [CAPABILITY IMAP4rev1 X] more text that goes on for quite a while, as text does\r\n",
    ] {
        let (mut client, server) = client("COMPRESS=DEFLATE", move |mut server| async move {
            let lines = format!("TAG OK begin\r\n{injected}");
            server.answer("COMPRESS", &lines).await;
        })
        .await;
        let mut heard = 0;
        let mut ended = client.compress().await.err();
        if ended.is_none() {
            ended = client.run(&Command::Noop, |_| heard += 1).await.err();
        }
        let ended = ended.expect("nothing was answered").to_string();
        assert_eq!(heard, 0, "{injected}");
        assert!(
            ended.contains("not compressed, or damaged") || ended.contains("closed"),
            "{injected}: {ended}"
        );
        server.await.expect("the server is content");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_under_way_beside_compress() {
    let (mut client, server) = client("COMPRESS=DEFLATE", |mut server| async move {
        server.answer("NOOP", "TAG OK done\r\n").await;
        server.answer("COMPRESS", "TAG NO not now\r\n").await;
        server.answer("NOOP", "TAG OK done\r\n").await;
    })
    .await;
    client.enqueue(&Command::Noop).expect("nothing is open");
    assert!(matches!(client.compress().await, Err(Error::Misuse(_))));
    client.settle().await.expect("it goes on");
    client
        .enqueue(&Command::Compress)
        .expect("nothing is under way");
    assert!(matches!(
        client.enqueue(&Command::Noop),
        Err(Error::Misuse(_))
    ));
    client.settle().await.expect("a refusal is no error here");
    client
        .run(&Command::Noop, |_| {})
        .await
        .expect("it goes on");
    server.await.expect("the server is content");
}

#[tokio::test(start_paused = true)]
async fn the_round_trip_is_the_quickest_answer_to_a_login() {
    let (client, server) = client("", |_| async {}).await;
    // LOGIN took 40 ms, CAPABILITY no time on this clock.
    assert_eq!(client.round_trip(), Some(Duration::ZERO));
    server.await.expect("the server is content");
}
