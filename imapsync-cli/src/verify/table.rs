//! Both sides' messages of one mailbox as rows of a temporary database on disk, paired off by
//! merging two sorted lists: the memory is bounded whatever the mailbox's size.

use std::cmp::Ordering;
use std::iter::Peekable;

use imap_client_lite::proto::Uid;
use rusqlite::{Connection, Row as SqlRow, Statement};

use super::record::{Column, Record};
use crate::ledger::LedgerError;
use crate::side::{Both, Side};

/// A temporary database, gone with its value.
#[derive(Debug)]
pub(super) struct Table(Connection);

/// Messages of one side that found no partner yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Left {
    /// The table that holds them.
    number: usize,
    /// How many they are, on both sides.
    pub(super) count: u64,
}

impl Table {
    /// With a cache of so many KiB; sorting takes as much again.
    pub(super) fn new(cache_kib: u32) -> Result<Self, LedgerError> {
        // An empty name is a private database in a temporary file.
        let db = Connection::open("")?;
        db.execute_batch(&format!(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;
             PRAGMA cache_size = -{cache_kib}; {}
             CREATE TABLE merged (uid INTEGER PRIMARY KEY, spare INTEGER); BEGIN",
            creation(0)
        ))?;
        Ok(Self(db))
    }

    /// What was read of both sides counts no more, but to tell what the destination held a moment ago.
    pub(super) fn begin_again(&self) -> Result<(), LedgerError> {
        Ok(self.0.execute_batch(&format!(
            "{DROP_INDEXES} DELETE FROM left0 WHERE side <> {DEST};
             UPDATE left0 SET side = {EARLIER} WHERE side = {DEST}"
        ))?)
    }

    /// Forgets everything.
    pub(super) fn clear(&self) -> Result<(), LedgerError> {
        let all = format!("{DROP_INDEXES} DELETE FROM left0; DELETE FROM merged");
        Ok(self.0.execute_batch(&all)?)
    }

    /// Forgets what is left.
    pub(super) fn drop_left(&self, left: Left) -> Result<(), LedgerError> {
        match left.number {
            0 => Ok(()),
            number => Ok(self.0.execute_batch(&format!("DROP TABLE left{number}"))?),
        }
    }

    /// Adds a message.
    pub(super) fn add(&self, side: Side, record: &Record) -> Result<(), LedgerError> {
        self.insert(0, number_of(side), record)
    }

    /// All messages.
    pub(super) fn all(&self) -> Result<Left, LedgerError> {
        let sql = format!("SELECT count(*) FROM left0 WHERE side <> {EARLIER}");
        let count: i64 = self.0.query_row(&sql, [], |row| row.get(0))?;
        Ok(Left {
            number: 0,
            count: count.unsigned_abs(),
        })
    }

    /// Hands out pairs that are equal in these columns, the n-th of one side with the n-th of the
    /// other by UID, and keeps the others. `prepare` sees those that it keeps.
    pub(super) fn pair_off(
        &self,
        from: Left,
        by: &[Column],
        mut pair: impl FnMut(Record, Record) -> Result<(), LedgerError>,
        mut prepare: impl FnMut(Side, &mut Record) -> Result<(), LedgerError>,
    ) -> Result<Left, LedgerError> {
        let to = from.number + 1;
        self.0.execute_batch(&creation(to))?;
        let mut count = 0;
        let mut keep = |side, mut record: Record| {
            prepare(side, &mut record)?;
            count += 1;
            self.insert(to, number_of(side), &record)
        };
        let mut lists = self.sorted(from.number, by)?;
        let mut rows = Both {
            source: records(&mut lists.source)?.peekable(),
            dest: records(&mut lists.dest)?.peekable(),
        };
        while let Some(order) = order(&mut rows, by) {
            let source = if order.is_le() {
                rows.source.next()
            } else {
                None
            };
            let dest = if order.is_ge() {
                rows.dest.next()
            } else {
                None
            };
            match (source.transpose()?, dest.transpose()?) {
                (Some(source), Some(dest)) => pair(source, dest)?,
                (Some(source), None) => keep(Side::Source, source)?,
                (None, Some(dest)) => keep(Side::Dest, dest)?,
                (None, None) => {}
            }
        }
        drop(rows);
        drop(lists);
        if from.number > 0 {
            self.0
                .execute_batch(&format!("DROP TABLE left{}", from.number))?;
        }
        Ok(Left { number: to, count })
    }

    /// Hands out what is left, by side and UID.
    pub(super) fn each_left(
        &self,
        left: Left,
        mut each: impl FnMut(Side, Record) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        for side in [Side::Source, Side::Dest] {
            let mut query = self.0.prepare(&format!(
                "SELECT {COLUMNS} FROM left{} WHERE side = {} ORDER BY uid",
                left.number,
                number_of(side)
            ))?;
            for record in records(&mut query)? {
                each(side, record?)?;
            }
        }
        Ok(())
    }

