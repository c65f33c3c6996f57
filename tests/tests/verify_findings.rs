//! What `verify` sees at each of its levels, and how it says so.

use imapsync_tests::corpus::{Account, InternalDate, MailboxSpec, MessageSpec, plain};
use imapsync_tests::program::Pair;
use imapsync_tests::server::{Body, Delivery, FlagChange, Message, Profile};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");
const LEVELS: [&str; 3] = ["counts", "headers", "bodies"];

/// A small account, copied: 20 messages in INBOX, 20 in another mailbox, UIDs alike on both sides.
fn copied() -> Pair {
    let pair = Pair::alike(PROGRAM, Profile::full(), &plain(2, 20, 7));
    pair.program.sync(&[]).exits(0);
    pair
}

fn of_inbox(messages: Vec<MessageSpec>) -> Account {
    let mut inbox = MailboxSpec::new(&["INBOX"]);
    inbox.messages = messages;
    Account {
        mailboxes: vec![inbox],
    }
}

/// Changes a message of the destination's INBOX behind everybody's back.
fn change(pair: &Pair, uid: u32, change: impl FnOnce(&mut Message)) {
    let mut store = pair.dest.store();
    let inbox = store.mailbox("alice", "INBOX").expect("it is there");
    let message = inbox.messages.iter_mut().find(|one| one.uid == uid);
    change(message.expect("it is there"));
}

fn rewrite(message: &mut Message, rewrite: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let Body::Bytes(octets) = &message.body else {
        panic!("the store keeps what is small");
    };
    message.body = rewrite(octets.to_vec()).into();
}

fn expunge(pair: &Pair, uid: u32) {
    let mut store = pair.dest.store();
    let inbox = store.mailbox("alice", "INBOX").expect("it is there");
    assert_eq!(inbox.expunge(|message| message.uid == uid), 1);
}

fn flip_last_letter(mut octets: Vec<u8>) -> Vec<u8> {
    let last = octets
        .iter_mut()
        .rev()
        .find(|octet| octet.is_ascii_alphabetic());
    *last.expect("there is text") ^= 1;
    octets
}

/// Each kind of damage with what the levels find: list and line, where they find it.
#[test]
fn each_level_finds_what_it_can() {
    type Damage = fn(&Pair);
    let nothing = None;
    let cases: [(&str, Damage, [Option<&str>; 3]); 9] = [
        (
            "missing",
            |pair| expunge(pair, 9),
            [
                Some("missing INBOX - -"),
                Some("missing INBOX 9 -"),
                Some("missing INBOX 9 -"),
            ],
        ),
        (
            "one letter of the text",
            |pair| change(pair, 5, |one| rewrite(one, flip_last_letter)),
            [nothing, nothing, Some("altered INBOX 5 5")],
        ),
        (
            "a line less",
            |pair| {
                change(pair, 5, |one| {
                    rewrite(one, |octets| octets[..octets.len() - 2].to_vec())
                });
            },
            [
                nothing,
                Some("altered INBOX 5 5"),
                Some("altered INBOX 5 5"),
            ],
        ),
        (
            "another subject",
            |pair| {
                change(pair, 5, |one| {
                    rewrite(one, |octets| {
                        let text = String::from_utf8(octets).expect("plain");
                        text.replacen("Subject: ", "Subject:-", 1).into()
                    });
                });
            },
            [
                nothing,
                Some("altered INBOX 5 5"),
                Some("altered INBOX 5 5"),
            ],
        ),
        (
            "a flag",
            |pair| {
                let mut store = pair.dest.store();
                let inbox = store.mailbox("alice", "INBOX").expect("it is there");
                inbox.change_flags(7, FlagChange::Add, &["Unheard-Of".to_owned()]);
            },
            [
                nothing,
                Some("differs INBOX 7 7"),
                Some("differs INBOX 7 7"),
            ],
        ),
        (
            "a second",
            |pair| change(pair, 3, |one| one.internal_date.unix_seconds += 1),
            [
                nothing,
                Some("differs INBOX 3 3"),
                Some("differs INBOX 3 3"),
            ],
        ),
        (
            "a mailbox",
            |pair| {
                let mut store = pair.dest.store();
                let deleted = store.account("alice").delete(b"Mailbox 1");
                deleted.expect("it was there");
            },
            [Some("missing-mailbox Mailbox 1 - -"); 3],
        ),
        ("nothing", |_| {}, [nothing; 3]),
        (
            "another zone and other letters",
            |pair| {
                change(pair, 3, |one| {
                    one.internal_date.zone_minutes = 90;
                    one.flags = one.flags.iter().map(|flag| flag.to_uppercase()).collect();
                });
            },
            [nothing; 3],
        ),
    ];
    for (what, damage, found) in cases {
        let pair = copied();
        damage(&pair);
        for (level, wanted) in LEVELS.into_iter().zip(found) {
            let code = if wanted.is_some() { 4 } else { 0 };
            let verified = pair.program.verified(&["--level", level, "--strict"], code);
            let wanted: Vec<&str> = wanted.into_iter().collect();
            assert_eq!(verified.list("wrong"), wanted, "{what}, {level}");
            assert_eq!(verified.get("extra")["count"], 0, "{what}, {level}");
            assert_eq!(verified.get("level"), level);
        }
        pair.assert_source_only_read();
    }
}

