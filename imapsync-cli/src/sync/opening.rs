//! Connections for those who will help with a plan, opened while there is something else to wait for.

use std::future::Future;

use futures_util::FutureExt;
use futures_util::future::{Either, LocalBoxFuture, MaybeDone, join_all, maybe_done, select};
use imap_client_lite::Client;

use super::Job;
use super::preparing::open_both;
use crate::error::Fault;
use crate::side::Both;

type Opening<'a> = MaybeDone<LocalBoxFuture<'a, Result<Both<Client>, Fault>>>;

/// Pairs of connections on their way.
pub(super) struct Openings<'a> {
    job: &'a Job,
    begun: Vec<Opening<'a>>,
}

impl<'a> Openings<'a> {
    /// So many pairs.
    pub(super) fn begin(job: &'a Job, pairs: usize) -> Self {
        let begun = (0..pairs).map(|_| maybe_done(open_both(job).boxed_local()));
        Self {
            job,
            begun: begun.collect(),
        }
    }

    /// Gets on with them while `work` is done, and no longer.
    pub(super) async fn meanwhile<T>(&mut self, work: impl Future<Output = T>) -> T {
        let all = join_all(&mut self.begun);
        match select(std::pin::pin!(work), all).await {
            Either::Left((done, _)) => done,
            Either::Right((_, work)) => work.await,
        }
    }

    /// The next pair: one that was begun, else a new one.
    pub(super) fn next(&mut self) -> impl Future<Output = Result<Both<Client>, Fault>> + use<'a> {
        let (job, begun) = (self.job, self.begun.pop());
        async move {
            if let Some(mut begun) = begun {
                (&mut begun).await;
                if let Some(opened) = std::pin::Pin::new(&mut begun).take_output() {
                    return opened;
                }
            }
            open_both(job).await
        }
    }
}
