//! Runs and how they ended.

use rusqlite::{Connection, OptionalExtension, Row};

use super::error::LedgerError;
use super::file::Ledger;
use crate::cli::Exit;

/// A run's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RunId(i64);

/// A run. Times are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Run {
    /// When it began.
    pub started: i64,
    /// When it ended; one that was cut off has no end.
    pub ended: Option<i64>,
    /// With which exit code.
    pub exit: Option<u8>,
    /// Messages that it copied.
    pub copied: u64,
    /// Their octets.
    pub octets: u64,
    /// Messages that it found on the destination after a cut.
    pub recovered: u64,
    /// The program's version.
    pub version: String,
}

impl Ledger {
    /// Notes, durably, that a run begins.
    ///
    /// # Errors
    /// When SQLite fails; so for all below.
    pub fn begin_run(&self, now: i64) -> Result<RunId, LedgerError> {
        let sql = "INSERT INTO run (started, version) VALUES (?1, ?2)";
        self.durably(|| self.write_in_group(sql, (now, env!("CARGO_PKG_VERSION"))))?;
        let id = self.db.last_insert_rowid();
        self.run.set(id);
        // From here on the log holds only what this run writes: with an older file it is noticed.
        self.db
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(RunId(id))
    }

    /// Notes how a run ended.
    pub fn end_run(
        &self,
        id: RunId,
        now: i64,
        exit: u8,
        copied: u64,
        octets: u64,
        recovered: u64,
    ) -> Result<(), LedgerError> {
        let sql = "UPDATE run SET ended = ?2, exit = ?3, copied = ?4, octets = ?5, recovered = ?6 WHERE id = ?1";
        let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        let parameters = (
            id.0,
            now,
            exit,
            number(copied),
            number(octets),
            number(recovered),
        );
        self.write_in_group(sql, parameters)?;
        if COMPLETE.contains(&exit) {
            self.forget_replaces()?;
        }
        self.commit()
    }

    /// The last run that began.
    pub fn last_run(&self) -> Result<Option<Run>, LedgerError> {
        let sql = format!("{RUNS} LIMIT 1");
        Ok(self.db.query_row(&sql, [], run).optional()?)
    }

    /// The last runs, the latest first.
    pub fn runs(&self, most: u32) -> Result<Vec<Run>, LedgerError> {
        Ok(newest(&self.db, most)?)
    }
}

/// The last runs, the latest first.
pub(super) fn newest(db: &Connection, most: u32) -> rusqlite::Result<Vec<Run>> {
    let mut query = db.prepare(&format!("{RUNS} LIMIT ?1"))?;
    let rows = query.query_map([most], run)?;
    rows.collect()
}

/// Exit codes of runs that looked at every mailbox.
const COMPLETE: [u8; 2] = [Exit::Complete.code(), Exit::Partial.code()];
const RUNS: &str =
    "SELECT started, ended, exit, copied, octets, recovered, version FROM run ORDER BY id DESC";

fn run(row: &Row<'_>) -> rusqlite::Result<Run> {
    let number = |column| {
        let value: i64 = row.get(column)?;
        Ok::<_, rusqlite::Error>(value.try_into().unwrap_or(0))
    };
    Ok(Run {
        started: row.get(0)?,
        ended: row.get(1)?,
        exit: row.get(2)?,
        copied: number(3)?,
        octets: number(4)?,
        recovered: number(5)?,
        version: row.get(6)?,
    })
}
