//! From a TCP connection to the authenticated state: RFC 9051 sections 6.2 and 7.1, RFC 2971.
//!
//! Nothing that a server says before TLS is believed afterwards, and no credential is sent before.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use imap_proto_lite::command::{Atom, Authenticate, Base64, Login as LoginCommand, SaslResponse};
use imap_proto_lite::{ArgumentError, Command, Condition, Text, Untagged};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::client::{Ahead, Client, Login};
use crate::config::{Config, Credentials, Endpoint, Security};
use crate::error::Error;
use crate::event::Event;
use crate::printable::printable;
use crate::tls::handshake;
use crate::transport::Transport;

impl Client {
    /// Connects, reads the greeting, and is under TLS where the endpoint says so.
    ///
    /// # Errors
    /// When there is no connection, no acceptable certificate, no STARTTLS, or no IMAP.
    pub async fn connect(endpoint: &Endpoint, config: &Config) -> Result<Self, Error> {
        let tcp = dial(endpoint, config).await?;
        let transport = match endpoint.security {
            Security::Tls => under_tls(tcp, endpoint, config).await?,
            Security::StartTls | Security::None => Transport::Plain(tcp),
        };
        let mut client = Self::greet(transport, endpoint.clone(), config).await?;
        if endpoint.security == Security::StartTls {
            client.start_tls().await?;
        }
        Ok(client)
    }

    /// Takes a stream that is already connected, and reads the greeting.
    ///
    /// # Errors
    /// When the greeting is missing, unwelcoming, or not IMAP.
    pub async fn greet(
        transport: Transport,
        endpoint: Endpoint,
        config: &Config,
    ) -> Result<Self, Error> {
        let mut client = Self::over(transport, endpoint, config);
        client.wait(config.connect_patience).await?;
        let preauthenticated = match client.driver.session.event()? {
            Event::Untagged(Untagged::Status(status)) => match status.condition {
                Condition::Ok => false,
                Condition::PreAuth => true,
                _ => {
                    return Err(Error::Unwelcome {
                        text: printable(status.text),
                    });
                }
            },
            Event::Unreadable(line) | Event::Untagged(Untagged::Other(line)) => {
                return Err(Error::NotImap {
                    got: printable(line),
                });
            }
            _ => {
                return Err(Error::NotImap {
                    got: "no greeting".to_owned(),
                });
            }
        };
        client.preauthenticated = preauthenticated;
        Ok(client)
    }

    async fn start_tls(&mut self) -> Result<(), Error> {
        let host = self.endpoint.host.clone();
        if self.preauthenticated {
            return Err(Error::Protocol(
                "it logs us in before TLS, where STARTTLS is impossible",
            ));
        }
        self.know_capabilities().await?;
        if !self.capabilities().has("STARTTLS") {
            return Err(Error::NoStartTls { host });
        }
        match self.run_timed(&Command::StartTls, |_| {}).await {
            Ok(_) => {}
            Err(Error::Refused { .. }) => return Err(Error::NoStartTls { host }),
            Err(error) => return Err(error),
        }
        if !self.driver.session.reset_for_tls(self.config.limits) {
            return Err(Error::Protocol(
                "it sent something between STARTTLS and TLS",
            ));
        }
        let Transport::Plain(tcp) = std::mem::replace(&mut self.driver.transport, Transport::Gone)
        else {
            return Err(Error::Misuse("STARTTLS needs a plain TCP connection"));
        };
        self.driver.transport = under_tls(tcp, &self.endpoint, &self.config).await?;
        Ok(())
    }

    async fn know_capabilities(&mut self) -> Result<(), Error> {
        if self.capabilities().is_empty() {
            self.run_timed(&Command::Capability, |_| {}).await?;
        }
        Ok(())
    }

    /// Logs in, asks for the capabilities again, and exchanges IDs where the server knows ID.
    ///
    /// # Errors
    /// [`Error::LoginRefused`] when the server refuses the credentials.
    pub async fn login(&mut self, credentials: &Credentials) -> Result<(), Error> {
        if !self.preauthenticated {
            self.know_capabilities().await?;
            self.authenticate(credentials)
                .await
                .map_err(refused_login)?;
        }
        // Some servers show ID only after login; where it is known before, both questions go out at once.
        let capability = self.ahead(&Command::Capability)?;
        let early = match self.capabilities().has("ID") {
            true => Some(self.say_who_we_are()?),
            false => None,
        };
        self.finish_timed(capability, |_| {}).await?;
        match early {
            Some(ahead) => self.hear_who_they_are(ahead).await?,
            None if self.capabilities().has("ID") => {
                let ahead = self.say_who_we_are()?;
                self.hear_who_they_are(ahead).await?;
            }
            None => {}
        }
        self.login = Login::Done;
        Ok(())
    }

