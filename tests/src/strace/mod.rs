//! The program under test as a child of `strace`: killed right before a certain system call, with
//! its system calls counted, or with what it does to files written down.

mod counts;
mod recording;

use std::process::{Command, Stdio};

pub use counts::Counts;
pub use recording::Recording;

/// Whether `strace` is here and may trace.
pub fn available() -> bool {
    let traced = Command::new("strace")
        .args(["-qq", "-o", "/dev/null", "true"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    traced.is_ok_and(|status| status.success())
}

/// The command line before a program's own that ends it with SIGKILL right before its `nth` call (from 1) of
/// `syscall`: the call does not happen.
pub fn kill_before(syscall: &str, nth: usize) -> Vec<String> {
    let trace = format!("trace={syscall}");
    let inject = format!("inject={syscall}:signal=KILL:when={nth}");
    command(&["-o", "/dev/null", "-e", &trace, "-e", &inject])
}

/// `strace` with the options that all uses share: children and threads too, no talk. Without `--seccomp-bpf`,
/// under which version 6.1 injects nothing.
fn command(options: &[&str]) -> Vec<String> {
    let shared = ["strace", "-f", "-qq"];
    let all = shared.iter().chain(options);
    all.map(ToString::to_string).collect()
}
