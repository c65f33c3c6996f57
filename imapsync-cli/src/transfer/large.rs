//! A message too large for memory: its chunks pass from the source to the destination.

use bytes::Bytes;

use super::oddities::Oddities;
use super::read_back::Identity;
use super::writer::Writer;
use crate::error::{Fault, OnSide};
use crate::side::Side;

/// The large message whose chunks are arriving.
pub(super) struct Large {
    octets: u64,
    left: u64,
    oddities: Oddities,
    hasher: blake3::Hasher,
}

impl Large {
    pub(super) fn new(octets: u64) -> Self {
        Self {
            octets,
            left: octets,
            oddities: Oddities::default(),
            hasher: blake3::Hasher::new(),
        }
    }

    /// Whether no chunk was taken yet.
    pub(super) const fn is_untouched(&self) -> bool {
        self.left == self.octets
    }

    fn take(&mut self, chunk: &[u8]) {
        self.left = self.left.saturating_sub(chunk.len() as u64);
        self.oddities.look(chunk);
        self.hasher.update(chunk);
    }
}

impl Writer<'_> {
    /// Passes octets on; after a refusal they are drained.
    pub(super) fn supply_large(&mut self, chunk: Bytes) -> Result<(), Fault> {
        let Some(large) = &mut self.large else {
            return Ok(());
        };
        large.take(&chunk);
        self.progress.moved(chunk.len() as u64);
        if self.lines.main.client.body_left() > 0 {
            self.lines.main.client.supply(chunk).on(Side::Dest)?;
        }
        if large.left == 0
            && let Some(large) = self.large.take()
            && let Some(append) = self.lines.main.in_flight.back_mut()
            && let Some(one) = append.messages.last_mut()
        {
            let exact = large.hasher.finalize().into();
            // The form in which it will be stored would cost a second pass.
            let stored_as = large.oddities.are_there().then_some(exact);
            one.identity = Some(Identity { exact, stored_as });
        }
        Ok(())
    }
}
