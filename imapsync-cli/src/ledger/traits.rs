//! What is known of the destination server from one run to the next.

use std::time::Duration;

use rusqlite::OptionalExtension;

use super::error::LedgerError;
use super::file::Ledger;
use crate::transfer::Limit;

impl Ledger {
    /// The longest that the destination was seen to take for storing what it had been sent.
    ///
    /// # Errors
    /// When SQLite fails; so for all below.
    pub fn slowest_commit(&self) -> Result<Option<Duration>, LedgerError> {
        let millis = self.known_trait(SLOWEST_COMMIT)?;
        let millis = millis.and_then(|text| text.parse().ok());
        Ok(millis.map(Duration::from_millis))
    }

    /// Notes how long the destination took; only a longer time than the one known counts.
    pub fn keep_slowest_commit(&self, took: Duration) -> Result<(), LedgerError> {
        if self.slowest_commit()?.is_some_and(|known| took <= known) {
            return Ok(());
        }
        self.keep_trait(SLOWEST_COMMIT, &took.as_millis().to_string())
    }

    /// Whether the destination was seen to store other bytes than it was sent.
    pub fn alters(&self) -> Result<bool, LedgerError> {
        Ok(self.known_trait(ALTERS)?.is_some())
    }

    /// Notes that the destination stores other bytes than it is sent.
    pub fn note_alters(&self) -> Result<(), LedgerError> {
        if self.alters()? {
            return Ok(());
        }
        self.keep_trait(ALTERS, "yes")
    }

    /// Whether the destination was seen to use up UIDs without a message: a gap proves nothing.
    pub fn skips_uids(&self) -> Result<bool, LedgerError> {
        Ok(self.known_trait(SKIPS_UIDS)?.is_some())
    }

    /// Notes that the destination uses up UIDs without a message.
    pub fn note_skips_uids(&self) -> Result<(), LedgerError> {
        if self.skips_uids()? {
            return Ok(());
        }
        self.keep_trait(SKIPS_UIDS, "yes")
    }

    /// How much the destination takes with one APPEND, where that is less than we would send.
    pub fn batch_limit(&self) -> Result<Option<Limit>, LedgerError> {
        let known = self.known_trait(BATCH_LIMIT)?;
        let limit = known.as_deref().and_then(|text| text.split_once(' '));
        Ok(limit.and_then(|(messages, octets)| {
            Some(Limit {
                messages: messages.parse().ok().filter(|&count| count > 0)?,
                octets: octets.parse().ok()?,
            })
        }))
    }

    /// Notes how much the destination takes with one APPEND.
    pub fn keep_batch_limit(&self, limit: Limit) -> Result<(), LedgerError> {
        let text = format!("{} {}", limit.messages, limit.octets);
        self.keep_trait(BATCH_LIMIT, &text)
    }

    /// The damaged ledger that this one replaces, until a run has come to its end.
    pub(super) fn replaces(&self) -> Result<Option<String>, LedgerError> {
        self.known_trait(REPLACES)
    }

    pub(super) fn note_replaces(&self, damaged: &str) -> Result<(), LedgerError> {
        self.durably(|| self.keep_trait(REPLACES, damaged))
    }

    pub(super) fn forget_replaces(&self) -> Result<(), LedgerError> {
        let sql = "DELETE FROM trait WHERE name = ?1";
        self.write_in_group(sql, [REPLACES])
    }

    fn known_trait(&self, name: &str) -> Result<Option<String>, LedgerError> {
        let mut query = self
            .db
            .prepare_cached("SELECT value FROM trait WHERE name = ?1")?;
        Ok(query.query_row([name], |row| row.get(0)).optional()?)
    }

    fn keep_trait(&self, name: &str, value: &str) -> Result<(), LedgerError> {
        let sql = "INSERT INTO trait (name, value) VALUES (?1, ?2)
            ON CONFLICT DO UPDATE SET value = excluded.value";
        self.write_in_group(sql, (name, value))
    }
}

const SLOWEST_COMMIT: &str = "slowest-commit-ms";
const ALTERS: &str = "alters";
const SKIPS_UIDS: &str = "skips-uids";
const BATCH_LIMIT: &str = "batch-limit";
const REPLACES: &str = "replaces";
