//! What is asked of each foreign server beside Dovecot; the suites `cyrus`, `courier` and `mailutils` ask it.

use super::{Crossing, Towards, USER};
use crate::corpus::{Account, plain};
use crate::real::{ForeignServer, Make, foreign_or_not_run, is_running};

/// An account goes there or comes from there: what differs afterwards stands in the report, nothing else
/// differs, `verify` agrees, a second run changes nothing.
#[track_caller]
pub fn crosses(program: &str, make: Make, towards: Towards, account: &Account) {
    if !foreign_or_not_run(make) {
        return;
    }
    let crossing = Crossing::start(program, make, towards, account);
    let report = crossing.arrives();
    crossing.verifies(&report);
    crossing.is_settled();
    crossing.is_shown_by_check();
}

/// Kills on the way lose and double nothing.
#[track_caller]
pub fn survives_kills(program: &str, make: Make, towards: Towards, seed: u64) {
    if foreign_or_not_run(make) {
        Crossing::start(program, make, towards, &plain(3, 100, seed)).survives_kills(seed);
    }
}

/// A server is gone with its value: its processes, and its files.
///
/// # Panics
/// When something is left.
#[track_caller]
pub fn leaves_nothing(make: Make) {
    if !foreign_or_not_run(make) {
        return;
    }
    let server = ForeignServer::start(make).expect("the server starts");
    let mut client = server.login(USER).expect("alice logs in");
    client.run("NOOP").expect("it answers");
    let (processes, folder) = (server.processes(), server.folder().to_owned());
    assert!(processes.len() > 1 && folder.exists());
    drop(server);
    let left = processes.iter().filter(|pid| is_running(**pid));
    assert_eq!(left.count(), 0, "{processes:?}");
    assert!(!folder.exists());
}
