//! The server's end of one connection, which ends where a simulation wants it: what was before the
//! cut arrives, the rest does not, and both ends see the end.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf};

/// Which way octets go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the client.
    ToServer,
    /// To the client.
    ToClient,
}

/// The connection ends after so many octets in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Which octets count.
    pub direction: Direction,
    /// How many still arrive.
    pub octets: u64,
}

/// What a server does when its client is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Ending {
    /// It notices, and stops, when it answers.
    #[default]
    Stops,
    /// It goes on with everything that had been sent before, and nobody hears its answers.
    WorksOn,
}

/// What is to happen to one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    /// Whether it is refused instead of made.
    pub refused: bool,
    /// Where it is cut.
    pub cut: Option<Cut>,
    /// How the server takes the end.
    pub ending: Ending,
    /// Octets that are under way at most, each way.
    pub buffer: usize,
}

impl Default for Fate {
    fn default() -> Self {
        Self {
            refused: false,
            cut: None,
            ending: Ending::Stops,
            buffer: 64 << 10,
        }
    }
}

/// Hears of octets that arrived, and of a cut.
pub(super) trait Watch: Send + Sync {
    fn moved(&self, direction: Direction, octets: u64);
    fn cut(&self);
}

/// The server's end of a connection.
pub(super) struct Line {
    /// `None` when both directions have ended.
    inner: Option<DuplexStream>,
    fate: Fate,
    read: u64,
    written: u64,
    /// Nobody hears what the server says.
    unheard: bool,
    watch: Arc<dyn Watch>,
}

impl Line {
    pub(super) fn new(inner: DuplexStream, fate: Fate, watch: Arc<dyn Watch>) -> Self {
        Self {
            inner: Some(inner),
            fate,
            read: 0,
            written: 0,
            unheard: false,
            watch,
        }
    }

    /// Octets that may still go this way.
    fn room(&self, direction: Direction) -> u64 {
        let gone = match direction {
            Direction::ToServer => self.read,
            Direction::ToClient => self.written,
        };
        match self.fate.cut {
            Some(cut) if cut.direction == direction => cut.octets.saturating_sub(gone),
            _ => u64::MAX,
        }
    }

    fn break_off(&mut self, cx: &mut Context<'_>) {
        self.unheard = true;
        self.watch.cut();
        if self.fate.ending == Ending::Stops || self.room(Direction::ToServer) == 0 {
            self.inner = None;
        } else if let Some(inner) = &mut self.inner {
            // A pipe ends at once; the client hears that, and hangs up.
            let _ = Pin::new(inner).poll_shutdown(cx);
        }
    }

    /// What the server is told about octets that nobody hears.
    fn unheard(&self, octets: usize) -> io::Result<usize> {
        match self.fate.ending {
            Ending::Stops => Err(io::ErrorKind::BrokenPipe.into()),
            Ending::WorksOn => Ok(octets),
        }
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let room = self.room(Direction::ToServer);
        if room == 0 && self.inner.is_some() {
            self.break_off(cx);
        }
        let mut space = [0; SPACE];
        let length = usize::try_from(room)
            .unwrap_or(SPACE)
            .min(SPACE)
            .min(buf.remaining());
        let mut part = ReadBuf::new(&mut space[..length]);
        let Some(inner) = &mut self.inner else {
            return Poll::Ready(Ok(()));
        };
        ready!(Pin::new(inner).poll_read(cx, &mut part))?;
        let octets = part.filled();
        buf.put_slice(octets);
        self.read += octets.len() as u64;
        self.watch.moved(Direction::ToServer, octets.len() as u64);
        if self.room(Direction::ToServer) == 0 {
            self.break_off(cx);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let room = self.room(Direction::ToClient);
        if room == 0 && !self.unheard {
            self.break_off(cx);
        }
        let unheard = self.unheard;
        let Some(inner) = self.inner.as_mut().filter(|_| !unheard) else {
            return Poll::Ready(self.unheard(buf.len()));
        };
        let length = usize::try_from(room).unwrap_or(buf.len()).min(buf.len());
        match ready!(Pin::new(inner).poll_write(cx, &buf[..length])) {
            Ok(octets) => {
                self.written += octets as u64;
                self.watch.moved(Direction::ToClient, octets as u64);
                if self.room(Direction::ToClient) == 0 {
                    self.break_off(cx);
                }
                Poll::Ready(Ok(octets))
            }
            Err(_) => {
                self.unheard = true;
                Poll::Ready(self.unheard(buf.len()))
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.inner {
            Some(inner) => Pin::new(inner).poll_shutdown(cx),
            None => Poll::Ready(Ok(())),
        }
    }
}

/// Octets that one read takes at most.
const SPACE: usize = 8 << 10;

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[derive(Default)]
    struct Count(AtomicU64);

    impl Watch for Count {
        fn moved(&self, _: Direction, octets: u64) {
            self.0.fetch_add(octets, Ordering::Relaxed);
        }
        fn cut(&self) {}
    }

    fn line(direction: Direction, octets: u64, ending: Ending) -> (DuplexStream, Line) {
        let fate = Fate {
            cut: Some(Cut { direction, octets }),
            ending,
            ..Fate::default()
        };
        let (near, far) = tokio::io::duplex(fate.buffer);
        (near, Line::new(far, fate, Arc::new(Count::default())))
    }

    #[tokio::test]
    async fn what_was_before_a_cut_arrives_and_both_ends_see_the_end() {
        for ending in [Ending::Stops, Ending::WorksOn] {
            let (mut near, mut far) = line(Direction::ToServer, 3, ending);
            near.write_all(b"abcdef").await.expect("the pipe has room");
            let mut heard = Vec::new();
            far.read_to_end(&mut heard).await.expect("an end");
            assert_eq!(heard, b"abc");
            assert_eq!(near.read(&mut [0]).await.expect("an end"), 0);
            assert_eq!(far.write(b"late").await.is_err(), ending == Ending::Stops);
        }
    }

    #[tokio::test]
    async fn a_server_that_works_on_still_reads_what_had_been_sent() {
        let (mut near, mut far) = line(Direction::ToClient, 2, Ending::WorksOn);
        near.write_all(b"sent").await.expect("the pipe has room");
        far.write_all(b"xyz").await.expect("nobody hears the rest");
        let mut heard = Vec::new();
        near.read_to_end(&mut heard).await.expect("an end");
        assert_eq!(heard, b"xy");
        drop(near);
        heard.clear();
        far.read_to_end(&mut heard).await.expect("an end");
        assert_eq!(heard, b"sent");
        let (mut near, mut far) = line(Direction::ToClient, 2, Ending::Stops);
        near.write_all(b"sent").await.expect("the pipe has room");
        assert!(far.write_all(b"xyz").await.is_err());
        assert_eq!(far.read(&mut [0; 4]).await.expect("an end"), 0);
    }
}
