//! The UID map: which source message stands under which destination UID, with which flags.

use imap_client_lite::proto::{FlagSet, Uid};
use rusqlite::{OptionalExtension, Row};

use super::error::LedgerError;
use super::file::Ledger;
use super::mailbox::MailboxId;

/// A message that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery<'a> {
    /// Its UID on the source.
    pub source: Uid,
    /// Its UID on the destination, once known.
    pub dest: Option<Uid>,
    /// Its flags on the source as last seen, once known.
    pub flags: Option<&'a FlagSet>,
}

impl Ledger {
    /// Notes a message that arrived. Rows become durable in groups; what is not known now does not
    /// wipe out what was known before.
    ///
    /// # Errors
    /// When SQLite fails; so for all below.
    pub fn deliver(&self, id: MailboxId, delivery: Delivery<'_>) -> Result<(), LedgerError> {
        if self.writes.is_idle() {
            return Ok(());
        }
        let flags = delivery
            .flags
            .map(|flags| self.flag_set(flags))
            .transpose()?;
        self.write_row([
            Some(id.0),
            Some(i64::from(delivery.source)),
            delivery.dest.map(i64::from),
            flags,
        ])
    }

    /// Says that the destination UID of a message is not what was noted.
    pub fn rename_dest(
        &self,
        id: MailboxId,
        source: Uid,
        dest: Option<Uid>,
    ) -> Result<(), LedgerError> {
        if self.writes.is_idle() {
            return Ok(());
        }
        let sql = "UPDATE message SET dest_uid = ?3 WHERE mailbox = ?1 AND source_uid = ?2";
        self.write_in_group(sql, (id.0, i64::from(source), dest.map(i64::from)))
    }

