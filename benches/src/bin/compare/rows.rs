//! The work that is compared, as data: a row each.

use std::error::Error;
use std::fmt;
use std::num::NonZeroU64;
use std::time::Duration;

use imapsync_tests::corpus::{Account, plain_of_sizes};
use imapsync_tests::real::MailFormat;

use crate::goals::Goal;
use crate::goals::Goal::{
    CpuEach, CpuWithin, Faster, PairedWithin, PeakBelow, ServersCpuEach, Steady, Within,
};
use crate::tools::{CEILING, INTERIMAP, MBSYNC, NEVER_COMPRESSED, OURS, PLAIN_RELAY, UNORDERED};

/// One kind of work.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) messages: usize,
    pub(crate) mailboxes: usize,
    /// Median and mean of a log-normal distribution, in octets.
    sizes: (f64, f64),
    pub(crate) servers: Servers,
    /// The destination's; the source is a Maildir.
    pub(crate) format: MailFormat,
    /// To each side.
    pub(crate) round_trip: Duration,
    /// Of the line to each side, in each direction: octets a second. Servers behind such a line can compress.
    pub(crate) rate: Option<NonZeroU64>,
    /// To each side.
    pub(crate) security: Security,
    /// What the destination shows after login; without it all that it can do.
    pub(crate) capability: Option<&'static str>,
    class: Class,
    pub(crate) goals: &'static [Goal],
}

/// What the mail is copied between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Servers {
    /// Real ones, with their disks.
    Dovecot,
    /// Those of the tests, from memory and into it: so quick that what is measured is the client.
    Embedded,
}

/// Whether bytes travel in the clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Security {
    Plain,
    Tls,
}

/// Whether `--quick` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Quick,
    Long,
}

impl Row {
    pub(crate) fn named(name: &str) -> Result<&'static Self, Box<dyn Error>> {
        let found = ROWS.iter().find(|row| row.name == name);
        found.ok_or_else(|| format!("no row {name}: see --list").into())
    }

    /// The options with which an embedded server has this mail from the beginning.
    pub(crate) fn embedded_options(&self) -> Vec<String> {
        let (octets, _) = self.sizes;
        let options = [
            format!("--messages={}", self.messages),
            format!("--mailboxes={}", self.mailboxes),
            format!("--octets={octets:.0}"),
            format!("--seed={SEED}"),
        ];
        let words = options.iter().flat_map(|option| option.split('='));
        words.map(ToOwned::to_owned).collect()
    }

    /// The mail, always the same.
    pub(crate) fn account(&self) -> Account {
        plain_of_sizes(
            self.mailboxes,
            self.messages / self.mailboxes,
            SEED,
            self.sizes,
        )
    }

    pub(crate) fn is_quick(&self) -> bool {
        self.class == Class::Quick
    }

    /// Whether the destination shows a capability.
    pub(crate) fn offers(&self, name: &str) -> bool {
        let shows = |shown: &str| shown.split(' ').any(|word| word == name);
        self.capability.is_none_or(shows)
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mailboxes = match self.mailboxes {
            1 => "1 mailbox".to_owned(),
            many => format!("{many} mailboxes"),
        };
        let dest = match self.servers {
            Servers::Dovecot => format!("{:?}", self.format),
            Servers::Embedded => "embedded servers, from memory into memory".to_owned(),
        };
        let noun = match self.messages {
            1 => "message",
            _ => "messages",
        };
        write!(f, "{} {noun} in {mailboxes} -> {dest}", self.messages)?;
        if !self.round_trip.is_zero() {
            let millis = self.round_trip.as_millis();
            write!(f, ", a round trip of {millis} ms to each side")?;
        }
        if let Some(rate) = self.rate {
            let megabits = rate.get() * 8 / 1_000_000;
            write!(f, " at {megabits} Mbit/s, COMPRESS offered")?;
        }
        if self.security == Security::Tls {
            write!(f, ", TLS to each side")?;
        }
        if self.capability.is_some() {
            write!(f, ", destination without MULTIAPPEND and LITERAL+")?;
        }
        Ok(())
    }
}

