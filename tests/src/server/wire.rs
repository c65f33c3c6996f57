//! One connection's octets: buffered both ways, compressed where asked for, counted, and cut where a
//! fault says so. Counted is what goes over the wire; what waits to be compressed counts as it is.

use std::fmt;
use std::io::{self, Write};
use std::sync::atomic::Ordering;

use bytes::{Buf, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::compress::Streams;
use super::fault::Fault;
use super::shared::Shared;

/// A stream with its buffers. Output leaves when the input holds nothing more to do, or is large.
#[derive(Debug)]
pub(super) struct Wire<S> {
    stream: S,
    shared: Shared,
    input: BytesMut,
    output: Vec<u8>,
    streams: Option<Streams>,
    sent: u64,
    received: u64,
    send_limit: Option<u64>,
    receive_limit: Option<u64>,
    literal_cut: Option<LiteralCut>,
}

/// Cut inside a literal yet to come.
#[derive(Clone, Copy, Debug)]
struct LiteralCut {
    literals_before: u64,
    after: u64,
}

/// A command line, without its line end.
#[derive(Debug)]
pub(super) enum Line {
    /// All of it.
    Whole(Vec<u8>),
    /// Longer than allowed, and skipped.
    TooLong,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    pub(super) fn new(stream: S, shared: Shared) -> Self {
        Self {
            stream,
            shared,
            input: BytesMut::new(),
            output: Vec::new(),
            streams: None,
            sent: 0,
            received: 0,
            send_limit: None,
            receive_limit: None,
            literal_cut: None,
        }
    }

    /// Gives the stream back; input that was not asked for is dropped (STARTTLS demands it).
    pub(super) fn into_stream(self) -> S {
        self.stream
    }

    /// Sends all output and `news` behind it, compressed, in one write; from now on everything is.
    pub(super) async fn begin_deflate(&mut self, news: &[u8]) -> io::Result<()> {
        let mut output = std::mem::take(&mut self.output);
        let mut streams = Streams::beginning_with(self.input.split());
        streams.deflate(news, &mut output)?;
        self.send(&output[..]).await?;
        self.stream.flush().await?;
        self.streams = Some(streams);
        Ok(())
    }

    pub(super) const fn is_deflated(&self) -> bool {
        self.streams.is_some()
    }

    /// Takes notice of faults that cut by counting octets; others are not its business.
    pub(super) fn arm(&mut self, fault: &Fault) {
        match *fault {
            Fault::CutAfterSent(octets) => {
                self.send_limit = Some(self.sent + self.output.len() as u64 + octets);
            }
            Fault::CutAfterReceived(octets) => {
                let consumed = self.received.saturating_sub(self.input.len() as u64);
                self.receive_limit = Some(consumed + octets);
                self.deafen();
            }
            Fault::CutInLiteral { literal, after } => {
                let literals_before = literal.saturating_sub(1);
                self.literal_cut = Some(LiteralCut {
                    literals_before,
                    after,
                });
            }
            _ => {}
        }
    }

    /// Appends to the output, without sending.
    pub(super) fn put(&mut self, octets: impl AsRef<[u8]>) {
        self.output.extend_from_slice(octets.as_ref());
    }

    /// The same with text that is put together on the way.
    pub(super) fn say(&mut self, text: fmt::Arguments<'_>) {
        // A Vec takes all.
        let _ = self.output.write_fmt(text);
    }

    /// The output buffer, for those who only write.
    pub(super) fn output(&mut self) -> &mut Vec<u8> {
        &mut self.output
    }

    /// Announces a literal of a FETCH response.
    pub(super) fn put_literal_header(&mut self, length: u64) {
        self.say(format_args!("{{{length}}}\r\n"));
        match &mut self.literal_cut {
            Some(cut) if cut.literals_before == 0 => {
                let start = self.sent + self.output.len() as u64;
                self.send_limit = Some(start + cut.after);
                self.literal_cut = None;
            }
            Some(cut) => cut.literals_before -= 1,
            None => {}
        }
    }

    /// Sends a piece of a message: small ones are collected, large ones go as they are.
    pub(super) async fn put_body(&mut self, piece: Bytes) -> io::Result<()> {
        if piece.len() < DIRECT_BYTES || self.is_deflated() {
            self.put(&piece);
            return self.drain().await;
        }
        let output = std::mem::take(&mut self.output);
        self.send(Buf::chain(&output[..], piece)).await?;
        self.output = output;
        self.output.clear();
        Ok(())
    }

    /// Sends the output if there is much of it.
    pub(super) async fn drain(&mut self) -> io::Result<()> {
        match self.output.len() < BUFFER_BYTES {
            true => Ok(()),
            false => self.flush().await,
        }
    }

    /// Sends all output.
    pub(super) async fn flush(&mut self) -> io::Result<()> {
        if !self.output.is_empty() {
            let output = std::mem::take(&mut self.output);
            match &mut self.streams {
                None => self.send(&output[..]).await?,
                Some(streams) => {
                    let mut deflated = Vec::new();
                    streams.deflate(&output, &mut deflated)?;
                    self.send(&deflated[..]).await?;
                }
            }
            self.output = output;
            self.output.clear();
        }
        self.stream.flush().await
    }

    /// Sends all output and says that nothing follows.
    pub(super) async fn close(&mut self) -> io::Result<()> {
        self.flush().await?;
        self.stream.shutdown().await
    }

    /// The next line. An end of input is an error, which ends the session.
    pub(super) async fn line(&mut self, limit_bytes: usize) -> io::Result<Line> {
        let mut scanned = 0;
        let mut too_long = false;
        loop {
            let end = self.input[scanned..]
                .iter()
                .position(|&octet| octet == b'\n');
            if let Some(end) = end.map(|end| scanned + end) {
                let line = self.input.split_to(end + 1);
                let line = line.strip_suffix(b"\r\n").unwrap_or(&line[..end]);
                too_long |= line.len() > limit_bytes;
                return Ok(if too_long {
                    Line::TooLong
                } else {
                    Line::Whole(line.to_vec())
                });
            }
            if self.input.len() > limit_bytes {
                too_long = true;
                self.input.clear();
            }
            scanned = self.input.len();
            self.read_more().await?;
        }
    }

    /// Some of the next octets, at least one and at most `limit`.
    pub(super) async fn chunk(&mut self, limit: u64) -> io::Result<Bytes> {
        if self.input.is_empty() {
            self.read_more().await?;
        }
        let length =
            usize::try_from(limit).map_or(self.input.len(), |limit| limit.min(self.input.len()));
        Ok(self.input.split_to(length).freeze())
    }

    /// Exactly `length` octets, which the caller has found to be few.
    pub(super) async fn exactly(&mut self, length: usize) -> io::Result<Vec<u8>> {
        while self.input.len() < length {
            self.read_more().await?;
        }
        Ok(self.input.split_to(length).to_vec())
    }

    /// Drops input until the client closes the connection.
    pub(super) async fn until_gone(&mut self) {
        while self.read_more().await.is_ok() {
            self.input.clear();
        }
    }

    async fn read_more(&mut self) -> io::Result<()> {
        if self
            .receive_limit
            .is_some_and(|limit| self.received >= limit)
        {
            return Err(cut());
        }
        self.flush().await?;
        let input = self
            .streams
            .as_mut()
            .map_or(&mut self.input, |streams| &mut streams.raw);
        if input.capacity() - input.len() < BUFFER_BYTES / 4 {
            input.reserve(BUFFER_BYTES);
        }
        let read = self.stream.read_buf(input).await? as u64;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.received += read;
        self.shared
            .traffic()
            .received
            .fetch_add(read, Ordering::Relaxed);
        self.deafen();
        match &mut self.streams {
            None => Ok(()),
            Some(streams) => streams.inflate(&mut self.input),
        }
    }

    /// Forgets input that lies beyond the receive limit.
    fn deafen(&mut self) {
        let excess = self
            .receive_limit
            .and_then(|limit| self.received.checked_sub(limit));
        if let Some(excess) = excess.and_then(|excess| usize::try_from(excess).ok()) {
            let input = self
                .streams
                .as_mut()
                .map_or(&mut self.input, |streams| &mut streams.raw);
            input.truncate(input.len().saturating_sub(excess));
        }
    }

    /// Sends octets up to the send limit, and breaks off there.
    async fn send(&mut self, octets: impl Buf) -> io::Result<()> {
        let room = self
            .send_limit
            .map_or(u64::MAX, |limit| limit.saturating_sub(self.sent));
        let length = (octets.remaining() as u64).min(room);
        let mut octets = octets.take(usize::try_from(length).unwrap_or(usize::MAX));
        self.stream.write_all_buf(&mut octets).await?;
        self.sent += length;
        self.shared
            .traffic()
            .sent
            .fetch_add(length, Ordering::Relaxed);
        if length == room {
            self.stream.flush().await?;
            return Err(cut());
        }
        Ok(())
    }
}

/// The error that ends a session whose connection a fault breaks.
pub(super) fn cut() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "cut by a fault")
}

/// Output beyond this is sent, input is read in pieces of this.
const BUFFER_BYTES: usize = 65_536;
/// A body piece of this size is not worth copying.
const DIRECT_BYTES: usize = 32_768;
