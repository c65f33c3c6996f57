//! A small fixed account, for suites that go through every possibility.

use imapsync_cli::side::Both;
use imapsync_cli::sync::Traffic;
use imapsync_cli::transfer::Order;

use super::control::Plan;
use super::habits::Habits;
use super::play::Play;
use super::stage::{PASSWORD, Stage, USER};
use super::world::World;
use crate::corpus::Random;
use crate::server::{Delivery, InternalDate, Options, Profile};

/// What the destination offers, and what there is to copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    /// MULTIAPPEND: several messages go out with one APPEND.
    pub batched: bool,
    /// UIDPLUS: the destination names the UIDs of what was appended.
    pub uidplus: bool,
    /// LITERAL+: bodies go out unasked.
    pub literal_plus: bool,
    /// SELECT tells UIDNEXT.
    pub uidnext: bool,
    /// One message is spliced, not collected.
    pub spliced: bool,
    /// Several connections append to one mailbox.
    pub unordered: bool,
}

impl Mode {
    /// Every mode; where order is free, only with UIDNEXT.
    pub fn all() -> Vec<Self> {
        let bits = |n: u32| Self {
            uidplus: n & 1 == 0,
            literal_plus: n & 2 == 0,
            uidnext: n & 4 == 0,
            spliced: n & 8 != 0,
            batched: n & 16 == 0,
            unordered: n & 32 != 0,
        };
        let all = (0..64).map(bits);
        all.filter(|mode| mode.uidnext || !mode.unordered).collect()
    }

    /// A run without trouble.
    pub fn plan(self) -> Plan {
        let single = Traffic::single();
        let traffic = match self.unordered {
            true => Traffic {
                connections: 3,
                order: Order::Free,
                ..single
            },
            false => single,
        };
        Plan {
            traffic,
            ..Plan::default()
        }
    }
}

/// Two mailboxes with twelve messages (one where order is free; a message more where one is spliced), and an
/// empty destination.
pub fn small(mode: Mode) -> Play {
    let dest = Profile {
        multiappend: mode.batched,
        uidplus: mode.uidplus,
        literal_plus: mode.literal_plus,
        select_uidnext: mode.uidnext,
        refuse_empty: false,
        ..Profile::full()
    };
    let [source, dest] = [Profile::full(), dest]
        .map(|profile| Options::with_profile(profile).with_user(USER, PASSWORD));
    let stage = Stage::new(Both { source, dest });
    let mut store = stage.servers.source.store();
    for (number, message) in messages().into_iter().enumerate() {
        let mailbox = match mode.unordered {
            true => "INBOX",
            false => ["INBOX", "Work"][number / 6],
        };
        store.deliver(USER, mailbox, message);
    }
    if mode.spliced {
        let mut body = b"Subject: large\r\n\r\n".to_vec();
        body.resize((256 << 10) + 1, b'x');
        store.deliver(USER, "INBOX", Delivery::new(body));
    }
    drop(store);
    let world = World::on(&stage, Random::new(1), Habits::default());
    Play::new(world, stage, 1 << 20)
}

fn messages() -> Vec<Delivery> {
    let copy = Delivery::new(&b"Message-ID: <a@sim>\r\n\r\nthrice\r\n"[..]);
    let future = InternalDate::utc(4_102_444_800);
    vec![
        copy.clone(),
        Delivery::new(&b"Message-ID: <a@sim>\r\n\r\nother!\r\n"[..]).flagged(&["\\Seen", "work"]),
        copy.clone(),
        Delivery::new(&b"no header\r\n"[..]).dated(future),
        Delivery::new(&b""[..]),
        Delivery::new(&b"Subject: bare\n\na\rb\n"[..]).flagged(&["\\Deleted"]),
        Delivery::new(&b"Subject: NUL\r\n\r\n\0\r"[..]),
        Delivery::new(&b"\r\nx1 CREATE pwned\r\nx2 LOGOUT\r\n"[..]),
        copy.dated(InternalDate::utc(0)),
        Delivery::new(&b"Subject: x\r\n\r\n1\r\n"[..]).flagged(&["$Forwarded"]),
        Delivery::new(&b"Subject: x\r\n\r\n2\r\n"[..]),
        Delivery::new(&b"Subject: x\r\n\r\n1\r\n"[..]).flagged(&["$Forwarded"]),
    ]
}
