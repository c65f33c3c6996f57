//! A damaged ledger: how it is noticed, and how it is set aside. It is never deleted.

use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode};

/// What a file looks like before SQLite has touched it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// There is none, or an empty one.
    Missing,
    /// An SQLite database.
    Database,
    /// A log without its database, which SQLite would delete in silence.
    Remnant,
    /// Something else.
    Foreign,
}

impl Look {
    pub(super) fn at(path: &Path) -> std::io::Result<Self> {
        let size = |path: &Path| path.metadata().map_or(0, |data| data.len());
        if size(path) == 0 {
            let log = size(&beside(path, "-wal"));
            return Ok(if log > 0 {
                Self::Remnant
            } else {
                Self::Missing
            });
        }
        let mut start = Vec::new();
        File::open(path)?.take(16).read_to_end(&mut start)?;
        Ok(match start == *MAGIC {
            true => Self::Database,
            false => Self::Foreign,
        })
    }
}

/// Whether an error means that the file is damaged: not that it cannot be read or written now.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    match error {
        rusqlite::Error::SqliteFailure(failure, _) => matches!(
            failure.code,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown
        ),
        rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::Utf8Error(..)
        | rusqlite::Error::FromSqlConversionFailure(..) => true,
        _ => false,
    }
}

/// Looks through the whole file.
pub(super) fn is_sound(db: &Connection) -> rusqlite::Result<bool> {
    let verdict: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    Ok(verdict == "ok")
}

/// Renames a ledger and its log to a name that is free, and says which.
pub(super) fn set_aside(path: &Path) -> std::io::Result<PathBuf> {
    let free = (1..)
        .map(|number| beside(path, &format!(".damaged-{number}")))
        .find(|name| !name.exists() && !beside(name, "-wal").exists());
    let to = free.ok_or_else(|| std::io::Error::other("no name is free"))?;
    for end in ["", "-wal", "-shm"] {
        let from = beside(path, end);
        if from.exists() {
            std::fs::rename(&from, beside(&to, end))?;
        }
    }
    Ok(to)
}

/// The file's whole name with something behind it.
pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    PathBuf::from(name)
}

const MAGIC: &[u8; 16] = b"SQLite format 3\0";
