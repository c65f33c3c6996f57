//! What a ledger holds, counted: for people who want to look inside.

use std::path::{Path, PathBuf};

use imap_client_lite::proto::MailboxName;
use rusqlite::{Connection, OpenFlags, Row};
use serde::{Serialize, Serializer};

use super::error::LedgerError;
use super::file::unreadable;
use super::moving::{Holder, accounts, texts};
use super::run::{Run, newest};
use super::schema::{APPLICATION_ID, VERSION};

/// A ledger's contents, without its rows.
#[derive(Debug, Clone, Serialize)]
pub struct Contents {
    /// The file.
    pub path: PathBuf,
    /// Where mail comes from.
    pub source: String,
    /// Where it goes.
    pub dest: String,
    /// The last runs, the latest first.
    pub runs: Vec<Run>,
    /// All pairs of mailboxes, in the order in which they were begun.
    pub mailboxes: Vec<Counted>,
    /// What is known of the destination server: name, value.
    pub traits: Vec<(String, String)>,
}

/// A pair of mailboxes, and how much of it is accounted for.
#[derive(Debug, Clone, Serialize)]
pub struct Counted {
    /// The source mailbox.
    #[serde(serialize_with = "readable")]
    pub source: MailboxName,
    /// Its UIDVALIDITY.
    pub source_uid_validity: u32,
    /// The destination mailbox.
    #[serde(serialize_with = "readable")]
    pub dest: MailboxName,
    /// Its UIDVALIDITY.
    pub dest_uid_validity: u32,
    /// Messages that were delivered.
    pub messages: u64,
    /// Messages that the destination does not take.
    pub refusals: u64,
    /// What its account is like.
    pub state: State,
}

/// What the account of a pair of mailboxes is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nothing is in doubt.
    Closed,
    /// A run is under way or was cut off: the next one looks at what arrived.
    Open,
    /// One of the mailboxes has another UIDVALIDITY by now.
    Replaced,
}

impl Contents {
    /// Looks into a ledger that is there; nothing is locked, and nothing changed.
    ///
    /// # Errors
    /// When there is none, when it is about other accounts, or when it cannot be read.
    pub fn look(holder: &Holder) -> Result<Self, LedgerError> {
        let path = holder.place.path();
        if !path.exists() {
            return Err(LedgerError::Missing {
                path: path.to_owned(),
            });
        }
        let wrong = |error| unreadable(path, error);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(path, flags).map_err(wrong)?;
        let known = check(&db, path)?;
        let one_moment = known.unchecked_transaction().map_err(wrong)?;
        let found = accounts(&one_moment).map_err(wrong)?;
        if found != texts(&holder.accounts) {
            return Err(LedgerError::OtherAccounts {
                path: path.to_owned(),
                found: format!("{} -> {}", found.source, found.dest),
            });
        }
        Ok(Self {
            path: path.to_owned(),
            source: found.source,
            dest: found.dest,
            runs: newest(&one_moment, RUNS_SHOWN).map_err(wrong)?,
            mailboxes: mailboxes(&one_moment).map_err(wrong)?,
            traits: traits(&one_moment).map_err(wrong)?,
        })
    }
}

/// Whether it is a ledger of the present version.
fn check<'a>(db: &'a Connection, path: &Path) -> Result<&'a Connection, LedgerError> {
    let number = |pragma| {
        let value = db.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
        value.map_err(|error| unreadable(path, error))
    };
    match (number("application_id")?, number("user_version")?) {
        (application, VERSION) if application == i64::from(APPLICATION_ID) => Ok(db),
        (0, 1) => Err(unreadable(
            path,
            "it is of version 1; the next sync brings it to the present one",
        )),
        (application, found) if application == i64::from(APPLICATION_ID) => {
            Err(LedgerError::Newer {
                path: path.to_owned(),
                found,
                known: VERSION,
            })
        }
        _ => Err(unreadable(path, "it is no ledger")),
    }
}

fn mailboxes(db: &Connection) -> rusqlite::Result<Vec<Counted>> {
    let mut query = db.prepare(MAILBOXES)?;
    let rows = query.query_map([], counted)?;
    rows.collect()
}

fn counted(row: &Row<'_>) -> rusqlite::Result<Counted> {
    let name = |column| {
        let wire: Vec<u8> = row.get(column)?;
        let name = MailboxName::from_wire(wire);
        name.map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, 0))
    };
    let count = |column| Ok::<_, rusqlite::Error>(row.get::<_, i64>(column)?.cast_unsigned());
    let (open, replaced): (bool, bool) = (row.get(6)?, row.get(7)?);
    Ok(Counted {
        source: name(0)?,
        source_uid_validity: row.get(1)?,
        dest: name(2)?,
        dest_uid_validity: row.get(3)?,
        messages: count(4)?,
        refusals: count(5)?,
        state: match (replaced, open) {
            (true, _) => State::Replaced,
            (false, true) => State::Open,
            (false, false) => State::Closed,
        },
    })
}

fn traits(db: &Connection) -> rusqlite::Result<Vec<(String, String)>> {
    let mut query = db.prepare("SELECT name, value FROM trait ORDER BY name")?;
    let rows = query.query_map([], |row| row.try_into())?;
    rows.collect()
}

fn readable<S: Serializer>(name: &MailboxName, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(name)
}

/// A later row of the same names stands for another UIDVALIDITY.
const MAILBOXES: &str = "
SELECT source, source_uid_validity, dest, dest_uid_validity,
    (SELECT count(*) FROM message WHERE message.mailbox = one.id),
    (SELECT count(*) FROM refusal WHERE refusal.mailbox = one.id),
    open,
    EXISTS (SELECT 1 FROM mailbox AS later
        WHERE later.source = one.source AND later.dest = one.dest AND later.id > one.id)
FROM mailbox AS one ORDER BY id";
const RUNS_SHOWN: u32 = 10;
