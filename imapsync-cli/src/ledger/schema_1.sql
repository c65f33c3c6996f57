-- A ledger of version 1, as that version made it, with rows in every table.
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
PRAGMA user_version = 1;
INSERT INTO account VALUES ('source', 'imaps://joe@old.example'), ('dest', 'imaps://joe@new.example');
INSERT INTO name VALUES (x'494e424f58', x'494e424f58');
INSERT INTO mailbox VALUES (1, x'494e424f58', 7, x'494e424f58', 1, 5, 1, 3), (2, x'61', 8, x'61', 2, 2, 0, 2);
INSERT INTO message VALUES (1, 10, 5), (1, 11, NULL), (2, 1, 1);
INSERT INTO refusal VALUES (1, 12, 9, 'too big');
