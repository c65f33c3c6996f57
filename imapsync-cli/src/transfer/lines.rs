//! The connections that a writer sends over: one, or several where order does not matter, each with
//! what is under way on it.

use std::collections::VecDeque;

use futures_util::future::select_all;
use imap_client_lite::Client;
use tokio::time::Instant;

use super::sending::InFlight;
use crate::error::{Fault, OnSide};
use crate::side::Side;

/// A connection on which the mailbox is selected.
pub(super) struct Line<'a> {
    pub(super) client: &'a mut Client,
    pub(super) in_flight: VecDeque<InFlight>,
    /// Since when the server has been working on the oldest of them.
    pub(super) since: Instant,
}

/// All of a writer's.
pub(super) struct Lines<'a> {
    /// The one that reads back, and that large messages pass over.
    pub(super) main: Line<'a>,
    others: Vec<Line<'a>>,
}

/// Which of the connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct At(usize);

impl At {
    pub(super) const MAIN: Self = Self(0);
}

impl<'a> Line<'a> {
    fn new(client: &'a mut Client) -> Self {
        Self {
            client,
            in_flight: VecDeque::new(),
            since: Instant::now(),
        }
    }

    /// Whether enough is on its way. A batch that is refused is sent again message by message:
    /// what goes out behind it would overtake it.
    fn is_congested(&self) -> bool {
        self.in_flight.iter().any(InFlight::is_batch)
            || self.in_flight.len() >= IN_FLIGHT
            || self.client.queued_bytes() >= QUEUED_BYTES
    }
}

impl<'a> Lines<'a> {
    pub(super) fn new(main: &'a mut Client, others: &'a mut [Client]) -> Self {
        Self {
            main: Line::new(main),
            others: others.iter_mut().map(Line::new).collect(),
        }
    }

    fn iter(&self) -> impl Iterator<Item = &Line<'a>> {
        std::iter::once(&self.main).chain(&self.others)
    }

    pub(super) fn get_mut(&mut self, At(at): At) -> &mut Line<'a> {
        match at.checked_sub(1).and_then(|at| self.others.get_mut(at)) {
            Some(line) => line,
            None => &mut self.main,
        }
    }

    /// Whether anything is unanswered.
    pub(super) fn are_busy(&self) -> bool {
        self.iter().any(|line| !line.in_flight.is_empty())
    }

    /// One that has nothing to do.
    pub(super) fn idle(&self) -> Option<At> {
        let at = self.iter().position(|line| line.in_flight.is_empty());
        at.map(At)
    }

    /// Whether something is under way that nothing may follow.
    pub(super) fn carry_alone(&self) -> bool {
        let mut all = self.iter().flat_map(|line| &line.in_flight);
        all.any(InFlight::is_alone)
    }

    /// Whether a batch is under way.
    pub(super) fn carry_batch(&self) -> bool {
        let mut all = self.iter().flat_map(|line| &line.in_flight);
        all.any(InFlight::is_batch)
    }

    /// The one for what goes out next: that with the least to do; `None` while all have enough.
    pub(super) fn free(&self) -> Option<At> {
        let lines = self.iter().enumerate();
        let free = lines.filter(|(_, line)| !line.is_congested());
        let free = free.min_by_key(|(_, line)| line.in_flight.len());
        free.map(|(at, _)| At(at))
    }

    /// Whether more can be sent over the main one.
    pub(super) fn main_is_free(&self) -> bool {
        !self.main.is_congested()
    }

    /// Waits until something moves; says where an answer waits to be taken. Cancel-safe.
    pub(super) async fn progress(&mut self) -> Result<Option<At>, Fault> {
        if self.others.is_empty() {
            let ready = self.main.client.progress().await.on(Side::Dest)?;
            return Ok(ready.then_some(At::MAIN));
        }
        let lines = std::iter::once(&mut self.main).chain(&mut self.others);
        let busy = lines
            .enumerate()
            .filter(|(_, line)| !line.in_flight.is_empty());
        let moved =
            busy.map(|(at, line)| Box::pin(async move { (At(at), line.client.progress().await) }));
        let ((at, ready), _, _) = select_all(moved).await;
        Ok(ready.on(Side::Dest)?.then_some(at))
    }
}

/// Whether chunks of a large message can be taken.
pub(super) fn has_room_for_chunks(client: &Client) -> bool {
    client.queued_bytes() < QUEUED_BYTES && !client.awaits_continuation()
}

/// Unanswered APPENDs on one connection at most.
const IN_FLIGHT: usize = 64;
/// Nothing is added to what is sent while this much waits.
const QUEUED_BYTES: usize = 256 << 10;
