//! COMPRESS=DEFLATE: RFC 4978.

use imap_proto_lite::Command;

use crate::client::{Client, Login};
use crate::error::Error;
use crate::transport::Transport;

/// What came of asking for compression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compression {
    /// Both directions are compressed.
    Active,
    /// The server offers none; it was not asked.
    NotOffered,
    /// The server refused, with these words; the connection is as before.
    Refused(String),
}

impl Client {
    /// Compresses the connection, where the server offers that after login.
    ///
    /// Everything behind the server's OK is inflated, also what arrived together with it: plain text
    /// there, be it the server's or an attacker's, is never taken for an answer but ends the
    /// connection with [`Error::Protocol`]. No credential is sent under compression, since this
    /// comes after login. Cancel-safe: the switch happens with the next call that reads.
    ///
    /// # Errors
    /// Before login, or while answers are under way; else as [`Client::next`].
    pub async fn compress(&mut self) -> Result<Compression, Error> {
        if matches!(self.driver.transport, Transport::Deflated(_)) {
            return Ok(Compression::Active);
        }
        if self.login == Login::Outstanding {
            return Err(Error::Misuse("COMPRESS comes after login"));
        }
        if !self.capabilities().has("COMPRESS=DEFLATE") {
            return Ok(Compression::NotOffered);
        }
        match self.run(&Command::Compress, |_| {}).await {
            Ok(_) => {}
            Err(Error::Refused { text, .. }) => return Ok(Compression::Refused(text)),
            Err(error) => return Err(error),
        }
        self.driver.ready()?;
        Ok(Compression::Active)
    }
}
