//! More connections to the destination, for one mailbox whose order does not matter.

use futures_util::future::join_all;
use imap_client_lite::Client;

use super::Run;
use crate::error::Fault;
use crate::plan::Copy;

impl Run<'_> {
    /// Opens as many as a mailbox is worth and the server bears.
    pub(super) async fn open_others(&mut self, copy: &Copy) -> Result<(), Fault> {
        let worth = usize::try_from(copy.messages() / WORTH).unwrap_or(usize::MAX);
        let wanted = self.lines.min(worth).saturating_sub(1);
        let more = wanted.saturating_sub(self.others.len());
        let opening = join_all((0..more).map(|_| self.job.accounts.dest.open()));
        let mut stop = self.stop.clone();
        let opened = tokio::select! {
            biased;
            opened = opening => opened,
            signal = stop.wait() => return Err(Fault::Stopped(signal)),
        };
        for client in opened {
            match client {
                Ok(client) => self.others.push(client),
                Err(fault) => {
                    tracing::info!("no more connections: {fault}");
                    self.lines = 1 + self.others.len();
                }
            }
        }
        if self.distrust_literals {
            self.others.iter_mut().for_each(Client::distrust_literals);
        }
        Ok(())
    }

    /// Does with one connection from now on: one of several has failed, and those that are left may
    /// have work under way.
    pub(super) fn give_up_others(&mut self) {
        if !self.others.is_empty() {
            self.others.clear();
            self.lines = 1;
        }
    }
}

/// Messages that make a connection worth while.
const WORTH: u64 = 6;
