//! Many messages in one APPEND (RFC 3502): what goes into a batch, and what happens when a server does
//! not take it, takes a part of it, or takes no batch at all whatever it says.

use imapsync_tests::corpus::{Account, MessageSpec, plain};
use imapsync_tests::program::Pair;
use imapsync_tests::program::interruption::each;
use imapsync_tests::server::{Delivery, EmbeddedServer, Fault, Profile, Rule};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");

/// One mailbox of small messages.
fn inbox(messages: usize) -> Account {
    let mut account = plain(1, messages, 1);
    for (number, message) in account.mailboxes[0].messages.iter_mut().enumerate() {
        let text = "x".repeat(number % 7);
        message.body = format!("Subject: {number}\r\n\r\n{text}\r\n").into();
    }
    account
}

/// The digests of a mailbox's bodies, by UID.
fn bodies(server: &EmbeddedServer) -> Vec<impl PartialEq + std::fmt::Debug + use<>> {
    let mut store = server.store();
    let mailbox = store.mailbox("alice", "INBOX").expect("INBOX is there");
    let messages = mailbox.messages.iter();
    messages.map(|message| message.body.digest()).collect()
}

fn refuse_batch(over: usize, keeps: usize, text: &str) -> Rule {
    let text = text.to_owned();
    Rule::new(Fault::RefuseBatch { over, keeps, text }).on_command("APPEND")
}

fn known_limit(pair: &Pair) -> Option<String> {
    let db = rusqlite::Connection::open(&pair.program.ledgers()[0]).expect("a ledger");
    let sql = "SELECT value FROM trait WHERE name = 'batch-limit'";
    db.query_row(sql, [], |row| row.get(0)).ok()
}

#[test]
fn many_messages_go_out_at_once_and_keep_their_order() {
    let pair = Pair::alike(PROGRAM, Profile::full(), &inbox(2000));
    pair.program.sync(&[]).exits(0).says("2000 messages copied");
    let appends = pair.dest.log().count("APPEND");
    assert!(appends < 200, "{appends} APPENDs");
    assert_eq!(bodies(&pair.source), bodies(&pair.dest));
    pair.assert_equal();
    pair.assert_settled();
}

#[test]
fn empty_and_large_messages_travel_alone_and_in_order() {
    let mut account = inbox(40);
    let messages = &mut account.mailboxes[0].messages;
    for at in [0, 13, 14, 39] {
        messages[at] = MessageSpec::new(Vec::new());
    }
    for at in [5, 15, 30] {
        let text = "A line of a large message.\r\n".repeat(20_000 + at);
        messages[at] = MessageSpec::new(format!("Subject: large\r\n\r\n{text}"));
    }
    for profile in [Profile::full(), Profile::plain()] {
        let profile = Profile {
            refuse_empty: false,
            ..profile
        };
        let pair = Pair::alike(PROGRAM, profile, &account);
        pair.program.sync(&[]).exits(0);
        assert_eq!(bodies(&pair.source), bodies(&pair.dest));
        pair.assert_equal();
        pair.assert_settled();
    }
}

#[test]
fn one_message_to_blame_is_refused_alone() {
    let mut account = inbox(100);
    let messages = &mut account.mailboxes[0].messages;
    for at in [30, 31, 77] {
        messages[at].body = format!("Subject: long\r\n\r\n{}\r\n", "y".repeat(5000)).into();
    }
    let limited = Profile {
        appendlimit: Some(4000),
        ..Profile::full()
    };
    let pair = Pair::new(PROGRAM, Profile::full(), limited, &account);
    for _ in 0..2 {
        let outcome = pair.program.sync(&[]).exits(3);
        let outcome = outcome.says("UID 31,").says("UID 32,");
        outcome.says("UID 78,").says("Message is too large");
        assert_eq!(pair.dest.store().message_count("alice"), 97);
    }
    assert_eq!(known_limit(&pair), None, "the batch was not to blame");
    pair.assert_source_only_read();
}

fn deliver(pair: &Pair, messages: usize) {
    for number in 0..messages {
        let body = format!("Subject: new {number}\r\n\r\n");
        let delivery = Delivery::new(body.into_bytes());
        pair.source.store().deliver("alice", "INBOX", delivery);
    }
}

