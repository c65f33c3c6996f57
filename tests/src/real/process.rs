//! Ending a server and the processes that it started, each by its process id.

use std::process::{Child, Command};
use std::time::{Duration, Instant};
use std::{fs, io, thread};

/// SIGTERM to the master, and to its child `dawdler`, which would stay on for a second; SIGKILL to the
/// children that are left after a moment (one that has only just begun can miss the master's signal,
/// and the master then waits six seconds); returns when all are gone.
pub(super) fn end(master: &mut Child, dawdler: &str) -> io::Result<()> {
    let children = children(master.id());
    let dawdlers = children
        .iter()
        .filter(|pid| name(**pid).as_deref() == Some(dawdler));
    send("TERM", [master.id()].iter().chain(dawdlers))?;
    if !gone(master, &children, PATIENCE)? {
        send("KILL", children.iter().filter(|pid| is_running(**pid)))?;
    }
    if !gone(master, &children, LIMIT)? {
        master.kill()?;
        master.wait()?;
    }
    Ok(())
}

/// Whether master and children end within a time.
fn gone(master: &mut Child, children: &[u32], within: Duration) -> io::Result<bool> {
    let deadline = Instant::now() + within;
    while master.try_wait()?.is_none() || children.iter().any(|pid| is_running(*pid)) {
        if Instant::now() > deadline {
            return Ok(false);
        }
        thread::sleep(POLL);
    }
    Ok(true)
}

fn children(pid: u32) -> Vec<u32> {
    let listed = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    listed
        .split_whitespace()
        .filter_map(|child| child.parse().ok())
        .collect()
}

/// Children, their children, and so on.
pub(super) fn descendants(pid: u32) -> Vec<u32> {
    let mut found = children(pid);
    let mut next = 0;
    while let Some(&pid) = found.get(next) {
        found.extend(children(pid));
        next += 1;
    }
    found
}

fn name(pid: u32) -> Option<String> {
    fs::read_to_string(format!("/proc/{pid}/comm"))
        .ok()
        .map(|name| name.trim_end().to_owned())
}

/// Whether a process runs: a zombie that nobody reaps does not. `pid (name) state ...`
pub fn is_running(pid: u32) -> bool {
    let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else {
        return false;
    };
    stat.rsplit_once(") ")
        .is_some_and(|(_, rest)| !rest.starts_with('Z'))
}

/// By a shell's own `kill`: the program of that name is missing on small machines.
pub(super) fn send<'a>(signal: &str, pids: impl Iterator<Item = &'a u32>) -> io::Result<()> {
    let pids = pids.map(ToString::to_string);
    Command::new("sh")
        .args(["-c", "kill -$0 \"$@\" 2>/dev/null", signal])
        .args(pids)
        .status()
        .map(drop)
}

const PATIENCE: Duration = Duration::from_millis(300);
const LIMIT: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(5);
