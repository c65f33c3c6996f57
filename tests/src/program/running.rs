//! A run of the program under way: signals, output, memory.

use std::io::Read;
use std::process::{Child, Command};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::outcome::Outcome;

/// The program, running. Dropped before its end it is killed.
#[derive(Debug)]
pub struct Running {
    child: Child,
    stdout: Option<JoinHandle<String>>,
    stderr: Option<JoinHandle<String>>,
    started: Instant,
    peak_kib: u64,
}

impl Running {
    pub(super) fn of(mut child: Child) -> Self {
        Self {
            stdout: child.stdout.take().map(collect),
            stderr: child.stderr.take().map(collect),
            started: Instant::now(),
            peak_kib: 0,
            child,
        }
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGINT, as Ctrl-C sends it.
    pub fn interrupt(&self) {
        self.signal("INT");
    }

    /// SIGTERM.
    pub fn terminate(&self) {
        self.signal("TERM");
    }

    /// SIGKILL: it ends at once, without any chance to tidy up.
    pub fn kill(&self) {
        self.signal("KILL");
    }

    /// Goes on as soon as `condition` holds; `false` when the program ended first.
    ///
    /// # Panics
    /// When neither happens within the time limit of any run.
    pub fn until(&mut self, mut condition: impl FnMut() -> bool) -> bool {
        loop {
            if condition() {
                return true;
            }
            if self.has_ended() {
                return condition();
            }
            thread::sleep(POLL);
        }
    }

    /// Waits for the end.
    ///
    /// # Panics
    /// When it does not end within the time limit.
    pub fn wait(mut self) -> Outcome {
        while !self.has_ended() {
            thread::sleep(POLL);
        }
        let text = |output: Option<JoinHandle<String>>| {
            output.map_or_else(String::new, |output| {
                output.join().expect("output was collected")
            })
        };
        Outcome {
            status: self.child.wait().expect("it has ended"),
            stdout: text(self.stdout.take()),
            stderr: text(self.stderr.take()),
            peak_kib: self.peak_kib,
            elapsed: self.started.elapsed(),
        }
    }

    /// Looks at the memory, and whether the program has ended.
    fn has_ended(&mut self) -> bool {
        self.peak_kib = self.peak_kib.max(peak_kib(self.pid()));
        let ended = self.child.try_wait().expect("it is our child").is_some();
        assert!(
            ended || self.started.elapsed() < LIMIT,
            "the program under test hangs (pid {})",
            self.pid()
        );
        ended
    }

    /// A signal of this name (`INT`). A process that ended meanwhile does not matter.
    ///
    /// # Panics
    /// When there is no shell.
    pub fn signal(&self, name: &str) {
        signal(&self.pid().to_string(), name);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended; then there is nothing to do. What strace has started outlives it.
        if !matches!(self.child.try_wait(), Ok(Some(_))) {
            children(self.pid()).for_each(|child| signal(&child, "KILL"));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// By a shell's own `kill`: the program is missing on small machines.
fn signal(pid: &str, name: &str) {
    let script = "kill -$0 $1 2>/dev/null || :";
    let sent = Command::new("sh").args(["-c", script, name, pid]).status();
    assert!(sent.is_ok_and(|status| status.success()), "sh runs kill");
}

/// The processes that a process has started, by id.
fn children(pid: u32) -> impl Iterator<Item = String> {
    let listed = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
    let listed = listed.unwrap_or_default();
    let pids: Vec<_> = listed.split_whitespace().map(ToOwned::to_owned).collect();
    pids.into_iter()
}

/// Reads to the end on a thread, so that the program never waits for us.
fn collect(mut stream: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut octets = Vec::new();
        // What was read until an error is still worth showing.
        let _ = stream.read_to_end(&mut octets);
        String::from_utf8_lossy(&octets).into_owned()
    })
}

/// VmHWM only grows, so the last look before the end tells nearly all.
fn peak_kib(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

const POLL: Duration = Duration::from_millis(2);
const LIMIT: Duration = Duration::from_secs(600);
