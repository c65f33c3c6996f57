//! One run of a program: how long it took, and what it took of the machine.

use std::fmt;
use std::fs;
use std::io;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

/// Elapsed time, CPU time and memory of a process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    /// From start to end.
    pub(crate) elapsed: Duration,
    /// In user and kernel mode, in steps of 10 ms.
    pub(crate) cpu: Duration,
    /// The most memory that it held (VmHWM), looked up every few milliseconds.
    pub(crate) peak_kib: u64,
}

impl Measured {
    /// Runs a command that must succeed.
    pub(crate) fn run(mut command: Command) -> io::Result<Self> {
        let output = NamedTempFile::new()?;
        command
            .stdin(Stdio::null())
            .stdout(output.reopen()?)
            .stderr(output.reopen()?);
        let started = Instant::now();
        let mut child = command.spawn()?;
        let mut peak_kib = 0;
        while !is_over(&child)? {
            peak_kib = peak_kib.max(vm_hwm_kib(&child));
            thread::sleep(POLL);
        }
        let elapsed = started.elapsed();
        let cpu = cpu_time(&child)?;
        let status = child.wait()?;
        if status.success() {
            return Ok(Self {
                elapsed,
                cpu,
                peak_kib,
            });
        }
        let said = fs::read(output.path())?;
        let said = String::from_utf8_lossy(&said);
        Err(io::Error::other(format!("{command:?}: {status}\n{said}")))
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (elapsed, cpu) = (self.elapsed.as_secs_f64(), self.cpu.as_secs_f64());
        write!(f, "{elapsed:.2} s, CPU {cpu:.2} s, {} KiB", self.peak_kib)
    }
}

/// Whether it is a zombie: it has ended, and its times can still be read.
fn is_over(child: &Child) -> io::Result<bool> {
    Ok(stat(child)?.first().is_some_and(|state| state == "Z"))
}

/// `utime` and `stime`, in hundredths of a second on every Linux.
fn cpu_time(child: &Child) -> io::Result<Duration> {
    let stat = stat(child)?;
    let ticks = |field: usize| stat.get(field).and_then(|ticks| ticks.parse::<u64>().ok());
    let ticks = ticks(UTIME).zip(ticks(STIME));
    let (user, system) = ticks.ok_or_else(|| io::Error::other("no times in /proc/PID/stat"))?;
    Ok(Duration::from_millis((user + system) * 10))
}

/// `pid (name) state ...`: the fields from the state on.
fn stat(child: &Child) -> io::Result<Vec<String>> {
    let stat = fs::read_to_string(format!("/proc/{}/stat", child.id()))?;
    let fields = stat.rsplit_once(") ").map_or("", |(_, fields)| fields);
    Ok(fields.split(' ').map(ToOwned::to_owned).collect())
}

fn vm_hwm_kib(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Counted from the state.
const UTIME: usize = 11;
const STIME: usize = 12;
const POLL: Duration = Duration::from_millis(5);
