//! Connections between the program and Dovecot that are cut at places spread over the whole exchange, and answers
//! that never arrive though Dovecot has done what was asked. The run mends it, or the next one does.

use imapsync_tests::corpus::{Account, MessageSpec, plain};
use imapsync_tests::program::interruption::each;
use imapsync_tests::program::{Newcomer, Newcomers, SINGLY};
use imapsync_tests::real::{Cut, MailFormat, Proxy, dovecot_or_not_run, long_campaign};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");

/// Two mailboxes, some messages twice, one so large that it is passed on piece by piece.
fn account() -> Account {
    let mut account = plain(2, 60, 5);
    for mailbox in &mut account.mailboxes {
        let some: Vec<_> = mailbox.messages.iter().step_by(9).cloned().collect();
        mailbox.messages.extend(some);
    }
    let text = "x1 CREATE pwned, said the large mail\r\n".repeat(9_000);
    let large = MessageSpec::new(format!("Subject: large\r\n\r\n{text}"));
    account.mailboxes[0].messages.insert(30, large);
    account
}

/// What happens to the program when its connection is cut.
#[derive(Clone, Copy, Debug)]
enum Then {
    /// It connects again by itself.
    Mends,
    /// It is killed right then.
    IsKilled,
}

/// The first connection of a run is cut; after that everything is there once.
fn survives(newcomer: &Newcomer<'_>, proxy: &Proxy, cut: Cut, then: Then) {
    proxy.cut_next(cut);
    let mut running = newcomer.program.start("sync", &SINGLY);
    if matches!(then, Then::IsKilled) && running.until(|| proxy.cuts() > 0) {
        running.kill();
    }
    let outcome = running.wait();
    assert!(
        matches!(outcome.code(), None | Some(0 | 5 | 10)),
        "{outcome}"
    );
    assert!(proxy.cuts() > 0, "nothing was cut: {outcome}");
    if outcome.code() != Some(0) {
        newcomer.program.sync_singly(&[]).exits(0);
    }
    newcomer.assert_complete();
}

/// Octets that the first connection of an undisturbed run moves: to the client, to the server.
fn traffic(servers: &Newcomers) -> (u64, u64) {
    let proxy = Proxy::before(servers.dest().plain_address()).expect("a free port");
    let newcomer = servers.newcomer_at("measured", proxy.port());
    newcomer.program.sync_singly(&[]).exits(0);
    let traffic = proxy.traffic();
    newcomer.assert_complete();
    traffic
}

/// Places from the first octet to nearly the last.
fn places(octets: u64) -> Vec<u64> {
    let parts = if long_campaign() { 50 } else { 5 };
    (0..parts)
        .map(|part| 1 + octets * 19 * part / (20 * (parts - 1)))
        .collect()
}

/// Cuts of one kind at all places, with one way to go on.
fn campaign(
    format: MailFormat,
    capability: Option<&str>,
    kind: impl Fn((u64, u64)) -> Vec<Cut>,
    then: Then,
) {
    if !dovecot_or_not_run() {
        return;
    }
    let servers = Newcomers::start(PROGRAM, format, capability, &account());
    let cuts = kind(traffic(&servers));
    each(&cuts, |cut| {
        let proxy = Proxy::before(servers.dest().plain_address()).expect("a free port");
        let name = format!("{cut:?}").replace(['(', ')'], "-").to_lowercase();
        survives(
            &servers.newcomer_at(&name, proxy.port()),
            &proxy,
            *cut,
            then,
        );
    });
    servers.assert_source_untouched();
}

fn on_both(capability: Option<&str>, kind: impl Fn((u64, u64)) -> Vec<Cut>, then: Then) {
    campaign(MailFormat::Maildir, capability, &kind, then);
    campaign(MailFormat::Mdbox, capability, &kind, then);
}

fn sent((sent, _): (u64, u64)) -> Vec<Cut> {
    places(sent).into_iter().map(Cut::AfterSent).collect()
}

fn received((_, received): (u64, u64)) -> Vec<Cut> {
    places(received)
        .into_iter()
        .map(Cut::AfterReceived)
        .collect()
}

fn lost((sent, _): (u64, u64)) -> Vec<Cut> {
    places(sent).into_iter().map(Cut::RepliesLost).collect()
}

#[test]
fn a_cut_in_what_the_server_says() {
    on_both(None, sent, Then::Mends);
}

#[test]
fn a_cut_in_what_the_program_says() {
    on_both(None, received, Then::Mends);
}

#[test]
fn replies_lost_after_dovecot_did_it() {
    on_both(None, lost, Then::Mends);
}

#[test]
fn replies_lost_and_the_program_killed() {
    on_both(None, lost, Then::IsKilled);
}

#[test]
fn cuts_where_no_uids_are_named() {
    on_both(Some("IMAP4rev1 LITERAL+ NAMESPACE"), received, Then::Mends);
}
