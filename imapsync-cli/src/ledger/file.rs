//! The ledger's file: locking, opening, and what is done about one that is damaged.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use imap_client_lite::proto::FlagSet;
use rusqlite::{Connection, OptionalExtension};

use super::damage::{Look, beside, is_damage, is_sound, set_aside};
use super::error::LedgerError;
use super::ours::is_ours;
use super::place::{Chosen, Place};
use super::schema::{self, APPLICATION_ID, VERSION};
use super::waiting::Waiting;
use super::write::Writes;
use crate::account::AccountUrl;
use crate::side::Both;

/// An open ledger; nobody else can open it meanwhile.
#[derive(Debug)]
pub struct Ledger {
    pub(super) db: Connection,
    pub(super) writes: Writes,
    pub(super) waiting: Waiting,
    /// Sets of flags under which numbers they are kept.
    pub(super) flag_sets: RefCell<HashMap<FlagSet, i64>>,
    /// The run under way, 0 before it is noted.
    pub(super) run: Cell<i64>,
    replaces: Option<PathBuf>,
    _lock: Option<File>,
}

impl Ledger {
    /// Opens the ledger of a pair of accounts, making it where there is none. A damaged one is set
    /// aside and replaced.
    ///
    /// # Errors
    /// When another run holds it, or it cannot be read, or it is none.
    pub fn open(place: &Place, accounts: &Both<AccountUrl>) -> Result<Self, LedgerError> {
        if place.chosen == Chosen::ForMeasuring {
            let mut ledger = Self::in_memory()?;
            ledger.writes = Writes::idle();
            return Ok(ledger);
        }
        let path = located(&place.path)?;
        let lock = lock(&path)?;
        let (db, damaged) = match claimed(&path, place.chosen, accounts)? {
            Some(db) => (db, None),
            None => {
                let aside = set_aside(&path).map_err(|error| unreadable(&path, error))?;
                let new = claimed(&path, place.chosen, accounts)?;
                let new = new.ok_or_else(|| unreadable(&path, "it is damaged again"))?;
                (new, Some(aside))
            }
        };
        let mut ledger = Self {
            db,
            writes: Writes::failing_after(place.fails_after),
            waiting: Waiting::default(),
            flag_sets: RefCell::default(),
            run: Cell::new(0),
            replaces: None,
            _lock: Some(lock),
        };
        if let Some(damaged) = damaged {
            ledger.note_replaces(&damaged.to_string_lossy())?;
        }
        ledger.replaces = ledger.replaces()?.map(PathBuf::from);
        Ok(ledger)
    }

    /// Opens a ledger only to look: one that is missing or damaged is as one that knows nothing.
    ///
    /// # Errors
    /// When another run holds it, or it cannot be read, or it is none.
    pub fn look(place: &Place, accounts: &Both<AccountUrl>) -> Result<Self, LedgerError> {
        if !place.path.exists() {
            return Self::in_memory();
        }
        let path = located(&place.path)?;
        let held = lock(&path)?;
        let sound = opened(&path, place.chosen)?.is_some();
        drop(held);
        match sound {
            true => Self::open(place, accounts),
            false => Self::in_memory(),
        }
    }

    /// Where a damaged ledger of this pair was put: as long as this is known, mail may be on the
    /// destination without anybody knowing why.
    #[must_use]
    pub fn set_aside(&self) -> Option<&Path> {
        self.replaces.as_deref()
    }

    /// A ledger that is forgotten at the end, for dry runs without one on disk.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn in_memory() -> Result<Self, LedgerError> {
        let ledger = Self {
            db: Connection::open_in_memory()?,
            writes: Writes::default(),
            waiting: Waiting::default(),
            flag_sets: RefCell::default(),
            run: Cell::new(0),
            replaces: None,
            _lock: None,
        };
        schema::create(&ledger.db)?;
        Ok(ledger)
    }
}