    /// Whether the destination holds this body under this UID.
    pub(super) fn holds(&self, dest: Uid, like: &Record) -> Result<bool, LedgerError> {
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM left0 WHERE side = {DEST} AND uid = ?1 AND hash = ?2)"
        );
        let mut query = self.0.prepare_cached(&sql)?;
        Ok(query.query_row((i64::from(dest), like.hash), |row| row.get(0))?)
    }

    /// Notes how many messages stand under a UID of the destination.
    pub(super) fn note_merged(&self, dest: Uid, messages: u32) -> Result<(), LedgerError> {
        let sql = "INSERT INTO merged (uid, spare) VALUES (?1, ?2)";
        let mut insert = self.0.prepare_cached(sql)?;
        insert.execute((i64::from(dest), messages.saturating_sub(1)))?;
        Ok(())
    }

    /// Whether one more message than have found it stands under this UID.
    pub(super) fn take_merged(&self, dest: Uid) -> Result<bool, LedgerError> {
        let sql = "UPDATE merged SET spare = spare - 1 WHERE uid = ?1 AND spare > 0";
        let mut update = self.0.prepare_cached(sql)?;
        Ok(update.execute([i64::from(dest)])? > 0)
    }

    /// Takes such a body from those that the destination held when it was read before and holds no
    /// more; `None` where there was none.
    pub(super) fn take_vanished(&self, like: &Record) -> Result<Option<Uid>, LedgerError> {
        let sql = format!(
            "SELECT uid FROM left0 AS earlier WHERE side = {EARLIER} AND hash = ?1 AND octets IS ?2
             AND NOT EXISTS (SELECT 1 FROM left0 WHERE side = {DEST} AND uid = earlier.uid)
             ORDER BY uid LIMIT 1"
        );
        let mut query = self.0.prepare_cached(&sql)?;
        let mut rows = query.query((like.hash, octets(like)))?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let uid: u32 = row.get(0)?;
        drop(rows);
        let sql = format!("DELETE FROM left0 WHERE side = {EARLIER} AND uid = ?1");
        self.0.prepare_cached(&sql)?.execute([uid])?;
        Ok(Uid::new(uid))
    }

    /// Makes the questions above cheap.
    pub(super) fn index(&self) -> Result<(), LedgerError> {
        Ok(self.0.execute_batch(&format!(
            "CREATE INDEX IF NOT EXISTS by_uid ON left0 (side, uid);
             CREATE INDEX IF NOT EXISTS by_hash ON left0 (hash) WHERE side = {EARLIER}",
        ))?)
    }

    fn insert(&self, table: usize, side: u8, record: &Record) -> Result<(), LedgerError> {
        let sql = format!(
            "INSERT INTO left{table} (side, {COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
        );
        self.0.prepare_cached(&sql)?.execute((
            side,
            i64::from(record.uid),
            record.hash,
            record.form,
            record.text,
            record.fields,
            octets(record),
            record.date,
            &record.flags,
            &record.unsendable,
            &record.message_id,
            record.twin.map(i64::from),
        ))?;
        Ok(())
    }

    fn sorted(&self, table: usize, by: &[Column]) -> Result<Both<Statement<'_>>, LedgerError> {
        let columns: Vec<&str> = by.iter().map(|column| column.name()).collect();
        let columns = columns.join(", ");
        let list = |side| {
            self.0.prepare(&format!(
                "SELECT {COLUMNS} FROM left{table} WHERE side = {} ORDER BY {columns}, uid",
                number_of(side)
            ))
        };
        Ok(Both {
            source: list(Side::Source)?,
            dest: list(Side::Dest)?,
        })
    }
}

/// Which of the next two comes first; they are a pair when they are equal. `None` at the end.
fn order<I>(rows: &mut Both<Peekable<I>>, by: &[Column]) -> Option<Ordering>
where
    I: Iterator<Item = rusqlite::Result<Record>>,
{
    Some(match (rows.source.peek(), rows.dest.peek()) {
        (None, None) => return None,
        (Some(Ok(source)), Some(Ok(dest))) => {
            let order = by.iter().map(|column| column.compare(source, dest));
            let order = order.fold(Ordering::Equal, Ordering::then);
            let tells = by.iter().all(|column| column.tells(source));
            // What nobody knows on either side is not equal by that.
            if tells {
                order
            } else {
                order.then(Ordering::Less)
            }
        }
        // An error is handed on.
        (Some(_), None) | (Some(Err(_)), _) => Ordering::Less,
        (None, Some(_)) | (_, Some(Err(_))) => Ordering::Greater,
    })
}

fn records<'a>(
    query: &'a mut Statement<'_>,
) -> rusqlite::Result<impl Iterator<Item = rusqlite::Result<Record>> + 'a> {
    query.query_map([], record)
}

fn record(row: &SqlRow<'_>) -> rusqlite::Result<Record> {
    let octets: Option<i64> = row.get(5)?;
    let twin: Option<u32> = row.get(10)?;
    Ok(Record {
        uid: Uid::new(row.get(0)?).ok_or(rusqlite::Error::IntegralValueOutOfRange(0, 0))?,
        hash: row.get(1)?,
        form: row.get(2)?,
        text: row.get(3)?,
        fields: row.get(4)?,
        octets: octets.map(i64::unsigned_abs),
        date: row.get(6)?,
        flags: row.get(7)?,
        unsendable: row.get(8)?,
        message_id: row.get(9)?,
        twin: twin.and_then(Uid::new),
    })
}

fn octets(record: &Record) -> Option<i64> {
    let octets = record.octets?;
    Some(i64::try_from(octets).unwrap_or(i64::MAX))
}

fn creation(table: usize) -> String {
    format!("CREATE TABLE left{table} (side, {COLUMNS});")
}

const fn number_of(side: Side) -> u8 {
    match side {
        Side::Source => SOURCE,
        Side::Dest => DEST,
    }
}

const DROP_INDEXES: &str = "DROP INDEX IF EXISTS by_uid; DROP INDEX IF EXISTS by_hash;";
const SOURCE: u8 = 0;
const DEST: u8 = 1;
/// The destination as it was read before, where it had to be read again.
const EARLIER: u8 = 2;
const COLUMNS: &str =
    "uid, hash, form, text, fields, octets, date, flags, unsendable, message_id, twin";
