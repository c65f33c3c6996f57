//! What Dovecot makes of odd messages: each is delivered once, what became of it stands in the report,
//! and the next run leaves it alone.

use std::collections::BTreeSet;
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use imapsync_tests::compare::{Message, Snapshot};
use imapsync_tests::corpus::{Account, MessageSpec, altering};
use imapsync_tests::program::{Outcome, Program, USER, Way, embedded_url, uid_nexts};
use imapsync_tests::real::{Dovecot, DovecotOptions, MailFormat, PASSWORD, dovecot_or_not_run};
use imapsync_tests::server::{EmbeddedServer, Options};
use serde_json::Value;

/// An embedded source that keeps everything, and a Dovecot that does not.
struct Altering {
    source: EmbeddedServer,
    dest: Dovecot,
    program: Program,
}

impl Altering {
    fn new(format: MailFormat, account: &Account) -> Self {
        let options = Options::default().with_user(USER, PASSWORD);
        let source = EmbeddedServer::start(options).expect("loopback has a free port");
        source.store().account(USER).fill(account);
        let options = DovecotOptions {
            extra_lines: vec![AS_USUAL.to_owned()],
            ..DovecotOptions::with_format(format).expect("certificates can be made")
        };
        let dest = Dovecot::start(options).expect("dovecot starts");
        let program = Program::new(env!("CARGO_BIN_EXE_imapsync-under-test"))
            .source(&embedded_url(source.port()), PASSWORD)
            .dest(&Way::Plain.url(&dest), PASSWORD);
        Self {
            source,
            dest,
            program,
        }
    }

    fn held(&self) -> Vec<Message> {
        let held = Snapshot::of_doveadm(&self.dest, USER).expect("doveadm reads mail");
        held.mailboxes[&["INBOX".to_owned()][..]].clone()
    }

    /// What a client of the destination is shown: files may hold NULs that nobody gets to see.
    fn shown(&self) -> Vec<String> {
        let mut client = self.dest.login(USER).expect("alice logs in");
        client.run("EXAMINE INBOX").expect("there is an INBOX");
        let reply = client.run("FETCH 1:* BODY.PEEK[]").expect("there is mail");
        reply
            .untagged
            .iter()
            .map(|response| body(response))
            .collect()
    }

    /// Runs again: nothing is read from the source but its state, nothing is given a UID, and nobody
    /// waits for the server to become quiet, which alone takes two seconds.
    fn rests(&self, code: i32) -> Value {
        let before = (self.held(), uid_nexts(&self.dest));
        self.source.log().clear();
        let outcome = self.program.sync(&["--json"]).exits(code);
        assert_eq!((self.held(), uid_nexts(&self.dest)), before);
        for command in ["FETCH", "UID FETCH"] {
            assert_eq!(self.source.log().count(command), 0, "{command}\n{outcome}");
        }
        let report = report(&outcome);
        let elapsed = report["elapsed"].as_f64().expect("seconds");
        assert!(elapsed < 2.0, "it settled something\n{outcome}");
        report
    }
}

fn report(outcome: &Outcome) -> Value {
    let whole: Value = serde_json::from_str(&outcome.stdout).expect("one JSON object");
    whole["report"].clone()
}

/// Of the one mailbox in the report: UIDs of its altered messages, and in which respect each is.
fn alterations(report: &Value) -> Vec<(u64, Vec<String>)> {
    let listed = report["mailboxes"][0]["alterations"]["first"].as_array();
    let mut altered: Vec<_> = listed.expect("a list").iter().map(alteration).collect();
    altered.sort();
    altered
}

fn alteration(one: &Value) -> (u64, Vec<String>) {
    let kinds = one["what"].as_array().expect("a list").iter();
    let kinds = kinds.map(|what| match what {
        Value::String(kind) => kind.clone(),
        other => other
            .as_object()
            .and_then(|kinds| kinds.keys().next().cloned())
            .expect("a variant"),
    });
    (one["source"].as_u64().expect("a UID"), kinds.collect())
}

fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.expect("1970 is over").as_secs() as i64
}

/// The bodies that Dovecot shows a client of the altering account.
fn shown(account: &Account) -> Vec<String> {
    let sent = account.mailboxes[0].messages.iter().enumerate();
    let shown = sent.map(|(index, message)| {
        let changed = CHANGED.iter().find(|(uid, _)| *uid == index + 1);
        changed.map_or(&message.body[..], |(_, body)| body)
    });
    shown.map(|body| body.escape_ascii().to_string()).collect()
}

/// `* n FETCH (BODY[] {length}CRLF body)`
fn body(response: &[u8]) -> String {
    let start = response.iter().position(|&byte| byte == b'\n');
    let body = &response[start.expect("a literal") + 1..];
    let body = body.strip_suffix(b")").expect("nothing after the body");
    body.escape_ascii().to_string()
}

#[test]
fn what_dovecot_alters_is_listed_and_done_once() {
    if !dovecot_or_not_run() {
        return;
    }
    for format in [MailFormat::Maildir, MailFormat::Mdbox] {
        let account = altering();
        let pair = Altering::new(format, &account);
        let start = now();
        let outcome = pair.program.sync(&["--json"]).exits(0);
        assert_eq!(pair.shown(), shown(&account), "{outcome}");
        let mut dates: Vec<i64> = pair.held().iter().map(|one| one.internal_date).collect();
        let last = dates.pop().expect("mail");
        assert!((start..=now()).contains(&last), "{last}");
        assert_eq!(dates, [1_600_000_000; 9]);
        assert_eq!(alterations(&report(&outcome)), expected(), "{outcome}");
        pair.rests(0);
    }
}

