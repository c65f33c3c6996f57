//! A throw-away Dovecot 2.3: everything in a temporary folder, ended by process id when dropped.

use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use std::{fs, io, thread};

use tempfile::TempDir;

use super::configuration::{MAIL_OWNER, configuration};
use super::listener::{Ports, listens};
use super::process::end;
use super::{DovecotOptions, MailFormat, RawClient, fill};
use crate::corpus::Account;

/// A running Dovecot. Any user name logs in with [`PASSWORD`]. Needs root; do not keep it in a
/// `static` (those are never dropped).
#[derive(Debug)]
pub struct Dovecot {
    options: DovecotOptions,
    ports: Ports,
    child: Child,
    folder: TempDir,
}

impl Dovecot {
    /// Whether this machine has Dovecot's programs, and this process may run them: it must be root's.
    pub fn available() -> bool {
        let root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
        root && program("dovecot").exists() && program("doveadm").exists()
    }

    /// Starts a server and waits until its own process listens on both ports.
    pub fn start(options: DovecotOptions) -> io::Result<Self> {
        let mut last = io::Error::other("never tried");
        for _ in 0..PORT_ATTEMPTS {
            match Self::start_once(&options) {
                Ok(server) => return Ok(server),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Where it speaks IMAP without TLS (and offers STARTTLS).
    pub fn plain_address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.ports.plain).into()
    }

    /// Where it speaks IMAP inside TLS.
    pub fn tls_address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.ports.tls).into()
    }

    /// What it was started with.
    pub fn options(&self) -> &DovecotOptions {
        &self.options
    }

    /// The certificate that clients must trust, as a PEM file.
    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    /// The folder that holds a user's mail store.
    pub fn mail_folder(&self, user: &str) -> PathBuf {
        let store = if self.options.format == MailFormat::Mdbox {
            "mdbox"
        } else {
            "Maildir"
        };
        self.home(user).join(store)
    }

    /// The folder that holds all that the server keeps for a user.
    pub(super) fn home(&self, user: &str) -> PathBuf {
        self.folder.path().join("mail").join(user)
    }

    /// A logged-in connection of the tests' own client.
    pub fn login(&self, user: &str) -> io::Result<RawClient> {
        let mut client = RawClient::connect(self.plain_address())?;
        client.login(user, PASSWORD)?;
        Ok(client)
    }

    /// Puts a corpus account into `user`'s empty account.
    pub fn fill(&self, user: &str, account: &Account) -> io::Result<()> {
        fill(
            self.plain_address(),
            user,
            PASSWORD,
            &self.options.namespace,
            account,
        )
    }

    /// Runs `doveadm` against this server and returns its standard output.
    pub fn doveadm(&self, arguments: &[&str]) -> io::Result<Vec<u8>> {
        let output = self.doveadm_command().args(arguments).output()?;
        succeeded(&output).map(|()| output.stdout)
    }

    /// `doveadm` with this server's configuration, not run yet.
    pub fn doveadm_command(&self) -> Command {
        let mut command = Command::new(program("doveadm"));
        command
            .arg("-c")
            .arg(self.folder.path().join("dovecot.conf"));
        command
    }

    /// The process id of the master, whose descendants do the work.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Forgets all that the server keeps for a user, who has no session.
    pub fn forget(&self, user: &str) -> io::Result<()> {
        fs::remove_dir_all(self.home(user))
    }

    /// The server's log so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn start_once(options: &DovecotOptions) -> io::Result<Self> {
        let ports = Ports::free()?;
        let folder = prepare_folder(options, ports)?;
        let child = Command::new(program("dovecot"))
            .arg("-F")
            .arg("-c")
            .arg(folder.path().join("dovecot.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.path().join("stderr"))?)
            .spawn()?;
        let mut server = Self {
            options: options.clone(),
            ports,
            child,
            folder,
        };
        server.wait_until_listening()?;
        Ok(server)
    }

    fn wait_until_listening(&mut self) -> io::Result<()> {
        let pid = self.child.id();
        let deadline = Instant::now() + START_LIMIT;
        while !(listens(pid, self.ports.plain) && listens(pid, self.ports.tls)) {
            if let Some(status) = self.child.try_wait()? {
                return Err(io::Error::other(format!(
                    "dovecot ended with {status}: {}",
                    self.complaints()
                )));
            }
            if Instant::now() > deadline {
                return Err(io::Error::other(format!(
                    "dovecot does not listen: {}",
                    self.complaints()
                )));
            }
            thread::sleep(POLL);
        }
        Ok(())
    }

    fn complaints(&self) -> String {
        let stderr = fs::read_to_string(self.folder.path().join("stderr")).unwrap_or_default();
        format!("{stderr}{}", self.log())
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        if let Err(error) = end(&mut self.child, LOG_SERVICE) {
            eprintln!("stopping dovecot {}: {error}", self.child.id());
        }
        if thread::panicking() {
            let log = self.complaints();
            let trouble: Vec<&str> = log
                .lines()
                .filter(|line| !line.contains(": Info: "))
                .collect();
            eprintln!("--- dovecot's log ---\n{}", trouble.join("\n"));
        }
    }
}

/// A new folder with configuration and certificate, whose mail folder belongs to the mail owner.
fn prepare_folder(options: &DovecotOptions, ports: Ports) -> io::Result<TempDir> {
    let folder = tempfile::Builder::new()
        .prefix("imapsync-dovecot-")
        .tempdir()?;
    let path = folder.path();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    fs::write(
        path.join("dovecot.conf"),
        configuration(options, path, ports),
    )?;
    fs::write(path.join("cert.pem"), options.certificate.certificate_pem())?;
    fs::write(path.join("key.pem"), options.certificate.key_pem())?;
    fs::create_dir(path.join("mail"))?;
    succeeded(
        &Command::new("chown")
            .arg(MAIL_OWNER)
            .arg(path.join("mail"))
            .output()?,
    )?;
    Ok(folder)
}

fn succeeded(output: &Output) -> io::Result<()> {
    if output.status.success() {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "{}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    )))
}

/// Found by place, not by PATH: a user's PATH often lacks the system folders.
fn program(name: &str) -> PathBuf {
    let folders = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"];
    let found = folders
        .iter()
        .map(|folder| Path::new(folder).join(name))
        .find(|path| path.exists());
    found.unwrap_or_else(|| PathBuf::from(name))
}

/// The password of every user.
pub const PASSWORD: &str = "pw";
/// A free port can be taken by another between look and use; three times in a row is something else.
const PORT_ATTEMPTS: usize = 3;
const START_LIMIT: Duration = Duration::from_secs(20);
/// It stays a second longer than its master, should anyone have something to say.
const LOG_SERVICE: &str = "log";
const POLL: Duration = Duration::from_millis(5);
