//! Whether a database that the user names is a ledger: found out before anything is written to it.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::schema::{APPLICATION_ID, VERSION};

/// Whether a database is a ledger, or empty and nobody's. One that is too damaged to tell is none.
pub(super) fn is_ours(path: &Path) -> std::io::Result<bool> {
    let mut header = Vec::new();
    let file = File::open(path)?;
    let octets = file.metadata()?.len();
    file.take(HEADER_OCTETS).read_to_end(&mut header)?;
    let field = |at| number(&header, at);
    Ok(match (field(APPLICATION), field(USER_VERSION)) {
        (Some(APPLICATION_ID), _) => true,
        // Each table needs a page behind the first. SQLite cannot always read such a file without
        // writing: the journal of its very first page may still be there.
        (Some(0), Some(0)) if octets == page_size(&header) => true,
        // Unmarked: of version 1, or new and still in its log.
        (Some(0), Some(0 | 1)) => holds_ours(path).unwrap_or(false),
        _ => false,
    })
}

/// Asks SQLite, which knows the log, too, and must not write.
fn holds_ours(path: &Path) -> rusqlite::Result<bool> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    let number = |pragma| db.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let sql = "SELECT coalesce(group_concat(name, ' '), '')
        FROM (SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name)";
    let tables: String = db.query_row(sql, [], |row| row.get(0))?;
    Ok(
        match (number("application_id")?, number("user_version")?, &*tables) {
            (0, 0, "") | (0, 1, TABLES_OF_VERSION_1) => true,
            (application, version, _) => {
                application == i64::from(APPLICATION_ID) && version >= VERSION
            }
        },
    )
}

/// A number in a database's header: 4 octets, the highest first.
fn number(header: &[u8], at: usize) -> Option<i32> {
    let octets = header.get(at..at + 4)?;
    Some(i32::from_be_bytes(octets.try_into().ok()?))
}

/// 2 octets in a database's header; 65,536 does not fit and is written as 1.
fn page_size(header: &[u8]) -> u64 {
    match header.get(PAGE_SIZE..PAGE_SIZE + 2) {
        Some([0, 1]) => 65_536,
        Some(&[high, low]) => u64::from(u16::from_be_bytes([high, low])),
        _ => 0,
    }
}

/// Where the numbers stand: <https://www.sqlite.org/fileformat.html>, section 1.3.
const PAGE_SIZE: usize = 16;
const USER_VERSION: usize = 60;
const APPLICATION: usize = 68;
const HEADER_OCTETS: u64 = 100;
const TABLES_OF_VERSION_1: &str = "account mailbox message name refusal";
