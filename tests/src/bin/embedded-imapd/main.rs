//! The embedded IMAP server as a program of its own, for benchmarks and for trying things by hand.
//!
//! It does what standard input says (see `orders`) until `quit`, or until the input ends.

mod orders;
mod settings;

use std::process::ExitCode;

use crate::settings::{Settings, USAGE};

fn main() -> ExitCode {
    let settings = match Settings::parse(std::env::args().skip(1)) {
        Ok(settings) => settings,
        Err(problem) => {
            eprintln!("embedded-imapd: {problem}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match settings.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("embedded-imapd: {problem}");
            ExitCode::FAILURE
        }
    }
}
