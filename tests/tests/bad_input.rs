//! What a user may get wrong, and ledgers that cannot be used: each is answered by one clear line and
//! its exit code, and no output ever holds a password.

use std::fs;

use imapsync_tests::corpus::plain;
use imapsync_tests::program::{Pair, Program, embedded_url};
use imapsync_tests::server::{Delivery, EmbeddedServer, Fault, Options, Profile, Rule};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");

/// The program with one account, whose password is `pw`.
fn program(url: &str) -> Program {
    Program::new(PROGRAM).source(url, "pw")
}

fn pair() -> Pair {
    Pair::alike(PROGRAM, Profile::full(), &plain(2, 5, 1))
}

#[test]
fn logins() {
    let pair = pair();
    let (source, dest) = (
        embedded_url(pair.source.port()),
        embedded_url(pair.dest.port()),
    );
    let wrong = Program::new(PROGRAM)
        .source(&source, "wrong")
        .dest(&dest, "pw");
    wrong.check(&[]).refuses(7, "login refused");
    wrong.sync(&[]).refuses(7, "source: login refused");
    let wrong = Program::new(PROGRAM)
        .source(&source, "pw")
        .dest(&dest, "wrong");
    wrong.sync(&[]).refuses(7, "destination: login refused");
    wrong.verify(&[]).refuses(7, "destination: login refused");
    assert_eq!(pair.changes(), [""; 0]);
}

#[test]
fn passwords_that_are_not_there() {
    let url = "imaps://alice@localhost";
    let none = Program::new(PROGRAM).source(url, "").dest(url, "pw");
    none.check(&[]).refuses(2, "IMAPSYNC_PASSWORD");
    let none = none.dest("imaps://bob@localhost", "pw");
    none.sync(&[]).refuses(2, "IMAPSYNC_SOURCE_PASSWORD");
    let outcome = none.check(&["--password-file", "/nowhere/pw"]);
    outcome.refuses(2, "/nowhere/pw");
    let outcome = none.check(&["--password-command", "exit 3"]);
    outcome.refuses(2, "password command");
}

#[test]
fn urls_that_are_none() {
    for (url, text) in [
        ("alice@host", "not a URL"),
        ("http://alice@host", "unknown scheme"),
        ("imaps://host", "names no user"),
        ("imaps://alice@host/INBOX", "nothing may follow"),
        ("imaps://alice@host:99999", "not a URL"),
        ("imap+insecure://alice@host", "needs a port"),
        (
            "imaps://alice:geheim@host",
            "a password must not stand in the URL",
        ),
    ] {
        let outcome = program(url).check(&[]).refuses(2, text);
        assert!(!outcome.stderr.contains("geheim"), "{outcome}");
        let both = program(url).dest("imaps://bob@host", "pw");
        let outcome = both.sync(&[]).refuses(2, text);
        assert!(!outcome.stderr.contains("geheim"), "{outcome}");
    }
    let wrong = program("imaps://alice@host").start_with(&["sync", "--frobnicate"]);
    wrong.wait().refuses(2, "--frobnicate");
    let help = program("imaps://alice@host").start_with(&["--help"]);
    help.wait().exits(0).says("Exit codes");
}

#[test]
fn ledgers_that_cannot_be_used() {
    let pair = pair();
    pair.program.sync(&[]).exits(0);
    let ledger = pair.program.ledgers().remove(0);
    let good = fs::read(&ledger).expect("the ledger is a file");
    let connection = rusqlite::Connection::open(&ledger).expect("the ledger is SQLite");
    connection
        .pragma_update(None, "user_version", 4711)
        .expect("the version can be set");
    drop(connection);
    pair.program.sync(&[]).refuses(11, "version 4711");
    pair.program
        .sync(&["--dry-run"])
        .refuses(11, "version 4711");
    let garbage = b"this is no database ".repeat(1000);
    let damaged = [&good[..good.len() / 2], &garbage].concat();
    for content in [garbage, damaged] {
        fs::write(&ledger, content).expect("the folder takes a file");
        let name = ledger.to_str().expect("the path is UTF-8");
        // A dry run only looks; a run sets it aside and recognises what was copied.
        pair.program.sync(&["--dry-run"]).exits(0).says("compare");
        assert!(pair.program.ledgers().len() == 1);
        pair.dest.log().clear();
        pair.program.sync(&[]).exits(0).says("damaged").says(name);
        assert_eq!(pair.dest.log().count("APPEND"), 0);
    }
    fs::remove_file(&ledger).expect("it was there");
    fs::create_dir(&ledger).expect("the folder takes a folder");
    pair.program.sync(&[]).refuses(11, "ledger");
    let urls = [&pair.source, &pair.dest].map(|server| embedded_url(server.port()));
    let nowhere = ["sync", &urls[0], &urls[1], "--state-dir", "/dev/null/here"];
    let outcome = pair.program.start_with(&nowhere).wait();
    outcome.refuses(11, "/dev/null/here");
    pair.assert_equal();
}

