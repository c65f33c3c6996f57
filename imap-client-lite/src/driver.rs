//! The one loop between a transport and a session. It always reads *and* writes, so that a peer
//! which stops reading while it answers cannot hang us.

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::AsyncWrite;
use tokio_util::io::poll_read_buf;

use crate::deflate::{CorruptStream, Deflated};
use crate::error::Error;
use crate::session::Session;
use crate::transport::Transport;

/// A transport with the session that runs over it.
#[derive(Debug)]
pub(crate) struct Driver {
    pub(crate) transport: Transport,
    pub(crate) session: Session,
    unflushed: bool,
}

impl Driver {
    pub(crate) const fn new(transport: Transport, session: Session) -> Self {
        Self {
            transport,
            session,
            unflushed: false,
        }
    }

    /// Whether the session can lend an event. A change of the stream that the last one has brought
    /// comes first, so that no byte behind it is read as what it is not.
    pub(crate) fn ready(&mut self) -> Result<bool, Error> {
        if let Some(received) = self.session.begin_deflate() {
            let inner = std::mem::replace(&mut self.transport, Transport::Gone);
            self.transport = Transport::Deflated(Box::new(Deflated::new(inner, received)));
        }
        self.session.ready()
    }

    /// Waits until bytes have moved in either direction. Cancel-safe: no byte is lost when the
    /// future is dropped.
    ///
    /// # Errors
    /// When nothing moved within `patience`, or the connection ended.
    pub(crate) async fn progress(&mut self, patience: Duration) -> Result<(), Error> {
        let moved = poll_fn(|cx| self.poll_io(cx));
        match tokio::time::timeout(patience, moved).await {
            Ok(moved) => moved,
            Err(_) => Err(Error::TimedOut {
                awaiting: self.session.oldest(),
                after: patience,
            }),
        }
    }

    fn poll_io(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let written = self.poll_write(cx);
        let read = self.poll_read(cx);
        match (written, read) {
            // What the server said before it closed comes first.
            (_, Poll::Ready(Ok(octets))) if octets > 0 => Poll::Ready(Ok(())),
            (_, Poll::Ready(Ok(_))) => Poll::Ready(Err(self.session.closed())),
            (_, Poll::Ready(Err(error))) if is_disconnect(&error) => {
                Poll::Ready(Err(self.session.closed()))
            }
            (_, Poll::Ready(Err(error))) => Poll::Ready(Err(lost(error))),
            (Err(error), Poll::Pending) if is_disconnect(&error) => {
                Poll::Ready(Err(self.session.closed()))
            }
            (Err(error), Poll::Pending) => Poll::Ready(Err(error.into())),
            (Ok(true), Poll::Pending) => Poll::Ready(Ok(())),
            (Ok(false), Poll::Pending) => Poll::Pending,
        }
    }

    /// Writes what can be written; says whether anything was.
    fn poll_write(&mut self, cx: &mut Context<'_>) -> io::Result<bool> {
        let mut moved = false;
        while self.session.has_writable() {
            match self.poll_write_once(cx) {
                Poll::Ready(Ok(0)) => return Err(io::ErrorKind::WriteZero.into()),
                Poll::Ready(Ok(octets)) => {
                    self.session.wrote(octets);
                    self.unflushed = true;
                    moved = true;
                }
                Poll::Ready(Err(error)) => return Err(error),
                Poll::Pending => break,
            }
        }
        if self.unflushed {
            match Pin::new(&mut self.transport).poll_flush(cx) {
                Poll::Ready(Ok(())) => self.unflushed = false,
                Poll::Ready(Err(error)) => return Err(error),
                Poll::Pending => {}
            }
        }
        Ok(moved)
    }

    fn poll_write_once(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut slices = [IoSlice::new(&[]); SLICES];
        let used = self.session.writable(&mut slices);
        let slices = slices.get(..used).unwrap_or_default();
        Pin::new(&mut self.transport).poll_write_vectored(cx, slices)
    }

    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let octets = match self.session.body_to_come() {
            LARGE.. => READ_BUFFER_OF_LARGE,
            _ => READ_BUFFER,
        };
        let buffer = self.session.read_buffer();
        if buffer.capacity() - buffer.len() < READ_LEAST {
            buffer.reserve(octets);
        }
        let read = poll_read_buf(Pin::new(&mut self.transport), cx, buffer);
        if read.is_pending() && self.session.awaits_continuation() {
            // Many servers send their `+` only when what they said before is acknowledged (Courier): without this the
            // kernel takes 40 ms for that, at each message.
            self.transport.acknowledge_at_once();
        }
        read
    }
}

/// What an error of the transport means: a corrupt stream is the server's fault, not the network's.
fn lost(error: io::Error) -> Error {
    match error
        .get_ref()
        .is_some_and(|inner| inner.is::<CorruptStream>())
    {
        true => Error::Protocol("what it sends under COMPRESS is not compressed, or damaged"),
        false => error.into(),
    }
}

fn is_disconnect(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof, WriteZero};
    matches!(
        error.kind(),
        BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof | WriteZero
    )
}

/// Slices handed to one vectored write.
const SLICES: usize = 64;
/// Octets of a new read buffer. Body chunks keep the whole buffer alive, so it is not large.
const READ_BUFFER: usize = 64 << 10;
/// With a body of at least so many octets under way...
const LARGE: u64 = READ_BUFFER_OF_LARGE as u64;
/// ... there is nothing else in the buffer, and fewer turns for more octets save time.
const READ_BUFFER_OF_LARGE: usize = 256 << 10;
/// A read buffer with less room than this is left to its chunks.
const READ_LEAST: usize = 16 << 10;
