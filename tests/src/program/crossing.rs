//! The program between Dovecot and a server of another make, and the questions that every such pair has to answer:
//! does the report say exactly what differs, does a second run change nothing, does `verify` agree.

use std::collections::BTreeMap;

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::{Outcome, Program, USER, Way};
use crate::compare::{Held, PRESENT, UNDATED, disagreements, strays, unaccounted};
use crate::corpus::{Account, Random};
use crate::real::{
    Dovecot, DovecotOptions, ForeignServer, MailFormat, Make, PASSWORD, Proxy, RawClient,
};

/// Where the mail goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Towards {
    /// From Dovecot to the other server.
    Foreign,
    /// From the other server to Dovecot.
    Dovecot,
}

/// Alice's accounts on both servers, and the program, which reaches the destination through a proxy.
///
/// Methods panic where the servers fail: nothing can be tested then.
#[derive(Debug)]
pub struct Crossing {
    foreign: ForeignServer,
    dovecot: Dovecot,
    towards: Towards,
    proxy: Proxy,
    program: Program,
    octets: usize,
    /// When the servers were started, in seconds since 1970.
    began: i64,
}

impl Crossing {
    /// Starts both servers, and fills the source with what it takes of `account`.
    pub fn start(path: &str, make: Make, towards: Towards, account: &Account) -> Self {
        let began = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("1970 is over");
        let foreign = ForeignServer::start(make).expect("the server starts");
        let options = DovecotOptions::with_format(MailFormat::Maildir).expect("certificates");
        let dovecot = Dovecot::start(options).expect("dovecot starts");
        let url = |port| format!("imap+insecure://{USER}@127.0.0.1:{port}");
        let (source, dest) = match towards {
            Towards::Foreign => {
                dovecot
                    .fill(USER, account)
                    .expect("dovecot takes the corpus");
                (Way::Plain.url(&dovecot), foreign.address())
            }
            Towards::Dovecot => {
                foreign.offer(USER, account).expect("the server is filled");
                (url(foreign.address().port()), dovecot.plain_address())
            }
        };
        let proxy = Proxy::before(dest).expect("a free port");
        let program = Program::new(path)
            .source(&source, PASSWORD)
            .dest(&url(proxy.port()), PASSWORD);
        Self {
            foreign,
            dovecot,
            towards,
            proxy,
            program,
            octets: account.total_bytes(),
            began: began.as_secs() as i64,
        }
    }

    /// What both sides hold, by their own words: first the source.
    pub fn held(&self) -> [Held; 2] {
        let [source, dest] = self.logins();
        let sides = [source, dest];
        let mut held = sides.map(|mut client| Held::read(&mut client).expect("it shows its mail"));
        let [undated, present] = [&held[0], &held[1]].map(|one| one.dated_since(self.began));
        held[1].date(&present, PRESENT);
        held.iter_mut().for_each(|one| one.date(&undated, UNDATED));
        held
    }

    /// One run, whose exit code fits its report, and whose report has what differs and nothing else. Returns the report.
    #[track_caller]
    pub fn arrives(&self) -> Value {
        let (outcome, report) = self.sync();
        let [source, dest] = self.held();
        assert_ne!(source.message_count(), 0, "nothing to copy");
        let lines = unaccounted(&source, &dest, &report);
        assert!(lines.is_empty(), "{}\n{outcome}", first(&lines));
        report
    }

    /// A further run changes nothing on the destination: it does not even try.
    #[track_caller]
    pub fn is_settled(&self) {
        let before = self.held();
        self.proxy.listen();
        let (outcome, _) = self.sync();
        let said = self.proxy.said();
        assert!(
            contains(&said, b"LOGIN") || contains(&said, b"AUTHENTICATE"),
            "nothing was heard"
        );
        for command in CHANGING {
            let tried = contains(&said, command.as_bytes());
            assert!(!tried, "{command}\n{}\n{outcome}", said.escape_ascii());
        }
        assert!(before == self.held(), "something changed\n{outcome}");
    }

