//! New connections for those that fail in the middle of a run.
//!
//! The first connection of a run has shown that host, certificate and password are right, so what
//! goes wrong later is taken for bad weather unless the server says otherwise.

use std::time::Duration;

use imap_client_lite::{Client, Error};

use super::Run;
use crate::error::Fault;
use crate::side::Side;
use crate::transfer::{Refused, classify};

impl Run<'_> {
    /// Waits and connects again, as often as the user's patience lasts. A fault that a new
    /// connection cannot cure comes back.
    pub(super) async fn recover(&mut self, fault: Fault) -> Result<(), Fault> {
        let Some(failed) = self.curable(&fault) else {
            return Err(fault);
        };
        let mut down = Vec::new();
        self.take_down(failed, &mut down);
        if self.client(failed.other()).in_flight() > 0 {
            self.take_down(failed.other(), &mut down);
        }
        let mut words = fault.to_string();
        while !down.is_empty() {
            if self.trouble.lasted() > SESSION_SURVIVES {
                self.take_down(failed.other(), &mut down);
            }
            let Some(pause) = self.trouble.pause(&words) else {
                return Err(Fault::GaveUp {
                    fault: Box::new(fault),
                    after: self.job.patience.give_up_after,
                });
            };
            tracing::warn!("{words}; connecting again in {:.1} s", pause.as_secs_f64());
            let mut stop = self.stop.clone();
            let again = tokio::select! {
                biased;
                signal = stop.wait() => return Err(Fault::Stopped(signal)),
                again = self.bring_up(pause, &mut down) => again,
            };
            if let Err(fault) = again {
                if !may_connect_later(&fault) {
                    return Err(fault);
                }
                words = fault.to_string();
            }
        }
        Ok(())
    }

    /// Whether a refusal ends the work on this mailbox, and no more: it is not one of the moment,
    /// or concerns this mailbox alone and does not pass. The others then have their turn.
    pub(super) fn is_stuck(&self, error: &Error) -> bool {
        match meaning(error) {
            None | Some(Refused::Moment) => false,
            Some(Refused::Busy) => self.trouble.tries() >= TRIES,
            Some(Refused::Message | Refused::Mailbox | Refused::Quota) => true,
        }
    }

    /// Connections with answers still under way are replaced: nobody waits for these.
    pub(super) async fn reopen_unsettled(&mut self) -> Result<(), Fault> {
        let mut down = Vec::new();
        for side in [Side::Source, Side::Dest] {
            if self.client(side).in_flight() > 0 {
                self.take_down(side, &mut down);
            }
        }
        match self.bring_up(Duration::ZERO, &mut down).await {
            Err(fault) if may_connect_later(&fault) => self.recover(fault).await,
            done => done,
        }
    }

    /// The side that needs a new connection; `None` where that would be of no use.
    fn curable(&self, fault: &Fault) -> Option<Side> {
        let Fault::Session { side, error } = fault else {
            return None;
        };
        let curable = match error {
            // A server that breaks the protocol does so again.
            Error::Framing(_) | Error::Malformed(_) | Error::Protocol(_) => {
                self.trouble.tries() < TRIES
            }
            _ => may_connect_later(fault),
        };
        curable.then_some(*side)
    }

    /// Gives a connection up at once: a server that counts them has room for the next.
    fn take_down(&mut self, side: Side, down: &mut Vec<Side>) {
        if !down.contains(&side) {
            self.client_mut(side).abandon();
            down.push(side);
        }
    }

    /// Connects those sides that have no connection, the one that failed first.
    async fn bring_up(&mut self, pause: Duration, down: &mut Vec<Side>) -> Result<(), Fault> {
        tokio::time::sleep(pause).await;
        while let Some(&side) = down.first() {
            let client = self.job.accounts.on(side).open().await?;
            *self.client_mut(side) = client;
            down.remove(0);
        }
        Ok(())
    }

    const fn client(&self, side: Side) -> &Client {
        self.clients.on(side)
    }

    const fn client_mut(&mut self, side: Side) -> &mut Client {
        self.clients.on_mut(side)
    }
}

/// Whether the same login may work later, since it has worked before. What a server says about
/// password, certificate or STARTTLS does not change by itself.
pub(crate) fn may_connect_later(fault: &Fault) -> bool {
    let Fault::Session { error, .. } = fault else {
        return false;
    };
    match error {
        Error::Connect { .. } | Error::UnknownHost { .. } | Error::NotImap { .. } => true,
        // A server that is being restarted breaks handshakes off; a certificate is another matter.
        Error::Tls { .. } => true,
        Error::Refused { .. } => matches!(meaning(error), Some(Refused::Busy | Refused::Moment)),
        _ => fault.is_passing(),
    }
}

/// What a refusal means; `None` for other errors.
fn meaning(error: &Error) -> Option<Refused> {
    match error {
        Error::Refused {
            condition,
            code,
            text,
            ..
        } => Some(classify(*condition, *code, text)),
        _ => None,
    }
}

/// What happens again each time is no weather: so many tries without any message moved.
const TRIES: u32 = 3;
/// An idle session is used again after a pause that is not longer; servers end them after half an
/// hour, some sooner.
const SESSION_SURVIVES: Duration = Duration::from_secs(240);
