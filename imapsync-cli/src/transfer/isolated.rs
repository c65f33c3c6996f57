//! A batch that was refused: a look at what became of it, then its messages one by one, so that the
//! one to blame is refused alone. If none is, the batch was: then smaller ones follow.
//!
//! A batch is stored whole or not at all (RFC 3502), but not every server keeps to that. Whatever
//! appeared on the destination meanwhile without being named makes the whole mailbox doubtful.

use std::collections::VecDeque;

use super::batch::Limit;
use super::lines::At;
use super::sending::Sending;
use super::writer::Writer;
use crate::error::Fault;

/// The messages of a refused batch.
pub(super) struct Isolated {
    left: VecDeque<Sending>,
    under_way: usize,
    refused: usize,
    /// What to try if none of them is to blame.
    below: Limit,
    looked: bool,
}

impl Isolated {
    fn new() -> Self {
        Self {
            left: VecDeque::new(),
            under_way: 0,
            refused: 0,
            below: Limit::LARGEST,
            looked: false,
        }
    }

    /// Whether nobody has looked yet what became of the batch.
    pub(super) const fn is_unexamined(&self) -> bool {
        !self.looked
    }

    pub(super) const fn examined(&mut self) {
        self.looked = true;
    }
}

impl Writer<'_> {
    /// Takes a refused batch apart.
    pub(super) fn isolate(&mut self, messages: Vec<Sending>) {
        let octets = messages.iter().map(|one| one.octets).sum();
        let below = Limit::below(messages.len(), octets);
        let isolated = self.isolated.get_or_insert_with(Isolated::new);
        if below.messages < isolated.below.messages {
            isolated.below = below;
        }
        isolated.left.extend(messages);
        self.read_back.doubt();
    }

    /// Sends the next message of the refused batch; says whether there was one.
    pub(super) fn send_isolated(&mut self, at: At) -> Result<bool, Fault> {
        let Some(isolated) = self.isolated.as_mut().filter(|isolated| isolated.looked) else {
            return Ok(false);
        };
        let Some(sending) = isolated.left.pop_front() else {
            return Ok(false);
        };
        isolated.under_way += 1;
        let mut alone = vec![sending];
        self.ask_first(&mut alone);
        self.send(at, alone)?;
        Ok(true)
    }

    /// A message that may have been one of a refused batch was stored, or refused.
    pub(super) fn settle_isolated(&mut self, was: Was) -> Result<(), Fault> {
        let Some(isolated) = self.isolated.as_mut().filter(|isolated| isolated.looked) else {
            return Ok(());
        };
        isolated.under_way -= 1;
        isolated.refused += usize::from(was == Was::Refused);
        if isolated.under_way > 0 || !isolated.left.is_empty() {
            return Ok(());
        }
        if isolated.refused == 0 {
            self.limit = isolated.below;
            self.learned.limit_to(isolated.below);
            self.ledger.keep_batch_limit(isolated.below)?;
            tracing::info!(
                "{}: batches hold {} messages at most now",
                self.name,
                isolated.below.messages
            );
        }
        self.isolated = None;
        Ok(())
    }
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Was {
    Stored,
    Refused,
}
