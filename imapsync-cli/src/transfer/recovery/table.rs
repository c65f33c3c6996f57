//! Messages in doubt, of both sides, as rows of a temporary table on disk: the memory is bounded
//! whatever the mailbox's size. Which of them are the same is decided here, as multisets.

use imap_client_lite::proto::Uid;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::ledger::LedgerError;
use crate::side::Side;
use crate::transfer::{Digest, Envelope};

/// A private table, gone with its value.
#[derive(Debug)]
pub(super) struct Doubts(Connection);

/// What the ledger knows of a source message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// Nothing: it may have arrived all the same.
    Nothing,
    /// It was delivered; the server did not say under which UID.
    Unnamed,
    /// It was delivered; the server said under which UID, and nobody has looked yet.
    Named(Uid),
}

/// How alike two bodies are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// Octet for octet.
    Exact,
    /// In the form that servers are known to store.
    Canonical,
    /// The same text under the same main header fields.
    Text,
    /// Neither text nor main header fields, on both sides.
    Blank,
    /// The same main header fields, with a Message-ID.
    Headers,
}

/// A source message and the one that stands for it on the destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) source: Uid,
    pub(super) dest: Uid,
    pub(super) known: Known,
    pub(super) form: Form,
    pub(super) octets: (u64, u64),
    pub(super) dates: (Option<i64>, Option<i64>),
    pub(super) flags: (String, String),
}

/// A range of destination UIDs.
pub(super) type Range = (Uid, Uid);

