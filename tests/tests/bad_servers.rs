//! Servers that the program cannot work with: each is answered by one clear line and its exit code.

use std::fs;
use std::net::TcpListener;

use imapsync_tests::corpus::plain;
use imapsync_tests::program::{Outcome, Pair, Program, embedded_url};
use imapsync_tests::server::tls::{Identity, Tls};
use imapsync_tests::server::{Delivery, EmbeddedServer, Fault, Options, Profile, Rule};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");

/// A server with alice, and one message.
fn server(tls: Tls) -> EmbeddedServer {
    let options = Options::default().with_user("alice", "pw").with_tls(tls);
    let server = EmbeddedServer::start(options).expect("loopback has a free port");
    let message = Delivery::new(&b"Subject: hello\r\n\r\n"[..]);
    server.store().deliver("alice", "INBOX", message);
    server
}

/// `check` of alice's account there.
fn check(url: &str, options: &[&str]) -> Outcome {
    Program::new(PROGRAM).source(url, "pw").check(options)
}

#[test]
fn nobody_there() {
    let url = "imaps://alice@no-such-host.invalid";
    let outcome = check(url, &[]);
    outcome.refuses(10, "cannot find the host no-such-host.invalid");
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let port = listener.local_addr().expect("it is bound").port();
    drop(listener);
    let outcome = check(&embedded_url(port), &[]);
    outcome.refuses(10, &format!("cannot connect to 127.0.0.1 port {port}"));
}

/// What is wrong with a certificate is said, and only trusting a good one cures it.
#[test]
fn certificates() {
    let folder = TempDir::new().expect("temporary folders can be made");
    let file = folder.path().join("ca.pem");
    let path = file.to_str().expect("the path is UTF-8");
    for (identity, distrusted, trusted) in [
        (Identity::good(), "self-signed", None),
        (Identity::other_host(), "certificate", Some("another host")),
        (Identity::expired(), "certificate", Some("expired")),
        (Identity::ca_as_leaf(), "certificate", Some("CA")),
    ] {
        fs::write(&file, &identity.certificate_pem).expect("the folder takes a file");
        for (scheme, tls) in [
            ("imaps", Tls::Implicit(identity.config.clone())),
            ("imap", Tls::StartTls(identity.config.clone())),
        ] {
            let server = server(tls);
            let url = format!("{scheme}://alice@localhost:{}", server.port());
            check(&url, &[]).refuses(10, distrusted);
            let outcome = check(&url, &["--ca-file", path]);
            match trusted {
                None => outcome.exits(0),
                Some(text) => outcome.refuses(10, text),
            };
            let logins = server.log().count("LOGIN") + server.log().count("AUTHENTICATE");
            assert_eq!(
                logins,
                usize::from(trusted.is_none()),
                "no password is given"
            );
        }
    }
}

#[test]
fn ca_files() {
    let server = server(Tls::Implicit(Identity::good().config));
    let url = format!("imaps://alice@localhost:{}", server.port());
    let check = |path: &str| check(&url, &["--ca-file", path]);
    check("/nowhere/ca.pem").refuses(2, "/nowhere/ca.pem");
    let empty = tempfile::NamedTempFile::new().expect("temporary files can be made");
    let path = empty.path().to_str().expect("the path is UTF-8");
    check(path).refuses(2, "no certificate");
}

#[test]
fn no_starttls_means_no_login() {
    let server = server(Tls::None);
    let outcome = check(&format!("imap://alice@127.0.0.1:{}", server.port()), &[]);
    outcome.refuses(10, "does not offer STARTTLS");
    assert_eq!(server.log().count("LOGIN"), 0);
    let outcome = check(&format!("imaps://alice@127.0.0.1:{}", server.port()), &[]);
    outcome.refuses(10, "does not speak TLS");
}

#[test]
fn servers_that_are_none() {
    for (greeting, code, text) in [
        (
            &b"HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n"[..],
            10,
            "HTTP/1.1 400 Bad Request",
        ),
        (
            b"220 mail.example.org ESMTP\r\n",
            10,
            "220 mail.example.org ESMTP",
        ),
        (b"+OK POP3 ready\r\n", 10, "+OK POP3 ready"),
        (b"SSH-2.0-OpenSSH_9\r\n", 10, "SSH-2.0"),
        (
            b"\x15\x03\x03\x00\x02\x02\x46\x1b[31m\r\n",
            10,
            "no IMAP server",
        ),
        (b"", 10, "no IMAP server"),
        (b"* O", 10, "no IMAP server"),
        (b"* BYE too many connections\r\n", 5, "too many connections"),
    ] {
        let server = server(Tls::None);
        server.add_fault(Rule::new(Fault::Greeting(greeting.to_vec())));
        let outcome = check(&embedded_url(server.port()), &[]);
        let outcome = outcome.refuses(code, text);
        assert!(!outcome.stderr.contains('\x1b'), "{outcome}");
    }
}

#[test]
fn a_server_that_is_busy() {
    let server = server(Tls::None);
    let busy = Fault::Refuse("NO [UNAVAILABLE] come back later".to_owned());
    for command in ["LOGIN", "AUTHENTICATE"] {
        server.add_fault(Rule::new(busy.clone()).on_command(command));
    }
    let outcome = check(&embedded_url(server.port()), &[]);
    outcome.refuses(5, "come back later");
}

#[test]
fn a_server_that_closes_inside_a_literal() {
    let pair = Pair::alike(PROGRAM, Profile::full(), &plain(2, 5, 1));
    let cut = Fault::CutInLiteral {
        literal: 1,
        after: 100,
    };
    pair.source.add_fault(Rule::new(cut));
    let outcome = pair.program.sync(&["--give-up-after", "4s"]);
    outcome.refuses(5, "source: ");
    assert!(pair.source.shared().connections() >= 4, "it tried again");
    assert_eq!(pair.dest.store().message_count("alice"), 0);
}

/// What a server says against the grammar is counted: `check` shows it, a sync logs it.
#[test]
fn a_server_with_quirks() {
    let server = server(Tls::None);
    let url = embedded_url(server.port());
    let shown = |outcome: &Outcome| {
        let row = outcome
            .stdout
            .lines()
            .find(|line| line.starts_with("quirks"));
        row.map(ToOwned::to_owned)
            .unwrap_or_else(|| panic!("no row of quirks\n{outcome}"))
    };
    let sound = check(&url, &[]).exits(0);
    assert_eq!(shown(&sound), "quirks        none met");
    server.add_fault(Rule::new(Fault::Refuse("NO".to_owned())).on_command("ID"));
    let odd = check(&url, &[]).exits(0);
    assert_eq!(shown(&odd), "quirks        missing-text 1");

    for (options, logged) in [(&[][..], false), (&["-vv"], true)] {
        let pair = Pair::alike(PROGRAM, Profile::full(), &plain(1, 5, 1));
        let date = Fault::InternalDate("00-Jan-0000 00:00:00 +0000".to_owned());
        let odd = Rule::new(date);
        pair.source.add_fault(odd.clone().on_command("FETCH"));
        pair.source.add_fault(odd.on_command("UID FETCH"));
        let outcome = pair.program.sync(options).exits(0);
        let row = "quirk=odd-date responses=5";
        assert_eq!(outcome.stderr.contains(row), logged, "{outcome}");
    }
}
