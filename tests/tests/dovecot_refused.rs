//! Refused messages of a real source: their Message-IDs, and copies of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use imapsync_tests::corpus::{Account, MailboxSpec, MessageSpec};
use imapsync_tests::program::{Program, USER, Way, embedded_url};
use imapsync_tests::real::{Dovecot, DovecotOptions, MailFormat, PASSWORD, dovecot_or_not_run};
use imapsync_tests::server::{EmbeddedServer, Fault, Options, Rule};
use tempfile::TempDir;

/// Messages as a server stores them: ordinary, with a folded Message-ID, without one, and a large one.
fn bodies() -> Vec<String> {
    let large = "All work and no play.\r\n".repeat(40_000);
    vec![
        "Subject: a\r\nMessage-ID: <plain@example.org>\r\n\r\nbody\r\n".to_owned(),
        "Message-ID:\r\n <folded@example.org>\r\nSubject: b\r\n\r\n".to_owned(),
        "Subject: c\r\n\r\nno identity\r\n".to_owned(),
        format!("Message-Id: <large@example.org>\r\nSubject: d\r\n\r\n{large}"),
    ]
}

#[test]
fn refused_messages_of_dovecot_are_identified_and_saved() {
    if !dovecot_or_not_run() {
        return;
    }
    let mut inbox = MailboxSpec::new(&["INBOX"]);
    inbox.messages = bodies().into_iter().map(MessageSpec::new).collect();
    let account = Account {
        mailboxes: vec![inbox],
    };
    let options =
        DovecotOptions::with_format(MailFormat::Maildir).expect("certificates can be made");
    let source = Dovecot::start(options).expect("dovecot starts");
    source.fill(USER, &account).expect("it takes the corpus");
    let options = Options::default().with_user(USER, PASSWORD);
    let dest = EmbeddedServer::start(options).expect("loopback has a free port");
    let no = Fault::Refuse("NO Message contains invalid header".to_owned());
    dest.add_fault(Rule::new(no).on_command("APPEND"));
    let program = Program::new(env!("CARGO_BIN_EXE_imapsync-under-test"))
        .source(&Way::Plain.url(&source), PASSWORD)
        .dest(&embedded_url(dest.port()), PASSWORD);
    let folder = TempDir::new().expect("temporary folders can be made");
    let path = folder.path().to_str().expect("the path is UTF-8");
    let outcome = program.sync(&["--save-refused", path]).exits(3);
    let outcome = outcome
        .says("<plain@example.org>: Message contains invalid header; saved as")
        .says("<folded@example.org>: ")
        .says("no Message-ID: ")
        .says("<large@example.org>: ");
    let expected: BTreeSet<String> = bodies().into_iter().collect();
    assert_eq!(saved(&folder.path().join("INBOX")), expected, "{outcome}");
}

fn saved(folder: &Path) -> BTreeSet<String> {
    let files = fs::read_dir(folder).expect("the folder was made");
    files
        .map(|file| file.expect("it can be listed").path())
        .map(|path| fs::read_to_string(path).expect("it is text"))
        .collect()
}
