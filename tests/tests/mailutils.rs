//! GNU mailutils imap4d and Dovecot, mail going either way: what differs afterwards stands in the report, nothing else
//! differs, a second run changes nothing, `verify` agrees, kills lose and double nothing.

use imapsync_tests::corpus::{Account, briefly_awkward, plain};
use imapsync_tests::program::{Crossing, Towards, USER};
use imapsync_tests::real::{ForeignServer, Make, foreign_or_not_run, is_running};

fn crosses(towards: Towards, account: &Account) {
    if !foreign_or_not_run(MAKE) {
        return;
    }
    let crossing = Crossing::start(PROGRAM, MAKE, towards, account);
    let report = crossing.arrives();
    crossing.verifies(&report);
    crossing.is_settled();
    crossing.is_shown_by_check();
}

fn survives_kills(towards: Towards, seed: u64) {
    if foreign_or_not_run(MAKE) {
        Crossing::start(PROGRAM, MAKE, towards, &plain(3, 100, seed)).survives_kills(seed);
    }
}

#[test]
fn nothing_is_left_of_a_server() {
    if !foreign_or_not_run(MAKE) {
        return;
    }
    let server = ForeignServer::start(MAKE).expect("the server starts");
    let mut client = server.login(USER).expect("alice logs in");
    client.run("NOOP").expect("it answers");
    let (processes, folder) = (server.processes(), server.folder().to_owned());
    assert!(processes.len() > 1 && folder.exists());
    drop(server);
    let left = processes.iter().filter(|pid| is_running(**pid));
    assert_eq!(left.count(), 0, "{processes:?}");
    assert!(!folder.exists());
}

#[test]
fn the_awkward_account_arrives_there() {
    crosses(Towards::Foreign, &briefly_awkward(1));
}

#[test]
fn the_awkward_account_arrives_from_there() {
    crosses(Towards::Dovecot, &briefly_awkward(2));
}

#[test]
fn ordinary_mail_arrives_there() {
    crosses(Towards::Foreign, &plain(3, 60, 3));
}

#[test]
fn ordinary_mail_arrives_from_there() {
    crosses(Towards::Dovecot, &plain(3, 60, 4));
}

/// Not the other way: imap4d gives an INBOX another UIDVALIDITY after a session was cut inside an APPEND, and
/// then a message may be listed as uncertain.
#[test]
fn kills_on_the_way_from_there() {
    survives_kills(Towards::Dovecot, 6);
}

const MAKE: Make = Make::Mailutils;
const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");