impl Doubts {
    pub(super) fn new() -> Result<Self, LedgerError> {
        // An empty name is a private database in a temporary file.
        let db = Connection::open("")?;
        db.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -2048;
             CREATE TABLE there (uid INTEGER PRIMARY KEY, octets INTEGER, date INTEGER, flags TEXT, claimed INTEGER,
                 exact BLOB, canonical BLOB, text BLOB, headers BLOB, blank INTEGER);
             CREATE TABLE ours (uid INTEGER PRIMARY KEY, octets INTEGER, date INTEGER, flags TEXT, claimed INTEGER,
                 exact BLOB, canonical BLOB, text BLOB, headers BLOB, blank INTEGER, known INTEGER, named INTEGER, form INTEGER);
             CREATE INDEX ours_by_octets ON ours (octets); CREATE INDEX ours_by_date ON ours (date);
             CREATE INDEX ours_by_name ON ours (named) WHERE named IS NOT NULL;
             CREATE INDEX ours_by_exact ON ours (exact) WHERE exact IS NOT NULL;
             CREATE INDEX ours_by_canonical ON ours (canonical) WHERE canonical IS NOT NULL;
             CREATE INDEX ours_by_text ON ours (text) WHERE text IS NOT NULL;
             CREATE INDEX ours_by_headers ON ours (headers) WHERE headers IS NOT NULL;
             BEGIN",
        )?;
        Ok(Self(db))
    }

    /// Notes a message of the destination; once.
    pub(super) fn add_there(&self, envelope: &Envelope) -> Result<(), LedgerError> {
        let sql = "INSERT OR IGNORE INTO there (uid, octets, date, flags) VALUES (?1, ?2, ?3, ?4)";
        let (octets, date, flags) = columns(envelope);
        let parameters = (i64::from(envelope.uid), octets, date, flags);
        self.0.prepare_cached(sql)?.execute(parameters)?;
        Ok(())
    }

    /// Notes a message of the source; once.
    pub(super) fn add_ours(&self, envelope: &Envelope, known: Known) -> Result<(), LedgerError> {
        let sql = "INSERT OR IGNORE INTO ours (uid, octets, date, flags, known, named)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let (octets, date, flags) = columns(envelope);
        let (known, named) = match known {
            Known::Nothing => (0, None),
            Known::Unnamed => (1, None),
            Known::Named(dest) => (2, Some(i64::from(dest))),
        };
        let parameters = (i64::from(envelope.uid), octets, date, flags, known, named);
        self.0.prepare_cached(sql)?.execute(parameters)?;
        Ok(())
    }

    /// The next destination messages from `first` on, at most so many.
    pub(super) fn range_from(&self, first: Uid, most: u32) -> Result<Option<Range>, LedgerError> {
        let sql = "SELECT min(uid), max(uid) FROM
            (SELECT uid FROM there WHERE uid >= ?1 ORDER BY uid LIMIT ?2)";
        let row = self.0.query_row(sql, (i64::from(first), most), |row| {
            Ok((optional_uid(row, 0)?, optional_uid(row, 1)?))
        })?;
        Ok(row.0.zip(row.1))
    }

    /// Which bodies must be read to find equals: by size, and where the server named a UID.
    pub(super) fn suspects_by_size(
        &self,
        range: Range,
        side: Side,
    ) -> Result<Vec<Uid>, LedgerError> {
        self.uids(
            match side {
                Side::Dest => {
                    "SELECT uid FROM there WHERE uid BETWEEN ?1 AND ?2 AND claimed IS NULL AND exact IS NULL
                     AND (octets IS NULL
                         OR EXISTS (SELECT 1 FROM ours WHERE ours.octets = there.octets AND ours.claimed IS NULL)
                         OR EXISTS (SELECT 1 FROM ours WHERE ours.octets IS NULL AND ours.claimed IS NULL)
                         OR EXISTS (SELECT 1 FROM ours WHERE named = there.uid)) ORDER BY uid"
                }
                Side::Source => {
                    "SELECT uid FROM ours WHERE claimed IS NULL AND exact IS NULL AND octets IS NULL
                     UNION SELECT uid FROM ours WHERE claimed IS NULL AND exact IS NULL AND named BETWEEN ?1 AND ?2
                     UNION SELECT uid FROM ours WHERE claimed IS NULL AND exact IS NULL AND octets IN
                         (SELECT octets FROM there WHERE uid BETWEEN ?1 AND ?2 AND claimed IS NULL) ORDER BY uid"
                }
            },
            range,
        )
    }

    /// Which bodies must be read to find those that the destination altered: by internal date and,
    /// after a cut, the first ones that have not arrived, since appends go in order.
    pub(super) fn suspects_by_date(
        &self,
        range: Range,
        side: Side,
        after_cut: AfterCut,
    ) -> Result<Vec<Uid>, LedgerError> {
        self.uids(
            match (side, after_cut) {
                (Side::Dest, AfterCut::No) => {
                    "SELECT uid FROM there WHERE uid BETWEEN ?1 AND ?2 AND claimed IS NULL AND exact IS NULL
                     AND EXISTS (SELECT 1 FROM ours WHERE ours.date = there.date AND ours.claimed IS NULL) ORDER BY uid"
                }
                (Side::Dest, AfterCut::Yes) => {
                    "SELECT uid FROM there WHERE uid BETWEEN ?1 AND ?2 AND claimed IS NULL AND exact IS NULL ORDER BY uid"
                }
                (Side::Source, AfterCut::No) => {
                    "SELECT uid FROM ours WHERE claimed IS NULL AND exact IS NULL AND date IN
                         (SELECT date FROM there WHERE uid BETWEEN ?1 AND ?2 AND claimed IS NULL) ORDER BY uid"
                }
                (Side::Source, AfterCut::Yes) => {
                    "SELECT uid FROM ours WHERE claimed IS NULL AND exact IS NULL AND date IN
                         (SELECT date FROM there WHERE uid BETWEEN ?1 AND ?2 AND claimed IS NULL)
                     UNION SELECT uid FROM ours WHERE claimed IS NULL AND exact IS NULL AND uid IN
                         (SELECT uid FROM ours WHERE claimed IS NULL ORDER BY known DESC, uid LIMIT 200 +
                             (SELECT count(*) FROM there WHERE uid BETWEEN ?1 AND ?2 AND claimed IS NULL)) ORDER BY uid"
                }
            },
            range,
        )
    }

    /// Notes what a message's body is.
    pub(super) fn know(&self, side: Side, uid: Uid, digest: &Digest) -> Result<(), LedgerError> {
        let sql = match side {
            Side::Dest => {
                "UPDATE there SET octets = ?2, exact = ?3, canonical = ?4, text = ?5, headers = ?6, blank = ?7 WHERE uid = ?1"
            }
            Side::Source => {
                "UPDATE ours SET octets = ?2, exact = ?3, canonical = ?4, text = ?5, headers = ?6, blank = ?7 WHERE uid = ?1"
            }
        };
        let octets = i64::try_from(digest.octets).unwrap_or(i64::MAX);
        let parameters = (
            i64::from(uid),
            octets,
            digest.exact,
            digest.canonical,
            digest.text,
            digest.headers,
            digest.text.is_none().then_some(1),
        );
        self.0.prepare_cached(sql)?.execute(parameters)?;
        Ok(())
    }

    /// Lets source messages claim destination messages that are as alike as `form` says: first the
    /// one that the server named, then each at most one; twins by date and flags, delivered ones
    /// first.
    pub(super) fn claim(&self, range: Range, form: Form) -> Result<(), LedgerError> {
        let column = form.column();
        let same_date = match form {
            Form::Exact | Form::Canonical => "1",
            // Other people's mail came at another time.
            Form::Text | Form::Blank | Form::Headers => "ours.date = there.date",
        };
        let named = format!(
            "SELECT ours.uid, there.uid FROM ours JOIN there ON there.uid = ours.named AND there.{column} = ours.{column}
             WHERE there.uid BETWEEN ?1 AND ?2 AND ours.claimed IS NULL AND there.claimed IS NULL AND {same_date}"
        );
        self.pair(&named, range, form)?;
        for alike in form.twins() {
            self.pair(&twins(column, alike), range, form)?;
        }
        Ok(())
    }

    fn pair(&self, sql: &str, range: Range, form: Form) -> Result<(), LedgerError> {
        let mut query = self.0.prepare_cached(sql)?;
        let rows = query.query_map(bounds(range), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let pairs: Vec<(i64, i64)> = rows.collect::<Result<_, _>>()?;
        for (ours, there) in pairs {
            let claimed = "UPDATE ours SET claimed = ?2, form = ?3 WHERE uid = ?1";
            self.0
                .prepare_cached(claimed)?
                .execute((ours, there, form as i64))?;
            let claimed = "UPDATE there SET claimed = ?2 WHERE uid = ?1";
            self.0.prepare_cached(claimed)?.execute((there, ours))?;
        }
        Ok(())
    }

    /// What was claimed of a range, in order of destination UIDs.
    pub(super) fn claims(&self, range: Range) -> Result<Vec<Claim>, LedgerError> {
        let sql = "SELECT ours.uid, there.uid, known, named, form, ours.octets, there.octets, ours.date, there.date,
                ours.flags, there.flags FROM there JOIN ours ON ours.uid = there.claimed
            WHERE there.uid BETWEEN ?1 AND ?2 ORDER BY there.uid";
        let mut query = self.0.prepare_cached(sql)?;
        let rows = query.query_map(bounds(range), read_claim)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Source messages whose named destination message is there, and is another.
    pub(super) fn misnamed(&self, range: Range) -> Result<Vec<Uid>, LedgerError> {
        self.uids(
            "SELECT ours.uid FROM ours JOIN there ON there.uid = named
             WHERE named BETWEEN ?1 AND ?2 AND ours.claimed IS NULL ORDER BY ours.uid",
            range,
        )
    }

    /// How many destination messages of a range nobody claimed.
    pub(super) fn unclaimed(&self, range: Range) -> Result<u64, LedgerError> {
        let sql = "SELECT count(*) FROM there WHERE uid BETWEEN ?1 AND ?2 AND claimed IS NULL";
        self.count(sql, bounds(range))
    }

    /// How many messages of the destination there are in all.
    pub(super) fn there(&self) -> Result<u64, LedgerError> {
        self.count("SELECT count(*) FROM there", ())
    }

    /// Messages that were delivered, and of which nothing is there any more.
    pub(super) fn vanished(&self) -> Result<Vec<Uid>, LedgerError> {
        let sql = "SELECT uid FROM ours WHERE claimed IS NULL AND known > 0
            AND (named IS NULL OR named NOT IN (SELECT uid FROM there)) ORDER BY uid";
        let mut query = self.0.prepare_cached(sql)?;
        let rows = query.query_map((), |row| uid(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The first source messages, up to a UID, that have not arrived as far as can be seen.
    pub(super) fn absent(&self, up_to: Option<Uid>, most: u32) -> Result<Vec<Uid>, LedgerError> {
        let sql = "SELECT uid FROM ours WHERE claimed IS NULL AND known = 0 AND uid <= ?1 ORDER BY uid LIMIT ?2";
        let up_to = up_to.map_or(i64::MAX, i64::from);
        let mut query = self.0.prepare_cached(sql)?;
        let rows = query.query_map((up_to, most), |row| uid(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn uids(&self, sql: &str, range: Range) -> Result<Vec<Uid>, LedgerError> {
        let mut query = self.0.prepare_cached(sql)?;
        let rows = query.query_map(bounds(range), |row| uid(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn count(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<u64, LedgerError> {
        let count: Option<i64> = self
            .0
            .query_row(sql, parameters, |row| row.get(0))
            .optional()?;
        Ok(count.and_then(|count| count.try_into().ok()).unwrap_or(0))
    }
}

/// Whether appends may have been under way when a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AfterCut {
    Yes,
    No,
}

impl Form {
    /// What servers store that alter nothing but line ends and NUL, or header fields.
    pub(super) const USUAL: [Self; 3] = [Self::Exact, Self::Canonical, Self::Text];
    /// Only for servers that are known to alter more.
    pub(super) const DESPERATE: [Self; 2] = [Self::Blank, Self::Headers];

    /// By what else equal bodies are told apart, from the closest likeness to the loosest.
    const fn twins(self) -> &'static [&'static str] {
        match self {
            Self::Exact | Self::Canonical => &["date || flags", "date", "1"],
            Self::Text | Self::Blank | Self::Headers => &["date || flags", "date"],
        }
    }

    const fn column(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Canonical => "canonical",
            Self::Text => "text",
            Self::Blank => "blank",
            Self::Headers => "headers",
        }
    }
}

/// Pairs what is alike in `column` and in these other columns, the n-th with the n-th.
fn twins(column: &str, alike: &str) -> String {
    format!(
        "WITH t AS (SELECT uid, {column} AS body, ({alike}) AS alike,
                 row_number() OVER (PARTITION BY {column}, {alike} ORDER BY uid) AS n
             FROM there WHERE uid BETWEEN ?1 AND ?2 AND claimed IS NULL AND {column} IS NOT NULL),
         o AS (SELECT uid, {column} AS body, ({alike}) AS alike,
                 row_number() OVER (PARTITION BY {column}, {alike} ORDER BY known DESC, uid) AS n
             FROM ours WHERE claimed IS NULL AND {column} IN (SELECT body FROM t))
         SELECT o.uid, t.uid FROM o JOIN t ON o.body = t.body AND o.alike = t.alike AND o.n = t.n"
    )
}

fn columns(envelope: &Envelope) -> (Option<i64>, Option<i64>, String) {
    let octets = envelope
        .octets
        .and_then(|octets| i64::try_from(octets).ok());
    let date = envelope.internal_date.map(|date| date.unix_seconds());
    (octets, date, envelope.flags.to_string())
}

fn read_claim(row: &Row<'_>) -> rusqlite::Result<Claim> {
    let octets = |column| -> rusqlite::Result<u64> {
        let value: Option<i64> = row.get(column)?;
        Ok(value.and_then(|value| value.try_into().ok()).unwrap_or(0))
    };
    let form: i64 = row.get(4)?;
    Ok(Claim {
        source: uid(row, 0)?,
        dest: uid(row, 1)?,
        known: match (row.get::<_, i64>(2)?, optional_uid(row, 3)?) {
            (_, Some(named)) => Known::Named(named),
            (1, None) => Known::Unnamed,
            _ => Known::Nothing,
        },
        form: Form::USUAL
            .into_iter()
            .chain(Form::DESPERATE)
            .find(|&known| known as i64 == form)
            .unwrap_or(Form::Headers),
        octets: (octets(5)?, octets(6)?),
        dates: (row.get(7)?, row.get(8)?),
        flags: (row.get(9)?, row.get(10)?),
    })
}

fn bounds((first, last): Range) -> (i64, i64) {
    (first.into(), last.into())
}

fn uid(row: &Row<'_>, column: usize) -> rusqlite::Result<Uid> {
    optional_uid(row, column)?.ok_or(rusqlite::Error::IntegralValueOutOfRange(column, 0))
}

fn optional_uid(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Uid>> {
    let value: Option<u32> = row.get(column)?;
    Ok(value.and_then(Uid::new))
}

#[cfg(test)]
mod tests;