#[test]
fn extra_mail_is_listed_and_counts_only_with_strict() {
    let pair = copied();
    let extra =
        Delivery::new(&b"Subject: extra\r\nMessage-ID: <x@y>\r\n\r\nfrom elsewhere\r\n"[..]);
    pair.dest.store().deliver("alice", "INBOX", extra.clone());
    pair.dest.store().deliver("alice", "Theirs", extra);
    for level in LEVELS {
        let uid = if level == "counts" { "-" } else { "21" };
        let lines = [
            format!("extra INBOX - {uid}"),
            "extra-mailbox Theirs - -".to_owned(),
        ];
        for (strict, code) in [
            (&["--level", level][..], 0),
            (&["--level", level, "--strict"], 4),
        ] {
            let verified = pair.program.verified(strict, code);
            assert_eq!(verified.list("extra"), lines);
            assert_eq!(verified.list("wrong"), [""; 0]);
        }
    }
}

#[test]
fn levels_read_no_more_than_they_say() {
    let pair = copied();
    let read = |level: &str| {
        pair.dest.log().clear();
        pair.program.verified(&["--level", level], 0);
        let entries = pair.dest.log().entries();
        let whole = entries.iter().any(|one| one.arguments.contains("PEEK[]"));
        let log = pair.dest.log();
        (log.count("EXAMINE") > 0, log.count("FETCH") > 0, whole)
    };
    assert_eq!(read("counts"), (false, false, false));
    assert_eq!(read("headers"), (true, true, false));
    assert_eq!(read("bodies"), (true, true, true));
}

#[test]
fn of_three_identical_messages_one_is_missing() {
    let twin = MessageSpec::new("Message-ID: <same@x>\r\nSubject: twin\r\n\r\nthe same\r\n");
    let account = of_inbox(vec![twin.clone(), twin.clone(), twin]);
    let pair = Pair::alike(PROGRAM, Profile::full(), &account);
    pair.program.sync(&[]).exits(0);
    expunge(&pair, 2);
    for level in ["headers", "bodies"] {
        let verified = pair.program.verified(&["--level", level, "--strict"], 4);
        assert_eq!(verified.list("wrong").len(), 1, "{}", verified.outcome);
        assert_eq!(verified.get("counts")["missing"], 1);
        assert_eq!(verified.get("messages"), 3);
        assert_eq!(verified.get("dest_messages"), 2);
        assert_eq!(verified.get("extra")["count"], 0);
    }
}

#[test]
fn a_finding_tells_all_that_helps() {
    let date = InternalDate::utc(1_600_000_000);
    let message = MessageSpec::new("Message-ID: <one@x>\r\nSubject: x\r\n\r\ntext\r\n")
        .with_flags(&["\\Seen", "Work"])
        .with_date(date);
    let pair = Pair::alike(PROGRAM, Profile::full(), &of_inbox(vec![message]));
    pair.program.sync(&[]).exits(0);
    let line = r"UID 1, 41 octets, 13-Sep-2020 12:26:40 +0000, (\seen work), <one@x>";
    change(&pair, 1, |one| one.flags = vec!["\\Draft".to_owned()]);
    let outcome = pair.program.verify(&[]).exits(4);
    outcome.says(&format!(
        "differs   INBOX: {line}; on the destination UID 1: flags without (\\seen work) with (\\draft); the source's flags are those that sync saw\n"
    ));
    expunge(&pair, 1);
    for level in ["headers", "bodies"] {
        let outcome = pair.program.verify(&["--level", level]).exits(4);
        outcome.says(&format!(
            "missing   INBOX: {line}; sync stored it there as UID 1; it was moved or deleted since, or lost\n"
        ));
    }
}

