//! The ledger's tables, and the way from older versions to them.

use rusqlite::Connection;

/// The version of [`SCHEMA`]; stands in `PRAGMA user_version`.
pub(crate) const VERSION: i64 = 2;

/// Marks our files, in `PRAGMA application_id`: "IMSY".
pub(crate) const APPLICATION_ID: i32 = 0x494d_5359;

/// Makes the tables in an empty file, in one transaction.
pub(super) fn create(db: &Connection) -> rusqlite::Result<()> {
    in_one_transaction(db, SCHEMA)
}

/// Brings a file of version 1 to the present, in one transaction: the old tables step aside, the
/// new ones take over their rows.
pub(super) fn migrate_from_1(db: &Connection) -> rusqlite::Result<()> {
    in_one_transaction(db, &format!("{STEP_ASIDE}{SCHEMA}{TAKE_OVER}"))
}

fn in_one_transaction(db: &Connection, statements: &str) -> rusqlite::Result<()> {
    let marks =
        format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION};");
    let done = db.execute_batch(&format!("BEGIN IMMEDIATE; {statements} {marks} COMMIT;"));
    if done.is_err() && !db.is_autocommit() {
        db.execute_batch("ROLLBACK")?;
    }
    done
}

/// Names are wire bytes, times are seconds since 1970.
///
/// - `mailbox`: every destination UID below `mark` is accounted for, and every source UID below
///   `source_next`. `open` is 1 while appends may be under way. Source messages up to `sent_to`
///   may have been handed to the destination; those of them that are not in `message` are in
///   flight (0: none). `run` is the last one that opened or closed it: a row that is younger than
///   the last row of `run` comes from another state of the file.
/// - `message`: what was delivered. `dest_uid` is NULL where the server did not name the UID,
///   `flags` are those of the source as last seen, NULL where they are not known.
/// - `refusal`: what the destination does not take.
/// - `trait`: what is known of the destination server.
/// - `run`: one without `ended` was cut off.
pub(crate) const SCHEMA: &str = "
CREATE TABLE account (
    side TEXT PRIMARY KEY,
    url  TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE name (
    source BLOB PRIMARY KEY,
    dest   BLOB NOT NULL UNIQUE
) WITHOUT ROWID;
CREATE TABLE mailbox (
    id                  INTEGER PRIMARY KEY,
    source              BLOB NOT NULL,
    source_uid_validity INTEGER NOT NULL,
    dest                BLOB NOT NULL,
    dest_uid_validity   INTEGER NOT NULL,
    mark                INTEGER NOT NULL CHECK (mark BETWEEN 1 AND 4294967295),
    open                INTEGER NOT NULL DEFAULT 0 CHECK (open BETWEEN 0 AND 1),
    source_next         INTEGER NOT NULL DEFAULT 1 CHECK (source_next BETWEEN 1 AND 4294967295),
    sent_to             INTEGER NOT NULL DEFAULT 0 CHECK (sent_to BETWEEN 0 AND 4294967295),
    run                 INTEGER NOT NULL DEFAULT 0,
    UNIQUE (source, source_uid_validity, dest, dest_uid_validity)
);
CREATE TABLE flag_set (
    id    INTEGER PRIMARY KEY,
    words TEXT NOT NULL UNIQUE
);
CREATE TABLE message (
    mailbox    INTEGER NOT NULL REFERENCES mailbox,
    source_uid INTEGER NOT NULL CHECK (source_uid BETWEEN 1 AND 4294967295),
    dest_uid   INTEGER CHECK (dest_uid BETWEEN 1 AND 4294967295),
    flags      INTEGER REFERENCES flag_set,
    PRIMARY KEY (mailbox, source_uid)
) WITHOUT ROWID;
CREATE TABLE refusal (
    mailbox       INTEGER NOT NULL REFERENCES mailbox,
    source_uid    INTEGER NOT NULL CHECK (source_uid BETWEEN 1 AND 4294967295),
    octets        INTEGER,
    internal_date TEXT,
    message_id    TEXT,
    reason        TEXT NOT NULL,
    PRIMARY KEY (mailbox, source_uid)
) WITHOUT ROWID;
CREATE TABLE trait (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE run (
    id        INTEGER PRIMARY KEY,
    started   INTEGER NOT NULL,
    ended     INTEGER,
    exit      INTEGER,
    copied    INTEGER NOT NULL DEFAULT 0,
    octets    INTEGER NOT NULL DEFAULT 0,
    recovered INTEGER NOT NULL DEFAULT 0,
    version   TEXT NOT NULL
);
";

const STEP_ASIDE: &str = "
ALTER TABLE account RENAME TO account_1;
ALTER TABLE name RENAME TO name_1;
ALTER TABLE mailbox RENAME TO mailbox_1;
ALTER TABLE message RENAME TO message_1;
ALTER TABLE refusal RENAME TO refusal_1;
";

/// Children go before their parents.
const TAKE_OVER: &str = "
INSERT INTO account SELECT side, url FROM account_1;
INSERT INTO name SELECT source, dest FROM name_1;
INSERT INTO mailbox (id, source, source_uid_validity, dest, dest_uid_validity, mark, open, source_next)
    SELECT id, source, source_uid_validity, dest, dest_uid_validity, mark, open, source_next FROM mailbox_1;
INSERT INTO message (mailbox, source_uid, dest_uid) SELECT mailbox, source_uid, dest_uid FROM message_1;
INSERT INTO refusal (mailbox, source_uid, octets, reason) SELECT mailbox, source_uid, octets, reason FROM refusal_1;
DROP TABLE refusal_1;
DROP TABLE message_1;
DROP TABLE mailbox_1;
DROP TABLE name_1;
DROP TABLE account_1;
";

#[cfg(test)]
mod tests {
    use super::*;

    /// Names and definitions of everything in a file.
    fn shape(db: &Connection) -> Vec<(String, Option<String>)> {
        let mut query = db
            .prepare("SELECT name, sql FROM sqlite_schema ORDER BY name")
            .expect("SQL");
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.expect("readable")
            .collect::<Result<_, _>>()
            .expect("two texts")
    }

    #[test]
    fn a_migrated_file_has_the_shape_of_a_new_one_and_the_old_rows() {
        let (old, new) = (Connection::open_in_memory(), Connection::open_in_memory());
        let (old, new) = (old.expect("SQLite"), new.expect("SQLite"));
        create(&new).expect("made");
        old.execute_batch(include_str!("schema_1.sql"))
            .expect("the old tables with a few rows");
        migrate_from_1(&old).expect("migrated");
        assert_eq!(shape(&old), shape(&new));
        let all = "SELECT group_concat(mailbox || ' ' || source_uid || ' ' || ifnull(dest_uid, '-') || ' ' || ifnull(flags, '-'), ',') FROM message";
        let rows: String = old.query_row(all, [], |row| row.get(0)).expect("rows");
        assert_eq!(rows, "1 10 5 -,1 11 - -,2 1 1 -");
        let kept = "SELECT (SELECT sent_to + open FROM mailbox WHERE id = 1), (SELECT reason FROM refusal), (SELECT count(*) FROM account), (SELECT count(*) FROM name)";
        let kept: (i64, String, i64, i64) = old
            .query_row(kept, [], |row| row.try_into())
            .expect("one row");
        assert_eq!(kept, (1, "too big".to_owned(), 2, 1));
        for (pragma, value) in [
            ("user_version", VERSION),
            ("application_id", i64::from(APPLICATION_ID)),
        ] {
            let found: i64 = old
                .pragma_query_value(None, pragma, |row| row.get(0))
                .expect("a number");
            assert_eq!(found, value, "{pragma}");
        }
    }

    #[test]
    fn a_migration_that_fails_leaves_the_old_file() {
        let db = Connection::open_in_memory().expect("SQLite");
        db.execute_batch(include_str!("schema_1.sql"))
            .expect("the old tables");
        db.execute_batch("PRAGMA foreign_keys = 0; INSERT INTO message VALUES (9, 0, 0)")
            .expect("a row that cannot be");
        let before = shape(&db);
        migrate_from_1(&db).expect_err("zero is no UID");
        assert_eq!(shape(&db), before);
        assert!(db.is_autocommit());
    }
}