#[test]
fn a_ledger_that_another_run_holds() {
    let pair = pair();
    let pause = Fault::Delay(std::time::Duration::from_secs(60));
    pair.dest.add_fault(Rule::new(pause).on_command("APPEND"));
    let mut running = pair.program.start("sync", &[]);
    assert!(running.until(|| pair.dest.log().count("APPEND") > 0));
    pair.program
        .sync(&[])
        .refuses(6, "another run holds the ledger");
}

#[test]
fn the_same_account_on_both_sides() {
    let server = pair().source;
    let other_port = EmbeddedServer::listen(server.shared().clone(), 1).expect("a port");
    let url = embedded_url(server.port());
    for other in [
        url.clone(),
        url.replace("alice", "%61lice"),
        embedded_url(other_port.port()),
        embedded_url(other_port.port()).replace("127.0.0.1", "localhost"),
    ] {
        let program = program(&url).dest(&other, "pw");
        program.sync(&[]).refuses(2, "the same account");
        program.sync(&["--dry-run"]).refuses(2, "the same account");
    }
    assert_eq!(server.log().count("APPEND"), 0);
    assert_eq!(server.store().message_count("alice"), 10);
}

/// Passwords, in every form in which they go over the wire, with the most talkative log.
#[test]
fn no_password_in_any_output() {
    let base64 = ["AGFsaWNlAGh1bnRlcjItc2VjcmV0", "aHVudGVyMi1zZWNyZXQ"];
    let literal = "hunter2\u{e9}\"\\secret";
    for (profile, password) in [
        (Profile::full(), "hunter2-secret"),
        (
            Profile {
                sasl_ir: false,
                logindisabled: false,
                ..Profile::full()
            },
            "hunter2-secret",
        ),
        (Profile::plain(), "hunter2-secret"),
        (Profile::plain(), literal),
        (Profile::full(), literal),
    ] {
        let [source, dest] = [(); 2].map(|()| {
            let options = Options::with_profile(profile.clone()).with_user("alice", password);
            EmbeddedServer::start(options).expect("loopback has a free port")
        });
        let message = Delivery::new(&b"Subject: hello\r\n\r\n"[..]);
        source.store().deliver("alice", "INBOX", message);
        let urls = [&source, &dest].map(|server| embedded_url(server.port()));
        let right = Program::new(PROGRAM)
            .source(&urls[0], password)
            .dest(&urls[1], password);
        let wrong = Program::new(PROGRAM)
            .source(&urls[0], &format!("{password}x"))
            .dest(&urls[1], password);
        for outcome in [
            right.check(&["-vvv"]).exits(0),
            right.sync(&["-vvv"]).exits(0),
            right.verify(&["-vvv", "--json"]).exits(0),
            wrong.check(&["-vvv"]).exits(7),
            wrong.sync(&["-vvv"]).exits(7),
        ] {
            let said = [outcome.stdout.as_str(), &outcome.stderr].concat();
            let talkative = said.contains("LOGIN") || said.contains("AUTHENTICATE");
            assert!(talkative, "{said}");
            assert!(
                !said.contains("hunter2") && !said.contains("secret"),
                "{said}"
            );
            assert!(!base64.iter().any(|form| said.contains(form)), "{said}");
        }
    }
}
