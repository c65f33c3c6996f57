//! What was measured of all tools with one kind of destination, as a table.

use std::collections::BTreeMap;
use std::fmt;

use imapsync_tests::corpus::Account;
use imapsync_tests::real::MailFormat;

use crate::measured::Measured;

/// Rounds by tool.
#[derive(Debug)]
pub(crate) struct Table {
    format: MailFormat,
    messages: f64,
    megabytes: f64,
    rounds: BTreeMap<&'static str, Vec<Measured>>,
}

impl Table {
    pub(crate) fn new(format: MailFormat, account: &Account) -> Self {
        Self {
            format,
            messages: account.message_count() as f64,
            megabytes: account.total_bytes() as f64 / 1e6,
            rounds: BTreeMap::new(),
        }
    }

    pub(crate) fn note(&mut self, tool: &'static str, measured: Measured) {
        self.rounds.entry(tool).or_default().push(measured);
    }

    /// The seconds of the quickest tool's median round.
    fn best(&self) -> f64 {
        let medians = self.rounds.values().map(|rounds| median(rounds, seconds));
        medians.fold(f64::INFINITY, f64::min)
    }

    fn row(&self, f: &mut fmt::Formatter<'_>, tool: &str, rounds: &[Measured]) -> fmt::Result {
        let time = median(rounds, seconds);
        writeln!(
            f,
            "{tool:<14} {time:>9.2} {:>11} {:>11.0} {:>7.1} {:>7.2} {:>9.1} {:>9.2}",
            spread(rounds),
            self.messages / time,
            self.megabytes / time,
            median(rounds, |round| round.cpu.as_secs_f64()),
            median(rounds, |round| round.peak_kib as f64 / 1024.0),
            time / self.best(),
        )
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Maildir -> {:?}", self.format)?;
        writeln!(
            f,
            "{:<14} {:>9} {:>11} {:>11} {:>7} {:>7} {:>9} {:>9}",
            "tool", "median s", "spread", "messages/s", "MB/s", "CPU s", "peak MiB", "x fastest"
        )?;
        let mut rows = self.rounds.iter();
        rows.try_for_each(|(tool, rounds)| self.row(f, tool, rounds))
    }
}

fn seconds(round: &Measured) -> f64 {
    round.elapsed.as_secs_f64()
}

fn median(rounds: &[Measured], value: impl Fn(&Measured) -> f64) -> f64 {
    let mut values: Vec<f64> = rounds.iter().map(value).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The quickest and the slowest round.
fn spread(rounds: &[Measured]) -> String {
    let times = rounds.iter().map(seconds);
    let (low, high) = times.fold((f64::INFINITY, 0.0), |(low, high): (f64, f64), time| {
        (low.min(time), high.max(time))
    });
    format!("{low:.2}-{high:.2}")
}
