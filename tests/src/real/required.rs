//! Suites that need what this machine may lack: they say so, and never count as passed.

use std::env;

use super::{Dovecot, Make};

/// Whether Dovecot is here. If not, prints `NOT RUN: ...` and fails the test, unless
/// [`ALLOW_MISSING`] is set; then the test must return at once:
///
/// ```
/// # use imapsync_tests::real::dovecot_or_not_run;
/// # if !imapsync_tests::real::Dovecot::available() { return; }
/// if !dovecot_or_not_run() {
///     return;
/// }
/// ```
pub fn dovecot_or_not_run() -> bool {
    if Dovecot::available() {
        return true;
    }
    println!("NOT RUN: dovecot is not installed, or this is not root");
    assert!(
        env::var_os(ALLOW_MISSING).is_some(),
        "needs dovecot-imapd and root (set {ALLOW_MISSING} to go on without)"
    );
    false
}

/// Whether this server and Dovecot are here. If not, the same as above.
pub fn foreign_or_not_run(make: Make) -> bool {
    if make.available() && Dovecot::available() {
        return true;
    }
    println!("NOT RUN: {make:?} or Dovecot is not here, or this is not root");
    assert!(
        env::var_os(ALLOW_MISSING).is_some(),
        "needs {make:?} by tests/fetch-servers, dovecot-imapd and root (set {ALLOW_MISSING} to go on without)"
    );
    false
}

/// Whether strace is here and may trace. If not, the same as above.
pub fn strace_or_not_run() -> bool {
    if crate::strace::available() {
        return true;
    }
    println!("NOT RUN: strace is not installed, or may not trace");
    assert!(
        env::var_os(ALLOW_MISSING).is_some(),
        "needs strace (set {ALLOW_MISSING} to go on without)"
    );
    false
}

/// Whether the long campaigns are asked for (`tests/run long`).
pub fn long_campaign() -> bool {
    env::var_os(LONG).is_some()
}

/// When set, a suite whose server is absent does not fail.
pub const ALLOW_MISSING: &str = "IMAPSYNC_TESTS_ALLOW_MISSING";
/// When set, campaigns take more seeds and bigger sizes.
pub const LONG: &str = "IMAPSYNC_TESTS_LONG";
