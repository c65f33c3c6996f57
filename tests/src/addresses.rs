//! Where the octets lie in memory that are written: the proof that bodies are not copied on their way.
//!
//! A [`Watched`] stream to the source notes which addresses each read filled, and with what; one to the
//! destination looks, for each slice that a write took, whether it lies at such addresses and is still what the
//! reads had put there. Memory that was given back and used again does not deceive it: what a later read fills
//! replaces what was noted, and what anything else fills is not equal to it. Nothing is counted by those who are
//! watched.

use std::collections::BTreeMap;
use std::io::{self, IoSlice};
use std::ops::Range;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use imapsync_cli::side::Side;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What the streams of one copy have noted; clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Notes(Arc<Mutex<Noted>>);

#[derive(Debug, Default)]
struct Noted {
    /// What reads from the source have put where; ranges don't overlap.
    filled: BTreeMap<usize, Vec<u8>>,
    /// All that was written to the destination.
    written: Vec<u8>,
    /// Which octets of it lay where a read had put them.
    as_read: Vec<bool>,
}

/// Octets of bodies that were written to the destination.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// All of them.
    pub written: usize,
    /// From where the source's socket had put them.
    pub as_read: usize,
}

impl Share {
    /// The part that was not copied on the way.
    pub fn ratio(self) -> f64 {
        self.as_read as f64 / self.written.max(1) as f64
    }
}

impl Notes {
    /// How the octets of these bodies were written, which must have been in this order.
    ///
    /// # Panics
    /// When a body is not among what was written.
    pub fn share<'a>(&self, bodies: impl IntoIterator<Item = &'a [u8]>) -> Share {
        let noted = self.lock();
        let mut share = Share::default();
        let mut from = 0;
        for (number, body) in bodies.into_iter().enumerate() {
            let mut places = from..noted.written.len();
            let at = places.find(|&at| noted.written[at..].starts_with(body));
            let at = at.unwrap_or_else(|| panic!("body {number} was not written"));
            from = at + body.len();
            share.written += body.len();
            share.as_read += noted.as_read[at..from]
                .iter()
                .filter(|as_read| **as_read)
                .count();
        }
        share
    }

    fn lock(&self) -> MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Noted {
    fn read(&mut self, octets: &[u8]) {
        let at = addresses(octets);
        while let Some((&start, known)) = self.filled.range(..at.end).next_back()
            && start + known.len() > at.start
        {
            let known = self.filled.remove(&start).unwrap_or_default();
            if start < at.start {
                let before = known[..at.start - start].to_vec();
                self.filled.insert(start, before);
            }
            if start + known.len() > at.end {
                let behind = known[at.end - start..].to_vec();
                self.filled.insert(at.end, behind);
            }
        }
        self.filled.insert(at.start, octets.to_vec());
    }

    fn write(&mut self, octets: &[u8]) {
        let at = addresses(octets);
        let written = self.written.len();
        self.written.extend_from_slice(octets);
        self.as_read.resize(self.written.len(), false);
        for (&start, known) in self.filled.range(..at.end).rev() {
            let common = at.start.max(start)..at.end.min(start + known.len());
            if common.is_empty() {
                break;
            }
            let place = common.start - at.start..common.end - at.start;
            let then = &known[common.start - start..common.end - start];
            // All or nothing: single octets are equal by chance.
            if octets[place.clone()] == *then {
                self.as_read[written..][place].fill(true);
            }
        }
    }
}

fn addresses(octets: &[u8]) -> Range<usize> {
    let range = octets.as_ptr_range();
    range.start.addr()..range.end.addr()
}

/// A stream to one side, watched.
#[derive(Debug)]
pub struct Watched<S> {
    inner: S,
    side: Side,
    notes: Notes,
}

impl<S> Watched<S> {
    /// Watches reads from the source, or writes to the destination.
    pub const fn new(inner: S, side: Side, notes: Notes) -> Self {
        Self { inner, side, notes }
    }

    fn wrote<'a>(&self, slices: impl Iterator<Item = &'a [u8]>, octets: usize) {
        if self.side == Side::Source {
            return;
        }
        let mut noted = self.notes.lock();
        let mut left = octets;
        for slice in slices {
            let taken = left.min(slice.len());
            noted.write(&slice[..taken]);
            left -= taken;
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = ready!(Pin::new(&mut self.inner).poll_read(cx, buffer));
        if self.side == Side::Source {
            self.notes.lock().read(&buffer.filled()[before..]);
        }
        Poll::Ready(read)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        octets: &[u8],
    ) -> Poll<io::Result<usize>> {
        let wrote = ready!(Pin::new(&mut self.inner).poll_write(cx, octets))?;
        self.wrote([octets].into_iter(), wrote);
        Poll::Ready(Ok(wrote))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = ready!(Pin::new(&mut self.inner).poll_write_vectored(cx, slices))?;
        self.wrote(slices.iter().map(|slice| &slice[..]), wrote);
        Poll::Ready(Ok(wrote))
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(noted: Noted, body: &[u8]) -> (usize, usize) {
        let share = Notes(Arc::new(Mutex::new(noted))).share([body]);
        (share.written, share.as_read)
    }

    #[test]
    fn what_lies_where_it_was_read_is_no_copy() {
        let buffer = *b"0123456789";
        let mut noted = Noted::default();
        // In two reads, and written in slices that begin and end elsewhere.
        noted.read(&buffer[..4]);
        noted.read(&buffer[4..]);
        noted.write(&buffer[1..5]);
        noted.write(&buffer[5..9]);
        assert_eq!(share(noted, b"12345678"), (8, 8));
    }

    #[test]
    fn equal_octets_elsewhere_are_a_copy() {
        let buffer = *b"0123456789";
        let copy = buffer.to_vec();
        let mut noted = Noted::default();
        noted.read(&buffer);
        noted.write(&copy[..6]);
        noted.write(&buffer[6..]);
        assert_eq!(share(noted, b"0123456789"), (10, 4));
    }

    #[test]
    fn memory_that_is_used_again_is_a_copy() {
        let mut buffer = *b"0123456789";
        let mut noted = Noted::default();
        noted.read(&buffer);
        buffer[2..5].copy_from_slice(b"abc");
        noted.write(&buffer);
        assert_eq!(share(noted, b"01abc56789"), (10, 0));
    }

    #[test]
    fn a_later_read_replaces_what_was_noted() {
        let mut buffer = *b"0123456789";
        let mut noted = Noted::default();
        noted.read(&buffer);
        buffer[2..5].copy_from_slice(b"abc");
        noted.read(&buffer[2..5]);
        noted.write(&buffer);
        assert_eq!(share(noted, b"01abc56789"), (10, 10));
    }
}
