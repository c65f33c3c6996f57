//! The ledger by hand: `--ledger`, `ledger show` and `ledger move`, and who may use one at a time.

use std::fs;
use std::path::Path;

use imapsync_tests::corpus::plain;
use imapsync_tests::program::{Outcome, Pair, embedded_url};
use imapsync_tests::server::Profile;
use serde_json::Value;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");
const MESSAGES: usize = 30;

fn pair() -> Pair {
    Pair::alike(PROGRAM, Profile::singles(), &plain(3, MESSAGES / 3, 1))
}

/// Both accounts, and both under another name of the same host.
fn names(pair: &Pair) -> [String; 4] {
    let [source, dest] = [&pair.source, &pair.dest].map(|server| embedded_url(server.port()));
    let [new_source, new_dest] = [&source, &dest].map(|url| url.replace("127.0.0.1", "localhost"));
    [source, dest, new_source, new_dest]
}

/// Runs a command with the test's state folder.
fn in_state_dir(pair: &Pair, arguments: &[&str]) -> Outcome {
    let state = text(pair.program.state_dir());
    let arguments = [arguments, &["--state-dir", state]].concat();
    pair.program.start_with(&arguments).wait()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the path is UTF-8")
}

#[test]
fn after_a_move_nothing_is_copied_again() {
    let pair = pair();
    let [source, dest, new_source, new_dest] = names(&pair);
    pair.program.sync(&[]).exits(0);
    let before = pair.program.ledgers();
    let mv = ["ledger", "move", &source, &dest, &new_source, &new_dest];
    let moved = in_state_dir(&pair, &mv).exits(0);
    let after = pair.program.ledgers();
    assert_eq!((before.len(), after.len()), (1, 1), "{moved}");
    assert_ne!(before, after);
    let moved = moved.says(text(&after[0]));
    assert!(!moved.stderr.contains("assword"), "{moved}");
    pair.dest.log().clear();
    in_state_dir(&pair, &["sync", &new_source, &new_dest]).exits(0);
    assert_eq!(pair.changes(), [""; 0]);
    assert!(pair.dest.log().count("STATUS") + pair.dest.log().count("LIST") > 0);
    // Once more is no mistake; under the old name there is none any more.
    in_state_dir(&pair, &mv).exits(0);
    in_state_dir(&pair, &["ledger", "show", &source, &dest]).refuses(11, text(&before[0]));
}

/// Cut off between its two steps, it leaves a file whose accounts are the new ones.
#[test]
fn a_move_that_was_cut_off_is_finished_by_the_next() {
    let pair = pair();
    let [source, dest, new_source, new_dest] = names(&pair);
    pair.program.sync(&[]).exits(0);
    let old = pair.program.ledgers().remove(0);
    let mv = ["ledger", "move", &source, &dest, &new_source, &new_dest];
    in_state_dir(&pair, &mv).exits(0);
    fs::rename(&pair.program.ledgers()[0], &old).expect("put back");
    pair.program.sync(&[]).refuses(11, &new_source[..20]);
    in_state_dir(&pair, &mv).exits(0);
    in_state_dir(&pair, &["sync", &new_source, &new_dest]).exits(0);
    pair.assert_equal();
    assert_eq!(pair.dest.log().count("APPEND"), MESSAGES);
}

#[test]
fn a_move_overwrites_nothing_and_takes_nothing_else() {
    let pair = pair();
    let [source, dest, new_source, new_dest] = names(&pair);
    let mv = ["ledger", "move", &source, &dest, &new_source, &new_dest];
    in_state_dir(&pair, &mv).refuses(11, "there is no ledger");
    assert_eq!(pair.program.ledgers().len(), 0);
    pair.program.sync(&[]).exits(0);
    let old = pair.program.ledgers().remove(0);
    let others = ["ledger", "move", &dest, &source, &new_dest, &new_source];
    in_state_dir(&pair, &others).refuses(11, "there is no ledger");
    let same = ["ledger", "move", &source, &dest, &new_source, &new_source];
    in_state_dir(&pair, &same).refuses(2, "the same account");
    // The user has begun under the new names already.
    in_state_dir(&pair, &["sync", &new_source, &new_dest]).exits(0);
    let contents = || {
        let mut all: Vec<_> = pair.program.ledgers();
        all.sort();
        all.into_iter()
            .map(|path| fs::read(path).expect("a file"))
            .collect::<Vec<_>>()
    };
    let both = contents();
    assert_eq!(both.len(), 2);
    in_state_dir(&pair, &mv).refuses(11, "have a ledger already");
    assert!(contents() == both, "a ledger was changed");
    // A log alone is in the way, too.
    let new = pair.program.ledgers().into_iter().find(|path| *path != old);
    let new = new.expect("the second one");
    fs::rename(&new, format!("{}-wal", text(&new))).expect("renamed");
    in_state_dir(&pair, &mv).refuses(11, "have a ledger already");
}

