//! The log on stderr.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Starts logging: warnings always, more with each `-v`; `IMAPSYNC_LOG` overrides.
pub(crate) fn start(verbose: u8) {
    let level = match verbose {
        0 => "warn",
        1 => "info",
        2 => "debug,imap::wire=off",
        _ => "debug,imap::wire=trace",
    };
    let filter = EnvFilter::try_from_env("IMAPSYNC_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // A second start (the library used twice in one process) keeps the first.
    let _ = subscriber.with_target(verbose > 1).try_init();
}