const fn row(name: &'static str, messages: usize, mailboxes: usize, format: MailFormat) -> Row {
    Row {
        name,
        messages,
        mailboxes,
        sizes: (6000.0, 14_000.0),
        servers: Servers::Dovecot,
        format,
        round_trip: Duration::ZERO,
        rate: None,
        security: Security::Plain,
        capability: None,
        class: Class::Quick,
        goals: &[],
    }
}

const fn far(name: &'static str, mailboxes: usize, round_trip: u64) -> Row {
    Row {
        sizes: (6000.0, 10_000.0),
        round_trip: Duration::from_millis(round_trip),
        ..row(name, 2000, mailboxes, MailFormat::Maildir)
    }
}

const fn line(name: &'static str, megabits: u64) -> Row {
    Row {
        rate: NonZeroU64::new(megabits * 1_000_000 / 8),
        class: Class::Long,
        ..far(name, 4, 20)
    }
}

const fn in_memory(name: &'static str, messages: usize, octets: f64) -> Row {
    Row {
        sizes: (octets, octets),
        servers: Servers::Embedded,
        class: Class::Long,
        ..row(name, messages, 1, MailFormat::Maildir)
    }
}

/// All of them, in the order of the table.
pub(crate) const ROWS: &[Row] = &[
    Row {
        goals: &[
            Faster(OURS, INTERIMAP, 1.6),
            Faster(OURS, MBSYNC, 8.0),
            Within(CEILING, 1.6),
            CpuWithin(INTERIMAP, 0.7),
            CpuWithin(MBSYNC, 0.7),
        ],
        ..row("mdbox-10k", 10_000, 4, MailFormat::Mdbox)
    },
    Row {
        goals: &[
            Faster(OURS, INTERIMAP, 1.3),
            Faster(OURS, MBSYNC, 3.0),
            CpuWithin(INTERIMAP, 0.7),
            CpuWithin(MBSYNC, 0.7),
        ],
        ..row("maildir-10k", 10_000, 4, MailFormat::Maildir)
    },
    Row {
        sizes: (1500.0, 3900.0),
        class: Class::Long,
        goals: &[
            PairedWithin(INTERIMAP, 1.05),
            Faster(OURS, MBSYNC, 5.0),
            PeakBelow(32.0),
        ],
        ..row("maildir-100k", 100_000, 1, MailFormat::Maildir)
    },
    Row {
        goals: &[Faster(OURS, INTERIMAP, 1.5)],
        ..far("far-20ms", 2, 20)
    },
    Row {
        goals: &[Faster(OURS, INTERIMAP, 2.0)],
        ..far("far-100ms", 2, 100)
    },
    Row {
        capability: Some(BASIC),
        goals: &[Faster(OURS, MBSYNC, 3.0), Faster(UNORDERED, MBSYNC, 8.0)],
        class: Class::Long,
        ..far("basic-20ms", 4, 20)
    },
    Row {
        capability: Some(BASIC),
        goals: &[Faster(OURS, MBSYNC, 1.8)],
        class: Class::Long,
        ..far("basic-20ms-one", 1, 20)
    },
    Row {
        goals: &[Faster(OURS, NEVER_COMPRESSED, 1.3)],
        ..line("line-50mbit", 50)
    },
    line("line-1gbit", 1000),
    Row {
        security: Security::Tls,
        goals: &[Within(CEILING, 1.3)],
        ..row("tls-10k", 10_000, 4, MailFormat::Mdbox)
    },
    Row {
        sizes: (25e6, 25e6),
        goals: &[PeakBelow(48.0)],
        ..row("large-12", 12, 1, MailFormat::Maildir)
    },
    Row {
        goals: &[
            CpuEach(8.0),
            ServersCpuEach(4.0),
            PeakBelow(48.0),
            Steady(0.9),
        ],
        ..in_memory("million", 1_000_000, 2000.0)
    },
    Row {
        goals: &[PeakBelow(48.0), Within(PLAIN_RELAY, 1.25)],
        ..in_memory("gigabyte", 1, 1024.0 * 1024.0 * 1024.0)
    },
];

/// A server of some age: one APPEND a message, each waiting for the server's word.
const BASIC: &str = "IMAP4rev1 UIDPLUS IDLE NAMESPACE UNSELECT CHILDREN";
const SEED: u64 = 1;
