//! A first run between two embedded servers: everything arrives, exactly, and the source is only read.

use imapsync_tests::corpus::{Account, MailboxSpec, MessageSpec, altering, awkward, plain};
use imapsync_tests::program::Pair;
use imapsync_tests::real::decode_mutf7;
use imapsync_tests::server::{Body, Delivery, Fault, Profile, Rule};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");

#[test]
fn the_awkward_account_arrives_exactly() {
    for (source, dest) in [
        (Profile::full(), Profile::full()),
        (Profile::plain(), Profile::plain()),
        (Profile::full(), Profile::plain()),
    ] {
        let account = awkward(1);
        let pair = Pair::new(PROGRAM, source, dest, &account);
        let before = pair.snapshots();
        pair.program.sync(&[]).exits(0).stays_small();
        pair.assert_equal();
        let [source, dest] = pair.snapshots();
        assert_eq!(source, before[0], "the source changed");
        assert_eq!(dest.message_count(), account.message_count());
        assert!(dest.mailboxes.contains_key(&["Empty".to_owned()][..]));
        pair.assert_source_only_read();
    }
}

#[test]
fn what_other_servers_alter_arrives_exactly() {
    for profile in [Profile::full(), Profile::plain()] {
        let pair = Pair::alike(PROGRAM, profile, &altering());
        let outcome = pair.program.sync(&[]).exits(0);
        assert!(!outcome.stdout.contains("altered"), "{outcome}");
        pair.assert_equal();
    }
}

#[test]
fn courier_takes_the_tree_under_its_prefix() {
    let pair = Pair::new(
        PROGRAM,
        Profile::full(),
        Profile::courier_like(),
        &awkward(1),
    );
    pair.program.sync(&[]).exits(0);
    let [source, dest] = pair.snapshots();
    let differences = source.under_inbox_prefix().differences(&dest);
    assert_eq!(differences, [""; 0]);
    pair.assert_source_only_read();
}

#[test]
fn courier_to_courier_is_exact() {
    let pair = Pair::alike(PROGRAM, Profile::courier_like(), &awkward(2));
    pair.program.sync(&[]).exits(0);
    pair.assert_equal();
    pair.assert_source_only_read();
}

/// Names with one message each: what is in a mailbox tells where it came from.
fn tree(names: &[&[&str]]) -> Account {
    let mailboxes = names.iter().map(|name| MailboxSpec {
        messages: vec![MessageSpec::new(format!("Subject: {name:?}\r\n\r\n"))],
        ..MailboxSpec::new(name)
    });
    Account {
        mailboxes: mailboxes.collect(),
    }
}

/// The raw name on the destination of what was in a mailbox of the source.
fn arrived_in(pair: &Pair, name: &[&str]) -> Vec<String> {
    let Body::Bytes(wanted) = Body::from(format!("Subject: {name:?}\r\n\r\n").into_bytes()) else {
        panic!("small bodies are kept")
    };
    let account = pair.dest.store().account("alice").clone();
    let holding = account.mailboxes.iter().filter(|(_, mailbox)| {
        let mut messages = mailbox.messages.iter();
        messages.any(|message| matches!(&message.body, Body::Bytes(octets) if *octets == wanted))
    });
    holding
        .map(|(name, _)| String::from_utf8_lossy(name).into_owned())
        .collect()
}

#[test]
fn the_tree_arrives_as_a_person_would_expect() {
    let names: [(&[&str], &str); 9] = [
        (&["INBOX"], "INBOX"),
        (&["INBOX", "Old"], "INBOX.Old"),
        (&["Old"], "INBOX.Old=2"),
        (&["Old", "2019"], "INBOX.Old=2.2019"),
        (&["Sent"], "INBOX.Sent"),
        (&["Work", "2024", "Q1"], "INBOX.Work.2024.Q1"),
        (&["v1.2"], "INBOX.v1=2E2"),
        (&["Entwürfe"], "INBOX.Entw&APw-rfe"),
        (&[" spaces "], "INBOX. spaces "),
    ];
    let account = tree(&names.map(|(name, _)| name));
    let pair = Pair::new(PROGRAM, Profile::full(), Profile::courier_like(), &account);
    let plan = pair.program.sync(&["--dry-run"]).exits(0);
    pair.program.sync(&[]).exits(0);
    let subscriptions = pair.dest.store().account("alice").subscriptions.clone();
    for (name, expected) in names {
        assert_eq!(arrived_in(&pair, name), [expected], "{name:?}");
        let shown = decode_mutf7(expected).expect("it is modified UTF-7");
        assert!(plan.stdout.contains(&format!("-> {shown}\n")), "{plan}");
        assert!(subscriptions.contains(expected.as_bytes()), "{expected}");
    }
    let store = pair.dest.store().account("alice").clone();
    let work = store.mailbox(b"INBOX.Work").expect("the parent is there");
    assert!(!work.is_selectable(), "a parent without mail stays one");
}

