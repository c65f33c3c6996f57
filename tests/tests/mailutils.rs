//! GNU mailutils imap4d and Dovecot, mail going either way: what differs afterwards stands in the report, nothing else
//! differs, a second run changes nothing, `verify` agrees, kills lose and double nothing.

use imapsync_tests::corpus::{briefly_awkward, plain};
use imapsync_tests::program::Towards;
use imapsync_tests::program::matrix::{crosses, leaves_nothing, survives_kills};
use imapsync_tests::real::Make;

#[test]
fn nothing_is_left_of_a_server() {
    leaves_nothing(MAKE);
}

#[test]
fn the_awkward_account_arrives_there() {
    crosses(PROGRAM, MAKE, Towards::Foreign, &briefly_awkward(1));
}

#[test]
fn the_awkward_account_arrives_from_there() {
    crosses(PROGRAM, MAKE, Towards::Dovecot, &briefly_awkward(2));
}

#[test]
fn ordinary_mail_arrives_there() {
    crosses(PROGRAM, MAKE, Towards::Foreign, &plain(3, 60, 3));
}

#[test]
fn ordinary_mail_arrives_from_there() {
    crosses(PROGRAM, MAKE, Towards::Dovecot, &plain(3, 60, 4));
}

/// Not the other way: imap4d gives an INBOX another UIDVALIDITY after a session was cut inside an APPEND, and
/// then a message may be listed as uncertain.
#[test]
fn kills_on_the_way_from_there() {
    survives_kills(PROGRAM, MAKE, Towards::Dovecot, 6);
}

const MAKE: Make = Make::Mailutils;
const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");