#[test]
fn the_report_names_what_was_altered() {
    if !dovecot_or_not_run() {
        return;
    }
    let pair = Altering::new(MailFormat::Maildir, &altering());
    let outcome = pair.program.sync(&[]).exits(0);
    let lines = outcome.stdout.lines();
    let listed = lines.filter(|line| line.contains("altered by the destination: UID"));
    assert_eq!(listed.count(), expected().len(), "{outcome}");
    outcome
        .says("UID 1, there 1: body stored otherwise at the same size")
        .says("internal date 01-Jan-2100 00:00:00 +0000 stored as")
        .says("7 messages were altered by the destination, as listed");
}

#[test]
fn an_empty_message_is_refused_and_listed_again_and_again() {
    if !dovecot_or_not_run() {
        return;
    }
    let mut account = altering();
    let messages = &mut account.mailboxes[0].messages;
    messages.insert(3, MessageSpec::new(""));
    let others = messages.len() - 1;
    let pair = Altering::new(MailFormat::Maildir, &account);
    let first = pair.program.sync(&["--json"]).exits(3);
    assert_eq!(pair.held().len(), others, "{first}");
    for report in [report(&first), pair.rests(3)] {
        let refused = &report["mailboxes"][0]["refused"];
        assert_eq!(refused["count"], 1, "{report}");
        assert_eq!(refused["first"][0]["uid"], 4, "{report}");
    }
    pair.program
        .sync(&[])
        .exits(3)
        .says("refused by the destination: UID 4, 0 octets, 13-Sep-2020 12:26:40 +0000, no Message-ID")
        .says("NOT COMPLETE: 1 mailboxes lack mail, 1 messages were refused");
}

/// Many different messages, most of which Dovecot alters.
fn many() -> Account {
    let mut account = altering();
    let some = std::mem::take(&mut account.mailboxes[0].messages);
    account.mailboxes[0].messages = (0..MANY)
        .map(|number| {
            let mut message = some[number % some.len()].clone();
            let subject = format!("Subject: {number} ");
            message
                .body
                .splice(..b"Subject: ".len(), subject.into_bytes());
            message
        })
        .collect();
    account
}

#[test]
fn altered_messages_are_recognised_after_a_kill() {
    if !dovecot_or_not_run() {
        return;
    }
    // At once: most of the time is waiting until a server is quiet.
    thread::scope(|scope| {
        for format in [MailFormat::Maildir, MailFormat::Mdbox] {
            scope.spawn(move || recognises_altered_messages(format));
        }
    });
}

fn recognises_altered_messages(format: MailFormat) {
    let pair = Altering::new(format, &many());
    let mut client = pair.dest.login(USER).expect("one more connection");
    let mut arrived = || {
        let reply = client.run("STATUS INBOX (MESSAGES)").expect("it is there");
        let line = reply.lines().join("").replace(')', "");
        let number = line.rsplit(' ').next().and_then(|count| count.parse().ok());
        number.unwrap_or(0)
    };
    for wanted in [MANY / 8, MANY / 2] {
        let mut running = pair.program.start("sync", &[]);
        assert!(running.until(|| arrived() >= wanted), "too quick");
        running.kill();
        assert_eq!(running.wait().code(), None);
    }
    let outcome = pair.program.sync(&["--json"]).exits(0);
    let shown = pair.shown();
    assert_eq!(shown.len(), MANY, "{outcome}");
    let different: BTreeSet<_> = shown.iter().collect();
    assert_eq!(different.len(), MANY, "{outcome}");
    pair.rests(0);
}

const MANY: usize = 1000;
/// Other suites let Dovecot keep CRs in its files, so that these hold what was sent.
const AS_USUAL: &str = "mail_save_crlf = no";
/// A NUL becomes 0x80, a lone LF becomes CRLF, a CR directly before CRLF or at the end goes.
const CHANGED: [(usize, &[u8]); 6] = [
    (1, b"Subject: NUL in the body\r\n\r\nbefore\x80after\r\n"),
    (2, b"Subject: NUL\x80in the header\r\n\r\nbody\r\n"),
    (3, b"Subject: bare LF\r\n\r\nbody\r\nsecond line\r\n"),
    (4, b"Subject: some bare LF\r\n\r\none\r\ntwo\r\nthree\r\n"),
    (6, b"Subject: CR before CRLF\r\n\r\none\r\ntwo\r\n"),
    (7, b"Subject: CR at the end\r\n\r\none"),
];

/// In which respect each message is altered. The last, of 2100, comes to be of now.
fn expected() -> Vec<(u64, Vec<String>)> {
    let kinds = [
        (1, "body"),
        (2, "body"),
        (3, "size"),
        (4, "size"),
        (6, "size"),
        (7, "size"),
        (10, "internal-date"),
    ];
    kinds.map(|(uid, kind)| (uid, vec![kind.to_owned()])).into()
}
