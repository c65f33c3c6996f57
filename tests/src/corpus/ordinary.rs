//! Ordinary messages: the mass of an account, of log-normal size, cheap to make by the thousand.

use super::{InternalDate, MessageSpec, Random};

/// Makes ordinary messages, each with its own Message-ID, bytes, date and flags.
#[derive(Debug)]
pub(super) struct Ordinary {
    random: Random,
    text: Vec<u8>,
    made: usize,
    median_bytes: f64,
    mean_bytes: f64,
}

impl Ordinary {
    /// Sizes have this median and mean; all are the same where both are equal.
    pub(super) fn new(seed: u64, median_bytes: f64, mean_bytes: f64) -> Self {
        let mut random = Random::new(seed);
        let text = lines(&mut random);
        Self {
            random,
            text,
            made: 0,
            median_bytes,
            mean_bytes,
        }
    }

    /// The next message.
    pub(super) fn message(&mut self) -> MessageSpec {
        let size = self
            .random
            .log_normal(self.median_bytes, self.mean_bytes)
            .min(MAX_BYTES.max(self.mean_bytes)) as usize;
        let mut body = self.header();
        while body.len() < size {
            self.add_text(size, &mut body);
        }
        self.made += 1;
        MessageSpec {
            body,
            internal_date: self.date(),
            flags: self.flags(),
        }
    }

    /// This many messages.
    pub(super) fn messages(&mut self, count: usize) -> Vec<MessageSpec> {
        (0..count).map(|_| self.message()).collect()
    }

    fn header(&mut self) -> Vec<u8> {
        let (number, id) = (self.made, self.random.bits());
        let (from, to) = (self.random.pick(&WORDS), self.random.pick(&WORDS));
        format!(
            "Return-Path: <{from}@example.org>\r\n\
             Received: from mx.example.net ([192.0.2.{octet}]) by mail.example.com with ESMTPS id {id:x}\r\n\
             \tfor <{to}@example.com>; Mon, 06 Jan 2020 10:00:00 +0000\r\n\
             From: \"{from}\" <{from}@example.org>\r\n\
             To: {to}@example.com\r\n\
             Subject: {from} {to} no. {number}\r\n\
             Message-ID: <{id:016x}.{number}@example.org>\r\n\
             MIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\n",
            octet = id % 254 + 1,
        )
        .into_bytes()
    }

    /// Copies whole lines from a random place of the common text, so that the body is cheap yet its own.
    fn add_text(&mut self, size: usize, body: &mut Vec<u8>) {
        let start = self.random.below(TEXT_LINES) * LINE_BYTES;
        let wanted = (size - body.len()).div_ceil(LINE_BYTES) * LINE_BYTES;
        let end = (start + wanted).min(self.text.len());
        body.extend_from_slice(&self.text[start..end]);
    }

    fn date(&mut self) -> InternalDate {
        let seconds = 946_684_800 + self.random.below(700_000_000) as i64;
        InternalDate::utc(seconds).in_zone(self.random.pick(&ZONES))
    }

    fn flags(&mut self) -> Vec<String> {
        let mut flags = Vec::new();
        for (flag, one_in) in FLAGS {
            if self.random.one_in(one_in) {
                flags.push(flag.to_owned());
            }
        }
        flags
    }
}

/// Lines of words, each of the same length with its CRLF.
fn lines(random: &mut Random) -> Vec<u8> {
    let mut text = Vec::with_capacity(TEXT_LINES * LINE_BYTES);
    for _ in 0..TEXT_LINES {
        let mut line = String::with_capacity(LINE_BYTES);
        while line.len() < LINE_BYTES {
            line.push_str(random.pick(&WORDS));
            line.push(' ');
        }
        text.extend_from_slice(&line.as_bytes()[..LINE_BYTES - 2]);
        text.extend_from_slice(b"\r\n");
    }
    text
}

/// The median size of ordinary mail.
pub(super) const MEDIAN_BYTES: f64 = 6000.0;
const MAX_BYTES: f64 = 4_000_000.0;
const LINE_BYTES: usize = 76;
const TEXT_LINES: usize = 4096;
/// Minutes east of UTC that people live in.
pub(super) const ZONES: [i32; 8] = [0, 60, 120, -300, -480, 330, 345, 840];
const FLAGS: [(&str, usize); 7] = [
    ("\\Seen", 2),
    ("\\Answered", 6),
    ("\\Flagged", 12),
    ("\\Draft", 40),
    ("\\Deleted", 60),
    ("$Forwarded", 15),
    ("Project-42", 25),
];
const WORDS: [&str; 16] = [
    "anna", "invoice", "meeting", "river", "quarter", "lunch", "server", "mailbox", "harbour",
    "seven", "paper", "garden", "ticket", "window", "offer", "winter",
];
