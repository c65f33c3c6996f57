//! Copies between two Dovecots over compressed connections (RFC 4978, plugin imap_zlib): as exact as
//! others, with fewer octets, also when they are cut.

use imapsync_tests::compare::Snapshot;
use imapsync_tests::corpus::{Account, awkward, plain};
use imapsync_tests::program::interruption::{each, hard_to_resume};
use imapsync_tests::program::{DovecotPair, Program, USER, Way};
use imapsync_tests::real::{
    Cut, Dovecot, DovecotOptions, MailFormat, PASSWORD, Proxy, dovecot_or_not_run,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");
const ALWAYS: [&str; 2] = ["--compress", "always"];

fn options() -> DovecotOptions {
    let plugins = [
        "mail_plugins = zlib",
        "protocol imap {",
        "  mail_plugins = zlib imap_zlib",
        "}",
    ];
    let usual = DovecotOptions::with_format(MailFormat::Maildir);
    DovecotOptions {
        extra_lines: plugins.map(ToOwned::to_owned).to_vec(),
        ..usual.expect("certificates can be made")
    }
}

/// Two Dovecots behind a proxy each, which counts and cuts.
struct Stage {
    source: Proxy,
    dest: Proxy,
    servers: [Dovecot; 2],
    program: Program,
}

impl Stage {
    fn set(account: &Account) -> Self {
        let servers = [(); 2].map(|()| Dovecot::start(options()).expect("dovecot starts"));
        servers[0].fill(USER, account).expect("it takes the corpus");
        let [source, dest] = [0, 1].map(|side: usize| {
            Proxy::before(servers[side].plain_address()).expect("there is a free port")
        });
        let url = |proxy: &Proxy| format!("imap+insecure://{USER}@localhost:{}", proxy.port());
        let program = Program::new(PROGRAM)
            .source(&url(&source), PASSWORD)
            .dest(&url(&dest), PASSWORD);
        Self {
            source,
            dest,
            servers,
            program,
        }
    }

    #[track_caller]
    fn assert_holds(&self, account: &Account) {
        let held = Snapshot::of_dovecot(&self.servers[1], USER).expect("the store is readable");
        let differences = Snapshot::of_account(account).differences(&held);
        assert!(differences.is_empty(), "{}", differences.join("\n"));
    }
}

#[test]
fn fewer_octets_and_the_same_mail() {
    if !dovecot_or_not_run() {
        return;
    }
    let account = hard_to_resume();
    let [with, without] = ["always", "never"].map(|when| {
        let stage = Stage::set(&account);
        let options = ["--compress", when];
        stage.program.sync(&options).exits(0);
        stage.assert_holds(&account);
        let traffic = (stage.source.traffic().0, stage.dest.traffic().1);
        stage.program.verify(&options).exits(0);
        traffic
    });
    println!("source sent, destination received: {with:?} compressed, {without:?} plain");
    assert!(with.0 * 2 < without.0 && with.1 * 2 < without.1);
}

#[test]
fn whole_accounts_on_every_way() {
    if !dovecot_or_not_run() {
        return;
    }
    for (way, account) in [
        (Way::Tls, awkward(8)),
        (Way::StartTls, plain(3, 150, 8)),
        (Way::Plain, hard_to_resume()),
    ] {
        let pair = DovecotPair::start(PROGRAM, way, options(), options(), &account);
        let options = [&ALWAYS[..], &["-v"]].concat();
        let outcome = pair.begin("sync", &options).wait().exits(0);
        let outcome = outcome
            .says("source: compressed")
            .says("destination: compressed");
        assert!(!outcome.stderr.contains("going on without"), "{outcome}");
        pair.assert_holds(&Snapshot::of_account(&account));
        pair.verify(&ALWAYS).exits(0);
        pair.assert_settled();
    }
}

#[test]
fn a_cut_anywhere_is_mended() {
    if !dovecot_or_not_run() {
        return;
    }
    let account = hard_to_resume();
    let whole = Stage::set(&account);
    whole.program.sync_singly(&ALWAYS).exits(0);
    let (sent, received) = (whole.source.traffic().0, whole.dest.traffic().1);
    let cuts = [1, 3, 5, 8].map(|part: u64| {
        [
            (Cut::AfterSent(sent * part / 9), true),
            (Cut::AfterReceived(received * part / 9), false),
            (Cut::RepliesLost(whole.dest.traffic().0 * part / 9), false),
        ]
    });
    each(cuts.as_flattened(), |(cut, at_source)| {
        let stage = Stage::set(&account);
        let proxy = if *at_source {
            &stage.source
        } else {
            &stage.dest
        };
        proxy.cut_next(*cut);
        let outcome = stage.program.sync_singly(&ALWAYS);
        assert!(matches!(outcome.code(), Some(0 | 5 | 10)), "{outcome}");
        assert!(proxy.cuts() > 0, "nothing was cut: {outcome}");
        stage.program.sync_singly(&ALWAYS).exits(0);
        stage.assert_holds(&account);
    });
}

#[test]
fn check_tells_what_dovecot_offers() {
    if !dovecot_or_not_run() {
        return;
    }
    let stage = Stage::set(&plain(1, 1, 1));
    stage
        .program
        .check(&[])
        .exits(0)
        .says("compression   offered");
}
