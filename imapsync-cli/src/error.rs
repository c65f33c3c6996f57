//! Why a run ends before its work is done.

use imap_client_lite::{Error as ClientError, Scope};

use crate::cli::Exit;
use crate::ledger::LedgerError;
use crate::side::Side;
use crate::stop::Signal;

/// A reason to end the run; what was done before it stays done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The session with one side failed.
    #[error("{side}: {error}")]
    Session {
        /// Which side.
        side: Side,
        /// What happened.
        error: ClientError,
    },
    /// The destination's quota is used up.
    #[error("destination: the quota is used up: {text}; make room there and run again")]
    Quota {
        /// The server's words.
        text: String,
    },
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The UIDs of a mailbox became void under our hands.
    #[error("destination: {mailbox}: its UIDVALIDITY changed")]
    Renumbered {
        /// Which mailbox.
        mailbox: String,
    },
    /// The destination stored a part of what it refused.
    #[error("destination: {mailbox}: mail appeared there while a batch was refused")]
    Torn {
        /// Which mailbox.
        mailbox: String,
    },
    /// The same account on both sides.
    #[error("source and destination are the same account")]
    SameAccount,
    /// The user stopped the run, or set a deadline.
    #[error("{}", .0.words())]
    Stopped(Signal),
    /// The connection failed for so long that trying again makes no sense.
    #[error("{fault}; gave up after trying for {after:?} without a message moved")]
    GaveUp {
        /// What happened first.
        fault: Box<Self>,
        /// How long it lasted.
        after: std::time::Duration,
    },
    /// Something that should not happen.
    #[error("internal: {0}")]
    Internal(String),
}

impl Fault {
    /// Whether a new connection may do better.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        match self {
            Self::Session { error, .. } => matches!(error.scope(), Scope::Connection),
            Self::Renumbered { .. } | Self::Torn { .. } => true,
            _ => false,
        }
    }

    /// The exit code that says the same.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Session { error, .. } => session_exit(error),
            Self::Renumbered { .. } | Self::Torn { .. } => Exit::Temporary,
            Self::Quota { .. } => Exit::Quota,
            Self::Ledger(error) => error.exit(),
            Self::SameAccount => Exit::Usage,
            Self::Stopped(Signal::Interrupt) => Exit::Interrupted,
            Self::Stopped(Signal::Terminate) => Exit::Terminated,
            Self::Stopped(Signal::Deadline) => Exit::Limit,
            Self::GaveUp { .. } => Exit::Temporary,
            Self::Internal(_) => Exit::Internal,
        }
    }

    /// What the user can do about it, where that is not in the message.
    #[must_use]
    pub fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Session { error, .. } => session_advice(error),
            Self::Ledger(error) => error.advice(),
            Self::Stopped(_) => Some("run the same command again to go on"),
            Self::GaveUp { .. } => Some("run the same command again: it goes on where it stopped"),
            Self::SameAccount => Some("name two different accounts"),
            _ => None,
        }
    }
}

/// Errors of one side of a copy.
pub(crate) trait OnSide<T> {
    /// Says which side failed.
    fn on(self, side: Side) -> Result<T, Fault>;
}

impl<T> OnSide<T> for Result<T, ClientError> {
    fn on(self, side: Side) -> Result<T, Fault> {
        self.map_err(|error| Fault::Session { side, error })
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Ledger(error.into())
    }
}

const fn session_exit(error: &ClientError) -> Exit {
    match error {
        ClientError::UnknownHost { .. }
        | ClientError::Connect { .. }
        | ClientError::Certificate { .. }
        | ClientError::Tls { .. }
        | ClientError::NoStartTls { .. }
        | ClientError::NotImap { .. } => Exit::Connect,
        ClientError::CaFile { .. } => Exit::Usage,
        ClientError::LoginRefused { .. } | ClientError::NoLoginMethod => Exit::Login,
        ClientError::Misuse(_) => Exit::Internal,
        _ => Exit::Temporary,
    }
}

const fn session_advice(error: &ClientError) -> Option<&'static str> {
    use imap_client_lite::CertificateProblem as Problem;
    match error {
        ClientError::UnknownHost { .. } => Some("check the host name in the account's URL"),
        ClientError::Connect { .. } => {
            Some("check host and port, and that a firewall lets you through")
        }
        ClientError::Certificate {
            problem: Problem::UnknownIssuer,
            ..
        } => Some("if you trust it, give it (or its authority's certificate) with --ca-file"),
        ClientError::Certificate {
            problem: Problem::OtherHost,
            ..
        } => Some("use the host name that the certificate is for"),
        ClientError::Certificate { .. } => {
            Some("the server's administrator has to replace the certificate")
        }
        ClientError::Tls { .. } => {
            Some("imaps:// needs a TLS port (993); imap:// uses STARTTLS (143)")
        }
        ClientError::NoStartTls { .. } => Some(
            "use imaps:// if the server has a TLS port; imap+insecure:// sends the password in clear",
        ),
        ClientError::NotImap { .. } => Some("check the port"),
        ClientError::LoginRefused { .. } => Some(
            "check user name and password; some providers want an app password, or IMAP switched on",
        ),
        ClientError::Unwelcome { .. }
        | ClientError::TimedOut { .. }
        | ClientError::Closed { .. }
        | ClientError::Io(_) => Some("run the same command again: it goes on where it stopped"),
        _ => None,
    }
}
