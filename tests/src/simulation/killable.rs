//! A future that dies like a process under SIGKILL: at once, wherever it waits.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::locked;

/// When a run is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kill {
    /// Instead of its n-th turn (from 1).
    AtTurn(u64),
    /// When so many octets have arrived, both servers and directions together.
    AtOctet(u64),
    /// Together with the first connection that is cut.
    AtCut,
    /// After this time.
    After(Duration),
}

/// It was killed.
#[derive(Debug)]
pub(super) struct Killed;

/// Kills from elsewhere.
#[derive(Debug, Default)]
pub(super) struct Trigger {
    pulled: AtomicBool,
    turns: AtomicU64,
    waker: std::sync::Mutex<Option<Waker>>,
}

impl Trigger {
    /// Turns that the future has had.
    pub(super) fn turns(&self) -> u64 {
        self.turns.load(Ordering::Relaxed)
    }

    pub(super) fn pull(&self) {
        self.pulled.store(true, Ordering::Relaxed);
        if let Some(waker) = locked(&self.waker).take() {
            waker.wake();
        }
    }
}

/// A future with its killer.
pub(super) struct Killable<F> {
    inner: Option<Pin<Box<F>>>,
    last: Option<u64>,
    trigger: Arc<Trigger>,
}

impl<F> Killable<F> {
    pub(super) fn new(inner: F, kill: Option<Kill>, trigger: Arc<Trigger>) -> Self {
        let last = match kill {
            Some(Kill::AtTurn(turn)) => Some(turn),
            _ => None,
        };
        Self {
            inner: Some(Box::pin(inner)),
            last,
            trigger,
        }
    }
}

impl<F: Future> Future for Killable<F> {
    type Output = Result<F::Output, Killed>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        *locked(&self.trigger.waker) = Some(cx.waker().clone());
        let turn = self.trigger.turns.fetch_add(1, Ordering::Relaxed) + 1;
        if self.last == Some(turn) || self.trigger.pulled.load(Ordering::Relaxed) {
            // Whatever it held is gone before anyone else has a turn.
            self.inner = None;
            return Poll::Ready(Err(Killed));
        }
        match &mut self.inner {
            Some(inner) => inner.as_mut().poll(cx).map(Ok),
            None => Poll::Pending,
        }
    }
}
