//! A byte stream under raw deflate (RFC 1951) in both directions: what COMPRESS=DEFLATE makes of a
//! connection, RFC 4978.
//!
//! Memory is bounded whatever the peer sends: compressed octets wait in buffers of a fixed size, and
//! inflating fills the caller's buffer and nothing else. No more is read from the peer before what it
//! sent is inflated, so a stream that inflates a thousandfold is as slow as its reader.

mod compressor;
mod decompressor;

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_util::io::poll_read_buf;

use compressor::{Compressor, Flush};
use decompressor::Decompressor;

pub(crate) use decompressor::CorruptStream;

/// A stream whose both directions are deflated.
///
/// What is written may wait until [`AsyncWrite::poll_flush`], which ends in one sync flush, or in
/// nothing when nothing was written since the last. Reading and writing keep all their state here:
/// a future that is dropped loses no octet.
#[derive(Debug)]
pub struct Deflated<S> {
    inner: S,
    compressor: Compressor,
    decompressor: Decompressor,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Deflated<S> {
    /// Deflates everything from now on; `received` was read from `inner` already, and comes first.
    pub(crate) fn new(inner: S, received: BytesMut) -> Self {
        Self {
            inner,
            compressor: Compressor::new(),
            decompressor: Decompressor::new(received),
        }
    }

    /// Hands everything compressed so far to the stream below.
    fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.compressor.output().is_empty() {
            let output = self.compressor.output();
            match ready!(Pin::new(&mut self.inner).poll_write(cx, output))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                octets => self.compressor.sent(octets),
            }
        }
        Poll::Ready(Ok(()))
    }

    fn poll_sync(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.compressor.flush()? == Flush::NeedsRoom {
            ready!(self.poll_drain(cx))?;
        }
        self.poll_drain(cx)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Deflated<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if buf.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        loop {
            let octets = this.decompressor.inflate(buf.initialize_unfilled())?;
            if octets > 0 || this.decompressor.has_ended() {
                buf.advance(octets);
                return Poll::Ready(Ok(()));
            }
            let input = this.decompressor.input();
            if ready!(poll_read_buf(Pin::new(&mut this.inner), cx, input))? == 0 {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Deflated<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(buf)])
    }

    /// Says how many *plain* octets were taken; they may still wait here.
    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if bufs.iter().all(|slice| slice.is_empty()) {
            return Poll::Ready(Ok(0));
        }
        loop {
            let mut taken = 0;
            for slice in bufs {
                let octets = this.compressor.take(slice)?;
                taken += octets;
                if octets < slice.len() {
                    break;
                }
            }
            if taken > 0 {
                return Poll::Ready(Ok(taken));
            }
            ready!(this.poll_drain(cx))?;
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_sync(cx))?;
        Pin::new(&mut this.inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_sync(cx))?;
        Pin::new(&mut this.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests;
