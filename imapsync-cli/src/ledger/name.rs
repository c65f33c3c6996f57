//! Destination names that were settled for good.

use imap_client_lite::proto::MailboxName;

use super::error::LedgerError;
use super::file::Ledger;
use crate::mapping::SettledName;

impl Ledger {
    /// The destination names that were settled for good: wire names, source first.
    ///
    /// # Errors
    /// When SQLite fails; so for all below.
    pub fn names(&self) -> Result<Vec<SettledName>, LedgerError> {
        let mut query = self.db.prepare("SELECT source, dest FROM name")?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Settles a destination name for good.
    pub fn keep_name(&self, source: &MailboxName, dest: &MailboxName) -> Result<(), LedgerError> {
        let sql = "INSERT OR IGNORE INTO name (source, dest) VALUES (?1, ?2)";
        self.write(sql, (source.as_wire(), dest.as_wire()))
            .map(drop)
    }
}
