//! Both sides' messages of one mailbox as rows, compared as multisets by SQLite: the memory is
//! bounded whatever the mailbox's size.

use imap_client_lite::proto::Uid;
use rusqlite::{Connection, Row as SqlRow};

use super::outcome::{Finding, FoundMessage};
use crate::ledger::LedgerError;
use crate::side::Side;
use crate::transfer::{Digest, Envelope};

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    uid: Uid,
    hash: [u8; 32],
    octets: u64,
    date: Option<i64>,
    flags: String,
}

impl Row {
    /// What is compared: body, date as an instant, flags with keywords in lower case.
    pub(super) fn new(envelope: &Envelope, digest: &Digest) -> Self {
        let words = envelope.flags.words();
        let words = words.chain(envelope.unsendable.iter().map(String::as_str));
        let mut flags: Vec<String> = words.map(str::to_ascii_lowercase).collect();
        flags.sort_unstable();
        Self {
            uid: envelope.uid,
            hash: digest.exact,
            octets: digest.octets,
            date: envelope.internal_date.map(|date| date.unix_seconds()),
            flags: flags.join(" "),
        }
    }
}

/// A temporary table on disk, gone with its value.
#[derive(Debug)]
pub(super) struct Table(Connection);

impl Table {
    pub(super) fn new() -> Result<Self, LedgerError> {
        // An empty name is a private database in a temporary file.
        let db = Connection::open("")?;
        db.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4096;
             CREATE TABLE message (side INTEGER, uid INTEGER, hash BLOB, octets INTEGER, date INTEGER, flags TEXT);
             BEGIN",
        )?;
        Ok(Self(db))
    }

    pub(super) fn add(&self, side: Side, row: &Row) -> Result<(), LedgerError> {
        let mut insert = self
            .0
            .prepare_cached("INSERT INTO message VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
        let octets = i64::try_from(row.octets).unwrap_or(i64::MAX);
        insert.execute((
            side == Side::Dest,
            i64::from(row.uid),
            row.hash,
            octets,
            row.date,
            &row.flags,
        ))?;
        Ok(())
    }

    /// What is not the same on both sides. Equal messages are paired off first, then those with
    /// equal bodies, then those with equal size, date and flags, whose bodies must differ.
    pub(super) fn findings(&self, mailbox: &str) -> Result<Vec<Finding>, LedgerError> {
        let mut findings = Vec::new();
        let pair = |by: &str| self.pair_off(by);
        pair("hash, date, flags")?;
        for (source, dest) in pair("hash")? {
            findings.push(Finding::Differs {
                mailbox: mailbox.to_owned(),
                source,
                dest,
            });
        }
        for (source, dest) in pair("octets, date, flags")? {
            findings.push(Finding::Altered {
                mailbox: mailbox.to_owned(),
                source,
                dest,
            });
        }
        for (side, message) in self.left()? {
            let mailbox = mailbox.to_owned();
            findings.push(match side {
                Side::Source => Finding::Missing { mailbox, message },
                Side::Dest => Finding::Extra { mailbox, message },
            });
        }
        Ok(findings)
    }

    /// Takes out the messages that are equal in these columns, the n-th of one side with the n-th
    /// of the other; returns them unless they are equal in all.
    fn pair_off(&self, columns: &str) -> Result<Vec<(FoundMessage, FoundMessage)>, LedgerError> {
        let same = columns
            .split(", ")
            .map(|column| format!("s.{column} IS d.{column}"))
            .collect::<Vec<_>>()
            .join(" AND ");
        self.0.execute_batch(&format!(
            "CREATE TEMP TABLE numbered AS SELECT rowid AS id, side, uid, hash, octets, date, flags,
                 row_number() OVER (PARTITION BY side, {columns} ORDER BY uid) AS n FROM message;
             CREATE INDEX temp.numbered_by ON numbered ({columns}, n);
             CREATE TEMP TABLE pair AS SELECT s.id AS source, d.id AS dest FROM numbered s JOIN numbered d
                 ON {same} AND s.n = d.n WHERE s.side = 0 AND d.side = 1;"
        ))?;
        let mut pairs = Vec::new();
        if columns != "hash, date, flags" {
            let mut query = self.0.prepare(
                "SELECT s.uid, s.octets, s.date, s.flags, d.uid, d.octets, d.date, d.flags FROM pair
                 JOIN message s ON s.rowid = pair.source JOIN message d ON d.rowid = pair.dest ORDER BY s.uid",
            )?;
            let rows = query.query_map([], |row| Ok((found(row, 0)?, found(row, 4)?)))?;
            pairs = rows.collect::<Result<_, _>>()?;
        }
        self.0.execute_batch(
            "DELETE FROM message WHERE rowid IN (SELECT source FROM pair UNION ALL SELECT dest FROM pair);
             DROP TABLE pair; DROP TABLE numbered;",
        )?;
        Ok(pairs)
    }

    fn left(&self) -> Result<Vec<(Side, FoundMessage)>, LedgerError> {
        let mut query = self
            .0
            .prepare("SELECT side, uid, octets, date, flags FROM message ORDER BY side, uid")?;
        let rows = query.query_map([], |row| {
            let side = if row.get(0)? {
                Side::Dest
            } else {
                Side::Source
            };
            Ok((side, found(row, 1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// The four columns from `first` on.
fn found(row: &SqlRow<'_>, first: usize) -> rusqlite::Result<FoundMessage> {
    let octets: i64 = row.get(first + 1)?;
    Ok(FoundMessage {
        uid: row.get(first)?,
        octets: u64::try_from(octets).unwrap_or(0),
        unix_seconds: row.get(first + 2)?,
        flags: row.get(first + 3)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(uid: u32, body: u8, date: i64, flags: &str) -> Row {
        Row {
            uid: Uid::new(uid).expect("above zero"),
            hash: [body; 32],
            octets: 10,
            date: Some(date),
            flags: flags.to_owned(),
        }
    }

    fn findings(source: &[Row], dest: &[Row]) -> Vec<String> {
        let table = Table::new().expect("a temporary table");
        source
            .iter()
            .try_for_each(|row| table.add(Side::Source, row))
            .expect("rows");
        dest.iter()
            .try_for_each(|row| table.add(Side::Dest, row))
            .expect("rows");
        let name = |finding: Finding| match finding {
            Finding::Differs { source, dest, .. } => format!("differs {} {}", source.uid, dest.uid),
            Finding::Altered { source, dest, .. } => format!("altered {} {}", source.uid, dest.uid),
            Finding::Missing { message, .. } => format!("missing {}", message.uid),
            Finding::Extra { message, .. } => format!("extra {}", message.uid),
            other => format!("{other:?}"),
        };
        table
            .findings("INBOX")
            .expect("compared")
            .into_iter()
            .map(name)
            .collect()
    }

    #[test]
    fn multisets_compare() {
        let same = [row(1, 1, 5, ""), row(2, 1, 5, ""), row(3, 2, 5, "\\seen")];
        assert!(
            findings(
                &same,
                &[row(9, 2, 5, "\\seen"), row(8, 1, 5, ""), row(7, 1, 5, "")]
            )
            .is_empty()
        );
        assert_eq!(findings(&same, &same[1..]), ["missing 2"]);
        assert_eq!(findings(&same[..1], &same[..2]), ["extra 2"]);
        assert_eq!(
            findings(&[row(1, 1, 5, "")], &[row(4, 1, 6, "")]),
            ["differs 1 4"]
        );
        assert_eq!(
            findings(&[row(1, 1, 5, "")], &[row(4, 1, 5, "a")]),
            ["differs 1 4"]
        );
        assert_eq!(
            findings(&[row(1, 1, 5, "a")], &[row(4, 2, 5, "a")]),
            ["altered 1 4"]
        );
        assert_eq!(
            findings(&[row(1, 1, 5, "a")], &[row(4, 2, 6, "a")]),
            ["missing 1", "extra 4"]
        );
    }
}
