//! Messages that the destination does not take: remembered, so that they are not tried again.

use std::collections::HashSet;

use imap_client_lite::proto::{InternalDate, Uid};

use super::error::LedgerError;
use super::file::Ledger;
use super::mailbox::MailboxId;
use super::message::uid;

/// A message that the destination does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Its UID on the source.
    pub source: Uid,
    /// Its octets, if known.
    pub octets: Option<u64>,
    /// Its internal date, if known.
    pub internal_date: Option<InternalDate>,
    /// Its Message-ID as it stands in the header, if known.
    pub message_id: Option<String>,
    /// The server's words.
    pub reason: String,
}

impl Ledger {
    /// Remembers a message that the destination does not take.
    ///
    /// # Errors
    /// When SQLite fails; so for all below.
    pub fn refuse(&self, id: MailboxId, refusal: &Refusal) -> Result<(), LedgerError> {
        let sql = "INSERT OR REPLACE INTO refusal
            (mailbox, source_uid, octets, internal_date, message_id, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let octets = refusal.octets.and_then(|octets| i64::try_from(octets).ok());
        let parameters = (
            id.0,
            i64::from(refusal.source),
            octets,
            refusal.internal_date.map(|date| date.to_string()),
            &refusal.message_id,
            &refusal.reason,
        );
        self.write(sql, parameters).map(drop)
    }

    /// The refusals remembered for a mailbox.
    pub fn refusals(&self, id: MailboxId) -> Result<Vec<Refusal>, LedgerError> {
        self.refusals_after(id, None, u32::MAX)
    }

    /// The first refusals of a mailbox behind a source UID, in order: a page of them, where all
    /// would be too many.
    pub fn refusals_after(
        &self,
        id: MailboxId,
        after: Option<Uid>,
        limit: u32,
    ) -> Result<Vec<Refusal>, LedgerError> {
        let sql = "SELECT source_uid, octets, internal_date, message_id, reason FROM refusal
            WHERE mailbox = ?1 AND source_uid > ?2 ORDER BY source_uid LIMIT ?3";
        let mut query = self.db.prepare_cached(sql)?;
        let parameters = (id.0, after.map_or(0, i64::from), limit);
        let rows = query.query_map(parameters, |row| {
            let octets: Option<i64> = row.get(1)?;
            let date: Option<String> = row.get(2)?;
            Ok(Refusal {
                source: uid(row, 0)?,
                octets: octets.and_then(|n| n.try_into().ok()),
                internal_date: date.and_then(|text| InternalDate::parse(text.as_bytes())),
                message_id: row.get(3)?,
                reason: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many messages of a mailbox are refused.
    pub fn refused_count(&self, id: MailboxId) -> Result<u64, LedgerError> {
        let sql = "SELECT count(*) FROM refusal WHERE mailbox = ?1";
        let mut query = self.db.prepare_cached(sql)?;
        let count: i64 = query.query_row([id.0], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Source mailboxes of which messages are refused: wire names.
    pub fn refused_names(&self) -> Result<HashSet<Vec<u8>>, LedgerError> {
        let sql =
            "SELECT DISTINCT source FROM refusal JOIN mailbox ON mailbox.id = refusal.mailbox";
        let mut query = self.db.prepare_cached(sql)?;
        let rows = query.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Forgets all refusals, so that their messages are tried again: their mailboxes are read from
    /// the start. Says how many they were.
    pub fn forget_refusals(&self) -> Result<u64, LedgerError> {
        self.commit()?;
        let sql = "UPDATE mailbox SET source_next = 1 WHERE id IN (SELECT mailbox FROM refusal)";
        self.write_in_group(sql, [])?;
        let forgotten = self.write("DELETE FROM refusal", [])?;
        self.commit()?;
        Ok(forgotten as u64)
    }
}
