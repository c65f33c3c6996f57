//! The byte stream under a session: plain TCP, TLS, or whatever a caller brings, and any of them deflated.

use std::fmt;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use crate::deflate::Deflated;

/// A connected byte stream. Vectored writes are passed on.
#[derive(Debug)]
pub enum Transport {
    /// TCP without protection.
    Plain(TcpStream),
    /// TLS over TCP.
    Tls(Box<TlsStream<TcpStream>>),
    /// A stream of the caller's: a pipe within the process, or one that somebody watches.
    Other(Box<dyn ByteStream>),
    /// One of these under compression (RFC 4978).
    Deflated(Box<Deflated<Self>>),
    /// Nothing any more: the stream moved elsewhere.
    Gone,
}

impl Transport {
    /// Asks the kernel to acknowledge what comes next without delay, where it can be asked and while it likes to.
    pub(crate) fn acknowledge_at_once(&self) {
        let tcp = match self {
            Self::Plain(tcp) => tcp,
            Self::Tls(stream) => stream.get_ref().0,
            Self::Deflated(_) | Self::Other(_) | Self::Gone => return,
        };
        #[cfg(target_os = "linux")]
        // It is a wish: without it all goes on, more slowly.
        let _ = tcp.set_quickack(true);
        #[cfg(not(target_os = "linux"))]
        let _ = tcp;
    }
}

/// What a stream of the caller's must be able to do.
pub trait ByteStream: AsyncRead + AsyncWrite + fmt::Debug + Send + Sync + Unpin {}

impl<T: AsyncRead + AsyncWrite + fmt::Debug + Send + Sync + Unpin> ByteStream for T {}

macro_rules! each {
    ($self:expr, $stream:ident => $call:expr, gone => $gone:expr) => {
        match $self.get_mut() {
            Transport::Plain($stream) => $call,
            Transport::Tls($stream) => $call,
            Transport::Other($stream) => $call,
            Transport::Deflated($stream) => $call,
            Transport::Gone => $gone,
        }
    };
}

fn gone() -> io::Error {
    io::ErrorKind::NotConnected.into()
}

impl AsyncRead for Transport {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        each!(self, stream => Pin::new(stream).poll_read(cx, buf), gone => Poll::Ready(Err(gone())))
    }
}

impl AsyncWrite for Transport {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        each!(self, stream => Pin::new(stream).poll_write(cx, buf), gone => Poll::Ready(Err(gone())))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        each!(self, stream => Pin::new(stream).poll_flush(cx), gone => Poll::Ready(Err(gone())))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        each!(self, stream => Pin::new(stream).poll_shutdown(cx), gone => Poll::Ready(Err(gone())))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        each!(self, stream => Pin::new(stream).poll_write_vectored(cx, bufs), gone => Poll::Ready(Err(gone())))
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(stream) => stream.is_write_vectored(),
            Self::Tls(stream) => stream.is_write_vectored(),
            Self::Other(stream) => stream.is_write_vectored(),
            Self::Deflated(stream) => stream.is_write_vectored(),
            Self::Gone => false,
        }
    }
}
