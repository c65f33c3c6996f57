//! How far away the server is: the quickest answer while logging in.

use std::time::Duration;

use imap_proto_lite::{Command, Untagged};
use tokio::time::Instant;

use crate::client::{Ahead, Client, Completion};
use crate::error::Error;

impl Client {
    /// The quickest answer to a command up to login, commands that the server has to think about
    /// included: at least the network's round trip. `None` before the first.
    #[must_use]
    pub const fn round_trip(&self) -> Option<Duration> {
        self.round_trip
    }

    /// [`Client::run`], with a look at the clock. Refusals are answers, too.
    pub(crate) async fn run_timed(
        &mut self,
        command: &Command<'_>,
        on: impl FnMut(&Untagged<'_>),
    ) -> Result<Completion, Error> {
        let ahead = self.ahead(command)?;
        self.finish_timed(ahead, on).await
    }

    /// [`Client::finish`] of what was sent just now, with a look at the clock.
    pub(crate) async fn finish_timed(
        &mut self,
        ahead: Ahead,
        on: impl FnMut(&Untagged<'_>),
    ) -> Result<Completion, Error> {
        let asked = Instant::now();
        let answer = self.finish(ahead, on).await;
        if matches!(answer, Ok(_) | Err(Error::Refused { .. })) {
            let took = asked.elapsed();
            self.round_trip = Some(self.round_trip.map_or(took, |least| least.min(took)));
        }
        answer
    }
}
