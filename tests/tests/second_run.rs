//! Runs after the first: they do what is new, remember what was refused, and undo nothing that the
//! user did on the destination.

use imapsync_tests::corpus::{Account, MailboxSpec, MessageSpec, awkward, plain};
use imapsync_tests::program::Pair;
use imapsync_tests::server::{Delivery, EmbeddedServer, Fault, FlagChange, Profile, Rule};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");

/// Two mailboxes of a few messages, copied by a first run.
fn copied(profile: Profile) -> Pair {
    let pair = Pair::alike(PROGRAM, profile, &plain(2, 10, 1));
    pair.program.sync(&[]).exits(0);
    pair.assert_equal();
    pair
}

fn message(subject: &str) -> Delivery {
    Delivery::new(format!("Subject: {subject}\r\n\r\nbody\r\n").into_bytes())
}

fn count(server: &EmbeddedServer, mailbox: &str) -> usize {
    let mut store = server.store();
    let mailbox = store.mailbox("alice", mailbox);
    mailbox.map_or(0, |mailbox| mailbox.messages.len())
}

#[test]
fn a_second_run_sends_no_append_and_no_store() {
    for profile in [
        Profile::full(),
        Profile::plain(),
        Profile::courier_like(),
        Profile {
            keywords: false,
            ..Profile::full()
        },
    ] {
        let pair = Pair::alike(PROGRAM, profile, &awkward(1));
        pair.program.sync(&[]).exits(0);
        pair.assert_settled();
        pair.assert_source_only_read();
        pair.assert_settled();
        assert_eq!(pair.source.log().count("APPEND"), 0);
    }
}

#[test]
fn only_new_mail_is_copied() {
    for profile in [
        Profile::singles(),
        Profile::plain(),
        Profile::courier_like(),
    ] {
        let pair = copied(profile);
        pair.source.store().deliver("alice", "INBOX", message("a"));
        pair.source.store().deliver("alice", "INBOX", message("b"));
        pair.dest.log().clear();
        pair.program.sync(&[]).exits(0).says("2 copied");
        assert_eq!(pair.dest.log().count("APPEND"), 2);
        pair.assert_equal();
        pair.assert_settled();
    }
}

#[test]
fn a_new_mailbox_comes_along() {
    let pair = copied(Profile::full());
    pair.source
        .store()
        .deliver("alice", "later/on", message("a"));
    let later = pair.source.store().create("alice", "later").map(drop);
    later.expect("a parent becomes a mailbox");
    pair.program.sync(&[]).exits(0);
    pair.assert_equal();
    pair.assert_settled();
}

#[test]
fn what_the_user_deleted_stays_deleted() {
    let pair = copied(Profile::full());
    let mut store = pair.dest.store();
    let inbox = store.mailbox("alice", "INBOX").expect("INBOX is there");
    assert_eq!(inbox.expunge(|message| message.uid % 2 == 0), 5);
    inbox.change_flags(1, FlagChange::Replace, &["\\Deleted".to_owned()]);
    drop(store);
    pair.assert_settled();
    assert_eq!(count(&pair.dest, "INBOX"), 5);
    pair.source
        .store()
        .deliver("alice", "INBOX", message("new"));
    pair.program.sync(&[]).exits(0);
    assert_eq!(count(&pair.dest, "INBOX"), 6);
    pair.assert_settled();
}

#[test]
fn mail_from_elsewhere_stays_and_is_no_obstacle() {
    for profile in [Profile::full(), Profile::plain()] {
        let pair = copied(profile);
        pair.dest.store().deliver("alice", "INBOX", message("own"));
        pair.assert_settled();
        pair.source
            .store()
            .deliver("alice", "INBOX", message("new"));
        pair.program.sync(&[]).exits(0);
        assert_eq!(count(&pair.dest, "INBOX"), 12);
        pair.assert_settled();
    }
}

#[test]
fn foreign_mail_on_the_destination_is_left_alone() {
    let pair = Pair::alike(PROGRAM, Profile::full(), &plain(3, 10, 1));
    pair.dest
        .store()
        .deliver("alice", "Mailbox 1", message("own"));
    let plan = pair.program.sync(&["--dry-run"]);
    plan.exits(0).says("compare");
    let outcome = pair.program.sync(&[]).exits(0);
    outcome.says("Mailbox 1 held 1 messages that the ledger did not know");
    assert_eq!(count(&pair.dest, "Mailbox 1"), 11);
    pair.assert_settled();
    let mut store = pair.dest.store();
    let mailbox = store.mailbox("alice", "Mailbox 1").expect("it is there");
    mailbox.expunge(|message| message.uid == 1);
    drop(store);
    pair.assert_equal();
}

/// Every message is recognised by its body; what is new is copied.
#[test]
fn without_its_ledger_nothing_is_copied_twice() {
    for profile in [Profile::full(), Profile::plain(), Profile::courier_like()] {
        let fresh = format!("{}fresh", profile.prefix);
        let pair = copied(profile);
        let mut store = pair.source.store();
        store.create("alice", &fresh).map(drop).expect("created");
        store.deliver("alice", &fresh, message("a"));
        store.deliver("alice", "INBOX", message("b"));
        drop(store);
        for ledger in pair.program.ledgers() {
            std::fs::remove_file(ledger).expect("the ledger can be removed");
        }
        pair.dest.log().clear();
        let outcome = pair.program.sync(&[]).exits(0);
        outcome.says("10 messages were there without the ledger knowing it");
        assert_eq!(pair.dest.log().count("APPEND"), 2, "only what is new");
        pair.assert_equal();
        pair.assert_settled();
    }
}

