//! One run of a tool: how long it took, and what it and all that it started took of the machine.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

/// When the clock starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// With the process.
    AtOnce,
    /// When the process, after it said that it is ready, was told to go: its preparations are not counted.
    OnWord,
}

/// What a run took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) elapsed: Duration,
    /// In user and kernel mode, of the process and of the children that it waited for, in steps of 10 ms.
    pub(crate) cpu: Duration,
    /// The most memory that the process and its children held (sum of VmHWM), looked up every few milliseconds.
    pub(crate) peak_kib: u64,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) enum Ended {
    Well(Cost),
    /// With an exit code that says so; the last lines of what it said.
    Badly(String),
    /// It was killed.
    OverLimit,
}

/// Runs a command to its end.
pub(crate) fn run(mut command: Command, start: Start, limit: Duration) -> io::Result<Ended> {
    let said = NamedTempFile::new()?;
    command.stdin(Stdio::null()).stdout(said.reopen()?);
    command.stderr(said.reopen()?);
    if start == Start::OnWord {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
    }
    let mut begun = Instant::now();
    let mut child = command.spawn()?;
    let mut before = Duration::ZERO;
    let mut output = None;
    if start == Start::OnWord {
        output = Some(await_ready(&mut child)?);
        before = tree_cpu(child.id());
        begun = Instant::now();
        tell_to_go(&mut child)?;
    }
    let mut peak_kib = 0;
    let mut looks = 0u32;
    while !is_over(child.id())? {
        if begun.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Ok(Ended::OverLimit);
        }
        if looks.is_multiple_of(LOOKS_A_SAMPLE) {
            peak_kib = peak_kib.max(tree(child.id()).iter().map(|pid| vm_hwm_kib(*pid)).sum());
        }
        looks += 1;
        thread::sleep(POLL);
    }
    let elapsed = begun.elapsed();
    let cpu = tree_cpu(child.id()).saturating_sub(before);
    drop(output);
    match child.wait()?.success() {
        true => Ok(Ended::Well(Cost {
            elapsed,
            cpu,
            peak_kib,
        })),
        false => Ok(Ended::Badly(last_lines(&fs::read(said.path())?))),
    }
}

/// CPU time of a process, of those of its descendants that live, and of those that were waited for.
pub(crate) fn tree_cpu(pid: u32) -> Duration {
    let ticks: u64 = tree(pid).iter().map(|pid| ticks(*pid)).sum();
    Duration::from_millis(ticks * 10)
}

fn await_ready(child: &mut Child) -> io::Result<BufReader<ChildStdout>> {
    let gone = || io::Error::other("it ended before it was ready");
    let mut output = BufReader::new(child.stdout.take().ok_or_else(gone)?);
    let mut line = String::new();
    output.read_line(&mut line)?;
    match line.is_empty() {
        true => {
            child.wait()?;
            Err(gone())
        }
        false => Ok(output),
    }
}

fn tell_to_go(child: &mut Child) -> io::Result<()> {
    match child.stdin.take() {
        Some(mut input) => input.write_all(b"go\n"),
        None => Ok(()),
    }
}

/// Whether it is a zombie: it has ended, and its times can still be read.
fn is_over(pid: u32) -> io::Result<bool> {
    let fields = stat(pid)?;
    Ok(fields.first().is_some_and(|state| state == "Z"))
}

/// A process and its descendants.
fn tree(pid: u32) -> Vec<u32> {
    let mut found = vec![pid];
    let mut next = 0;
    while let Some(pid) = found.get(next).copied() {
        let listed = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
        let listed = listed.unwrap_or_default();
        found.extend(listed.split_whitespace().flat_map(str::parse::<u32>));
        next += 1;
    }
    found
}

/// `utime`, `stime`, `cutime` and `cstime`, in hundredths of a second on every Linux.
fn ticks(pid: u32) -> u64 {
    let Ok(fields) = stat(pid) else {
        return 0;
    };
    let times = fields.iter().skip(UTIME).take(4);
    times.filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
}

/// `pid (name) state ...`: the fields from the state on.
fn stat(pid: u32) -> io::Result<Vec<String>> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let fields = stat.rsplit_once(") ").map_or("", |(_, fields)| fields);
    Ok(fields.split(' ').map(ToOwned::to_owned).collect())
}

fn vm_hwm_kib(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn last_lines(said: &[u8]) -> String {
    let text = String::from_utf8_lossy(said);
    let lines: Vec<&str> = text.lines().rev().take(3).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join(" / ")
}

/// Counted from the state.
const UTIME: usize = 11;
const POLL: Duration = Duration::from_millis(2);
/// Memory needs more reading than the state.
const LOOKS_A_SAMPLE: u32 = 4;

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn tells_the_three_ends_apart() {
        let limit = Duration::from_millis(300);
        let run = |script| run(shell(script), Start::AtOnce, limit).expect("there is a shell");
        assert!(matches!(run("exit 0"), Ended::Well(_)));
        assert!(matches!(run("echo no >&2; exit 3"), Ended::Badly(said) if said == "no"));
        assert!(matches!(run("exec sleep 20"), Ended::OverLimit));
    }

    #[test]
    fn what_children_take_counts_and_preparations_do_not() {
        let busy = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done";
        let child = shell(&format!("sh -c '{busy}'; exit 0"));
        let limit = Duration::from_secs(60);
        let Ok(Ended::Well(cost)) = run(child, Start::AtOnce, limit) else {
            panic!("the shell counts");
        };
        assert!(cost.cpu >= Duration::from_millis(50), "{cost:?}");
        let prepared = shell(&format!("{busy}; echo ready; read go; exit 0"));
        let Ok(Ended::Well(idle)) = run(prepared, Start::OnWord, limit) else {
            panic!("the shell counts");
        };
        assert!(idle.cpu < cost.cpu / 2, "{idle:?} beside {cost:?}");
    }
}
