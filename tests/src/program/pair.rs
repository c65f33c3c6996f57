//! Two embedded servers with an account each, and the program between them.

use super::{Outcome, Program};
use crate::compare::Snapshot;
use crate::corpus::Account;
use crate::server::{EmbeddedServer, Options, Profile};

/// A source that holds mail, an empty destination, and the program with a ledger for both; the user is
/// alice on both sides.
#[derive(Debug)]
pub struct Pair {
    /// Where mail comes from.
    pub source: EmbeddedServer,
    /// Where it goes.
    pub dest: EmbeddedServer,
    /// The program.
    pub program: Program,
}

impl Pair {
    /// Both servers of one kind.
    pub fn alike(path: &str, profile: Profile, account: &Account) -> Self {
        Self::new(path, profile.clone(), profile, account)
    }

    /// A source of one kind that holds `account`, and a destination of another kind.
    ///
    /// # Panics
    /// When loopback has no free ports.
    pub fn new(path: &str, source: Profile, dest: Profile, account: &Account) -> Self {
        let [source, dest] = [source, dest].map(|profile| {
            let options = Options::with_profile(profile).with_user("alice", "pw");
            EmbeddedServer::start(options).expect("loopback has a free port")
        });
        source.store().account("alice").fill(account);
        // Two servers do not agree in this by chance, or they would look like one.
        if let Some(inbox) = dest.store().mailbox("alice", "INBOX") {
            inbox.uidvalidity += 1_000_000;
        }
        let program = Program::between(path, &source, &dest);
        Self {
            source,
            dest,
            program,
        }
    }

    /// What both stores hold: first the source, then the destination.
    pub fn snapshots(&self) -> [Snapshot; 2] {
        [&self.source, &self.dest].map(|server| Snapshot::of_embedded(server, "alice"))
    }

    /// Fails the test unless both stores hold the same: mailboxes, bytes, dates, flags, order, subscriptions.
    #[track_caller]
    pub fn assert_equal(&self) {
        let [source, dest] = self.snapshots();
        let differences = source.differences(&dest);
        assert!(differences.is_empty(), "{}", shown(&differences));
    }

    /// The same, but messages of a mailbox may have any order.
    #[track_caller]
    pub fn assert_same_mail(&self) {
        let [source, dest] = self.snapshots().map(Snapshot::unordered);
        let differences = source.differences(&dest);
        assert!(differences.is_empty(), "{}", shown(&differences));
    }

    /// Fails the test unless a further run is complete and changes nothing on the destination.
    #[track_caller]
    pub fn assert_settled(&self) -> Outcome {
        self.dest.log().clear();
        let outcome = self.program.sync(&[]).exits(0);
        assert_eq!(self.changes(), [""; 0], "{outcome}");
        outcome
    }

    /// The commands that change the destination, as its log has them.
    pub fn changes(&self) -> Vec<String> {
        let entries = self.dest.log().entries();
        let changing = entries
            .into_iter()
            .filter(|entry| CHANGING.contains(&entry.command.as_str()));
        changing
            .map(|entry| format!("{} {}", entry.command, entry.arguments))
            .collect()
    }

    /// Fails the test when the source was asked for more than to show what it has.
    #[track_caller]
    pub fn assert_source_only_read(&self) {
        for entry in self.source.log().entries() {
            let reads = READING.contains(&entry.command.as_str());
            let marks = entry.arguments.replace("BODY.PEEK[", "").contains("BODY[");
            assert!(reads && !marks, "{} {}", entry.command, entry.arguments);
        }
    }
}

/// The first differences, and how many there are.
fn shown(differences: &[String]) -> String {
    let first = &differences[..differences.len().min(20)];
    format!("{} differences:\n{}", differences.len(), first.join("\n"))
}

const CHANGING: [&str; 12] = [
    "APPEND",
    "STORE",
    "UID STORE",
    "EXPUNGE",
    "UID EXPUNGE",
    "CLOSE",
    "CREATE",
    "DELETE",
    "RENAME",
    "SUBSCRIBE",
    "UNSUBSCRIBE",
    "COPY",
];
const READING: [&str; 18] = [
    "CAPABILITY",
    "COMPRESS",
    "ID",
    "ENABLE",
    "LOGIN",
    "AUTHENTICATE",
    "STARTTLS",
    "NAMESPACE",
    "LIST",
    "LSUB",
    "STATUS",
    "EXAMINE",
    "FETCH",
    "UID FETCH",
    "SEARCH",
    "UID SEARCH",
    "NOOP",
    "LOGOUT",
];