    async fn authenticate(&mut self, credentials: &Credentials) -> Result<(), Error> {
        let (user, password) = (credentials.user.as_str(), credentials.password.expose());
        let (Ok(name), Ok(word)) = (Text::new(user), Text::new(password)) else {
            return Err(Error::LoginRefused {
                text: "a user name or password cannot hold NUL".to_owned(),
            });
        };
        let plain = self.capabilities().has("AUTH=PLAIN");
        let initial = self.capabilities().has("SASL-IR");
        let login = !self.capabilities().has("LOGINDISABLED");
        // Without SASL-IR some servers (mailutils) hang in AUTHENTICATE: LOGIN is the surer way.
        let command_is_plain = plain && (initial || !login);
        let response = STANDARD.encode(format!("\0{user}\0{password}"));
        let command = if command_is_plain {
            let response = Base64::new(&response)?;
            Command::Authenticate(Authenticate {
                mechanism: Atom::new("PLAIN")?,
                response: if initial {
                    SaslResponse::Initial(response)
                } else {
                    SaslResponse::AfterContinuation(response)
                },
            })
        } else if login {
            Command::Login(LoginCommand {
                user: name,
                password: word,
            })
        } else {
            return Err(Error::NoLoginMethod);
        };
        self.run_timed(&command, |_| {}).await.map(|_| ())
    }

    fn say_who_we_are(&mut self) -> Result<Ahead, Error> {
        let identity = self.config.identity.clone();
        let fields = identity
            .iter()
            .map(id_field)
            .collect::<Result<Vec<_>, _>>()?;
        self.ahead(&Command::Id(&fields))
    }

    async fn hear_who_they_are(&mut self, ahead: Ahead) -> Result<(), Error> {
        let mut theirs = Vec::new();
        let answer = self.finish_timed(ahead, |untagged| {
            if let Untagged::Id(id) = untagged {
                let pair = |(name, value): (&[u8], Option<&[u8]>)| {
                    (printable(name), printable(value.unwrap_or_default()))
                };
                theirs = id.fields().map(pair).collect();
            }
        });
        match answer.await {
            Ok(_) | Err(Error::Refused { .. }) => {
                self.server_id = theirs;
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}

async fn dial(endpoint: &Endpoint, config: &Config) -> Result<TcpStream, Error> {
    let (host, port) = (endpoint.host.clone(), endpoint.port);
    let addresses = tokio::net::lookup_host((host.as_str(), port)).await;
    let addresses: Vec<_> = addresses
        .map_err(|source| Error::UnknownHost {
            host: host.clone(),
            source,
        })?
        .collect();
    let connecting = timeout(
        config.connect_patience,
        TcpStream::connect(addresses.as_slice()),
    )
    .await;
    let tcp = match connecting {
        Ok(connected) => connected.map_err(|source| Error::Connect { host, port, source })?,
        Err(_) => {
            return Err(Error::Connect {
                host,
                port,
                source: std::io::ErrorKind::TimedOut.into(),
            });
        }
    };
    tcp.set_nodelay(true)?;
    Ok(tcp)
}

async fn under_tls(
    tcp: TcpStream,
    endpoint: &Endpoint,
    config: &Config,
) -> Result<Transport, Error> {
    let shaking = timeout(
        config.connect_patience,
        handshake(tcp, &endpoint.host, &config.roots),
    )
    .await;
    match shaking {
        Ok(stream) => Ok(Transport::Tls(Box::new(stream?))),
        Err(_) => Err(Error::TimedOut {
            awaiting: "the TLS handshake",
            after: config.connect_patience,
        }),
    }
}

/// One field of ID: RFC 2971.
fn id_field(
    (name, value): &(String, String),
) -> Result<(Text<'_>, Option<Text<'_>>), ArgumentError> {
    Ok((Text::new(name)?, Some(Text::new(value)?)))
}

/// A refusal of the login itself, unless the server says that it is only busy (RFC 5530).
fn refused_login(error: Error) -> Error {
    use imap_proto_lite::Code::{InUse, Limit, Unavailable};
    match error {
        Error::Refused {
            code: Some(Limit | InUse | Unavailable),
            text,
            ..
        } => Error::Unwelcome { text },
        Error::Refused { text, .. } => Error::LoginRefused { text },
        other => other,
    }
}
