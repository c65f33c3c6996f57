//! The figure as a table.

use std::fmt;

use crate::trial::Tally;

/// Trials by tool, in the order of their first.
#[derive(Debug, Default)]
pub(crate) struct Table(Vec<(&'static str, Vec<Tally>)>);

impl Table {
    pub(crate) fn note(&mut self, tool: &'static str, tally: Tally) {
        match self.0.iter_mut().find(|(name, _)| *name == tool) {
            Some((_, tallies)) => tallies.push(tally),
            None => self.0.push((tool, vec![tally])),
        }
    }

    /// The tool is not here.
    pub(crate) fn not_run(&mut self, tool: &'static str) {
        self.0.push((tool, Vec::new()));
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<14} {:>16} {:>16} {:>22} {:>22} {:>22}",
            "tool",
            "kills that hit",
            "lost",
            "doubled, destination",
            "doubled, source",
            "in tries hit too late"
        )?;
        for (tool, tallies) in &self.0 {
            if tallies.is_empty() {
                writeln!(f, "{tool:<14} NOT RUN: it is not installed")?;
                continue;
            }
            let column = |value: fn(&Tally) -> usize| {
                let numbers = tallies.iter().map(|tally| value(tally).to_string());
                numbers.collect::<Vec<_>>().join(", ")
            };
            writeln!(
                f,
                "{tool:<14} {:>16} {:>16} {:>22} {:>22} {:>22}",
                column(|tally| tally.kills),
                column(|tally| tally.lost),
                column(|tally| tally.doubled_on_dest),
                column(|tally| tally.doubled_on_source),
                column(|tally| tally.found_before),
            )?;
        }
        Ok(())
    }
}
