//! Rows on their way into the UID map. They wait here until one statement can write many of them,
//! which costs a third of a statement each; whatever else reads or changes the ledger writes them
//! first, so nobody sees the difference.

use std::cell::RefCell;
use std::sync::LazyLock;

use rusqlite::{Connection, params_from_iter};

use super::error::LedgerError;
use super::file::Ledger;

/// A row of the UID map: mailbox, source UID, destination UID, set of flags.
pub(super) type Row = [Option<i64>; 4];

/// Rows that no statement has written yet.
#[derive(Debug, Default)]
pub(super) struct Waiting(RefCell<Vec<Row>>);

impl Ledger {
    /// Adds a row to the group that becomes durable together.
    pub(super) fn write_row(&self, row: Row) -> Result<(), LedgerError> {
        let waiting = {
            let mut rows = self.waiting.0.borrow_mut();
            rows.push(row);
            rows.len()
        };
        if waiting < MANY {
            return Ok(());
        }
        self.write_waiting()?;
        self.commit_if_due()
    }

    /// Writes the rows that wait, with the group that is open.
    pub(super) fn write_waiting(&self) -> Result<(), LedgerError> {
        if self.waiting.0.borrow().is_empty() {
            return Ok(());
        }
        self.open_group()?;
        // Those that cannot be written are lost, as if they had never arrived: they are compared.
        let mut rows = self.waiting.0.take();
        let (many, few) = rows.as_chunks::<MANY>();
        for rows in many {
            self.write_rows(&UPSERT_MANY, rows)?;
        }
        for row in few {
            self.write_rows(&UPSERT_ONE, std::slice::from_ref(row))?;
        }
        rows.clear();
        self.waiting.0.replace(rows);
        Ok(())
    }

    fn write_rows(&self, sql: &str, rows: &[Row]) -> Result<(), LedgerError> {
        self.execute(sql, params_from_iter(rows.iter().flatten()))?;
        self.writes.add(rows.len());
        Ok(())
    }

    /// The database, with all rows in it.
    pub(super) fn whole(&self) -> Result<&Connection, LedgerError> {
        self.write_waiting()?;
        Ok(&self.db)
    }
}

/// What is not known now does not wipe out what was known before.
fn upsert(rows: usize) -> String {
    let places = vec!["(?, ?, ?, ?)"; rows].join(", ");
    format!(
        "INSERT INTO message (mailbox, source_uid, dest_uid, flags) VALUES {places} ON CONFLICT DO UPDATE SET
        dest_uid = coalesce(excluded.dest_uid, dest_uid), flags = coalesce(excluded.flags, flags)"
    )
}

/// Rows in one statement.
const MANY: usize = 64;
static UPSERT_MANY: LazyLock<String> = LazyLock::new(|| upsert(MANY));
static UPSERT_ONE: LazyLock<String> = LazyLock::new(|| upsert(1));

#[cfg(test)]
mod tests {
    use imap_client_lite::proto::{MailboxName, Uid, UidValidity};

    use super::super::{Beginning, Delivery, Key, MailboxRow};
    use super::*;

    fn uid(value: u32) -> Uid {
        Uid::new(value).expect("above zero")
    }

    fn ledger() -> (Ledger, MailboxRow) {
        let ledger = Ledger::in_memory().expect("SQLite");
        let name = MailboxName::from_wire(b"INBOX".to_vec()).expect("fit to be sent");
        let validity = UidValidity::new(1).expect("above zero");
        let key = Key {
            source: &name,
            source_validity: validity,
            dest: &name,
            dest_validity: validity,
        };
        let row = ledger
            .begin_mailbox(key, uid(1), Beginning::Empty)
            .expect("begun");
        (ledger, row)
    }

    fn deliver(ledger: &Ledger, row: MailboxRow, source: u32, dest: Option<u32>) {
        let delivery = Delivery {
            source: uid(source),
            dest: dest.map(uid),
            flags: None,
        };
        ledger.deliver(row.id, delivery).expect("written");
    }

    /// Rows that a statement has written.
    fn written(ledger: &Ledger) -> i64 {
        let sql = "SELECT count(*) FROM message";
        let count = ledger.db.query_row(sql, [], |row| row.get(0));
        count.expect("a number")
    }

    #[test]
    fn whoever_reads_sees_the_rows_that_wait() {
        let (ledger, row) = ledger();
        type Read = fn(&Ledger, MailboxRow) -> Result<usize, LedgerError>;
        let reads: [Read; 5] = [
            |ledger, row| Ok(ledger.mapped(row.id, uid(1))?.len()),
            |ledger, row| Ok(ledger.settled_count(row.id)? as usize),
            |ledger, row| Ok(ledger.settled(row.id, uid(1), uid(9))?.len()),
            |ledger, row| Ok(ledger.is_mapped_to(row.id, uid(4))?.map_or(0, |_| 4)),
            |ledger, row| Ok(ledger.unnamed(row.id)?.len()),
        ];
        for (number, read) in (1..).zip(reads) {
            let dest = (number < 5).then_some(number);
            deliver(&ledger, row, number, dest);
            let wanted = if number < 5 { number as usize } else { 1 };
            assert_eq!(read(&ledger, row).expect("read"), wanted);
        }
    }

    #[test]
    fn a_mark_never_moves_before_the_rows_that_it_stands_for() {
        let (ledger, row) = ledger();
        deliver(&ledger, row, 1, Some(1));
        assert_eq!(written(&ledger), 0);
        ledger.move_mark(row.id, uid(2)).expect("written");
        assert_eq!(written(&ledger), 1);
    }

    #[test]
    fn what_came_later_counts_whatever_statement_wrote_it() {
        let (ledger, row) = ledger();
        let many = u32::try_from(MANY).expect("few");
        for source in 1..many {
            deliver(&ledger, row, source, None);
        }
        deliver(&ledger, row, 1, Some(9));
        assert_eq!(
            written(&ledger),
            i64::from(many) - 1,
            "one statement wrote all"
        );
        deliver(&ledger, row, 2, Some(10));
        deliver(&ledger, row, 1, None);
        ledger
            .rename_dest(row.id, uid(2), Some(uid(11)))
            .expect("written");
        let named = ledger.mapped(row.id, uid(1)).expect("read");
        assert_eq!(named, [(uid(1), uid(9)), (uid(2), uid(11))]);
    }
}
