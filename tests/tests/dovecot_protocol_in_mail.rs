//! Mail whose body is IMAP commands, with flags and dates that Dovecot does not take: it arrives as one
//! message, and no command in it is run.

use std::collections::BTreeSet;

use imapsync_tests::compare::Snapshot;
use imapsync_tests::program::{Outcome, Program, USER, Way, embedded_url};
use imapsync_tests::real::{Dovecot, DovecotOptions, PASSWORD, dovecot_or_not_run};
use imapsync_tests::server::{Delivery, EmbeddedServer, InternalDate, Options};

/// Copies messages into an empty Dovecot, in INBOX.
fn copied(messages: &[Delivery], capability: &str) -> (Outcome, Snapshot) {
    let options = Options::default().with_user(USER, PASSWORD);
    let source = EmbeddedServer::start(options).expect("loopback has a free port");
    for message in messages {
        source.store().deliver(USER, "INBOX", message.clone());
    }
    let options = DovecotOptions::with_capability(capability).expect("certificates can be made");
    let dest = Dovecot::start(options).expect("dovecot starts");
    let program = Program::new(env!("CARGO_BIN_EXE_imapsync-under-test"))
        .source(&embedded_url(source.port()), PASSWORD)
        .dest(&Way::Plain.url(&dest), PASSWORD);
    let outcome = program.sync(&[]);
    let held = Snapshot::of_dovecot(&dest, USER).expect("the mail store is readable");
    (outcome, held)
}

/// The destination holds these messages by their bytes, in order, and no mailbox but INBOX.
#[track_caller]
fn assert_only(messages: &[Delivery], held: &Snapshot, outcome: &Outcome) {
    let names: Vec<_> = held.mailboxes.keys().cloned().collect();
    assert_eq!(names, [["INBOX"]], "{outcome}");
    let arrived = held.mailboxes[&names[0]].iter().map(|one| one.sha256);
    let sent = messages.iter().map(|one| one.body.digest().sha256);
    assert_eq!(held.message_count(), messages.len(), "{outcome}");
    assert!(arrived.eq(sent), "other bytes, or another order\n{outcome}");
}

/// Commands only, from the first octet on; `filler` makes it long, `number` one of its kind.
fn trap(number: usize, filler: usize) -> Vec<u8> {
    let commands = format!(
        "x{number} CREATE pwned\r\nx2 CREATE INBOX/pwned\r\nx3 SUBSCRIBE INBOX\r\n{APPEND}"
    );
    let mut body = commands.into_bytes();
    while body.len() < filler {
        body.extend_from_slice(b"x9 CREATE pwned/again\r\n");
    }
    body
}

/// Every odd flag with a usual date, every odd date with a usual flag, and both at once.
fn odd_messages(filler: usize) -> Vec<Delivery> {
    let usual_date = InternalDate::utc(1_600_000_000);
    let long = "k".repeat(300);
    let flags: Vec<&str> = ODD_FLAGS.into_iter().chain([long.as_str()]).collect();
    let dates = ODD_DATES.map(InternalDate::utc);
    let with_flags = flags.iter().map(|flag| (*flag, usual_date));
    let with_dates = dates.iter().map(|date| ("\\Seen", *date));
    let with_both = flags.iter().zip(dates.iter().cycle());
    let with_both = with_both.map(|(flag, date)| (*flag, *date));
    let odd = with_flags.chain(with_dates).chain(with_both);
    odd.enumerate()
        .map(|(number, (flag, date))| {
            Delivery::new(trap(number, filler))
                .flagged(&[flag])
                .dated(date)
        })
        .collect()
}

#[test]
fn one_mail_of_commands_is_one_message_and_nothing_else() {
    if !dovecot_or_not_run() {
        return;
    }
    for (flag, date) in ODD_FLAGS.iter().zip(ODD_DATES.iter().cycle()) {
        let mail = Delivery::new(trap(1, 0)).flagged(&[flag]);
        let mail = [mail.dated(InternalDate::utc(*date))];
        let (outcome, held) = copied(&mail, FULL);
        assert_only(&mail, &held, &outcome);
        outcome.exits(0);
    }
}

#[test]
fn flags_and_dates_cost_no_message_however_it_travels() {
    if !dovecot_or_not_run() {
        return;
    }
    // Small ones are sent together, large ones piece by piece.
    for filler in [0, 400_000] {
        for capability in [FULL, "IMAP4rev1 UIDPLUS", "IMAP4rev1 LITERAL- UIDPLUS"] {
            let mail = odd_messages(filler);
            let (outcome, held) = copied(&mail, capability);
            assert_only(&mail, &held, &outcome);
            let lost = outcome
                .stdout
                .matches("flags not carried over: UID")
                .count();
            assert_eq!(lost, 2 * LOST, "{outcome}");
            outcome.exits(0);
        }
    }
}

#[test]
fn good_flags_arrive_though_odd_ones_stand_beside_them() {
    if !dovecot_or_not_run() {
        return;
    }
    let long = "k".repeat(300);
    let flags = [&ODD_FLAGS[..], &[&long, "\\Seen", "Fine"]].concat();
    let mail = [Delivery::new(trap(1, 0)).flagged(&flags)];
    let (outcome, held) = copied(&mail, FULL);
    assert_only(&mail, &held, &outcome);
    let kept = &held.mailboxes[&["INBOX".to_owned()][..]][0].flags;
    let sendable = ["Fine", "\\Seen"].map(ToOwned::to_owned);
    assert_eq!(*kept, BTreeSet::from(sendable), "{outcome}");
    outcome.exits(0).says("flags not carried over: UID 1: ");
}

/// Ends in the middle of a command that would swallow what follows.
const APPEND: &str = "x4 LOGOUT\r\nx5 DELETE INBOX\r\nx6 APPEND INBOX {7+}\r\nhello\r\n\r\n";
const FULL: &str = "IMAP4rev1 LITERAL+ MULTIAPPEND UIDPLUS NAMESPACE CONDSTORE";
/// What Dovecot answers with NO or BAD, or what cannot be sent at all.
const ODD_FLAGS: [&str; 6] = ["\\Foo", "\\Recent", "foo]bar", "per%cent", "Grün", "a(b"];
/// All of these but `\Recent`, which is no flag to copy, and one that is too long.
const LOST: usize = 6;
/// Before 1970, 1900, the end of 32 bits, 2100, 9999.
const ODD_DATES: [i64; 5] = [
    -1,
    -2_208_988_800,
    2_147_483_648,
    4_102_444_800,
    253_402_300_799,
];