/// Opens what is there and checks whose it is; `None` when it is damaged. Other accounts are not
/// damage: a move that was cut off leaves them.
fn claimed(
    path: &Path,
    chosen: Chosen,
    accounts: &Both<AccountUrl>,
) -> Result<Option<Connection>, LedgerError> {
    let Some(db) = opened(path, chosen)? else {
        return Ok(None);
    };
    match claim(&db, path, accounts) {
        Ok(()) => Ok(Some(db)),
        Err(error) if error.is_damage() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Checks that the ledger is about these accounts; a new one becomes so.
fn claim(db: &Connection, path: &Path, accounts: &Both<AccountUrl>) -> Result<(), LedgerError> {
    for (side, url) in [("source", &accounts.source), ("dest", &accounts.dest)] {
        let url = url.to_string();
        let sql = "SELECT url FROM account WHERE side = ?1";
        let found: Option<String> = db.query_row(sql, [side], |row| row.get(0)).optional()?;
        match found {
            Some(found) if found != url => {
                return Err(LedgerError::OtherAccounts {
                    path: path.to_owned(),
                    found,
                });
            }
            Some(_) => {}
            None => {
                db.execute("INSERT INTO account VALUES (?1, ?2)", (side, &url))?;
            }
        }
    }
    Ok(())
}

/// Opens what is there; `None` when it is damaged.
pub(super) fn opened(path: &Path, chosen: Chosen) -> Result<Option<Connection>, LedgerError> {
    let look = Look::at(path).map_err(|error| unreadable(path, error))?;
    match (look, chosen) {
        (Look::Remnant, _) | (Look::Foreign, Chosen::ByUs) => Ok(None),
        (Look::Foreign, _) => Err(unreadable(path, NONE_OF_OURS)),
        (Look::Database, Chosen::ByUser) if !is_known(path)? => Err(unreadable(path, NONE_OF_OURS)),
        (Look::Missing | Look::Database, _) => connect(path, look),
    }
}

fn is_known(path: &Path) -> Result<bool, LedgerError> {
    is_ours(path).map_err(|error| unreadable(path, error))
}

/// Opens a database and brings it to the present version; `None` when it is damaged.
fn connect(path: &Path, look: Look) -> Result<Option<Connection>, LedgerError> {
    let opened = Connection::open(path)
        .map_err(LedgerError::from)
        .and_then(|db| Ok(prepare(&db, path, look)?.then_some(db)));
    match opened {
        Err(LedgerError::Sqlite(error)) if is_damage(&error) => Ok(None),
        Err(LedgerError::Sqlite(error)) => Err(unreadable(path, error)),
        other => other,
    }
}

/// Says whether the ledger is sound.
fn prepare(db: &Connection, path: &Path, look: Look) -> Result<bool, LedgerError> {
    let number = |pragma| db.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let (version, application) = (number("user_version")?, number("application_id")?);
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let ours = application == i64::from(APPLICATION_ID)
        || (application == 0 && (version == 1 || tables == 0));
    if !ours {
        return Err(unreadable(path, NONE_OF_OURS));
    }
    if version > VERSION {
        return Err(LedgerError::Newer {
            path: path.to_owned(),
            found: version,
            known: VERSION,
        });
    }
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "NORMAL")?;
    db.pragma_update(None, "cache_size", -2048)?;
    // Each checkpoint waits for the disk: one for 16 MB of log.
    db.pragma_update(None, "wal_autocheckpoint", 4000)?;
    // Rows are only ever added under a mailbox that has just been looked up.
    db.pragma_update(None, "foreign_keys", false)?;
    match version {
        0 => schema::create(db)?,
        1 if !is_sound(db)? => return Ok(false),
        1 => schema::migrate_from_1(db)?,
        _ => {}
    }
    if is_mixed(db)? {
        return Ok(false);
    }
    let small = path.metadata().is_ok_and(|data| data.len() < SMALL);
    Ok(look == Look::Missing || (ended_well(db)? && !small) || is_sound(db)?)
}

/// Whether an older file met a newer log, as when a backup is put back beside it.
fn is_mixed(db: &Connection) -> rusqlite::Result<bool> {
    let sql = "SELECT (SELECT coalesce(max(run), 0) FROM mailbox) > (SELECT coalesce(max(id), 0) FROM run)";
    db.query_row(sql, [], |row| row.get(0))
}

/// Whether the last run came to its end, and not because of the ledger: then nothing was torn.
fn ended_well(db: &Connection) -> rusqlite::Result<bool> {
    let exit: Option<Option<u8>> = db
        .query_row("SELECT exit FROM run ORDER BY id DESC LIMIT 1", [], |row| {
            row.get(0)
        })
        .optional()?;
    Ok(exit.is_some_and(|exit| exit.is_some_and(|exit| exit != LEDGER_TROUBLE)))
}

/// The one name of a file, however it was reached: its lock and log stand beside it.
pub(super) fn located(path: &Path) -> Result<PathBuf, LedgerError> {
    if path.exists() {
        return path.canonicalize().map_err(|error| unreadable(path, error));
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(folder).map_err(|error| unreadable(path, error))?;
    let folder = folder
        .canonicalize()
        .map_err(|error| unreadable(path, error))?;
    let name = path.file_name();
    let name = name.ok_or_else(|| unreadable(path, "it is a folder"))?;
    Ok(folder.join(name))
}

/// Holds a lock file beside the ledger for as long as the file is open.
pub(super) fn lock(path: &Path) -> Result<File, LedgerError> {
    let name = beside(path, ".lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(name);
    let file = file.map_err(|error| unreadable(path, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LedgerError::Busy {
            path: path.to_owned(),
        }),
        Err(TryLockError::Error(error)) => Err(unreadable(path, error)),
    }
}

pub(super) fn unreadable(path: &Path, reason: impl ToString) -> LedgerError {
    LedgerError::Unreadable {
        path: path.to_owned(),
        reason: reason.to_string(),
    }
}

const NONE_OF_OURS: &str = "it is no ledger; it was not touched";
/// A file that is looked through each time: some ten milliseconds.
const SMALL: u64 = 8 << 20;
/// The exit code of a run that its ledger ended.
const LEDGER_TROUBLE: u8 = crate::cli::Exit::Ledger.code();
