//! What can be wrong with a ledger.

use std::path::PathBuf;

use super::damage::is_damage;
use crate::cli::Exit;

/// A ledger that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// Another run holds it.
    #[error("another run holds the ledger {}", .path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// A later version of the program wrote it.
    #[error("the ledger {} is of version {found}; this program knows versions up to {known}", .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// It is not a ledger, or damaged.
    #[error("cannot read the ledger {}: {reason}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// It is about other accounts.
    #[error("the ledger {} belongs to other accounts: {found}", .path.display())]
    OtherAccounts {
        /// The file.
        path: PathBuf,
        /// Which.
        found: String,
    },
    /// There is none.
    #[error("there is no ledger {}", .path.display())]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// A ledger cannot take the name of another one.
    #[error("the new accounts have a ledger already: {}", .path.display())]
    InTheWay {
        /// That one.
        path: PathBuf,
    },
    /// Reading or writing failed on the way.
    #[error("the ledger cannot be written: {0}")]
    Sqlite(#[from] rusqlite::Error),
}

impl LedgerError {
    /// Whether the file is damaged: opened again, it is set aside.
    pub(crate) fn is_damage(&self) -> bool {
        matches!(self, Self::Sqlite(error) if is_damage(error))
    }

    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Busy { .. } => Exit::Busy,
            Self::Sqlite(error) if is_busy(error) => Exit::Busy,
            _ => Exit::Ledger,
        }
    }

    pub(crate) fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Busy { .. } => Some("wait until it ends, or use another --state-dir"),
            Self::Newer { .. } => Some("use the newer program, or another --state-dir"),
            Self::Unreadable { .. } => Some(
                "is the disk full? if not, name another file, or move it away: mail that is on the destination is then recognised, not copied twice",
            ),
            Self::OtherAccounts { .. } => Some(
                "if the accounts only have other names now, say so with: imapsync-cli ledger move",
            ),
            Self::Missing { .. } => Some(
                "was a --state-dir or --ledger given? the accounts must be written as when the ledger was made",
            ),
            Self::InTheWay { .. } => {
                Some("neither was touched; move the one away that is not wanted")
            }
            Self::Sqlite(error) if is_busy(error) => Some("another program has it open"),
            Self::Sqlite(error) if is_damage(error) => Some(
                "it is damaged: run the same command again, which sets it aside and recognises what is there",
            ),
            Self::Sqlite(_) => Some("is the disk full?"),
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy)
}
