//! The command line, and the server that it asks for.

use std::path::PathBuf;
use std::{fs, io};

use imapsync_tests::corpus::plain_of_sizes;
use imapsync_tests::server::tls::{Identity, Tls};
use imapsync_tests::server::{Body, Delivery, EmbeddedServer, Options, Profile, Store, synthesize};

use crate::orders::{Owner, obey};

/// The command line.
#[derive(Debug)]
pub(crate) struct Settings {
    owner: Owner,
    seed: u64,
    messages: usize,
    mailboxes: usize,
    octets: Option<u32>,
    large: Option<u64>,
    hash_over: Option<u64>,
    profile: Profile,
    threads: usize,
    port_file: Option<PathBuf>,
    tls: Option<String>,
    ca_file: Option<PathBuf>,
}

impl Settings {
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut settings = Self {
            owner: Owner {
                user: "alice".to_owned(),
                password: "pw".to_owned(),
            },
            seed: 1,
            messages: 0,
            mailboxes: 1,
            octets: None,
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
            "--user" => self.owner.user = value,
            "--password" => self.owner.password = value,
            "--seed" => self.seed = number(flag, &value)?,
            "--messages" => self.messages = number(flag, &value)?,
            "--mailboxes" => self.mailboxes = number(flag, &value)?,
            "--octets" => self.octets = Some(number(flag, &value)?),
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

    pub(crate) fn run(self) -> io::Result<()> {
        let mut options = Options::with_profile(self.profile.clone())
            .with_user(&self.owner.user, &self.owner.password)
            .with_tls(self.tls()?);
        options.threads = self.threads;
        options.hash_over = self.hash_over.unwrap_or(options.hash_over);
        self.fill(&mut options.store);
        let server = EmbeddedServer::start(options)?;
        if let Some(path) = &self.port_file {
            // Written whole and then renamed, so that nobody reads half a number.
            let unfinished = path.with_extension("tmp");
            fs::write(&unfinished, server.port().to_string())?;
            fs::rename(&unfinished, path)?;
        }
        println!("listening on 127.0.0.1:{}", server.port());
        obey(&server, &self.owner)
    }

    fn fill(&self, store: &mut Store) {
        let account = store.account(&self.owner.user);
        let mailboxes = self.mailboxes.max(1);
        match self.octets.map(f64::from) {
            None => synthesize(account, self.seed, self.messages, self.mailboxes),
            Some(octets) => {
                let each = self.messages / mailboxes;
                account.fill(&plain_of_sizes(
                    mailboxes,
                    each,
                    self.seed,
                    (octets, octets),
                ));
            }
        }
        if let Some(length) = self.large {
            let large = Delivery::new(Body::synthesized(self.seed, length));
            store.deliver(&self.owner.user, "INBOX", large);
        }
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

pub(crate) const USAGE: &str = "usage: embedded-imapd [--user NAME] [--password PW] [--seed N] [--messages N] [--mailboxes N] \
[--octets OF_EACH] [--large BYTES] [--hash-over BYTES] [--profile full|plain|courier] [--threads N] [--port-file PATH] \
[--tls implicit|starttls] [--ca-file PATH]";
