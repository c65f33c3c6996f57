//! Where to connect, and with what patience.

use std::time::Duration;

use imap_proto_lite::Limits;

use crate::secret::Secret;
use crate::tls::TrustRoots;

/// A server and the way to reach it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Host name or address; the certificate must be for it.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// What protects the connection.
    pub security: Security,
}

impl Endpoint {
    /// An endpoint.
    #[must_use]
    pub fn new(host: impl Into<String>, port: u16, security: Security) -> Self {
        Self {
            host: host.into(),
            port,
            security,
        }
    }
}

/// What protects a connection; credentials are sent only under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Security {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// STARTTLS, required (RFC 9051 section 6.2.1).
    StartTls,
    /// Nothing. Only for connections that something else protects.
    None,
}

/// Who logs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The user name, in UTF-8.
    pub user: String,
    /// The password.
    pub password: Secret,
}

impl Credentials {
    /// Credentials.
    #[must_use]
    pub fn new(user: impl Into<String>, password: Secret) -> Self {
        Self {
            user: user.into(),
            password,
        }
    }
}

/// Settings of a client.
#[derive(Debug, Clone)]
pub struct Config {
    /// Which authorities vouch for a server's certificate.
    pub roots: TrustRoots,
    /// How long the TCP connection, the TLS handshake and the greeting may take, each.
    pub connect_patience: Duration,
    /// How long the server may be silent while it owes an answer.
    pub answer_patience: Duration,
    /// Bounds on what the server sends.
    pub limits: Limits,
    /// What ID tells the server (RFC 2971): field and value pairs.
    pub identity: Vec<(String, String)>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            roots: TrustRoots::default(),
            connect_patience: Duration::from_secs(30),
            answer_patience: Duration::from_secs(300),
            limits: Limits::default(),
            identity: vec![
                ("name".to_owned(), env!("CARGO_PKG_NAME").to_owned()),
                ("version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
            ],
        }
    }
}