#[test]
fn a_limit_of_the_server_is_learned_and_kept() {
    let pair = Pair::alike(PROGRAM, Profile::full(), &inbox(1000));
    pair.dest
        .add_fault(refuse_batch(20, 0, "NO [LIMITS] too many messages at once"));
    // Each refused batch halves the limit, and each run begins with what the one before has learned.
    let learned = (0..8).find_map(|_| {
        pair.program.sync(&[]).exits(0);
        pair.assert_equal();
        deliver(&pair, 200);
        let limit = known_limit(&pair).expect("something was learned");
        let messages = limit.split_once(' ')?.0.parse::<usize>().ok()?;
        (messages <= 20).then_some(messages)
    });
    assert!(learned >= Some(5), "{learned:?}");
    let connections = pair.dest.shared().connections();
    pair.dest.log().clear();
    pair.program.sync(&[]).exits(0).says("200 copied");
    // None was refused: a refused one is followed by single messages.
    let appends = pair.dest.log().count("APPEND");
    assert!((10..120).contains(&appends), "{appends} APPENDs");
    assert_eq!(pair.dest.shared().connections(), connections + 1);
    pair.assert_equal();
    pair.assert_settled();
}

/// RFC 3502 wants all or none; some servers keep what came before the one that they did not like.
#[test]
fn what_a_server_keeps_of_a_refused_batch_is_not_sent_again() {
    let without_uids = Profile {
        uidplus: false,
        ..Profile::full()
    };
    let texts = ["NO not now", "BAD what was that", "BYE out of order"];
    let cases: Vec<_> = [
        (1, Profile::full()),
        (30, Profile::full()),
        (5, without_uids),
    ]
    .into_iter()
    .flat_map(|(keeps, profile)| texts.map(|text| (keeps, text, profile.clone())))
    .collect();
    each(&cases, |(keeps, text, profile)| {
        let pair = Pair::alike(PROGRAM, profile.clone(), &inbox(120));
        pair.dest.add_fault(refuse_batch(*keeps, *keeps, text));
        pair.program.sync(&[]).exits(0);
        pair.assert_equal();
        pair.assert_finishes();
    });
}

#[test]
fn foreign_mail_that_comes_while_a_batch_is_refused_is_no_obstacle() {
    let pair = Pair::alike(PROGRAM, Profile::full(), &inbox(60));
    pair.dest.add_fault(refuse_batch(8, 0, "NO not now"));
    let deliver = imapsync_tests::server::Operation::Deliver {
        mailbox: "INBOX".to_owned(),
        body: b"Subject: own\r\n\r\n".to_vec().into(),
    };
    for nth in 1..4 {
        let rule = Rule::new(Fault::Meanwhile(deliver.clone())).on_command("APPEND");
        pair.dest.add_fault(rule.nth(nth));
    }
    pair.program.sync(&[]).exits(0);
    assert_eq!(pair.dest.store().message_count("alice"), 63);
    pair.assert_settled();
}

#[test]
fn a_server_that_ends_the_connection_for_each_batch_gets_single_messages() {
    let pair = Pair::alike(PROGRAM, Profile::full(), &inbox(50));
    pair.dest
        .add_fault(refuse_batch(1, 0, "BYE I have never heard of that"));
    pair.program.sync(&[]).exits(0);
    pair.assert_equal();
    pair.assert_settled();
}

/// Dovecot answers a keyword that it does not like at once, and reads what follows as commands.
#[test]
fn a_batch_asks_for_a_new_keyword_before_it_sends_the_body() {
    let mut account = inbox(200);
    for (at, word) in [(0, "first"), (1, "first"), (90, "second"), (199, "first")] {
        let message = &mut account.mailboxes[0].messages[at];
        message.flags.push(word.to_owned());
        message.body = "Subject: x\r\n\r\nx1 CREATE pwned\r\n".into();
    }
    let pair = Pair::alike(PROGRAM, Profile::full(), &account);
    let early = Fault::RefuseEarly("BAD Error in IMAP command APPEND: keyword".to_owned());
    pair.dest
        .add_fault(Rule::new(early).on_command("APPEND").nth(1));
    pair.program.sync(&[]).exits(0);
    assert!(pair.dest.store().mailbox("alice", "pwned").is_none());
    assert_eq!(pair.dest.log().count("CREATE"), 0);
    pair.assert_equal();
    pair.assert_settled();
}

/// One question a keyword, not one a message: all go out with a few APPENDs.
#[test]
fn keywords_do_not_break_batches_up() {
    let mut account = inbox(1000);
    for (at, message) in account.mailboxes[0].messages.iter_mut().enumerate() {
        message
            .flags
            .push(["one", "two", "three"][at % 3].to_owned());
    }
    let pair = Pair::alike(PROGRAM, Profile::full(), &account);
    pair.program.sync(&[]).exits(0);
    let appends = pair.dest.log().count("APPEND");
    assert!(appends < 100, "{appends} APPENDs");
    pair.assert_equal();
    pair.assert_settled();
}
