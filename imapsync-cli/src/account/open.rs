//! A session with an account, opened as often as needed.

use imap_client_lite::proto::MailboxName;
use imap_client_lite::{Client, Config, Credentials, Error, Secret, Transport, TrustRoots};

use super::compress::Compress;
use super::compressing::{Compressor, Outcome};
use super::pipes::Pipes;
use crate::account::AccountUrl;
use crate::error::{Fault, OnSide};
use crate::side::{Both, Side};

/// All that is needed to log in to one side.
#[derive(Debug, Clone)]
pub struct Account {
    /// Which side it is.
    pub side: Side,
    /// Where it is.
    pub url: AccountUrl,
    credentials: Credentials,
    config: Config,
    compressor: Compressor,
    way: Way,
}

/// How the server is reached.
#[derive(Debug, Clone)]
enum Way {
    /// As the URL says.
    Network,
    /// Over streams that somebody else makes.
    Pipes(Pipes),
}

impl Account {
    /// An account.
    #[must_use]
    pub fn new(side: Side, url: AccountUrl, password: Secret, roots: TrustRoots) -> Self {
        let credentials = Credentials::new(url.user.clone(), password);
        let config = Config {
            roots,
            identity: identity(),
            ..Config::default()
        };
        Self {
            side,
            url,
            credentials,
            config,
            compressor: Compressor::new(Compress::default()),
            way: Way::Network,
        }
    }

    /// An account that is reached through streams that somebody else makes, so that whole runs can
    /// be simulated, or watched. What protects the connection, by the URL, is left out.
    #[must_use]
    pub fn over_pipes(side: Side, url: AccountUrl, password: String, pipes: Pipes) -> Self {
        let password = Secret::new(password);
        Self {
            way: Way::Pipes(pipes),
            ..Self::new(side, url, password, TrustRoots::default())
        }
    }

    /// The same, compressed when this says so.
    #[must_use]
    pub fn compressed(self, wish: Compress) -> Self {
        Self {
            compressor: Compressor::new(wish),
            ..self
        }
    }

    /// Connects, logs in, and compresses the connection where that is wanted and works.
    ///
    /// # Errors
    /// When there is no connection or the login is refused.
    pub async fn open(&self) -> Result<Client, Fault> {
        let mut client = self.log_in().await?;
        let account = self.side.to_string();
        let compressed = self.compressor.compress(&mut client, &account).await;
        match compressed.on(self.side)? {
            Outcome::Usable => Ok(client),
            Outcome::Spoilt => {
                // A server that counts connections has room for the next.
                client.abandon();
                self.log_in().await
            }
        }
    }

    async fn log_in(&self) -> Result<Client, Fault> {
        let connected = match &self.way {
            Way::Network => Client::connect(&self.url.endpoint, &self.config).await,
            Way::Pipes(pipes) => self.greet(pipes).await,
        };
        let mut client = connected.map_err(not_imap).on(self.side)?;
        client.login(&self.credentials).await.on(self.side)?;
        tracing::info!("{}: logged in to {}", self.side, self.url);
        Ok(client)
    }

    async fn greet(&self, pipes: &Pipes) -> Result<Client, Error> {
        let endpoint = self.url.endpoint.clone();
        let pipe = pipes.dial().map_err(|source| Error::Connect {
            host: endpoint.host.clone(),
            port: endpoint.port,
            source,
        })?;
        Client::greet(Transport::Other(pipe), endpoint, &self.config).await
    }
}

/// A peer that leaves before it has greeted us is none to talk to.
fn not_imap(error: Error) -> Error {
    match error {
        Error::Closed { bye: None, .. } => Error::NotImap {
            got: "nothing; it closed the connection".to_owned(),
        },
        Error::TimedOut {
            awaiting: "nothing",
            ..
        } => Error::NotImap {
            got: "nothing; a TLS port does not speak first without TLS".to_owned(),
        },
        other => other,
    }
}

/// Whether both sessions are with the same account: the same user on a server that names itself
/// the same, with the same INBOX. An empty INBOX proves nothing.
///
/// # Errors
/// When a side cannot say how its INBOX stands.
pub async fn same_account(
    accounts: &Both<Account>,
    clients: &mut Both<Client>,
) -> Result<bool, Fault> {
    let same_user = accounts.source.url.user == accounts.dest.url.user;
    if !same_user || clients.source.server_id() != clients.dest.server_id() {
        return Ok(false);
    }
    let inbox = MailboxName::inbox();
    let source = clients.source.status(&inbox).await.on(Side::Source)?;
    let dest = clients.dest.status(&inbox).await.on(Side::Dest)?;
    Ok(source == dest
        && source.uid_validity.is_some()
        && source.messages.is_some_and(|count| count > 0))
}

fn identity() -> Vec<(String, String)> {
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    vec![
        field("name", env!("CARGO_PKG_NAME")),
        field("version", env!("CARGO_PKG_VERSION")),
    ]
}
