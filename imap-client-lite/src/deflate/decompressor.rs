//! The receiving half of a deflated stream, without I/O: compressed octets in, plain octets into the
//! reader's buffer.

use std::io;

use bytes::{Buf, BytesMut};
use flate2::{Decompress, FlushDecompress, Status};

/// A decompressor with a bounded buffer before it.
#[derive(Debug)]
pub(super) struct Decompressor {
    inflate: Decompress,
    /// Compressed octets.
    input: BytesMut,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// What came so far is inflated, but for the input.
    Even,
    /// The reader's buffer was filled: more may be ready without any input.
    HeldBack,
    /// The peer ended its stream.
    Ended,
}

/// The peer does not send what deflate makes.
#[derive(Debug, thiserror::Error)]
#[error("the compressed stream is corrupt: {0}")]
pub(crate) struct CorruptStream(&'static str);

impl Decompressor {
    /// A decompressor that begins with octets received earlier.
    pub(super) fn new(received: BytesMut) -> Self {
        Self {
            inflate: Decompress::new(false),
            input: received,
            state: State::Even,
        }
    }

    /// Inflates into `room`, which is not empty, and says how much of it is filled. Nothing means
    /// that more input is needed, or that the stream has ended.
    pub(super) fn inflate(&mut self, room: &mut [u8]) -> io::Result<usize> {
        match self.state {
            State::Ended if self.input.is_empty() => return Ok(0),
            State::Ended => return Err(corrupt(AFTER_END)),
            State::Even if self.input.is_empty() => return Ok(0),
            State::Even | State::HeldBack => {}
        }
        let (read, written) = (self.inflate.total_in(), self.inflate.total_out());
        let status = self
            .inflate
            .decompress(&self.input, room, FlushDecompress::None)
            .map_err(|_| corrupt("no deflate data"))?;
        let read = octets(self.inflate.total_in() - read).min(self.input.len());
        let written = octets(self.inflate.total_out() - written).min(room.len());
        self.input.advance(read);
        self.state = match status {
            Status::StreamEnd => State::Ended,
            Status::Ok | Status::BufError if written == room.len() => State::HeldBack,
            Status::Ok | Status::BufError => State::Even,
        };
        match self.state {
            // zlib stops only where it lacks input or room.
            State::Even if !self.input.is_empty() => Err(corrupt("it cannot go on")),
            State::Ended if written == 0 && !self.input.is_empty() => Err(corrupt(AFTER_END)),
            _ => Ok(written),
        }
    }

    /// Whether nothing comes any more, as if the connection were closed.
    pub(super) const fn has_ended(&self) -> bool {
        matches!(self.state, State::Ended)
    }

    /// The buffer to read into, empty and with room, after [`Decompressor::inflate`] filled nothing.
    pub(super) fn input(&mut self) -> &mut BytesMut {
        if self.input.capacity() < INPUT_BYTES / 2 {
            self.input.reserve(INPUT_BYTES);
        }
        &mut self.input
    }
}

fn corrupt(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, CorruptStream(why))
}

fn octets(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

const AFTER_END: &str = "it goes on after its end";
/// Compressed octets that are read at once.
const INPUT_BYTES: usize = 32 << 10;
