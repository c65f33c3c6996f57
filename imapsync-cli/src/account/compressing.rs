//! Compresses a connection that has just logged in, and proves that both ends mean it: RFC 4978.
//!
//! A server that says OK and sends something else is not asked again in this run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use imap_client_lite::proto::Command;
use imap_client_lite::{Client, Compression, Error};

use super::compress::{Compress, Decision, Offer};

/// The wish, and whether the server has proved unfit; clones share the latter.
#[derive(Debug, Clone)]
pub(super) struct Compressor {
    wish: Compress,
    is_unfit: Arc<AtomicBool>,
}

/// What became of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It can be used, compressed or not.
    Usable,
    /// It is lost, and the next one will not be compressed.
    Spoilt,
}

impl Compressor {
    pub(super) fn new(wish: Compress) -> Self {
        Self {
            wish,
            is_unfit: Arc::default(),
        }
    }

    /// Compresses the connection where that is wanted and pays; `account` is for the log.
    pub(super) async fn compress(
        &self,
        client: &mut Client,
        account: &str,
    ) -> Result<Outcome, Error> {
        if self.is_unfit.load(Ordering::Relaxed) {
            return Ok(Outcome::Usable);
        }
        let round_trip = client.round_trip();
        match self.wish.decide(offer(client), round_trip) {
            Decision::Plain => return Ok(Outcome::Usable),
            Decision::Missed => {
                tracing::warn!("{account}: the server offers no compression: going on without");
                return Ok(Outcome::Usable);
            }
            Decision::Compressed => {}
        }
        match switch(client).await {
            Ok(Compression::Active) => {
                tracing::info!("{account}: compressed; round trip {round_trip:?}");
                Ok(Outcome::Usable)
            }
            Ok(Compression::Refused(text)) => {
                tracing::warn!("{account}: compression refused: {text}; going on without");
                Ok(Outcome::Usable)
            }
            Ok(Compression::NotOffered) => Ok(Outcome::Usable),
            Err(error) if is_the_servers_fault(&error) => {
                tracing::warn!("{account}: compression does not work: {error}; going on without");
                self.is_unfit.store(true, Ordering::Relaxed);
                Ok(Outcome::Spoilt)
            }
            Err(error) => Err(error),
        }
    }
}

/// What the server says of itself after login.
pub(crate) fn offer(client: &Client) -> Offer {
    match client.capabilities().has("COMPRESS=DEFLATE") {
        true => Offer::Offered,
        false => Offer::NotOffered,
    }
}

/// Asks for compression and for an answer under it.
async fn switch(client: &mut Client) -> Result<Compression, Error> {
    let asked = async {
        let compression = client.compress().await?;
        if compression == Compression::Active {
            client.run(&Command::Noop, |_| {}).await?;
        }
        Ok(compression)
    };
    let silence = |_| Error::TimedOut {
        awaiting: "COMPRESS",
        after: PATIENCE,
    };
    tokio::time::timeout(PATIENCE, asked)
        .await
        .map_err(silence)?
}

/// Whether this is what a server makes of compression, and not of the network.
const fn is_the_servers_fault(error: &Error) -> bool {
    matches!(
        error,
        Error::Protocol(_)
            | Error::Malformed(_)
            | Error::Framing(_)
            | Error::Refused { .. }
            | Error::EarlyReply { .. }
            | Error::TimedOut { .. }
    )
}

/// How long both answers may take. A server that waits for a plain line end waits forever.
const PATIENCE: Duration = Duration::from_secs(30);