#[test]
fn a_message_above_the_destinations_limit_is_listed_and_remembered() {
    for profile in [Profile::full(), Profile::plain()] {
        let limited = Profile {
            appendlimit: Some(300_000),
            ..profile.clone()
        };
        let mut account = plain(1, 10, 1);
        let large = MessageSpec::new(format!("Subject: large\r\n\r\n{}\r\n", "x".repeat(400_000)));
        account.mailboxes[0].messages.insert(4, large);
        let pair = Pair::new(PROGRAM, profile, limited, &account);
        refused_once(&pair, 10, "UID 5");
    }
}

#[test]
fn a_refusal_by_the_servers_no_is_listed_and_remembered() {
    for profile in [Profile::singles(), Profile::plain()] {
        let pair = Pair::alike(PROGRAM, profile, &plain(1, 10, 1));
        let no = Fault::Refuse("NO I don't like this \x1b[31mmail".to_owned());
        pair.dest
            .add_fault(Rule::new(no).on_command("APPEND").nth(4));
        refused_once(&pair, 9, "UID 4");
    }
}

/// Of one mailbox all messages but one arrive, which is told, now and next time, and not tried again.
#[track_caller]
fn refused_once(pair: &Pair, arriving: usize, uid: &str) {
    let outcome = pair.program.sync(&[]).exits(3);
    let outcome = outcome.says(uid).says("refused by the destination");
    assert!(!outcome.stdout.contains('\x1b'), "{outcome}");
    assert_eq!(count(&pair.dest, "INBOX"), arriving);
    for _ in 0..2 {
        pair.dest.log().clear();
        pair.source.log().clear();
        let outcome = pair.program.sync(&[]).exits(3).says(uid);
        assert_eq!(pair.changes(), [""; 0], "{outcome}");
        let bodies = pair.source.log().arguments("UID FETCH");
        assert!(!bodies.iter().any(|one| one.contains("BODY")), "{bodies:?}");
    }
}

#[test]
fn a_quota_ends_the_run_and_is_no_refusal_of_the_message() {
    let pair = Pair::alike(PROGRAM, Profile::full(), &plain(1, 10, 1));
    let full = Fault::Refuse("NO [OVERQUOTA] Quota exceeded".to_owned());
    let rule = Rule::new(full).on_command("APPEND");
    pair.dest.add_fault(rule);
    pair.program.sync(&[]).exits(9).says("quota");
    pair.dest.shared().faults().clear();
    pair.program.sync(&[]).exits(0);
    pair.assert_equal();
}

#[test]
fn a_mailbox_that_cannot_be_made_costs_only_itself() {
    let pair = Pair::alike(PROGRAM, Profile::full(), &plain(3, 10, 1));
    let no = Fault::Refuse("NO [CANNOT] not this name".to_owned());
    let rule = Rule::new(no).on_command("CREATE").on_mailbox("Mailbox 1");
    pair.dest.add_fault(rule);
    pair.program.sync(&[]).exits(3).says("Mailbox 1");
    assert_eq!(count(&pair.dest, "Mailbox 2"), 10);
    pair.dest.shared().faults().clear();
    pair.program.sync(&[]).exits(0);
    pair.assert_equal();
}

/// Two messages, one of them with a keyword, on a source that has keywords.
fn with_keyword(dest: Profile) -> Pair {
    let inbox = MailboxSpec {
        messages: vec![
            MessageSpec::new("Subject: one\r\n\r\n").with_flags(&["\\Seen", "$Forwarded"]),
            MessageSpec::new("Subject: two\r\n\r\n").with_flags(&["\\Flagged"]),
        ],
        ..MailboxSpec::new(&["INBOX"])
    };
    let account = Account {
        mailboxes: vec![inbox],
    };
    Pair::new(PROGRAM, Profile::full(), dest, &account)
}

/// The flags that the ledger knows of each message, in order.
fn known_flags(pair: &Pair) -> Vec<String> {
    let db = rusqlite::Connection::open(&pair.program.ledgers()[0]).expect("a ledger");
    let sql = "SELECT words FROM message JOIN flag_set ON flag_set.id = flags ORDER BY source_uid";
    let mut query = db.prepare(sql).expect("its tables");
    let rows = query.query_map([], |row| row.get(0)).expect("rows");
    rows.collect::<Result<_, _>>().expect("words")
}

/// Both messages are there, the keyword is not, which is told; the ledger knows what the source has.
#[track_caller]
fn assert_keyword_lost(pair: &Pair) {
    let outcome = pair.program.sync(&[]).exits(0);
    outcome.says("flags not carried over: UID 1: $Forwarded");
    let rows = pair.dest.dump("alice").into_iter();
    let mut flags: Vec<_> = rows.map(|row| row.flags).collect();
    flags.sort();
    assert_eq!(flags, [["\\Flagged"], ["\\Seen"]]);
    assert_eq!(known_flags(pair), ["$Forwarded \\Seen", "\\Flagged"]);
    pair.assert_settled();
}

#[test]
fn a_keyword_that_the_destination_does_not_offer_costs_the_keyword_only() {
    for profile in [Profile::full(), Profile::plain()] {
        assert_keyword_lost(&with_keyword(Profile {
            keywords: false,
            ..profile
        }));
    }
}

#[test]
fn a_keyword_that_the_destination_refuses_costs_the_keyword_only() {
    // With batches the whole one is refused first, and then the message by itself.
    for (profile, refusals) in [(Profile::full(), 2), (Profile::plain(), 1)] {
        let pair = with_keyword(profile);
        let no = Fault::Refuse("NO [CANNOT] Keyword is not possible".to_owned());
        pair.dest
            .add_fault(Rule::new(no).on_command("APPEND").times(refusals));
        assert_keyword_lost(&pair);
    }
}
