//! Ledgers that are torn, cut, gone, or of another day. Whatever is left of one, a run later everything is there
//! once, and the next has nothing to do.

use imapsync_tests::corpus::{Account, MessageSpec, Random, plain};
use imapsync_tests::power::Image;
use imapsync_tests::program::Pair;
use imapsync_tests::program::interruption::{each, on_both_profiles};
use imapsync_tests::real::long_campaign;
use imapsync_tests::server::{Delivery, Profile};

const PROGRAM: &str = env!("CARGO_BIN_EXE_imapsync-under-test");

/// Two mailboxes with a few hundred short messages; some stand there three times.
fn many() -> Account {
    let mut account = plain(2, 0, 3);
    for (index, mailbox) in account.mailboxes.iter_mut().enumerate() {
        let message = |number: usize| {
            let text = "x".repeat(number % 7);
            MessageSpec::new(format!(
                "Subject: {index} {}\r\n\r\n{text}\r\n",
                number / 3 * 3
            ))
        };
        mailbox.messages = (0..200).map(message).collect();
    }
    account
}

fn pair(profile: &str) -> Pair {
    let profile = Profile::named(profile).expect("there is such a profile");
    Pair::alike(PROGRAM, profile, &many())
}

/// New mail on the source, some of it like that which is there.
fn deliver(pair: &Pair, messages: usize) {
    let mut store = pair.source.store();
    for number in 0..messages {
        let body = format!("Subject: 0 {}\r\n\r\n\r\n", number * 7);
        store.deliver("alice", "INBOX", Delivery::new(body.into_bytes()));
    }
}

/// A run that is killed when so many messages have arrived, or has ended before.
fn kill_at(pair: &Pair, messages: usize) {
    let mut running = pair.program.start("sync", &[]);
    running.until(|| pair.arrived() >= messages);
    running.kill();
    running.wait();
}

fn image(pair: &Pair) -> Image {
    Image::of(pair.program.state_dir()).expect("the state folder is readable")
}

fn put_back(pair: &Pair, image: &Image) {
    let put = image.put_into(pair.program.state_dir());
    put.expect("the state folder is writable");
}

/// What the ledger was in the middle of when it was damaged.
#[derive(Clone, Copy, Debug)]
enum Before {
    /// A run that was complete.
    Complete,
    /// A kill when so many messages had arrived.
    Killed(usize),
}

impl Before {
    fn bring_about(self, pair: &Pair) {
        match self {
            Self::Complete => {
                pair.program.sync(&[]).exits(0);
            }
            Self::Killed(messages) => kill_at(pair, messages),
        }
    }
}

#[derive(Clone, Debug)]
enum Damage {
    /// So many blocks of 512 octets are zero, or noise, by this seed.
    Torn(u64),
    /// So many thousandths of each file are left.
    Cut(usize),
    /// So many octets of the ledger itself are left.
    Short(usize),
    /// The ledger is gone; what SQLite keeps beside it is not.
    Gone,
    /// All is gone.
    AllGone,
    /// The ledger is some other file.
    NotOne,
}

impl Damage {
    fn apply(&self, image: Image) -> Image {
        let mut image = image;
        match self {
            Self::Torn(seed) => tear(&mut image, *seed),
            Self::Cut(thousandths) => {
                for octets in image.0.values_mut() {
                    octets.truncate(octets.len() * thousandths / 1000);
                }
            }
            Self::Short(left) => {
                let ledger = image.ending(".ledger").expect("there is one");
                ledger.truncate(*left);
            }
            Self::Gone => return image.without(".ledger"),
            Self::AllGone => return Image::default(),
            Self::NotOne => {
                let ledger = image.ending(".ledger").expect("there is one");
                *ledger = b"Dear diary, today the disk broke. ".repeat(500);
            }
        }
        image
    }
}

/// One to eight blocks of the ledger or of its log.
fn tear(image: &mut Image, seed: u64) {
    let mut random = Random::new(seed);
    for _ in 0..=random.below(8) {
        let suffix = random.pick(&[".ledger", "-wal"]);
        let Some(octets) = image.ending(suffix).filter(|octets| octets.len() >= BLOCK) else {
            continue;
        };
        let start = random.below(octets.len() / BLOCK) * BLOCK;
        let zeroed = random.one_in(2);
        for octet in &mut octets[start..start + BLOCK] {
            *octet = if zeroed { 0 } else { random.bits() as u8 };
        }
    }
}

