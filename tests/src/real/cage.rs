//! A server in process and mount namespaces of its own: what it mounts nobody else sees, and when the namespace's
//! first process is killed, by its id, nothing of the server is left.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, io, thread};

use tempfile::TempDir;

use super::listener::listens;
use super::process::{descendants, is_running, send};

/// A running server, its processes and its folder. All of it goes with this value.
#[derive(Debug)]
pub(super) struct Cage {
    child: Child,
    folder: TempDir,
}

impl Cage {
    /// Runs a shell script that becomes a server, and waits until one of its processes listens on this port.
    /// The script finds its folder in `DIR` and the port in `PORT`.
    pub(super) fn start(script: &str, port: u16, more: &[(&str, &str)]) -> io::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("imapsync-server-")
            .tempdir()?;
        searchable(folder.path())?;
        let file = folder.path().join("start.sh");
        fs::write(&file, format!("{PRELUDE}{script}"))?;
        let output = fs::File::create(folder.path().join("output"))?;
        let child = Command::new("unshare")
            .args(["--mount", "--pid", "--fork", "sh", "-eu"])
            .arg(&file)
            .env("DIR", folder.path())
            .env("PORT", port.to_string())
            .env("PATH", SEARCHED)
            .envs(more.iter().copied())
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()?;
        let mut cage = Self { child, folder };
        cage.wait_until_listening(port)?;
        Ok(cage)
    }

    /// What the server has written to its standard output and error.
    pub(super) fn output(&self) -> String {
        let output = fs::read(self.folder.path().join("output")).unwrap_or_default();
        String::from_utf8_lossy(&output).into_owned()
    }

    /// All its processes, by id.
    pub(super) fn processes(&self) -> Vec<u32> {
        descendants(self.child.id())
    }

    /// Its folder.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn wait_until_listening(&mut self, port: u16) -> io::Result<()> {
        let deadline = Instant::now() + START_LIMIT;
        while !self.processes().iter().any(|&pid| listens(pid, port)) {
            if self.child.try_wait()?.is_some() || Instant::now() > deadline {
                let words = format!("it does not listen: {}", self.output());
                return Err(io::Error::other(words));
            }
            thread::sleep(POLL);
        }
        Ok(())
    }
}

impl Drop for Cage {
    fn drop(&mut self) {
        let inside = self.processes();
        // With a namespace's first process the kernel kills all others.
        if let Err(error) = send("KILL", inside.first().into_iter()) {
            eprintln!("stopping {inside:?}: {error}");
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        let deadline = Instant::now() + END_LIMIT;
        while inside.iter().any(|&pid| is_running(pid)) && Instant::now() < deadline {
            thread::sleep(POLL);
        }
        if thread::panicking() {
            eprintln!("--- what the server said ---\n{}", self.output());
        }
    }
}

/// The server's processes belong to others than root.
fn searchable(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

/// The server's files are in memory: thousands of small ones are synced each, on a disk that others use too.
const PRELUDE: &str = r#"mount --make-rprivate /
DIR=$DIR/memory
mkdir "$DIR"
mount -t tmpfs -o mode=755 none "$DIR"
"#;
/// A user's PATH often lacks the system folders.
const SEARCHED: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const START_LIMIT: Duration = Duration::from_secs(20);
const END_LIMIT: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(5);
