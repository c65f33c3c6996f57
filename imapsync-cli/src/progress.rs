//! The progress line: on a terminal only, on stderr.

use std::io::IsTerminal;

use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// Counts what has moved, and shows it where somebody looks.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    octets: std::cell::Cell<u64>,
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
            octets: std::cell::Cell::new(0),
        }
    }

    /// Work on this mailbox begins.
    pub fn mailbox(&self, name: &str) {
        self.bar.set_message(name.to_owned());
    }

    /// A message has arrived.
    pub fn delivered(&self) {
        self.bar.inc(1);
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

/// Messages a second, rounded.
fn rate(state: &ProgressState, out: &mut dyn std::fmt::Write) {
    let _ = write!(out, "{:.0}/s", state.per_sec());
}
