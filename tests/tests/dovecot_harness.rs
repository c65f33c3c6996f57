//! The harness proved on itself: a real Dovecot, filled with a corpus account, holds it exactly.

use imapsync_tests::compare::Snapshot;
use imapsync_tests::corpus::{Account, awkward, dotted, plain};
use imapsync_tests::real::{
    Dovecot, DovecotOptions, MailFormat, Namespace, RawClient, Rawlog, Status, dovecot_or_not_run,
    long_campaign,
};

/// A server that holds `account` as alice's.
fn filled(options: DovecotOptions, account: &Account) -> Dovecot {
    let server = Dovecot::start(options).expect("dovecot starts");
    server
        .fill("alice", account)
        .expect("dovecot takes the corpus");
    server
}

fn snapshot(server: &Dovecot) -> Snapshot {
    Snapshot::of_dovecot(server, "alice").expect("the mail store is readable")
}

#[track_caller]
fn assert_equal(expected: &Snapshot, actual: &Snapshot) {
    let differences = expected.differences(actual);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn options(format: MailFormat) -> DovecotOptions {
    DovecotOptions::with_format(format).expect("certificates can be made")
}

#[test]
fn maildir_holds_the_awkward_account_exactly() {
    if !dovecot_or_not_run() {
        return;
    }
    let seeds = if long_campaign() { 1..20 } else { 1..2 };
    for seed in seeds {
        let account = awkward(seed);
        let server = filled(options(MailFormat::Maildir), &account);
        let actual = snapshot(&server);
        assert_eq!(actual.message_count(), 2000);
        assert_equal(&Snapshot::of_account(&account), &actual);
    }
}

#[test]
fn mdbox_holds_the_awkward_account_exactly() {
    if !dovecot_or_not_run() {
        return;
    }
    let account = awkward(1);
    let server = filled(options(MailFormat::Mdbox), &account);
    assert_equal(&Snapshot::of_account(&account), &snapshot(&server));
}

#[test]
fn nested_maildir_takes_names_with_dots() {
    if !dovecot_or_not_run() {
        return;
    }
    let mut account = dotted(1);
    account.mailboxes.extend(awkward(1).mailboxes.drain(1..));
    let server = filled(options(MailFormat::MaildirNested), &account);
    assert_equal(&Snapshot::of_account(&account), &snapshot(&server));
}

#[test]
fn children_of_inbox_are_top_level_under_an_inbox_prefix() {
    if !dovecot_or_not_run() {
        return;
    }
    let account = awkward(1);
    for format in [MailFormat::Maildir, MailFormat::Mdbox] {
        let options = DovecotOptions {
            namespace: Namespace::inbox_dot(),
            ..options(format)
        };
        let server = filled(options, &account);
        let expected = Snapshot::of_account(&account).under_inbox_prefix();
        assert_equal(&expected, &snapshot(&server));
    }
}

#[test]
fn fills_a_server_that_shows_no_extensions() {
    if !dovecot_or_not_run() {
        return;
    }
    for capability in ["IMAP4rev1", "IMAP4rev1 LITERAL+"] {
        let account = plain(2, 20, 3);
        let options =
            DovecotOptions::with_capability(capability).expect("certificates can be made");
        let server = filled(options, &account);
        let shown = server
            .login("alice")
            .and_then(|mut client| client.run("CAPABILITY"))
            .expect("alice logs in");
        assert_eq!(shown.lines(), [format!("* CAPABILITY {capability}")]);
        assert_equal(&Snapshot::of_account(&account), &snapshot(&server));
    }
}

#[test]
fn limits_connections_and_refuses_wrong_passwords_soon() {
    if !dovecot_or_not_run() {
        return;
    }
    let options = DovecotOptions {
        max_connections: 2,
        ..options(MailFormat::Maildir)
    };
    let server = Dovecot::start(options).expect("dovecot starts");
    let _held = (
        server.login("alice").expect("first"),
        server.login("alice").expect("second"),
    );
    let third = server.login("alice").expect_err("over the limit");
    assert!(third.to_string().contains("[LIMIT]"), "{third}");
    let mut client = RawClient::connect(server.plain_address()).expect("connects");
    for _ in 0..3 {
        let answer = client.command("LOGIN bob wrong").expect("answers");
        assert_eq!(answer.status, Status::No);
    }
}

#[test]
fn what_clients_say_is_in_the_rawlog_while_it_lives() {
    if !dovecot_or_not_run() {
        return;
    }
    let options = DovecotOptions {
        extra_lines: vec![Rawlog::SETTING.to_owned()],
        ..options(MailFormat::Maildir)
    };
    let server = Dovecot::start(options).expect("dovecot starts");
    let say = |line: &str| {
        let mut client = server.login("alice").expect("it lets us in");
        client.command(line).expect("it answers");
        client.command("LOGOUT").expect("it answers");
    };
    say("CREATE before");
    let rawlog = Rawlog::begin(&server, "alice").expect("she has been there");
    assert!(rawlog.commands().is_err(), "nobody has said anything");
    say("UID FETCH 1 FLAGS");
    assert_eq!(rawlog.changes().expect("logged"), [""; 0]);
    say("uid store 1 FLAGS ()");
    assert_eq!(rawlog.changes().expect("logged"), ["uid store 1 FLAGS ()"]);
}
