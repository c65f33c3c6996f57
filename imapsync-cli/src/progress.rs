//! The progress line: on a terminal only, on stderr.

use std::cell::Cell;
use std::io::IsTerminal;

use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// Counts what has moved, and shows it where somebody looks.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    octets: Cell<u64>,
    messages: Cell<u64>,
}

impl Progress {
    /// A line for so many messages.
    #[must_use]
    pub fn new(messages: u64) -> Self {
        let target = if std::io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(messages), target);
        let template = "{wide_msg} {human_pos}/{human_len} messages, {prefix}, {rate}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.with_key("rate", rate));
        }
        Self {
            bar,
            octets: Cell::new(0),
            messages: Cell::new(0),
        }
    }

    /// Work on this mailbox begins.
    pub fn mailbox(&self, name: &str) {
        self.bar.set_message(name.to_owned());
    }

    /// A message has arrived.
    pub fn delivered(&self) {
        self.bar.inc(1);
        self.messages.set(self.messages.get() + 1);
    }

    /// How much was done: octets, and the work that each message is by itself.
    #[must_use]
    pub const fn work(&self) -> u64 {
        self.octets.get() + OCTETS_FOR_A_MESSAGE * self.messages.get()
    }

    /// Octets have moved.
    pub fn moved(&self, octets: u64) {
        let total = self.octets.get() + octets;
        self.octets.set(total);
        if !self.bar.is_hidden() {
            self.bar.set_prefix(HumanBytes(total).to_string());
        }
    }

    /// Clears the line.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// A message takes a server as long as so many octets more.
const OCTETS_FOR_A_MESSAGE: u64 = 4096;

/// Messages a second, rounded.
fn rate(state: &ProgressState, out: &mut dyn std::fmt::Write) {
    let _ = write!(out, "{:.0}/s", state.per_sec());
}