#[test]
fn show_tells_accounts_runs_and_counts() {
    let pair = pair();
    let [source, dest, ..] = names(&pair);
    let show = ["ledger", "show", &source, &dest];
    in_state_dir(&pair, &show).refuses(11, text(pair.program.state_dir()));
    assert_eq!(pair.program.ledgers().len(), 0, "looking makes none");
    pair.program.sync(&[]).exits(0);
    let ledger = pair.program.ledgers().remove(0);
    let shown = in_state_dir(&pair, &show).exits(0);
    for words in [
        text(&ledger),
        &source,
        &dest,
        "exit 0",
        "30 copied",
        "INBOX",
        "Mailbox 1",
    ] {
        assert!(shown.stdout.contains(words), "{words}: {shown}");
    }
    let json = in_state_dir(&pair, &[&show[..], &["--json"]].concat()).exits(0);
    let json: Value = serde_json::from_str(&json.stdout).expect("JSON");
    let ledger = &json["ledger"];
    assert_eq!(ledger["runs"][0]["copied"], MESSAGES);
    let mailboxes = ledger["mailboxes"].as_array().expect("a list");
    let counts: Vec<_> = mailboxes.iter().map(|one| &one["messages"]).collect();
    assert_eq!(counts, [10, 10, 10]);
    assert!(
        mailboxes.iter().all(|one| one["state"] == "closed"),
        "{json}"
    );
}

#[test]
fn show_looks_into_a_run_under_way() {
    let pair = Pair::slow(PROGRAM, "full");
    let [source, dest, new_source, new_dest] = names(&pair);
    let mut running = pair.run_until(20);
    let show = ["ledger", "show", &source, &dest];
    // Between two mailboxes nothing is in doubt.
    assert!(running.until(|| {
        let shown = in_state_dir(&pair, &show).exits(0).says("under way");
        shown.stdout.contains("open: ")
    }));
    let mv = ["ledger", "move", &source, &dest, &new_source, &new_dest];
    in_state_dir(&pair, &mv).refuses(6, "another run holds the ledger");
    running.wait().exits(0);
}

#[test]
fn a_named_ledger_is_used_by_one_run_at_a_time() {
    let pair = Pair::slow(PROGRAM, "full");
    let [source, dest, ..] = names(&pair);
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("mine.db");
    let sync = ["sync", &source, &dest, "--ledger", text(&file)];
    let mut running = pair.program.start_with(&sync);
    assert!(running.until(|| pair.arrived() >= 20));
    let second = pair.program.start_with(&sync).wait();
    second.refuses(6, "another run holds the ledger");
    running.wait().exits(0);
    pair.assert_equal();
    // The other way: in the state folder.
    let pair = Pair::slow(PROGRAM, "full");
    let running = pair.run_until(20);
    pair.program.sync(&[]).refuses(6, "another run holds");
    running.wait().exits(0);
    pair.assert_equal();
}

#[test]
fn a_file_that_is_no_ledger_is_left_alone() {
    let pair = pair();
    let [source, dest, ..] = names(&pair);
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("precious");
    let foreign = folder.path().join("foreign.db");
    let db = rusqlite::Connection::open(&foreign).expect("SQLite");
    db.execute_batch("CREATE TABLE t (x); INSERT INTO t VALUES (1)")
        .expect("a table");
    drop(db);
    for content in [
        b"my diary\n".repeat(1000),
        fs::read(foreign).expect("a file"),
    ] {
        fs::write(&file, &content).expect("written");
        let named = ["--ledger", text(&file)];
        for command in [
            &["sync", &source, &dest][..],
            &["sync", &source, &dest, "--dry-run"],
            &["ledger", "show", &source, &dest],
            &["ledger", "move", &source, &dest, &dest, &source],
        ] {
            let outcome = pair.program.start_with(&[command, &named].concat()).wait();
            outcome.refuses(11, text(&file));
            assert!(fs::read(&file).expect("there") == content, "{command:?}");
        }
    }
    assert_eq!(pair.dest.log().count("APPEND"), 0);
}

#[test]
fn a_named_ledger_of_other_accounts_advises_to_move_it() {
    let pair = pair();
    let [source, dest, new_source, new_dest] = names(&pair);
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("mine.db");
    let named = ["--ledger", text(&file)];
    let with = |command: &[&str]| pair.program.start_with(&[command, &named].concat()).wait();
    with(&["sync", &source, &dest]).exits(0);
    for command in [&["sync"][..], &["ledger", "show"]] {
        let others = [command, &[&new_source, &new_dest]].concat();
        with(&others)
            .refuses(11, "other accounts")
            .says("ledger move");
    }
    with(&["ledger", "move", &source, &dest, &new_source, &new_dest]).exits(0);
    with(&["sync", &new_source, &new_dest]).exits(0);
    assert_eq!(pair.dest.log().count("APPEND"), MESSAGES);
}
