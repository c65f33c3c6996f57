//! What can go wrong with a session, and whose fault it is.

use std::time::Duration;

use imap_proto_lite::{ArgumentError, Code, Condition, FrameError, ParseError};

use crate::certificate::CertificateProblem;

/// An error of a session.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The host name has no address.
    #[error("cannot find the host {host}")]
    UnknownHost {
        /// The name.
        host: String,
        /// The resolver's error.
        source: std::io::Error,
    },
    /// No TCP connection.
    #[error("cannot connect to {host} port {port}: {source}")]
    Connect {
        /// The host.
        host: String,
        /// The port.
        port: u16,
        /// The system's error.
        source: std::io::Error,
    },
    /// The server's certificate is not good for us.
    #[error("{host}: {problem}")]
    Certificate {
        /// The host that we wanted.
        host: String,
        /// What is wrong with the certificate.
        problem: CertificateProblem,
    },
    /// No TLS for another reason.
    #[error("no TLS with {host}: {reason}")]
    Tls {
        /// The host.
        host: String,
        /// What the TLS library says.
        reason: String,
    },
    /// The CA file cannot be used.
    #[error("cannot use the CA file {path}: {reason}")]
    CaFile {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
    /// STARTTLS is required and not offered.
    #[error("{host} does not offer STARTTLS")]
    NoStartTls {
        /// The host.
        host: String,
    },
    /// What answers is no IMAP server.
    #[error("what answers is no IMAP server; it said: {got}")]
    NotImap {
        /// The first line, escaped.
        got: String,
    },
    /// The server refuses the connection or login for now.
    #[error("the server does not want us now: {text}")]
    Unwelcome {
        /// The server's words.
        text: String,
    },
    /// The server refuses the user name or password.
    #[error("login refused: {text}")]
    LoginRefused {
        /// The server's words.
        text: String,
    },
    /// The server offers no way to log in that we know.
    #[error("the server offers no way to log in that we know")]
    NoLoginMethod,
    /// The server answered NO or BAD.
    #[error("{command} refused: {text}")]
    Refused {
        /// The command.
        command: &'static str,
        /// NO or BAD.
        condition: Condition,
        /// The response code, when it is a plain word.
        code: Option<Code<'static>>,
        /// The server's words.
        text: String,
    },
    /// The server was silent for too long.
    #[error("no answer to {awaiting} within {after:?}")]
    TimedOut {
        /// What was waited for.
        awaiting: &'static str,
        /// How long.
        after: Duration,
    },
    /// The connection ended.
    #[error("the server closed the connection while we awaited {awaiting}{}", .bye.as_ref().map(|text| format!("; it said: {text}")).unwrap_or_default())]
    Closed {
        /// What was waited for.
        awaiting: &'static str,
        /// The text of its BYE.
        bye: Option<String>,
    },
    /// Reading or writing failed.
    #[error("connection lost: {0}")]
    Io(#[from] std::io::Error),
    /// The bytes cannot be cut into responses.
    #[error("the server's answer makes no sense: {0}")]
    Framing(#[from] FrameError),
    /// Too many responses that cannot be read.
    #[error("the server's answer makes no sense: {0}")]
    Malformed(#[from] ParseError),
    /// The server broke the protocol in a way that makes going on unsafe.
    #[error("the server broke the protocol: {0}")]
    Protocol(&'static str),
    /// The server answered a command that was still being sent; what followed it may have been
    /// read as commands.
    #[error("{command} was answered before it was sent: {text}")]
    EarlyReply {
        /// The command.
        command: &'static str,
        /// The server's words.
        text: String,
    },
    /// Something that no command can carry.
    #[error(transparent)]
    Argument(#[from] ArgumentError),
    /// The caller asked for something impossible.
    #[error("misuse: {0}")]
    Misuse(&'static str),
}

/// How far an error reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The command; the connection is as good as before.
    Command,
    /// The connection; a new one may do.
    Connection,
    /// The account: trying again will not help before something changes.
    Account,
}

impl Error {
    /// How far the error reaches.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        match self {
            Self::Refused { .. } | Self::Argument(_) | Self::Misuse(_) => Scope::Command,
            Self::Unwelcome { .. }
            | Self::TimedOut { .. }
            | Self::Closed { .. }
            | Self::Io(_)
            | Self::Framing(_)
            | Self::Malformed(_)
            | Self::Protocol(_)
            | Self::EarlyReply { .. } => Scope::Connection,
            Self::UnknownHost { .. }
            | Self::Connect { .. }
            | Self::Certificate { .. }
            | Self::Tls { .. }
            | Self::CaFile { .. }
            | Self::NoStartTls { .. }
            | Self::NotImap { .. }
            | Self::LoginRefused { .. }
            | Self::NoLoginMethod => Scope::Account,
        }
    }
}
