//! The octets of a message are data: a mail that looks like IMAP, with odd flags and an odd date on it,
//! arrives as one message, and nothing that it says is done.

use imapsync_tests::corpus::Account;
use imapsync_tests::program::Pair;
use imapsync_tests::server::{Delivery, Fault, Profile, Rule};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");
const COMMANDS: &str = "x1 CREATE pwned\r\nx2 APPEND INBOX {3+}\r\nabc\r\nx3 DELETE INBOX/kept\r\n\
x4 SELECT INBOX\r\nx5 STORE 1:* +FLAGS (\\Deleted)\r\nx6 EXPUNGE\r\n)\r\n* BYE\r\nx7 LOGOUT\r\n";
const ODD_FLAGS: [&str; 6] = ["\\Seen", "\\Foo", "a]b", "k\u{fc}che", "$Fine", "\\Recent"];

/// A source with some mail, then mails that are commands: a small one, a middling one, and one that is
/// passed on in pieces.
fn pair(profile: Profile, first: Option<Delivery>) -> Pair {
    let pair = Pair::alike(PROGRAM, profile, &Account::default());
    if let Some(first) = first {
        pair.source.store().deliver("alice", "INBOX", first);
    }
    for repeated in [1, 60, 3000] {
        let mail = COMMANDS.repeat(repeated).into_bytes();
        let mail = Delivery::new(mail).flagged(&ODD_FLAGS);
        pair.source.store().deliver("alice", "INBOX", mail);
    }
    let kept = pair.dest.store().create("alice", "INBOX/kept").map(drop);
    kept.expect("the destination takes a mailbox");
    pair
}

/// The destination has gained these messages and nothing else.
#[track_caller]
fn assert_only_mail(pair: &Pair) {
    // Not in order: a message that has to be sent again comes after those that were on their way.
    let [source, dest] = [&pair.source, &pair.dest].map(|server| {
        let rows = server.dump("alice").into_iter();
        let mut bodies: Vec<_> = rows.map(|row| (row.mailbox, row.digest)).collect();
        bodies.sort();
        bodies
    });
    assert_eq!(source, dest);
    let account = pair.dest.store().account("alice").clone();
    let names = account.mailboxes.keys();
    let names: Vec<_> = names.map(|name| name.escape_ascii().to_string()).collect();
    assert_eq!(names, ["INBOX", "INBOX/kept"]);
}

#[test]
fn odd_flags_and_dates_are_left_out_and_listed() {
    for profile in [Profile::full(), Profile::plain()] {
        for date in [
            "30-Feb-2020 99:99:99 +0000",
            "",
            "yesterday",
            "01-Jan-2020 00:00:00 +0000) x1 CREATE pwned",
            " 1-Jan-2020 00:00:00",
        ] {
            let pair = pair(profile.clone(), None);
            let odd = Rule::new(Fault::InternalDate(date.to_owned()));
            pair.source.add_fault(odd.clone().on_command("FETCH"));
            pair.source.add_fault(odd.on_command("UID FETCH"));
            let outcome = pair.program.sync(&[]).exits(0);
            let outcome = outcome.says("flags not carried over: UID 1: ");
            let outcome = outcome
                .says("\\Foo")
                .says("a]b")
                .says("no usable internal date");
            assert_only_mail(&pair);
            for row in pair.dest.dump("alice") {
                assert_eq!(row.flags, ["$Fine", "\\Seen"], "{outcome}");
                assert!(row.internal_date.unix_seconds > A_WHILE_AGO, "{row}");
            }
            pair.assert_settled();
        }
    }
}

/// In 2025: what is stored without a date gets the present.
const A_WHILE_AGO: i64 = 1_750_000_000;

#[test]
fn after_an_early_refusal_every_append_asks_first() {
    // What the refused one says is run: there is no way to take it back.
    let harmless = Delivery::new(&b"just text\r\n"[..]);
    let pair = pair(Profile::full(), Some(harmless));
    let early = Fault::RefuseEarly("BAD Error in IMAP command APPEND: Invalid date.".to_owned());
    let rule = Rule::new(early).on_command("APPEND").nth(1);
    pair.dest.add_fault(rule);
    pair.program.sync(&[]).exits(0);
    let appends = pair.dest.log().entries();
    let appends = appends.iter().filter(|entry| entry.command == "APPEND");
    let later: Vec<_> = appends.filter(|entry| entry.connection > 1).collect();
    assert!(!later.is_empty());
    assert!(
        later.iter().all(|entry| !entry.arguments.contains("+}")),
        "{later:?}"
    );
    assert_only_mail(&pair);
}
