//! Telling a ledger that its accounts have other names now: another host, port, scheme or user name.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::damage::{Look, beside};
use super::error::LedgerError;
use super::file::{located, lock, opened, unreadable};
use super::place::{Chosen, Place};
use crate::account::AccountUrl;
use crate::side::Both;

/// A ledger, and the accounts that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The file.
    pub place: Place,
    /// Its accounts.
    pub accounts: Both<AccountUrl>,
}

/// Renames the accounts of a ledger, in one transaction, and then the file. What was cut off in
/// between is finished by a second try. Says where the ledger is now.
///
/// # Errors
/// When there is no ledger, when it is about other accounts, when one of its new name is there, when
/// a run holds one of both, or when it cannot be read or written.
pub fn move_ledger(old: &Holder, new: &Holder) -> Result<PathBuf, LedgerError> {
    let [from, to] = [old, new].map(|holder| holder.place.path());
    if is_missing(from) {
        return already_moved(from, new);
    }
    let (from, to) = (located(from)?, located(to)?);
    let _lock = lock(&from)?;
    let _other = (from != to).then(|| lock(&to)).transpose()?;
    if from != to && !is_free(&to) {
        return Err(LedgerError::InTheWay { path: to });
    }
    let db = open(&from)?;
    rename_accounts(&db, &from, &old.accounts, &new.accounts)?;
    close(db, &from)?;
    if from != to {
        rename(&from, &to).map_err(|error| unreadable(&from, error))?;
    }
    Ok(to)
}

/// Nothing is under the old name: fine, if the new one is what an earlier try made of it.
fn already_moved(from: &Path, new: &Holder) -> Result<PathBuf, LedgerError> {
    let missing = LedgerError::Missing {
        path: from.to_owned(),
    };
    let to = new.place.path();
    if is_missing(to) {
        return Err(missing);
    }
    let to = located(to)?;
    let _lock = lock(&to)?;
    let db = open(&to)?;
    rename_accounts(&db, &to, &new.accounts, &new.accounts)?;
    Ok(to)
}

/// A ledger that is there and sound; another kind of file is not touched.
fn open(path: &Path) -> Result<Connection, LedgerError> {
    match Look::at(path).map_err(|error| unreadable(path, error))? {
        Look::Database => {}
        Look::Missing | Look::Foreign => {
            return Err(unreadable(path, "it is no ledger; it was not touched"));
        }
        Look::Remnant => return Err(unreadable(path, "only its log is left")),
    }
    // Also in the state folder: what is too damaged to be known as a ledger cannot be moved anyway.
    opened(path, Chosen::ByUser)?.ok_or_else(|| unreadable(path, "it is damaged"))
}

/// Makes the accounts the new ones, where they are the old or the new ones.
fn rename_accounts(
    db: &Connection,
    path: &Path,
    old: &Both<AccountUrl>,
    new: &Both<AccountUrl>,
) -> Result<(), LedgerError> {
    db.pragma_update(None, "synchronous", "FULL")?;
    let transaction = db.unchecked_transaction()?;
    let found = accounts(&transaction)?;
    if found != texts(old) && found != texts(new) {
        return Err(LedgerError::OtherAccounts {
            path: path.to_owned(),
            found: format!("{} -> {}", found.source, found.dest),
        });
    }
    let urls = texts(new);
    for (side, url) in [("source", urls.source), ("dest", urls.dest)] {
        transaction.execute("UPDATE account SET url = ?2 WHERE side = ?1", (side, url))?;
    }
    Ok(transaction.commit()?)
}

/// The accounts that a ledger is about.
pub(super) fn accounts(db: &Connection) -> rusqlite::Result<Both<String>> {
    let url = |side| {
        let sql = "SELECT url FROM account WHERE side = ?1";
        db.query_row(sql, [side], |row| row.get(0))
    };
    Ok(Both {
        source: url("source")?,
        dest: url("dest")?,
    })
}

/// As they stand in a ledger.
pub(super) fn texts(urls: &Both<AccountUrl>) -> Both<String> {
    Both {
        source: urls.source.to_string(),
        dest: urls.dest.to_string(),
    }
}

/// Ends with everything in the file itself: a log would be lost under another name.
fn close(db: Connection, path: &Path) -> Result<(), LedgerError> {
    let is_read: bool = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    db.close().map_err(|(_, error)| error)?;
    let log = beside(path, "-wal").metadata();
    if is_read || log.is_ok_and(|log| log.len() > 0) {
        return Err(LedgerError::Busy {
            path: path.to_owned(),
        });
    }
    Ok(())
}

/// Renames the file and makes that durable. Both names are locked, and the new one is free.
fn rename(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::rename(from, to)?;
    for folder in [from, to].map(Path::parent).into_iter().flatten() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn is_missing(path: &Path) -> bool {
    !path.exists() && !beside(path, "-wal").exists()
}

/// Neither a file nor a log without its file.
fn is_free(path: &Path) -> bool {
    is_missing(path) && path.symlink_metadata().is_err()
}