    /// `verify` finds what the independent comparison finds.
    #[track_caller]
    pub fn verifies(&self, report: &Value) {
        let outcome = self.program.verify(&["--json"]);
        let whole: Value = serde_json::from_str(&outcome.stdout).expect("one JSON object");
        let verification = &whole["verification"];
        let [source, dest] = self.held();
        let lines = disagreements(&source, &dest, report, verification);
        assert!(lines.is_empty(), "{}\n{outcome}", first(&lines));
        let explained = verification["explained"]["first"].as_array();
        let is_missing = |finding: &Value| finding["explained"]["weight"] == "incomplete";
        let code = match verification["wrong"]["count"] == 0 {
            true if explained.is_some_and(|all| all.iter().any(is_missing)) => 3,
            true => 0,
            false => 4,
        };
        outcome.exits(code);
    }

    /// Three runs are killed at places drawn by lot, then one ends by itself: every body is there once.
    #[track_caller]
    pub fn survives_kills(&self, seed: u64) {
        let mut random = Random::new(seed);
        for _ in 0..KILLS {
            let place = self.sent() + 1 + random.below(self.octets / (KILLS + 1)) as u64;
            self.proxy.hold_at(place);
            let mut running = self.program.start("sync", &[]);
            if !running.until(|| self.proxy.holds()) {
                panic!("it ended before octet {place}: {}", running.wait());
            }
            running.kill();
            running.wait();
            self.proxy.release();
        }
        let (outcome, report) = self.sync();
        let [source, dest] = self.held();
        let lines = strays(&source, &dest, &report);
        assert!(lines.is_empty(), "{}\n{outcome}", first(&lines));
        self.is_settled();
    }

    /// `check` of each side shows its mailboxes and their messages.
    #[track_caller]
    pub fn is_shown_by_check(&self) {
        let url = format!(
            "imap+insecure://{USER}@127.0.0.1:{}",
            self.foreign.address().port()
        );
        let outcome = self.program.start_with(&["check", &url]).wait().exits(0);
        let [source, dest] = self.held();
        let held = match self.towards {
            Towards::Foreign => dest,
            Towards::Dovecot => source,
        };
        let shown = shown(&outcome);
        for (name, messages) in &held.mailboxes {
            assert_eq!(
                shown.get(name.as_str()),
                Some(&messages.len()),
                "{name:?}\n{outcome}"
            );
        }
    }

    /// A run with its report, whose exit code fits.
    #[track_caller]
    fn sync(&self) -> (Outcome, Value) {
        let outcome = self.program.sync(&["--json"]);
        let whole: Value = serde_json::from_str(&outcome.stdout).unwrap_or_default();
        let report = whole["report"].clone();
        let partial = report["warnings"]
            .as_array()
            .is_none_or(|warnings| !warnings.is_empty())
            || report["mailboxes"]
                .as_array()
                .into_iter()
                .flatten()
                .any(|row| row["refused"]["count"] != 0 || !row["failed"].is_null());
        let outcome = outcome.exits(if partial { 3 } else { 0 });
        (outcome, report)
    }

    /// Octets that the destination was sent.
    fn sent(&self) -> u64 {
        self.proxy.traffic().1
    }

    fn logins(&self) -> [RawClient; 2] {
        let foreign = self.foreign.login(USER).expect("alice logs in");
        let dovecot = self.dovecot.login(USER).expect("alice logs in");
        match self.towards {
            Towards::Foreign => [dovecot, foreign],
            Towards::Dovecot => [foreign, dovecot],
        }
    }
}

/// The rows of `check`: `count messages subscribed name`.
fn shown(outcome: &Outcome) -> BTreeMap<&str, usize> {
    let rows = outcome.stdout.lines().filter_map(|line| {
        let (count, rest) = line.split_once(" messages  ")?;
        Some((rest.get(12..)?, count.trim().parse().ok()?))
    });
    rows.collect()
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len())
        .any(|some| some.eq_ignore_ascii_case(part))
}

fn first(lines: &[String]) -> String {
    let some = &lines[..lines.len().min(15)];
    format!("{} differences:\n{}", lines.len(), some.join("\n"))
}

const KILLS: usize = 3;
const CHANGING: [&str; 7] = [
    " APPEND ",
    " STORE ",
    " EXPUNGE",
    " CREATE ",
    " DELETE ",
    " RENAME ",
    " SUBSCRIBE ",
];
