//! Pairs of mailboxes: how far each is accounted for.

use imap_client_lite::proto::{MailboxName, Uid, UidValidity};
use rusqlite::{OptionalExtension, Row};

use super::error::LedgerError;
use super::file::Ledger;
use super::message::uid;

/// A mailbox's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MailboxId(pub(super) i64);

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
    /// Source messages up to this UID may have been handed to the destination: those of them that
    /// the map does not know are in flight.
    pub sent_to: Option<Uid>,
}

/// What a destination mailbox holds when its account begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    /// Nothing: its account is settled up to the mark.
    Empty,
    /// Mail that may be ours: all from the mark on is in doubt.
    InDoubt,
}

impl Ledger {
    /// Whether nothing was ever copied.
    ///
    /// # Errors
    /// When SQLite fails; so for all below.
    pub fn is_new(&self) -> Result<bool, LedgerError> {
        let sql = "SELECT NOT EXISTS (SELECT 1 FROM mailbox)";
        Ok(self.db.query_row(sql, [], |row| row.get(0))?)
    }

    /// What is known of a pair of mailboxes.
    pub fn mailbox(&self, key: Key<'_>) -> Result<Option<MailboxRow>, LedgerError> {
        let sql = "SELECT id, mark, open, source_next, nullif(sent_to, 0) FROM mailbox
            WHERE source = ?1 AND source_uid_validity = ?2 AND dest = ?3 AND dest_uid_validity = ?4";
        let parameters = (
            key.source.as_wire(),
            i64::from(key.source_validity),
            key.dest.as_wire(),
            i64::from(key.dest_validity),
        );
        let mut query = self.db.prepare_cached(sql)?;
        Ok(query.query_row(parameters, mailbox_row).optional()?)
    }

    /// What is known of a destination mailbox, from all sources that it had: one that was renamed
    /// leaves its mail to the next.
    pub fn dest_mailboxes(
        &self,
        dest: &MailboxName,
        validity: UidValidity,
    ) -> Result<Vec<MailboxRow>, LedgerError> {
        let sql = "SELECT id, mark, open, source_next, nullif(sent_to, 0) FROM mailbox
            WHERE dest = ?1 AND dest_uid_validity = ?2 ORDER BY id";
        let mut query = self.db.prepare_cached(sql)?;
        let parameters = (dest.as_wire(), i64::from(validity));
        let rows = query.query_map(parameters, mailbox_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether the account of these two mailboxes was ever begun, under any UIDVALIDITY.
    pub fn knows(&self, source: &MailboxName, dest: &MailboxName) -> Result<bool, LedgerError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM mailbox WHERE source = ?1 AND dest = ?2)";
        let mut query = self.db.prepare_cached(sql)?;
        Ok(query.query_row((source.as_wire(), dest.as_wire()), |row| row.get(0))?)
    }

    /// Begins the account of a destination mailbox: nothing below `mark` is ours. One that is in
    /// doubt is durably so when this returns.
    pub fn begin_mailbox(
        &self,
        key: Key<'_>,
        mark: Uid,
        beginning: Beginning,
    ) -> Result<MailboxRow, LedgerError> {
        let sql =
            "INSERT INTO mailbox (source, source_uid_validity, dest, dest_uid_validity, mark, open)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let parameters = (
            key.source.as_wire(),
            i64::from(key.source_validity),
            key.dest.as_wire(),
            i64::from(key.dest_validity),
            i64::from(mark),
            beginning == Beginning::InDoubt,
        );
        // Not RETURNING: what goes wrong at the commit behind the row would not be seen.
        match beginning {
            Beginning::Empty => self.write(sql, parameters).map(drop)?,
            Beginning::InDoubt => self.durably(|| self.write_in_group(sql, parameters))?,
        }
        let row = self.mailbox(key)?;
        row.ok_or(LedgerError::Sqlite(rusqlite::Error::QueryReturnedNoRows))
    }

    /// Says, durably, that appends are under way from here on.
    pub fn open_mailbox(&self, id: MailboxId) -> Result<(), LedgerError> {
        let sql = "UPDATE mailbox SET open = 1, run = ?2 WHERE id = ?1";
        self.durably(|| self.write_in_group(sql, (id.0, self.run.get())))
    }

    /// Says that no append is under way and everything below these UIDs is accounted for.
    pub fn close_mailbox(
        &self,
        id: MailboxId,
        mark: Uid,
        source_next: Option<Uid>,
    ) -> Result<(), LedgerError> {
        let sql = "UPDATE mailbox SET open = 0, mark = max(mark, ?2),
            source_next = max(source_next, ?3), sent_to = 0, run = ?4 WHERE id = ?1";
        let source_next = source_next.map_or(1, i64::from);
        self.write_in_group(sql, (id.0, i64::from(mark), source_next, self.run.get()))?;
        self.commit()
    }

    /// Says that every destination UID below `mark` is accounted for. An older mark would only mean
    /// more to look at.
    pub fn move_mark(&self, id: MailboxId, mark: Uid) -> Result<(), LedgerError> {
        if self.writes.is_idle() {
            return Ok(());
        }
        let sql = "UPDATE mailbox SET mark = max(mark, ?2) WHERE id = ?1";
        self.write(sql, (id.0, i64::from(mark))).map(drop)
    }

    /// Says that source messages up to this UID are about to be handed to the destination.
    pub fn sent_to(&self, id: MailboxId, source: Uid) -> Result<(), LedgerError> {
        if self.writes.is_idle() {
            return Ok(());
        }
        let sql = "UPDATE mailbox SET sent_to = max(sent_to, ?2) WHERE id = ?1";
        self.write_in_group(sql, (id.0, i64::from(source)))?;
        self.commit()
    }

    /// Says, durably, that the map of a mailbox is worth nothing: all of the destination is in doubt.
    pub fn void(&self, id: MailboxId) -> Result<(), LedgerError> {
        self.durably(|| {
            self.write_in_group("DELETE FROM message WHERE mailbox = ?1", [id.0])?;
            let sql =
                "UPDATE mailbox SET mark = 1, open = 1, source_next = 1, sent_to = 0 WHERE id = ?1";
            self.write_in_group(sql, [id.0])
        })
    }
}

fn mailbox_row(row: &Row<'_>) -> rusqlite::Result<MailboxRow> {
    let sent_to: Option<u32> = row.get(4)?;
    Ok(MailboxRow {
        id: MailboxId(row.get(0)?),
        mark: uid(row, 1)?,
        open: row.get(2)?,
        source_next: uid(row, 3)?,
        sent_to: sent_to.and_then(Uid::new),
    })
}

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
            let mark = Uid::new(1).expect("above zero");
            let row = ledger.begin_mailbox(key, mark, Beginning::Empty)?;
            assert!(ledger.mailbox(key)?.is_some_and(|known| known == row));
            Ok::<_, LedgerError>(())
        });
        let error = begun.expect_err("the disk is full").to_string();
        assert!(error.contains("full"), "{error}");
    }
}
