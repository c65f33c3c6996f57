//! What the ledger knows of mailboxes and their messages. Plain synchronous functions.

use imap_client_lite::proto::{MailboxName, Uid, UidValidity};
use rusqlite::{OptionalExtension, Row};

use super::error::LedgerError;
use super::file::Ledger;
use crate::mapping::SettledName;

/// A mailbox's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MailboxId(i64);

/// What a row of the UID map stands under: both names, both generations of UIDs.
#[derive(Debug, Clone, Copy)]
pub struct Key<'a> {
    /// The source mailbox.
    pub source: &'a MailboxName,
    /// Its UIDVALIDITY.
    pub source_validity: UidValidity,
    /// The destination mailbox.
    pub dest: &'a MailboxName,
    /// Its UIDVALIDITY.
    pub dest_validity: UidValidity,
}

/// How far a destination mailbox is accounted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailboxRow {
    /// Its row.
    pub id: MailboxId,
    /// Every destination UID below this one is accounted for.
    pub mark: Uid,
    /// Whether appends may have been under way when the last run ended.
    pub open: bool,
    /// Every source UID below this one is accounted for.
    pub source_next: Uid,
}

/// A message that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    /// Its UID on the source.
    pub source: Uid,
    /// Its UID on the destination, once known.
    pub dest: Option<Uid>,
}

/// A message that the destination does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Its UID on the source.
    pub source: Uid,
    /// Its octets, if known.
    pub octets: Option<u64>,
    /// The server's words.
    pub reason: String,
}

impl Ledger {
    /// Whether nothing was ever copied.
    ///
    /// # Errors
    /// When SQLite fails; so for all below.
    pub fn is_new(&self) -> Result<bool, LedgerError> {
        Ok(self
            .db
            .query_row("SELECT NOT EXISTS (SELECT 1 FROM mailbox)", [], |row| {
                row.get(0)
            })?)
    }