#[test]
fn the_verdict_comes_first() {
    let pair = copied();
    let starts = |options: &[&str], code, start: &str| {
        let outcome = pair.program.verify(options).exits(code);
        assert!(outcome.stdout.starts_with(start), "{outcome}");
    };
    starts(&[], 0, "THE SAME: ");
    starts(&["--level", "counts"], 0, "THE SAME: ");
    expunge(&pair, 1);
    starts(
        &[],
        4,
        "NOT THE SAME\n2 mailboxes, 40 messages on the source, 39 on the destination: 1 missing or altered, 0 extra; 1 missing\n",
    );
}

#[test]
fn what_a_terminal_would_obey_is_escaped() {
    let mut mailbox = MailboxSpec::new(&["\"Entwürfe\" %*{5}\\ \u{1b}[31m"]);
    let odd = "Message-ID: <\x1b[2J\u{202e}@x>\r\nSubject: x\r\n\r\ntext\r\n";
    mailbox.messages = vec![MessageSpec::new(odd).with_flags(&["a"])];
    let account = Account {
        mailboxes: vec![MailboxSpec::new(&["INBOX"]), mailbox],
    };
    let pair = Pair::alike(PROGRAM, Profile::full(), &account);
    for level in ["headers", "bodies"] {
        pair.dest.store().create("alice", "INBOX").ok();
        let outcome = pair.program.verify(&["--level", level]).exits(4);
        assert!(!outcome.stdout.contains('\x1b'), "{outcome}");
        outcome.says("Entwürfe").says(r"\u{1b}[31m");
    }
    pair.program.sync(&[]).exits(0);
    let name = {
        let store = pair.dest.store();
        let names = store.users["alice"].mailboxes.keys();
        let name = names.into_iter().find(|name| *name != b"INBOX");
        String::from_utf8(name.expect("it was made").clone()).expect("modified UTF-7")
    };
    let mut store = pair.dest.store();
    store
        .mailbox("alice", &name)
        .expect("it is there")
        .expunge(|_| true);
    drop(store);
    for level in ["headers", "bodies"] {
        let outcome = pair.program.verify(&["--level", level]).exits(4);
        assert!(!outcome.stdout.contains(['\x1b', '\u{202e}']), "{outcome}");
        outcome.says(r"<\u{1b}[2J\u{202e}@x>");
        let verified = pair.program.verified(&["--level", level], 4);
        let ids = verified.texts("wrong", "/source/message_id");
        assert_eq!(ids, [r"<\u{1b}[2J\u{202e}@x>"]);
    }
}

#[test]
fn lists_are_bounded_and_counted() {
    let messages = (0..1_300).map(|number| {
        MessageSpec::new(format!(
            "Message-ID: <{number}@x>\r\nSubject: x\r\n\r\ntext\r\n"
        ))
    });
    let pair = Pair::alike(PROGRAM, Profile::full(), &of_inbox(messages.collect()));
    let outcome = pair.program.verify(&[]).exits(4);
    let lines = outcome
        .stdout
        .lines()
        .filter(|line| line.starts_with("missing "));
    assert_eq!(lines.count(), 100);
    outcome
        .says("\n... and 1,200 more\n")
        .says("1,300 missing or altered");
    let verified = pair.program.verified(&[], 4);
    assert_eq!(verified.get("wrong")["count"], 1_300);
    assert_eq!(verified.list("wrong").len(), 1_000);
}

#[test]
fn several_connections_find_the_same() {
    let pair = Pair::alike(PROGRAM, Profile::full(), &plain(8, 30, 3));
    pair.program.sync(&[]).exits(0);
    expunge(&pair, 4);
    change(&pair, 6, |one| rewrite(one, flip_last_letter));
    let mut lists = Vec::new();
    for connections in ["1", "4", "32"] {
        let before = pair.source.shared().connections();
        let verified = pair.program.verified(&["--connections", connections], 4);
        let made = pair.source.shared().connections() - before;
        assert_eq!(made, connections.parse::<u64>().expect("a number").min(8));
        lists.push(verified.list("wrong"));
    }
    assert_eq!(lists[0], ["missing INBOX 4 -", "altered INBOX 6 6"]);
    assert!(lists.iter().all(|list| *list == lists[0]), "{lists:?}");
}
