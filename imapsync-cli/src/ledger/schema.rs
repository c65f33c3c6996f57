//! The ledger's tables and their versions.

/// The version of [`SCHEMA`]; stands in `PRAGMA user_version`.
pub(crate) const VERSION: i64 = 1;

/// Names are wire bytes. `mark`: every destination UID below it is accounted for. `open` is 1
/// while appends may be under way. `source_next`: every source UID below it is accounted for.
/// `dest_uid` is NULL for a message that was delivered without the server naming its UID.
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
    id                   INTEGER PRIMARY KEY,
    source               BLOB NOT NULL,
    source_uid_validity  INTEGER NOT NULL,
    dest                 BLOB NOT NULL,
    dest_uid_validity    INTEGER NOT NULL,
    mark                 INTEGER NOT NULL,
    open                 INTEGER NOT NULL DEFAULT 0,
    source_next          INTEGER NOT NULL DEFAULT 1,
    UNIQUE (source, source_uid_validity, dest, dest_uid_validity)
);
CREATE TABLE message (
    mailbox    INTEGER NOT NULL REFERENCES mailbox,
    source_uid INTEGER NOT NULL,
    dest_uid   INTEGER,
    PRIMARY KEY (mailbox, source_uid)
) WITHOUT ROWID;
CREATE TABLE refusal (
    mailbox    INTEGER NOT NULL REFERENCES mailbox,
    source_uid INTEGER NOT NULL,
    octets     INTEGER,
    reason     TEXT NOT NULL,
    PRIMARY KEY (mailbox, source_uid)
) WITHOUT ROWID;
";
