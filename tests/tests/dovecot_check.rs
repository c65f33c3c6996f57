//! `check` shows what a Dovecot can do and holds; where there is no way in, it says why in one line.

use imapsync_tests::corpus::{Account, awkward};
use imapsync_tests::program::{Outcome, Program, USER, Way};
use imapsync_tests::real::{Dovecot, DovecotOptions, MailFormat, PASSWORD, dovecot_or_not_run};

fn options() -> DovecotOptions {
    DovecotOptions::with_format(MailFormat::Maildir).expect("certificates can be made")
}

fn check(server: &Dovecot, way: Way, password: &str) -> Outcome {
    let ca_file = server.ca_file();
    let ca_file = ca_file.to_str().expect("the path is UTF-8");
    Program::new(env!("CARGO_BIN_EXE_imapsync-under-test"))
        .source(&way.url(server), password)
        .check(&["--ca-file", ca_file])
}

/// Three mailboxes of the awkward account, and its empty one.
fn account() -> Account {
    let mut account = awkward(1);
    let kept = ["INBOX", "two  spaces", "Entwürfe", "Empty"];
    account
        .mailboxes
        .retain(|mailbox| matches!(&mailbox.segments[..], [name] if kept.contains(&name.as_str())));
    account.mailboxes[1].subscribed = false;
    account
}

/// The line that begins with this word, without it.
#[track_caller]
fn row<'a>(outcome: &'a Outcome, word: &str) -> &'a str {
    let row = outcome
        .stdout
        .lines()
        .find_map(|line| line.strip_prefix(word));
    row.unwrap_or_else(|| panic!("no line {word:?}\n{outcome}"))
        .trim()
}

/// The one line that says what is wrong; advice stands below it, indented.
#[track_caller]
fn complaint(outcome: &Outcome) -> &str {
    let lines = outcome.stderr.lines();
    let lines: Vec<&str> = lines.filter(|line| !line.starts_with(' ')).collect();
    let [complaint] = lines[..] else {
        panic!("not one line\n{outcome}");
    };
    complaint
}

#[test]
fn shows_the_server_over_tls_and_starttls() {
    if !dovecot_or_not_run() {
        return;
    }
    let server = Dovecot::start(options()).expect("dovecot starts");
    let account = account();
    server.fill(USER, &account).expect("filled");
    for (way, connection) in [(Way::Tls, "TLS"), (Way::StartTls, "STARTTLS")] {
        let outcome = check(&server, way, PASSWORD).exits(0);
        assert_eq!(outcome.stderr, "", "{outcome}");
        assert_eq!(row(&outcome, "connection"), connection);
        assert!(row(&outcome, "server").contains("Dovecot"), "{outcome}");
        let capabilities: Vec<_> = row(&outcome, "capabilities").split(' ').collect();
        for capability in ["IMAP4REV1", "UIDPLUS", "MULTIAPPEND", "CONDSTORE"] {
            let shown = capabilities
                .iter()
                .any(|one| one.eq_ignore_ascii_case(capability));
            assert!(shown, "{capability}\n{outcome}");
        }
        assert_eq!(row(&outcome, "names"), "delimiter \"/\", prefix \"\"");
        shows_mailboxes(&outcome, &account);
    }
}

/// A line for each mailbox: messages, whether subscribed, name.
#[track_caller]
fn shows_mailboxes(outcome: &Outcome, account: &Account) {
    assert_eq!(
        row(outcome, "mailboxes"),
        account.mailboxes.len().to_string()
    );
    for mailbox in &account.mailboxes {
        let name = &mailbox.segments[0];
        let mut lines = outcome.stdout.lines();
        let line = lines.find(|line| line.ends_with(&format!("  {name}")));
        let line = line.unwrap_or_else(|| panic!("no {name:?}\n{outcome}"));
        let messages = format!("{} messages ", mailbox.messages.len());
        assert!(line.trim_start().starts_with(&messages), "{line}");
        assert_eq!(line.contains(" subscribed "), mailbox.subscribed, "{line}");
    }
}

#[test]
fn a_wrong_password_is_a_refused_login() {
    if !dovecot_or_not_run() {
        return;
    }
    let server = Dovecot::start(options()).expect("dovecot starts");
    for way in [Way::Tls, Way::StartTls] {
        let outcome = check(&server, way, "wr0ng").exits(7);
        let complaint = complaint(&outcome);
        assert!(complaint.contains("login refused"), "{outcome}");
        assert!(complaint.contains("Authentication failed"), "{outcome}");
        assert!(!outcome.to_string().contains("wr0ng"), "{outcome}");
        assert_eq!(outcome.stdout, "");
    }
}

#[test]
fn too_many_connections_are_temporary_trouble() {
    if !dovecot_or_not_run() {
        return;
    }
    let options = DovecotOptions {
        max_connections: 1,
        ..options()
    };
    let server = Dovecot::start(options).expect("dovecot starts");
    let held = server.login(USER).expect("the one that is allowed");
    for way in [Way::Tls, Way::StartTls] {
        let outcome = check(&server, way, PASSWORD).exits(5);
        let complaint = complaint(&outcome);
        let reason = "Maximum number of connections";
        assert!(complaint.contains(reason), "{outcome}");
    }
    drop(held);
    let mut tries = (0..100).map(|_| check(&server, Way::Plain, PASSWORD).code());
    assert!(tries.any(|code| code == Some(0)), "it never lets us in");
}
