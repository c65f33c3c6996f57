//! The embedded IMAP server as a program of its own, for benchmarks and for trying things by hand.
//!
//! On standard input: `dump` prints a line per message (mailbox, UID, SHA-256, length, internal date,
//! flags; separated by tabs) and then `end`; `log` prints the commands so far and then `end`;
//! `quit`, or the end of input, stops it.

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::{fs, io};

use imapsync_tests::server::tls::{Identity, Tls};
use imapsync_tests::server::{Body, Delivery, EmbeddedServer, Options, Profile, synthesize};

fn main() -> ExitCode {
    let settings = match Settings::parse(std::env::args().skip(1)) {
        Ok(settings) => settings,
        Err(problem) => {
            eprintln!("embedded-imapd: {problem}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match settings.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("embedded-imapd: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// The command line.
struct Settings {
    user: String,
    password: String,
    seed: u64,
    messages: usize,
    mailboxes: usize,
    large: Option<u64>,
    hash_over: Option<u64>,
    profile: Profile,
    threads: usize,
    port_file: Option<PathBuf>,
    tls: Option<String>,
    ca_file: Option<PathBuf>,
}

impl Settings {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut settings = Self {
            user: "alice".to_owned(),
            password: "pw".to_owned(),
            seed: 1,
            messages: 0,
            mailboxes: 1,
            large: None,
            hash_over: None,
            profile: Profile::full(),
            threads: 1,
            port_file: None,
            tls: None,
            ca_file: None,
        };
        while let Some(flag) = arguments.next() {
            let value = arguments
                .next()
                .ok_or_else(|| format!("{flag} wants a value"))?;
            settings.set(&flag, value)?;
        }
        Ok(settings)
    }

    fn set(&mut self, flag: &str, value: String) -> Result<(), String> {
        match flag {
            "--user" => self.user = value,
            "--password" => self.password = value,
            "--seed" => self.seed = number(flag, &value)?,
            "--messages" => self.messages = number(flag, &value)?,
            "--mailboxes" => self.mailboxes = number(flag, &value)?,
            "--large" => self.large = Some(number(flag, &value)?),
            "--hash-over" => self.hash_over = Some(number(flag, &value)?),
            "--threads" => self.threads = number(flag, &value)?,
            "--port-file" => self.port_file = Some(value.into()),
            "--ca-file" => self.ca_file = Some(value.into()),
            "--tls" => self.tls = Some(value),
            "--profile" => {
                self.profile =
                    Profile::named(&value).ok_or_else(|| format!("no profile {value}"))?;
            }
            _ => return Err(format!("unknown option {flag}")),
        }
        Ok(())
    }

    fn run(self) -> io::Result<()> {
        let mut options = Options::with_profile(self.profile.clone())
            .with_user(&self.user, &self.password)
            .with_tls(self.tls()?);
        options.threads = self.threads;
        options.hash_over = self.hash_over.unwrap_or(options.hash_over);
        let account = options.store.account(&self.user);
        synthesize(account, self.seed, self.messages, self.mailboxes);
        if let Some(length) = self.large {
            let large = Delivery::new(Body::synthesized(self.seed, length));
            options.store.deliver(&self.user, "INBOX", large);
        }
        let server = EmbeddedServer::start(options)?;
        if let Some(path) = &self.port_file {
            // Written whole and then renamed, so that nobody reads half a number.
            let unfinished = path.with_extension("tmp");
            fs::write(&unfinished, server.port().to_string())?;
            fs::rename(&unfinished, path)?;
        }
        println!("listening on 127.0.0.1:{}", server.port());
        obey(&server, &self.user)
    }

    /// A certificate of its own where TLS is wanted; `--ca-file` receives it.
    fn tls(&self) -> io::Result<Tls> {
        let Some(kind) = &self.tls else {
            return Ok(Tls::None);
        };
        let identity = Identity::good();
        if let Some(path) = &self.ca_file {
            fs::write(path, &identity.certificate_pem)?;
        }
        match kind.as_str() {
            "implicit" => Ok(Tls::Implicit(identity.config)),
            "starttls" => Ok(Tls::StartTls(identity.config)),
            _ => Err(io::Error::other("--tls is implicit or starttls")),
        }
    }
}

fn number<T: std::str::FromStr>(flag: &str, value: &str) -> Result<T, String> {
    value
        .parse()
        .map_err(|_| format!("{flag} wants a number, not {value}"))
}

/// Does what standard input says, until it ends.
fn obey(server: &EmbeddedServer, user: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        match line?.trim() {
            "dump" => {
                for row in server.dump(user) {
                    writeln!(out, "{row}")?;
                }
                writeln!(out, "end")?;
            }
            "log" => {
                for line in server.log().lines() {
                    writeln!(out, "{line}")?;
                }
                writeln!(out, "end")?;
            }
            "quit" => break,
            other => eprintln!("embedded-imapd: unknown command {other}"),
        }
        out.flush()?;
    }
    Ok(())
}

const USAGE: &str = "usage: embedded-imapd [--user NAME] [--password PW] [--seed N] [--messages N] [--mailboxes N] \
[--large BYTES] [--hash-over BYTES] [--profile full|plain|courier] [--threads N] [--port-file PATH] \
[--tls implicit|starttls] [--ca-file PATH]";
