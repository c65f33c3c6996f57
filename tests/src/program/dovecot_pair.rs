//! The program between two Dovecots: alice's account on each, over TLS, STARTTLS or plain text.

use super::{Outcome, Program, Running};
use crate::compare::Snapshot;
use crate::corpus::Account;
use crate::real::{Dovecot, DovecotOptions, PASSWORD};

/// How the program reaches a Dovecot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// `imaps://`
    Tls,
    /// `imap://`
    StartTls,
    /// `imap+insecure://`
    Plain,
}

impl Way {
    /// Alice's account on `server`. The certificate is for `localhost`.
    pub fn url(self, server: &Dovecot) -> String {
        let (scheme, address) = match self {
            Self::Tls => ("imaps", server.tls_address()),
            Self::StartTls => ("imap", server.plain_address()),
            Self::Plain => ("imap+insecure", server.plain_address()),
        };
        format!("{scheme}://{USER}@localhost:{}", address.port())
    }
}

/// Two servers, and the program set up to copy alice's mail from one to the other.
///
/// Methods panic where the servers fail: nothing can be tested then.
#[derive(Debug)]
pub struct DovecotPair {
    /// Where mail comes from.
    pub source: Dovecot,
    /// Where it goes.
    pub dest: Dovecot,
    program: Program,
    trust: Vec<String>,
}

impl DovecotPair {
    /// Starts both servers and fills the source.
    pub fn start(
        path: &str,
        way: Way,
        source: DovecotOptions,
        dest: DovecotOptions,
        account: &Account,
    ) -> Self {
        let source = Dovecot::start(source).expect("the source starts");
        source
            .fill(USER, account)
            .expect("the source takes the corpus");
        let dest = Dovecot::start(dest).expect("the destination starts");
        let program = Program::new(path)
            .source(&way.url(&source), PASSWORD)
            .dest(&way.url(&dest), PASSWORD);
        let file = |server: &Dovecot| server.ca_file().display().to_string();
        let trust = vec![
            "--source-ca-file".to_owned(),
            file(&source),
            "--dest-ca-file".to_owned(),
            file(&dest),
        ];
        Self {
            source,
            dest,
            program,
            trust,
        }
    }

    /// Begins `sync` or `verify`.
    pub fn begin(&self, command: &str, options: &[&str]) -> Running {
        let trust = self.trust.iter().map(String::as_str);
        let options: Vec<&str> = trust.chain(options.iter().copied()).collect();
        self.program.start(command, &options)
    }

    /// `sync`, to its end.
    pub fn sync(&self) -> Outcome {
        self.begin("sync", &[]).wait()
    }

    /// `verify`, to its end.
    pub fn verify(&self, options: &[&str]) -> Outcome {
        self.begin("verify", options).wait()
    }

    /// What the destination holds, read without IMAP.
    pub fn held(&self) -> Snapshot {
        Snapshot::of_dovecot(&self.dest, USER).expect("the mail store is readable")
    }

    /// Fails the test unless the destination holds exactly this, in this order.
    #[track_caller]
    pub fn assert_holds(&self, expected: &Snapshot) {
        let differences = expected.differences(&self.held());
        assert!(differences.is_empty(), "{}", differences.join("\n"));
    }

    /// Runs once more, which must change nothing: no message comes or goes, no UID is given.
    #[track_caller]
    pub fn assert_settled(&self) {
        let before = (self.held(), uid_nexts(&self.dest));
        self.sync().exits(0);
        assert_eq!((self.held(), uid_nexts(&self.dest)), before);
    }
}

/// UIDNEXT of each of alice's mailboxes, a line each, from the server's own mouth.
///
/// # Panics
/// When the server cannot say.
pub fn uid_nexts(server: &Dovecot) -> String {
    let below_prefix = format!("{}*", server.options().namespace.prefix);
    let command = ["mailbox", "status", "-u", USER, "uidnext uidvalidity"];
    let names = ["INBOX", &below_prefix];
    let listed = server
        .doveadm(&[&command[..], &names].concat())
        .expect("doveadm knows");
    String::from_utf8_lossy(&listed).into_owned()
}

/// Whose accounts are copied.
pub const USER: &str = "alice";
