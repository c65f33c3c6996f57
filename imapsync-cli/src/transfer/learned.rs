//! What a destination mailbox has shown in this run: it outlives the connections.

use super::batch::Limit;
use super::keywords::Keywords;
use crate::ledger::{Ledger, LedgerError};

/// What is known of a destination mailbox.
#[derive(Debug)]
pub struct Learned {
    pub(super) keywords: Keywords,
    limit: Limit,
    /// Batches sent, one after the other, whose connection ended before the answer came.
    unanswered: u32,
}

impl Learned {
    /// Begins with what earlier runs have learned of the server.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn before(ledger: &Ledger) -> Result<Self, LedgerError> {
        Ok(Self {
            keywords: Keywords::default(),
            limit: ledger.batch_limit()?.unwrap_or(Limit::LARGEST),
            unanswered: 0,
        })
    }

    /// The server does with batches what it must not do.
    pub const fn distrust_batches(&mut self) {
        self.limit = Limit::SINGLE;
    }

    /// How much goes into one APPEND.
    pub(super) const fn limit(&self) -> Limit {
        match self.unanswered {
            0..ENOUGH => self.limit,
            _ => Limit::SINGLE,
        }
    }

    /// Batches are smaller from now on.
    pub(super) const fn limit_to(&mut self, limit: Limit) {
        self.limit = limit;
    }

    pub(super) const fn batch_goes_out(&mut self) {
        self.unanswered += 1;
    }

    pub(super) const fn batch_was_answered(&mut self) {
        self.unanswered = 0;
    }
}

/// So many batches in a row that ended their connection are no accident.
const ENOUGH: u32 = 2;
