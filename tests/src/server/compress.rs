//! COMPRESS=DEFLATE (RFC 4978): the command, and the streams of a connection that it has changed.

use std::io;

use bytes::BytesMut;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use tokio::io::{AsyncRead, AsyncWrite};

use super::command::Command;
use super::reply::{Outcome, Reply};
use super::session::{Core, Session};

/// What a server does about compression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compressing {
    /// It does not know the command.
    #[default]
    NotOffered,
    /// It compresses; news come with the OK, in one write.
    Works,
    /// It says OK and goes on in plain text.
    Lies,
}

/// Runs COMPRESS.
pub(super) fn compress(core: &Core, command: &Command, is_compressed: bool) -> Outcome {
    let arguments = &command.arguments[..];
    let reply = match (core.profile.compressing, arguments) {
        (Compressing::NotOffered, _) => Reply::bad("Unknown command"),
        (_, [mechanism]) if !mechanism.is("DEFLATE") => Reply::bad("Unknown mechanism"),
        (_, [_]) if is_compressed => Reply::no("[COMPRESSIONACTIVE] Already compressed"),
        (_, [_]) => return Outcome::Compress,
        _ => Reply::bad("COMPRESS wants one argument"),
    };
    reply.into()
}

/// Answers OK and changes the streams, or only says so.
pub(super) async fn begin<S: AsyncRead + AsyncWrite + Unpin>(
    session: &mut Session<S>,
    tag: &str,
) -> io::Result<()> {
    let Session { wire, core } = session;
    wire.put(Reply::ok("Begin compression").line(tag));
    match core.profile.compressing {
        Compressing::Lies => {
            wire.put(b"* OK Nothing is compressed here\r\n");
            wire.flush().await
        }
        _ => {
            wire.begin_deflate(b"* OK Everything is compressed here\r\n")
                .await
        }
    }
}

/// Both streams of a compressed connection.
#[derive(Debug)]
pub(super) struct Streams {
    deflate: Compress,
    inflate: Decompress,
    /// Compressed octets that came in and wait for their turn.
    pub(super) raw: BytesMut,
}

impl Streams {
    /// Streams of which the client's begins with `raw`.
    pub(super) fn beginning_with(raw: BytesMut) -> Self {
        Self {
            deflate: Compress::new(Compression::new(6), false),
            inflate: Decompress::new(false),
            raw,
        }
    }

    /// Adds what `plain` becomes, so that the client can read all of it.
    pub(super) fn deflate(&mut self, plain: &[u8], into: &mut Vec<u8>) -> io::Result<()> {
        let end = self.deflate.total_in() + plain.len() as u64;
        loop {
            into.reserve(plain.len() / 2 + 100);
            let taken = plain.len() - (end - self.deflate.total_in()) as usize;
            self.deflate
                .compress_vec(&plain[taken..], into, FlushCompress::Sync)?;
            if self.deflate.total_in() == end && into.len() < into.capacity() {
                return Ok(());
            }
        }
    }

    /// Adds what the waiting octets become.
    pub(super) fn inflate(&mut self, into: &mut BytesMut) -> io::Result<()> {
        let mut plain = [0; 16_384];
        loop {
            let (read, written) = (self.inflate.total_in(), self.inflate.total_out());
            let status = self
                .inflate
                .decompress(&self.raw, &mut plain, FlushDecompress::None)?;
            let read = (self.inflate.total_in() - read) as usize;
            let written = (self.inflate.total_out() - written) as usize;
            let _ = self.raw.split_to(read);
            into.extend_from_slice(&plain[..written]);
            if status == Status::StreamEnd || written < plain.len() {
                return Ok(());
            }
        }
    }
}
