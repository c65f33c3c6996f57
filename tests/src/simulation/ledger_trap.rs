//! A ledger that fails: from some write on every statement that changes it is refused and its
//! transaction rolled back, as when the disk is full or the process gone.

use std::path::Path;

use rusqlite::Connection;

/// Sets the trap: so many writes succeed.
pub(super) fn set(ledger: &Path, writes: u64) -> rusqlite::Result<()> {
    let db = Connection::open(ledger)?;
    let mut statements = format!(
        "CREATE TABLE trap (left_over INTEGER NOT NULL); INSERT INTO trap VALUES ({writes});"
    );
    for table in tables(&db)? {
        for (at, verb) in ["INSERT", "UPDATE", "DELETE"].iter().enumerate() {
            statements += &format!(
                "CREATE TRIGGER trap_{table}_{at} BEFORE {verb} ON {table} BEGIN
                     SELECT RAISE(ROLLBACK, 'disk full') WHERE (SELECT left_over FROM trap) <= 0;
                     UPDATE trap SET left_over = left_over - 1;
                 END;"
            );
        }
    }
    db.execute_batch(&statements)
}

/// Takes the trap away; tells how many writes it would still have let pass.
pub(super) fn lift(ledger: &Path) -> rusqlite::Result<u64> {
    let db = Connection::open(ledger)?;
    let left: i64 = db.query_row("SELECT left_over FROM trap", [], |row| row.get(0))?;
    for table in tables(&db)?.iter().filter(|table| *table != "trap") {
        for at in 0..3 {
            db.execute_batch(&format!("DROP TRIGGER trap_{table}_{at}"))?;
        }
    }
    db.execute_batch("DROP TABLE trap")?;
    Ok(u64::try_from(left).unwrap_or(0))
}

fn tables(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let mut query = db.prepare(sql)?;
    let names = query.query_map([], |row| row.get(0))?;
    names.collect()
}