    /// The destination names that were settled for good: wire names, source first.
    pub fn names(&self) -> Result<Vec<SettledName>, LedgerError> {
        let mut query = self.db.prepare("SELECT source, dest FROM name")?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Settles a destination name for good.
    pub fn keep_name(&self, source: &MailboxName, dest: &MailboxName) -> Result<(), LedgerError> {
        let sql = "INSERT OR IGNORE INTO name VALUES (?1, ?2)";
        self.db.execute(sql, (source.as_wire(), dest.as_wire()))?;
        Ok(())
    }

    /// What is known of a pair of mailboxes.
    pub fn mailbox(&self, key: Key<'_>) -> Result<Option<MailboxRow>, LedgerError> {
        let sql = "SELECT id, mark, open, source_next FROM mailbox
            WHERE source = ?1 AND source_uid_validity = ?2 AND dest = ?3 AND dest_uid_validity = ?4";
        let parameters = (
            key.source.as_wire(),
            i64::from(key.source_validity),
            key.dest.as_wire(),
            i64::from(key.dest_validity),
        );
        Ok(self
            .db
            .prepare_cached(sql)?
            .query_row(parameters, mailbox_row)
            .optional()?)
    }

    /// Starts the account of an empty destination mailbox: nothing below `mark` is ours.
    pub fn begin_mailbox(&self, key: Key<'_>, mark: Uid) -> Result<MailboxRow, LedgerError> {
        let sql = "INSERT INTO mailbox (source, source_uid_validity, dest, dest_uid_validity, mark)
            VALUES (?1, ?2, ?3, ?4, ?5)";
        let parameters = (
            key.source.as_wire(),
            i64::from(key.source_validity),
            key.dest.as_wire(),
            i64::from(key.dest_validity),
            i64::from(mark),
        );
        // Not RETURNING: what goes wrong at the commit behind the row would not be seen.
        self.db.execute(sql, parameters)?;
        let row = self.mailbox(key)?;
        row.ok_or(LedgerError::Sqlite(rusqlite::Error::QueryReturnedNoRows))
    }

    /// Says, durably, that appends are under way from here on.
    pub fn open_mailbox(&self, id: MailboxId) -> Result<(), LedgerError> {
        self.commit()?;
        self.db.pragma_update(None, "synchronous", "FULL")?;
        let done = self
            .db
            .execute("UPDATE mailbox SET open = 1 WHERE id = ?1", [id.0]);
        self.db.pragma_update(None, "synchronous", "NORMAL")?;
        done?;
        Ok(())
    }

    /// Says that no append is under way and everything below these UIDs is accounted for.
    pub fn close_mailbox(
        &self,
        id: MailboxId,
        mark: Uid,
        source_next: Option<Uid>,
    ) -> Result<(), LedgerError> {
        let sql = "UPDATE mailbox SET open = 0, mark = max(mark, ?2), source_next = max(source_next, ?3) WHERE id = ?1";
        self.begin()?;
        self.db.execute(
            sql,
            (id.0, i64::from(mark), source_next.map_or(1, i64::from)),
        )?;
        self.commit()
    }

    /// Says that every destination UID below `mark` is accounted for. An older mark would only mean
    /// more to look at.
    pub fn move_mark(&self, id: MailboxId, mark: Uid) -> Result<(), LedgerError> {
        let sql = "UPDATE mailbox SET mark = max(mark, ?2) WHERE id = ?1";
        self.db
            .prepare_cached(sql)?
            .execute((id.0, i64::from(mark)))?;
        Ok(())
    }

    /// Notes a message that arrived. Rows become durable in groups.
    pub fn deliver(&self, id: MailboxId, delivery: Delivery) -> Result<(), LedgerError> {
        self.begin()?;
        let sql = "INSERT INTO message VALUES (?1, ?2, ?3)
            ON CONFLICT DO UPDATE SET dest_uid = coalesce(excluded.dest_uid, dest_uid)";
        self.db.prepare_cached(sql)?.execute((
            id.0,
            i64::from(delivery.source),
            delivery.dest.map(i64::from),
        ))?;
        self.pending.set(self.pending.get() + 1);
        if self.pending.get() >= GROUP {
            self.commit()?;
        }
        Ok(())
    }

    /// Remembers a message that the destination does not take, so that it is not tried again.
    pub fn refuse(&self, id: MailboxId, refusal: &Refusal) -> Result<(), LedgerError> {
        let sql = "INSERT OR REPLACE INTO refusal VALUES (?1, ?2, ?3, ?4)";
        let octets = refusal.octets.and_then(|octets| i64::try_from(octets).ok());
        self.db.execute(
            sql,
            (id.0, i64::from(refusal.source), octets, &refusal.reason),
        )?;
        Ok(())
    }

    /// The refusals remembered for a mailbox.
    pub fn refusals(&self, id: MailboxId) -> Result<Vec<Refusal>, LedgerError> {
        let mut query = self
            .db
            .prepare_cached("SELECT source_uid, octets, reason FROM refusal WHERE mailbox = ?1")?;
        let rows = query.query_map([id.0], |row| {
            let octets: Option<i64> = row.get(1)?;
            Ok(Refusal {
                source: uid(row, 0)?,
                octets: octets.and_then(|n| n.try_into().ok()),
                reason: row.get(2)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Source mailboxes of which messages are refused: wire names.
    pub fn refused_names(&self) -> Result<std::collections::HashSet<Vec<u8>>, LedgerError> {
        let sql =
            "SELECT DISTINCT source FROM refusal JOIN mailbox ON mailbox.id = refusal.mailbox";
        let mut query = self.db.prepare_cached(sql)?;
        let rows = query.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Which source UIDs from `first` to `last` are accounted for: delivered or refused. Sorted.
    pub fn settled(&self, id: MailboxId, first: Uid, last: Uid) -> Result<Vec<Uid>, LedgerError> {
        let sql =
            "SELECT source_uid FROM message WHERE mailbox = ?1 AND source_uid BETWEEN ?2 AND ?3
            UNION SELECT source_uid FROM refusal WHERE mailbox = ?1 AND source_uid BETWEEN ?2 AND ?3
            ORDER BY source_uid";
        let mut query = self.db.prepare_cached(sql)?;
        let rows = query.query_map((id.0, i64::from(first), i64::from(last)), |row| uid(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Which destination UIDs from `first` on are in the map.
    pub fn mapped(
        &self,
        id: MailboxId,
        first: Uid,
    ) -> Result<std::collections::HashSet<Uid>, LedgerError> {
        let sql = "SELECT dest_uid FROM message WHERE mailbox = ?1 AND dest_uid >= ?2";
        let mut query = self.db.prepare_cached(sql)?;
        let rows = query.query_map((id.0, i64::from(first)), |row| uid(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Messages that arrived under UIDs which we do not know, in order.
    pub fn unknown_uids(&self, id: MailboxId) -> Result<Vec<Uid>, LedgerError> {
        let sql = "SELECT source_uid FROM message WHERE mailbox = ?1 AND dest_uid IS NULL ORDER BY source_uid";
        let mut query = self.db.prepare_cached(sql)?;
        let rows = query.query_map([id.0], |row| uid(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many messages of a mailbox are accounted for.
    pub fn settled_count(&self, id: MailboxId) -> Result<u64, LedgerError> {
        let sql = "SELECT (SELECT count(*) FROM message WHERE mailbox = ?1) + (SELECT count(*) FROM refusal WHERE mailbox = ?1)";
        let count: i64 = self
            .db
            .prepare_cached(sql)?
            .query_row([id.0], |row| row.get(0))?;
        Ok(count.try_into().unwrap_or(0))
    }

    fn begin(&self) -> Result<(), LedgerError> {
        if self.db.is_autocommit() {
            self.db.execute_batch("BEGIN")?;
        }
        Ok(())
    }

    /// Commits the rows written so far.
    pub fn commit(&self) -> Result<(), LedgerError> {
        self.pending.set(0);
        if !self.db.is_autocommit() {
            self.db.execute_batch("COMMIT")?;
        }
        Ok(())
    }
}

fn mailbox_row(row: &Row<'_>) -> rusqlite::Result<MailboxRow> {
    Ok(MailboxRow {
        id: MailboxId(row.get(0)?),
        mark: uid(row, 1)?,
        open: row.get(2)?,
        source_next: uid(row, 3)?,
    })
}

fn uid(row: &Row<'_>, column: usize) -> rusqlite::Result<Uid> {
    let value: u32 = row.get(column)?;
    Uid::new(value).ok_or(rusqlite::Error::IntegralValueOutOfRange(column, 0))
}

/// Rows in one commit.
const GROUP: u32 = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_noticed_before_the_first_append() {
        let ledger = Ledger::in_memory().expect("SQLite");
        let pages: i64 = ledger
            .db
            .pragma_query_value(None, "page_count", |row| row.get(0))
            .expect("a number");
        ledger
            .db
            .pragma_update(None, "max_page_count", pages)
            .expect("a limit");
        let validity = UidValidity::new(1).expect("above zero");
        let begun = (1..10_000).try_for_each(|number| {
            let name = MailboxName::from_wire(format!("mailbox {number}").into_bytes());
            let name = name.expect("fit to be sent");
            let key = Key {
                source: &name,
                source_validity: validity,
                dest: &name,
                dest_validity: validity,
            };
            let row = ledger.begin_mailbox(key, Uid::new(1).expect("above zero"))?;
            assert!(ledger.mailbox(key)?.is_some_and(|known| known == row));
            Ok::<_, LedgerError>(())
        });
        let error = begun.expect_err("the disk is full").to_string();
        assert!(error.contains("full"), "{error}");
    }
}