#[test]
fn the_tree_comes_back_from_under_a_prefix() {
    let names: [(&[&str], &str); 5] = [
        (&["INBOX"], "INBOX"),
        (&["Sent"], "Sent"),
        (&["Work", "2024"], "Work/2024"),
        (&["with/slash"], "with=2Fslash"),
        (&["Entwürfe"], "Entw&APw-rfe"),
    ];
    let account = tree(&names.map(|(name, _)| name));
    let pair = Pair::new(PROGRAM, Profile::courier_like(), Profile::full(), &account);
    pair.program.sync(&[]).exits(0);
    for (name, expected) in names {
        assert_eq!(arrived_in(&pair, name), [expected], "{name:?}");
    }
}

#[test]
fn a_dry_run_tells_the_plan_and_does_nothing() {
    let pair = Pair::alike(PROGRAM, Profile::full(), &awkward(1));
    let before = pair.snapshots();
    let outcome = pair.program.sync(&["--dry-run"]).exits(0);
    assert_eq!(pair.snapshots(), before);
    assert_eq!(pair.changes(), [""; 0]);
    let files = std::fs::read_dir(pair.program.state_dir()).expect("the folder is there");
    assert_eq!(files.count(), 0, "a dry run leaves no ledger");
    let outcome = outcome.says("2000 messages to copy in 26 mailboxes");
    outcome.says("create").says("subscribe").says("am&persand");
}

#[test]
fn json_is_one_object_on_stdout() {
    let pair = Pair::alike(PROGRAM, Profile::full(), &plain(2, 20, 1));
    let outcome = pair.program.sync(&["--json"]).exits(0);
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("it is JSON");
    assert_eq!(report["exit"], 0, "{report}");
    let mailboxes = report["report"]["mailboxes"].as_array().expect("a list");
    let copied: Vec<_> = mailboxes.iter().map(|one| &one["copied"]).collect();
    assert_eq!(copied, [20, 20], "{report}");
}

#[test]
fn a_small_memory_is_enough() {
    let account = awkward(1);
    let pair = Pair::alike(PROGRAM, Profile::plain(), &account);
    add_large(&pair, 700_000);
    pair.program.sync(&["--memory", "2097152"]).exits(0);
    pair.assert_equal();
}

fn add_large(pair: &Pair, octets: u64) {
    let large = Delivery::new(Body::synthesized(7, octets)).flagged(&["\\Seen"]);
    pair.source.store().deliver("alice", "INBOX", large);
}

/// Small and large messages, around the size from which they are spliced.
fn sizes(pair: &Pair) {
    for octets in [1, 5000, 262_143, 262_144, 262_145, 400_000, 3_000_000, 900] {
        add_large(pair, octets);
    }
}

#[test]
fn items_may_come_after_the_body() {
    let pair = Pair::alike(PROGRAM, Profile::full(), &plain(1, 50, 1));
    sizes(&pair);
    let both = Rule::new(Fault::BodyFirst);
    pair.source.add_fault(both.clone().on_command("FETCH"));
    pair.source.add_fault(both.on_command("UID FETCH"));
    pair.program.sync(&[]).exits(0).stays_small();
    pair.assert_equal();
}

#[test]
fn announced_sizes_may_be_wrong() {
    for off in [-2_900_000, -300_000, -1, 1, 300_000, 50_000_000] {
        let pair = Pair::alike(PROGRAM, Profile::full(), &plain(1, 50, 1));
        sizes(&pair);
        let lie = Rule::new(Fault::SizeOff(off)).on_command("FETCH");
        pair.source.add_fault(lie);
        pair.program.sync(&[]).exits(0).stays_small();
        pair.assert_equal();
    }
}
