//! How a run of the program ended.

use std::process::ExitStatus;
use std::time::Duration;

/// What is left of a run: exit code, output, peak memory.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How the process ended.
    pub status: ExitStatus,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// The most memory that it held (VmHWM), in KiB, looked up every few milliseconds.
    pub peak_kib: u64,
    /// From start to end.
    pub elapsed: Duration,
}

impl Outcome {
    /// The exit code; none when a signal ended it.
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Fails the test, with all output, unless the exit code is this one.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code(), Some(code), "{self}");
        self
    }

    /// Fails the test, with all output, unless both outputs together hold this text.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        let said = self.stdout.contains(text) || self.stderr.contains(text);
        assert!(said, "it does not say {text:?}\n{self}");
        self
    }

    /// Fails the test unless it held less memory than the product promises.
    #[track_caller]
    pub fn stays_small(self) -> Self {
        let peak = self.peak_kib;
        assert!(peak > 0, "the memory was never looked at");
        assert!(peak < PROMISED_KIB, "{peak} KiB\n{self}");
        self
    }

    /// Fails the test unless it ended with this code and one clear line about what is wrong, which
    /// says `text`; advice may follow, indented.
    #[track_caller]
    pub fn refuses(self, code: i32, text: &str) -> Self {
        let outcome = self.exits(code);
        let says_wrong =
            |line: &&str| line.starts_with("imapsync-cli: ") || line.starts_with("error: ");
        let lines: Vec<_> = outcome.stderr.lines().filter(says_wrong).collect();
        assert!(
            lines.len() == 1 && lines[0].contains(text),
            "not one line with {text:?}\n{outcome}"
        );
        assert!(!outcome.stderr.contains("panicked"), "{outcome}");
        outcome
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            status,
            stdout,
            stderr,
            peak_kib,
            elapsed,
        } = self;
        writeln!(f, "{status} after {elapsed:.1?}, peak {peak_kib} KiB")?;
        writeln!(f, "--- stdout\n{stdout}--- stderr\n{stderr}---")
    }
}

/// 48 MiB.
const PROMISED_KIB: u64 = 48 << 10;
