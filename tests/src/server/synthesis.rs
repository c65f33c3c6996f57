//! A whole account from a seed: mailboxes with ordinary and awkward messages, the same for ever.

use super::account::Account;
use super::body::Body;
use super::date::InternalDate;
use super::flag::SYSTEM_FLAGS;
use super::mailbox::Delivery;
use super::random::Random;

/// Fills an account with `messages` messages, evenly over `mailboxes` mailboxes, INBOX among them.
///
/// Sizes are log-normal (median 6 KB, mean 14 KB); one message in 40 is awkward, but none is such
/// that an exact server could not hold it.
pub fn synthesize(account: &mut Account, seed: u64, messages: usize, mailboxes: usize) {
    let mut random = Random::new(seed);
    let names: Vec<_> = (0..mailboxes.max(1))
        .map(|number| name(account, number))
        .collect();
    for (number, (name, special_use)) in names.iter().enumerate() {
        if let Ok(mailbox) = account.create(name) {
            mailbox.attributes.extend(special_use.map(str::to_owned));
        }
        if number % 5 != 4 {
            account.subscriptions.insert(name.clone());
        }
    }
    for number in 0..messages {
        let (name, _) = &names[number % names.len()];
        let delivery = delivery(&mut random, number);
        if let Some(mailbox) = account.mailbox_mut(name) {
            mailbox.deliver(delivery);
        }
    }
}

/// The n-th mailbox: its raw name and its special use.
fn name(account: &Account, number: usize) -> (Vec<u8>, Option<&'static str>) {
    let delimiter = char::from(account.hierarchy.delimiter).to_string();
    let (pattern, special_use) = NAMES[number % NAMES.len()];
    let mut name = pattern.replace('/', &delimiter);
    if number >= NAMES.len() {
        name = format!("More{delimiter}{} {number}", name.to_lowercase());
    }
    let prefix = match number {
        0 => &[][..],
        _ => &account.hierarchy.prefix[..],
    };
    let special_use = special_use.filter(|_| number < NAMES.len());
    ([prefix, name.as_bytes()].concat(), special_use)
}

fn delivery(random: &mut Random, number: usize) -> Delivery {
    let awkward = random.one_in(40);
    let body = match awkward {
        true => awkward_body(random, number),
        false => {
            // Median 6,000; a deviation of 1.3 of the logarithm makes the mean 14,000.
            let length = (6000.0 * (1.3 * random.normal()).exp()).clamp(600.0, 2_000_000.0);
            Body::synthesized(random.next(), length as u64)
        }
    };
    let mut flags: Vec<_> = SYSTEM_FLAGS
        .iter()
        .filter(|_| random.one_in(4))
        .copied()
        .collect();
    if random.one_in(8) {
        let place = random.below(KEYWORDS.len() as u64);
        flags.extend(KEYWORDS.get(usize::try_from(place).unwrap_or(0)));
    }
    Delivery::new(body)
        .flagged(&flags)
        .dated(internal_date(random))
}

fn internal_date(random: &mut Random) -> InternalDate {
    let zones = [0, 60, 120, -300, -480, 330, 765];
    let zone = zones[usize::try_from(random.below(7)).unwrap_or(0)];
    let unix_seconds = match random.below(200) {
        0 => 1,             // 1970, not 0: some servers take that for "now"
        1 => 4_102_444_800, // 2100
        2 => 2_147_483_648, // one past 31 bits
        _ => 946_684_800 + random.below(788_918_400).cast_signed(), // 2000 to 2024
    };
    InternalDate {
        unix_seconds,
        zone_minutes: zone,
    }
}

/// A message of a kind that synchronising programs stumble over.
fn awkward_body(random: &mut Random, number: usize) -> Body {
    let unique = random.next();
    let text = match number % 14 {
        0 => format!("From: a@example.org\r\nSubject: no id {unique}\r\n\r\nhello\r\n"),
        1 => format!("Message-ID: <same@example.org>\r\nSubject: {unique}\r\n\r\nequal ids\r\n"),
        2 => {
            "Message-ID: <twin@example.org>\r\nSubject: twin\r\n\r\nidentical copies\r\n".to_owned()
        }
        3 => format!("Subject: header only {unique}\r\n"),
        4 => format!("Subject: no final line end {unique}\r\n\r\nthe end"),
        5 => format!("\r\nno header at all {unique}\r\n"),
        6 => format!(
            "X-Long: {}\r\nSubject: {unique}\r\n\r\nlong header line\r\n",
            "x".repeat(20_000)
        ),
        7 => format!(
            "Subject: protocol {unique}\r\n\r\na1 OK done\r\n* 3 EXPUNGE\r\n)\r\nx {{5}}\r\n{{3+}}\r\n"
        ),
        8 => format!("Subject: folded\r\n {unique}\r\n\tagain\r\nX-Empty:\r\n\r\n.\r\n..\r\n"),
        9 => format!("Subject: caf\u{e9} \u{65e5}\u{672c} {unique}\r\n\r\n\u{e9}\r\n"),
        10 => format!(
            "Subject: long line {unique}\r\n\r\n{}\r\n",
            "y".repeat(100_000)
        ),
        11 => format!("Subject: bare LF {unique}\n\nline\nline\n"),
        12 => format!("Subject: NUL {unique}\r\n\r\na\0b\0\0c\r\n"),
        _ => format!("{unique}"),
    };
    text.into_bytes().into()
}

/// Raw names, `/` for the delimiter, and special uses.
const NAMES: [(&str, Option<&str>); 16] = [
    ("INBOX", None),
    ("Sent", Some("\\Sent")),
    ("Archive/2019", None),
    ("Entw&APw-rfe", Some("\\Drafts")),
    ("Trash", Some("\\Trash")),
    ("Projects &- plans", None),
    ("Archive/2020", None),
    ("&ZeVnLIqe-", None),
    ("Archive/2020/Q1", None),
    ("Junk", Some("\\Junk")),
    ("a (b) [c]", None),
    ("Lists/rust-users", None),
    ("100% \"quoted\"", None),
    ("back\\slash", None),
    ("nil", None),
    ("INBOX/child", None),
];

const KEYWORDS: [&str; 5] = ["$Forwarded", "NonJunk", "$Label1", "work", "a+b"];
