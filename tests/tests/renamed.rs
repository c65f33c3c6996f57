//! A source mailbox that is renamed between two runs that were both cut: what the first has left under
//! the old name is no proof that a user moved it there.

use imapsync_tests::corpus::plain;
use imapsync_tests::program::{Pair, SINGLY};
use imapsync_tests::server::{EmbeddedServer, Fault, Operation, Profile, Rule};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");

fn operate(server: &EmbeddedServer, operation: Operation) {
    let done = server.store().account("alice").operate(&operation);
    done.unwrap_or_else(|refusal| panic!("{operation:?}: {refusal}"));
}

fn count(server: &EmbeddedServer, mailbox: &str) -> usize {
    let mut store = server.store();
    let mailbox = store.mailbox("alice", mailbox);
    mailbox.map_or(0, |mailbox| mailbox.messages.len())
}

/// The nth APPEND into this mailbox takes effect, its reply is lost, and with that the run.
fn cut_at(pair: &Pair, mailbox: &str, nth: usize) {
    let cut = Rule::new(Fault::CutBeforeReply).on_command("APPEND");
    pair.dest.add_fault(cut.on_mailbox(mailbox).nth(nth));
    let skips = Rule::new(Fault::SkipUids(2)).on_command("APPEND");
    pair.dest.add_fault(skips);
    let options = [&SINGLY[..], &["--give-up-after", "0s"]].concat();
    pair.program.sync(&options).exits(5);
}

#[test]
fn what_a_run_left_under_the_old_name_was_not_moved_there() {
    let pair = Pair::alike(PROGRAM, Profile::singles(), &plain(2, 12, 1));
    cut_at(&pair, "Mailbox 1", 5);
    let [from, to] = ["Mailbox 1", "New name"].map(str::to_owned);
    operate(&pair.source, Operation::Rename { from, to });
    let mailbox = "Mailbox 1".to_owned();
    let create = Operation::Create { mailbox };
    operate(&pair.source, create);
    let deliver = Operation::Deliver {
        mailbox: "Mailbox 1".to_owned(),
        body: "Subject: the only one\r\n\r\n".into(),
    };
    operate(&pair.source, deliver);
    cut_at(&pair, "New name", 2);
    pair.dest.shared().faults().clear();
    let outcome = pair.program.sync(&[]);
    assert!(matches!(outcome.code(), Some(0 | 3)), "{outcome}");
    assert_eq!(count(&pair.dest, "New name"), 12, "{outcome}");
    assert_eq!(count(&pair.dest, "INBOX"), 12, "{outcome}");
}