    /// Messages with destination UIDs from `first` on, by those: source UID, destination UID.
    pub fn mapped(&self, id: MailboxId, first: Uid) -> Result<Vec<(Uid, Uid)>, LedgerError> {
        let sql = "SELECT source_uid, dest_uid FROM message
            WHERE mailbox = ?1 AND dest_uid >= ?2 ORDER BY dest_uid, source_uid";
        let mut query = self.whole()?.prepare_cached(sql)?;
        let rows = query.query_map((id.0, i64::from(first)), |row| {
            Ok((uid(row, 0)?, uid(row, 1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Which source message stands under a destination UID.
    pub fn is_mapped_to(&self, id: MailboxId, dest: Uid) -> Result<Option<Uid>, LedgerError> {
        let sql = "SELECT source_uid FROM message WHERE mailbox = ?1 AND dest_uid = ?2
            ORDER BY source_uid LIMIT 1";
        let mut query = self.whole()?.prepare_cached(sql)?;
        let found = query.query_row((id.0, i64::from(dest)), |row| uid(row, 0));
        Ok(found.optional()?)
    }

    /// Whether a source message arrived, and under which UID, as far as that is known.
    pub fn delivered_as(
        &self,
        id: MailboxId,
        source: Uid,
    ) -> Result<Option<Option<Uid>>, LedgerError> {
        let sql = "SELECT dest_uid FROM message WHERE mailbox = ?1 AND source_uid = ?2";
        let mut query = self.whole()?.prepare_cached(sql)?;
        let found = query.query_row((id.0, i64::from(source)), |row| {
            let dest: Option<u32> = row.get(0)?;
            Ok(dest.and_then(Uid::new))
        });
        Ok(found.optional()?)
    }

    /// The flags that a message had on the source when it was last seen, where they are known: words,
    /// separated by blanks.
    pub fn flags_of(&self, id: MailboxId, source: Uid) -> Result<Option<String>, LedgerError> {
        let sql = "SELECT words FROM message JOIN flag_set ON flag_set.id = message.flags
            WHERE mailbox = ?1 AND source_uid = ?2";
        let mut query = self.whole()?.prepare_cached(sql)?;
        let found = query.query_row((id.0, i64::from(source)), |row| row.get(0));
        Ok(found.optional()?)
    }

    /// Shows each destination UID under which several messages stand, and how many they are.
    pub fn each_merged(
        &self,
        id: MailboxId,
        mut show: impl FnMut(Uid, u32) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        let sql =
            "SELECT dest_uid, count(*) FROM message WHERE mailbox = ?1 AND dest_uid IS NOT NULL
            GROUP BY dest_uid HAVING count(*) > 1";
        let mut query = self.whole()?.prepare_cached(sql)?;
        let mut rows = query.query([id.0])?;
        while let Some(row) = rows.next()? {
            show(uid(row, 0)?, row.get(1)?)?;
        }
        Ok(())
    }

    /// Messages that arrived under UIDs which we do not know, in order.
    pub fn unnamed(&self, id: MailboxId) -> Result<Vec<Uid>, LedgerError> {
        let sql = "SELECT source_uid FROM message WHERE mailbox = ?1 AND dest_uid IS NULL ORDER BY source_uid";
        let mut query = self.whole()?.prepare_cached(sql)?;
        let rows = query.query_map([id.0], |row| uid(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many messages were stored under unknown UIDs since the last read-back gave names: each of
    /// them used up a UID.
    pub fn since_read_back(&self, id: MailboxId) -> Result<u64, LedgerError> {
        let sql = format!("SELECT count(*) FROM message WHERE {SINCE_READ_BACK}");
        let count: i64 = self.whole()?.query_row(&sql, [id.0], |row| row.get(0))?;
        Ok(count.try_into().unwrap_or(0))
    }

    /// Forgets those messages: they are not there.
    pub fn forget_since_read_back(&self, id: MailboxId) -> Result<(), LedgerError> {
        let sql = format!("DELETE FROM message WHERE {SINCE_READ_BACK}");
        self.write_in_group(&sql, [id.0])?;
        self.commit()
    }

    /// Which source UIDs from `first` to `last` are accounted for: delivered or refused. Sorted.
    pub fn settled(&self, id: MailboxId, first: Uid, last: Uid) -> Result<Vec<Uid>, LedgerError> {
        let sql =
            "SELECT source_uid FROM message WHERE mailbox = ?1 AND source_uid BETWEEN ?2 AND ?3
            UNION SELECT source_uid FROM refusal WHERE mailbox = ?1 AND source_uid BETWEEN ?2 AND ?3
            ORDER BY source_uid";
        let mut query = self.whole()?.prepare_cached(sql)?;
        let rows = query.query_map((id.0, i64::from(first), i64::from(last)), |row| uid(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many messages of a mailbox are accounted for.
    pub fn settled_count(&self, id: MailboxId) -> Result<u64, LedgerError> {
        let sql = "SELECT (SELECT count(*) FROM message WHERE mailbox = ?1) + (SELECT count(*) FROM refusal WHERE mailbox = ?1)";
        let mut query = self.whole()?.prepare_cached(sql)?;
        let count: i64 = query.query_row([id.0], |row| row.get(0))?;
        Ok(count.try_into().unwrap_or(0))
    }

    /// The number under which a set of flags is kept.
    fn flag_set(&self, flags: &FlagSet) -> Result<i64, LedgerError> {
        if let Some(&id) = self.flag_sets.borrow().get(flags) {
            return Ok(id);
        }
        let mut words: Vec<&str> = flags.words().collect();
        words.sort_unstable();
        let words = words.join(" ");
        let sql = "INSERT INTO flag_set (words) VALUES (?1) ON CONFLICT DO NOTHING";
        self.write_in_group(sql, [&words])?;
        let sql = "SELECT id FROM flag_set WHERE words = ?1";
        let mut query = self.db.prepare_cached(sql)?;
        let id = query.query_row([&words], |row| row.get(0))?;
        let mut known = self.flag_sets.borrow_mut();
        if known.len() >= FLAG_SETS_KNOWN {
            known.clear();
        }
        known.insert(flags.clone(), id);
        Ok(id)
    }
}

/// Messages go out in the order of their UIDs.
const SINCE_READ_BACK: &str = "mailbox = ?1 AND dest_uid IS NULL AND source_uid > coalesce(
    (SELECT source_uid FROM message WHERE mailbox = ?1 AND dest_uid IS NOT NULL ORDER BY source_uid DESC LIMIT 1), 0)";

/// A UID in a row.
pub(super) fn uid(row: &Row<'_>, column: usize) -> rusqlite::Result<Uid> {
    let value: u32 = row.get(column)?;
    Uid::new(value).ok_or(rusqlite::Error::IntegralValueOutOfRange(column, 0))
}

/// Sets of flags that are not looked up again. Mailboxes have a handful; one with thousands must not
/// fill the memory.
const FLAG_SETS_KNOWN: usize = 512;
