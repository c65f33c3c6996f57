//! The ledger's file: finding, locking, opening.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use imap_client_lite::proto::FlagSet;
use rusqlite::{Connection, OptionalExtension};

use super::error::LedgerError;
use super::schema::{self, VERSION};
use super::write::Writes;
use crate::account::AccountUrl;
use crate::side::Both;

/// An open ledger; nobody else can open it meanwhile.
#[derive(Debug)]
pub struct Ledger {
    pub(super) db: Connection,
    pub(super) writes: Writes,
    /// Sets of flags under which numbers they are kept.
    pub(super) flag_sets: RefCell<HashMap<FlagSet, i64>>,
    _lock: Option<File>,
}

impl Ledger {
    /// Opens the ledger of a pair of accounts, making it where there is none.
    ///
    /// # Errors
    /// When another run holds it, or it cannot be read.
    pub fn open(path: &Path, accounts: &Both<AccountUrl>) -> Result<Self, LedgerError> {
        let unreadable = |reason: String| LedgerError::Unreadable {
            path: path.to_owned(),
            reason,
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| unreadable(error.to_string()))?;
        }
        let lock = lock(path)?;
        let db = Connection::open(path).map_err(|error| unreadable(error.to_string()))?;
        let ledger = Self {
            db,
            writes: Writes::default(),
            flag_sets: RefCell::default(),
            _lock: Some(lock),
        };
        ledger.prepare(path).map_err(|error| match error {
            LedgerError::Sqlite(error) => unreadable(error.to_string()),
            other => other,
        })?;
        ledger.claim(path, accounts)?;
        Ok(ledger)
    }

    /// A ledger that is forgotten at the end, for dry runs without one on disk.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn in_memory() -> Result<Self, LedgerError> {
        let ledger = Self {
            db: Connection::open_in_memory()?,
            writes: Writes::default(),
            flag_sets: RefCell::default(),
            _lock: None,
        };
        schema::create(&ledger.db)?;
        Ok(ledger)
    }

    fn prepare(&self, path: &Path) -> Result<(), LedgerError> {
        self.db.pragma_update(None, "journal_mode", "WAL")?;
        self.db.pragma_update(None, "synchronous", "NORMAL")?;
        self.db.pragma_update(None, "cache_size", -2048)?;
        let found: i64 = self
            .db
            .pragma_query_value(None, "user_version", |row| row.get(0))?;
        if found > VERSION {
            return Err(LedgerError::Newer {
                path: path.to_owned(),
                found,
                known: VERSION,
            });
        }
        match found {
            0 => schema::create(&self.db)?,
            1 => schema::migrate_from_1(&self.db)?,
            _ => {}
        }
        self.db
            .query_row("SELECT count(*) FROM mailbox", [], |_| Ok(()))?;
        Ok(())
    }

    /// Checks that the ledger is about these accounts; a new one becomes so.
    fn claim(&self, path: &Path, accounts: &Both<AccountUrl>) -> Result<(), LedgerError> {
        for (side, url) in [("source", &accounts.source), ("dest", &accounts.dest)] {
            let url = url.to_string();
            let sql = "SELECT url FROM account WHERE side = ?1";
            let found: Option<String> = self
                .db
                .query_row(sql, [side], |row| row.get(0))
                .optional()?;
            match found {
                Some(found) if found != url => {
                    return Err(LedgerError::OtherAccounts {
                        path: path.to_owned(),
                        found,
                    });
                }
                Some(_) => {}
                None => {
                    self.db
                        .execute("INSERT INTO account VALUES (?1, ?2)", (side, &url))?;
                }
            }
        }
        Ok(())
    }
}

/// Holds a lock file beside the ledger for as long as the file is open.
fn lock(path: &Path) -> Result<File, LedgerError> {
    let unreadable = |error: std::io::Error| LedgerError::Unreadable {
        path: path.to_owned(),
        reason: error.to_string(),
    };
    let file = File::create(path.with_extension("lock")).map_err(unreadable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LedgerError::Busy {
            path: path.to_owned(),
        }),
        Err(TryLockError::Error(error)) => Err(unreadable(error)),
    }
}

/// Where ledgers are kept unless the user says otherwise.
#[must_use]
pub fn default_state_dir() -> PathBuf {
    let variable = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let base = variable("XDG_STATE_HOME").filter(|path| path.is_absolute());
    let base = base.or_else(|| variable("HOME").map(|home| home.join(".local/state")));
    base.unwrap_or_else(|| PathBuf::from("."))
        .join("imapsync-cli")
}

/// The file for a pair of accounts: named by a hash of both normalised URLs.
#[must_use]
pub fn ledger_path(state_dir: &Path, accounts: &Both<AccountUrl>) -> PathBuf {
    let pair = format!("{}\n{}", accounts.source, accounts.dest);
    let hash = blake3::hash(pair.as_bytes()).to_hex();
    state_dir.join(format!("{}.ledger", &hash[..32]))
}
impl Ledger {
    /// Where a damaged ledger of this pair was put.
    pub const fn set_aside(&self) -> Option<&Path> {
        None
    }
}