/// Everything is there once after this damage.
fn assert_survives(damages: &[Damage], states: &[Before]) {
    let cases: Vec<_> = damages
        .iter()
        .flat_map(|damage| states.iter().map(move |before| (damage.clone(), *before)))
        .collect();
    each(&on_both_profiles(&cases), |((damage, before), profile)| {
        let pair = pair(profile);
        before.bring_about(&pair);
        put_back(&pair, &damage.apply(image(&pair)));
        pair.assert_finishes();
    });
}

const STATES: [Before; 3] = [Before::Complete, Before::Killed(30), Before::Killed(310)];

#[test]
fn a_torn_ledger_costs_nothing() {
    let seeds = if long_campaign() { 0..300 } else { 0..8 };
    let torn: Vec<_> = seeds.map(Damage::Torn).collect();
    assert_survives(&torn, &STATES);
}

#[test]
fn a_cut_ledger_costs_nothing() {
    let cut = [0, 1, 333, 900, 999].map(Damage::Cut);
    let short = [0, 1, 100, 511, 512, 4095, 4096, 8192].map(Damage::Short);
    assert_survives(&[&cut[..], &short[..]].concat(), &STATES);
}

#[test]
fn a_lost_ledger_costs_nothing() {
    assert_survives(&[Damage::Gone, Damage::AllGone, Damage::NotOne], &STATES);
}

/// What happened between the backup and its return.
#[derive(Clone, Copy, Debug)]
enum Meanwhile {
    /// New mail was copied by a whole run.
    Copied,
    /// The run that copied it was killed.
    Killed,
    /// Two whole runs, and a third one was killed.
    Long,
}

impl Meanwhile {
    fn pass(self, pair: &Pair) {
        let runs = match self {
            Self::Copied | Self::Killed => 1,
            Self::Long => 3,
        };
        for run in 1..=runs {
            deliver(pair, 60);
            match self {
                Self::Killed | Self::Long if run == runs => kill_at(pair, pair.arrived() + 35),
                _ => {
                    pair.program.sync(&[]).exits(0);
                }
            }
        }
    }
}

/// What comes back of yesterday's files.
#[derive(Clone, Copy, Debug)]
enum Returned {
    /// All of them, and what is there today goes.
    All,
    /// The ledger alone; what SQLite keeps beside it is of today.
    LedgerAlone,
    /// What SQLite keeps beside the ledger alone; the ledger is of today.
    LogAlone,
}

#[test]
fn yesterdays_ledger_costs_nothing() {
    let mut cases = Vec::new();
    for before in STATES {
        for meanwhile in [Meanwhile::Copied, Meanwhile::Killed, Meanwhile::Long] {
            for returned in [Returned::All, Returned::LedgerAlone, Returned::LogAlone] {
                cases.push((before, meanwhile, returned));
            }
        }
    }
    each(
        &on_both_profiles(&cases),
        |((before, meanwhile, returned), profile)| {
            let pair = pair(profile);
            before.bring_about(&pair);
            let yesterday = image(&pair);
            meanwhile.pass(&pair);
            put_back(&pair, &mixed(yesterday, image(&pair), *returned));
            deliver(&pair, 5);
            pair.assert_finishes();
        },
    );
}

fn mixed(yesterday: Image, today: Image, returned: Returned) -> Image {
    let (ledger, beside) = match returned {
        Returned::All => return yesterday,
        Returned::LedgerAlone => (yesterday, today),
        Returned::LogAlone => (today, yesterday),
    };
    let is_ledger = |name: &str| name.ends_with(".ledger");
    let ledger = ledger.0.into_iter().filter(|(name, _)| is_ledger(name));
    let beside = beside.0.into_iter().filter(|(name, _)| !is_ledger(name));
    Image(ledger.chain(beside).collect())
}

const BLOCK: usize = 512;
