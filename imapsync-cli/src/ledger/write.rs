//! How the ledger writes: rows in groups, and what must be on disk before something else happens.

use std::cell::Cell;

use rusqlite::{Params, ffi};

use super::error::LedgerError;
use super::file::Ledger;

/// Writes not committed yet, and how many may still succeed.
#[derive(Debug, Default)]
pub(super) struct Writes {
    pending: Cell<u32>,
    left: Option<Cell<u64>>,
    idle: bool,
}

impl Writes {
    /// Every write after so many fails, as on a full disk.
    pub(super) fn failing_after(writes: Option<u64>) -> Self {
        Self {
            pending: Cell::new(0),
            left: writes.map(Cell::new),
            idle: false,
        }
    }

    /// Nothing of what is delivered is written.
    pub(super) const fn idle() -> Self {
        Self {
            pending: Cell::new(0),
            left: None,
            idle: true,
        }
    }

    /// Whether rows of messages are left out.
    pub(super) const fn is_idle(&self) -> bool {
        self.idle
    }

    /// Says that so many rows were written.
    pub(super) fn add(&self, rows: usize) {
        let rows = u32::try_from(rows).unwrap_or(GROUP);
        self.pending.set(self.pending.get().saturating_add(rows));
    }

    /// One step: a statement that changes something, or a commit.
    fn step(&self) -> rusqlite::Result<()> {
        let Some(left) = &self.left else {
            return Ok(());
        };
        match left.get().checked_sub(1) {
            Some(less) => {
                left.set(less);
                Ok(())
            }
            None => Err(rusqlite::Error::SqliteFailure(
                ffi::Error::new(ffi::SQLITE_FULL),
                Some("no more writes are allowed".to_owned()),
            )),
        }
    }
}

impl Ledger {
    /// Commits the rows written so far. They survive the end of the program, and a loss of power
    /// from the next durable statement on.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn commit(&self) -> Result<(), LedgerError> {
        self.write_waiting()?;
        self.writes.pending.set(0);
        if !self.db.is_autocommit() {
            self.writes.step()?;
            self.db.execute_batch("COMMIT")?;
        }
        Ok(())
    }

    /// Changes something: with the group that is open, or else at once. Never before the rows that
    /// wait: a mark must not be there without what it stands for.
    pub(super) fn write(&self, sql: &str, parameters: impl Params) -> Result<usize, LedgerError> {
        self.write_waiting()?;
        self.execute(sql, parameters)
    }

    pub(super) fn execute(&self, sql: &str, parameters: impl Params) -> Result<usize, LedgerError> {
        self.writes.step()?;
        Ok(self.db.prepare_cached(sql)?.execute(parameters)?)
    }

    /// Changes something with the group of rows that becomes durable together.
    pub(super) fn write_in_group(
        &self,
        sql: &str,
        parameters: impl Params,
    ) -> Result<(), LedgerError> {
        self.open_group()?;
        self.write(sql, parameters)?;
        self.writes.add(1);
        self.commit_if_due()
    }

    pub(super) fn open_group(&self) -> Result<(), LedgerError> {
        if self.db.is_autocommit() {
            self.db.execute_batch("BEGIN")?;
        }
        Ok(())
    }

    /// Commits the group when it is large enough.
    pub(super) fn commit_if_due(&self) -> Result<(), LedgerError> {
        if self.writes.pending.get() >= GROUP {
            self.commit()?;
        }
        Ok(())
    }

    /// Makes changes as one, and returns when they and all before them are on the disk.
    pub(super) fn durably(
        &self,
        changes: impl FnOnce() -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        self.commit()?;
        self.db.pragma_update(None, "synchronous", "FULL")?;
        let done = changes().and_then(|()| self.commit());
        if done.is_err() && !self.db.is_autocommit() {
            self.db.execute_batch("ROLLBACK")?;
        }
        self.db.pragma_update(None, "synchronous", "NORMAL")?;
        done
    }
}

/// Rows in one commit at most: what is handed to the destination commits more often.
const GROUP: u32 = 1024;
