//! Many accounts in turn between the same two Dovecots: alice's mail is copied to one newcomer after the other.

use super::{Program, USER};
use crate::compare::Snapshot;
use crate::corpus::Account;
use crate::real::{Dovecot, DovecotOptions, MailFormat, PASSWORD, RawClient, Rawlog};

/// Two servers: the source holds alice's mail.
#[derive(Debug)]
pub struct Newcomers {
    path: String,
    source: Dovecot,
    dest: Dovecot,
    truth: Snapshot,
}

impl Newcomers {
    /// Starts both servers and fills the source; the destination shows these capabilities.
    ///
    /// # Panics
    /// When a server fails: nothing can be tested then.
    pub fn start(
        path: &str,
        format: MailFormat,
        capability: Option<&str>,
        account: &Account,
    ) -> Self {
        let options = |format| DovecotOptions {
            extra_lines: vec![Rawlog::SETTING.to_owned()],
            ..DovecotOptions::with_format(format).expect("certificates can be made")
        };
        let source = Dovecot::start(options(MailFormat::Maildir)).expect("the source starts");
        source
            .fill(USER, account)
            .expect("the source takes the corpus");
        let dest = DovecotOptions {
            capability: capability.map(ToOwned::to_owned),
            ..options(format)
        };
        Self {
            path: path.to_owned(),
            source,
            dest: Dovecot::start(dest).expect("the destination starts"),
            truth: Snapshot::of_account(account).unordered(),
        }
    }

    /// The program between alice and the newcomer of this name, in small letters as Dovecot wants it.
    pub fn newcomer(&self, name: &str) -> Newcomer<'_> {
        self.newcomer_at(name, self.dest.plain_address().port())
    }

    /// The same, where the destination is reached over another port.
    pub fn newcomer_at(&self, name: &str, port: u16) -> Newcomer<'_> {
        let url = |user: &str, port: u16| format!("imap+insecure://{user}@127.0.0.1:{port}");
        let source = url(USER, self.source.plain_address().port());
        Newcomer {
            servers: self,
            name: name.to_owned(),
            program: Program::new(&self.path)
                .source(&source, PASSWORD)
                .dest(&url(name, port), PASSWORD),
        }
    }

    /// Fails the test unless the source still holds what it was filled with, flags and all.
    #[track_caller]
    pub fn assert_source_untouched(&self) {
        let held = Snapshot::of_dovecot(&self.source, USER).expect("the mail store is readable");
        let differences = self.truth.differences(&held.unordered());
        assert!(differences.is_empty(), "{}", differences.join("\n"));
    }

    /// Where mail goes.
    pub fn dest(&self) -> &Dovecot {
        &self.dest
    }
}

/// Somebody who gets a copy of alice's mail.
#[derive(Debug)]
pub struct Newcomer<'a> {
    servers: &'a Newcomers,
    name: String,
    /// The program between the two accounts.
    pub program: Program,
}

impl Newcomer<'_> {
    /// A connection that counts what has arrived.
    ///
    /// # Panics
    /// When the server has no place for it.
    pub fn arrivals(&self) -> Arrivals {
        Arrivals(
            self.servers
                .dest
                .login(&self.name)
                .expect("one more connection"),
        )
    }

    /// Fails the test unless each message is there exactly once, and a further run sends neither APPEND nor STORE nor
    /// any other command that changes a server.
    #[track_caller]
    pub fn assert_complete(&self) {
        let (dest, truth) = (&self.servers.dest, &self.servers.truth);
        let held = Snapshot::of_dovecot(dest, &self.name).expect("the mail store is readable");
        let differences = truth.differences(&held.unordered());
        assert!(differences.is_empty(), "{}", differences.join("\n"));
        let log = Rawlog::begin(dest, &self.name).expect("the user has been there");
        let outcome = self.program.sync(&[]).exits(0);
        let changes = log.changes().expect("the run has said something");
        assert_eq!(changes, [""; 0], "{outcome}");
    }
}

/// Counts messages over a connection of its own.
#[derive(Debug)]
pub struct Arrivals(RawClient);

impl Arrivals {
    /// The messages in all mailboxes.
    ///
    /// # Panics
    /// When the server does not answer.
    pub fn count(&mut self) -> usize {
        let listed = self.0.run("LIST \"\" * RETURN (STATUS (MESSAGES))");
        let lines = listed.expect("the server answers").lines();
        let counts = lines
            .iter()
            .filter_map(|line| line.rsplit_once("(MESSAGES "));
        counts
            .filter_map(|(_, count)| count.trim_end_matches(')').parse::<usize>().ok())
            .sum()
    }
}
