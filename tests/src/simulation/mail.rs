//! Messages as they really occur, and as programs trip over them; each is small, and most are unlike
//! all others.

use crate::corpus::Random;
use crate::server::{Delivery, InternalDate};

/// Makes messages; no two of different numbers are equal unless one is meant as a copy.
#[derive(Clone, Debug)]
pub(super) struct Postman {
    random: Random,
    number: u32,
}

impl Postman {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            number: 0,
        }
    }

    /// A message, perhaps a copy of one of `earlier`.
    pub(super) fn message(&mut self, earlier: &[Delivery]) -> Delivery {
        self.number += 1;
        if !earlier.is_empty() && self.random.one_in(8) {
            let which = self.random.below(earlier.len());
            return self.copy(&earlier[which]);
        }
        let body = self.body();
        Delivery::new(body)
            .flagged(&self.flags())
            .dated(self.date())
    }

    /// The same octets once more; sometimes even with the same date and flags.
    fn copy(&mut self, original: &Delivery) -> Delivery {
        if self.random.one_in(2) {
            return original.clone();
        }
        Delivery::new(original.body.clone())
            .flagged(&self.flags())
            .dated(self.date())
    }

    fn body(&mut self) -> Vec<u8> {
        let number = self.number;
        let kind = self.random.below(40);
        let text = match kind {
            0 => return Vec::new(),
            1 => format!("no header, just number {number}\r\n"),
            2 => format!("Subject: no body {number}\r\n"),
            3 => format!("Subject: bare LF {number}\n\nline\nline\n"),
            4 => format!("Subject: bare CR {number}\r\n\r\na\rb\r\r\n"),
            5 => format!("Subject: NUL {number}\r\n\r\na\0b\r\n"),
            6 => format!("Subject: no line end {number}\r\n\r\nends with CR\r"),
            7 => format!("Message-ID: <{number}@sim>\r\n\r\nx1 CREATE pwned{number}\r\n)\r\n"),
            // Equal Message-IDs and sizes, other bodies.
            8..=11 => format!("Message-ID: <equal@sim>\r\n\r\nbody {number:06}\r\n"),
            12..=14 => format!("Subject: no Message-ID {number}\r\n\r\nHello\r\n"),
            15 if self.random.one_in(4) => return self.large(),
            16 => self.filled(number, 20_000),
            _ => self.filled(number, 900),
        };
        text.into_bytes()
    }

    /// An ordinary message of up to so many octets and a header.
    fn filled(&mut self, number: u32, octets: usize) -> String {
        let line = "All the king's horses and all the king's men. ";
        let text = line.repeat(1 + self.random.below(octets) / line.len());
        format!("Message-ID: <{number}@sim>\r\nSubject: ordinary\r\n\r\n{text}\r\n")
    }

    /// Above the size from which the engine splices.
    fn large(&mut self) -> Vec<u8> {
        let mut body = format!("Subject: large {}\r\n\r\n", self.number).into_bytes();
        body.resize((256 << 10) + 1 + self.random.below(40_000), b'x');
        body
    }

    pub(super) fn flags(&mut self) -> Vec<&'static str> {
        let some =
            |random: &mut Random| FLAGS.iter().copied().filter(|_| random.one_in(5)).collect();
        some(&mut self.random)
    }

    fn date(&mut self) -> InternalDate {
        let span = 3_600_000 * (1 + self.random.below(1000)) as i64;
        let unix_seconds = match self.random.below(12) {
            0 => 0,
            1 => -86_400,
            2 => 4_102_444_800 + span,
            3 => 2_147_483_648,
            _ => 900_000_000 + span % 900_000_000,
        };
        InternalDate {
            unix_seconds,
            zone_minutes: self.random.pick(&[0, 0, 60, -420, 330, 840, -720]),
        }
    }
}

const FLAGS: [&str; 8] = [
    "\\Seen",
    "\\Answered",
    "\\Flagged",
    "\\Draft",
    "\\Deleted",
    "$Forwarded",
    "NonJunk",
    "work",
];
