//! A destination that was set back to yesterday's backup between a kill and the next run: what had been
//! confirmed, without a name and not read back yet, is not there any more, and nothing but UIDNEXT tells.

use std::time::Duration;

use imapsync_tests::corpus::{MessageSpec, plain};
use imapsync_tests::program::Pair;
use imapsync_tests::server::{Fault, Operation, Profile, Rule};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");

fn operate(pair: &Pair, operation: Operation) {
    let mut store = pair.dest.store();
    let done = store.account("alice").operate(&operation);
    done.unwrap_or_else(|refusal| panic!("{operation:?}: {refusal}"));
}

#[test]
fn what_was_confirmed_before_a_kill_is_copied_again_after_a_restore() {
    let mut account = plain(1, 23, 1);
    // It has a window of its own: the messages before it are known when it is sent.
    let text = "A line of a large message.\r\n".repeat(20_000);
    account.mailboxes[0].messages[12] = MessageSpec::new(format!("Subject: large\r\n\r\n{text}"));
    let pair = Pair::alike(PROGRAM, Profile::plain(), &account);
    let mailbox = "INBOX".to_owned();
    operate(
        &pair,
        Operation::BackUp {
            mailbox: mailbox.clone(),
        },
    );
    let stuck = Fault::Delay(Duration::from_secs(60));
    pair.dest
        .add_fault(Rule::new(stuck).on_command("APPEND").nth(13));
    let mut running = pair.program.start("sync", &[]);
    assert!(running.until(|| pair.dest.log().count("APPEND") == 13));
    running.kill();
    running.wait();
    let db = rusqlite::Connection::open(&pair.program.ledgers()[0]).expect("a ledger");
    let sql = "SELECT count(*) FROM message WHERE dest_uid IS NULL";
    let confirmed: u32 = db.query_row(sql, [], |row| row.get(0)).expect("a number");
    assert!(confirmed > 0, "nothing was confirmed");
    drop(db);
    operate(&pair, Operation::Restore { mailbox });
    assert_eq!(pair.arrived(), 0);
    pair.assert_finishes();
}
