//! Cuts a byte stream into complete responses before any grammar sees it.
//!
//! A line that ends in `{n}` is followed by a literal of n octets (RFC 9051 section 4.3), unless
//! the line is a status response or a command continuation request, whose free text may end in
//! anything. A body's literal is handed out as chunks of the read buffer, uncopied; every other
//! literal stays in the frame. Scanning resumes where it stopped: one pass, whatever the chunking.

mod line;
pub(crate) mod section;

use alloc::vec::Vec;

use bytes::{Buf, Bytes, BytesMut};

use line::{Kind, kind_of, literal_at_end, may_end_in_literal};

use crate::chars::without_nuls;
use crate::error::FrameError;
use crate::frame::section::announces_body;
use crate::limits::Limits;

/// What the framer found. Borrowed parts live until the next call of [`Framer::ready`].
/// See RFC 9051 section 2.2.2.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A complete response with its line end. A streamed body left a slot: its literal header
    /// stands there, its octets do not.
    Frame(&'a [u8]),
    /// A body begins: what came before it in its response, and the octets that follow as chunks.
    LiteralStart {
        /// The response so far, up to and with the literal's header line.
        prefix: &'a [u8],
        /// Octets of the body, as announced; exactly so many follow.
        octets: u64,
    },
    /// The next octets of the body, in the buffer that they were read into.
    LiteralChunk(Bytes),
}

/// What kind of piece is ready, before it is lent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    /// A command continuation request.
    Continuation,
    /// Anything else.
    Other,
}

/// Finds the responses in what a server sends.
///
/// Bytes go in by [`Framer::buffer`] or [`Framer::push`]; [`Framer::ready`] says whether a piece
/// is complete, and [`Framer::piece`] lends it.
#[derive(Debug)]
pub struct Framer {
    buffer: BytesMut,
    limits: Limits,
    /// Bytes of `buffer` that belong to the current response and were scanned already.
    scanned: usize,
    /// Where in `buffer` the current line (fragment between literals) begins.
    line_start: usize,
    /// The current response's bytes up to its last streamed body; the buffer no longer holds them.
    held: Vec<u8>,
    literals: u32,
    bodies: u32,
    kind: Kind,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Looking for the end of a line.
    Line,
    /// Waiting for octets of a literal that stays in the frame.
    Inline {
        left: usize,
    },
    /// Octets of a body still to be handed out.
    Body {
        left: u64,
    },
    /// A frame of this many buffered bytes is lent.
    LentFrame {
        octets: usize,
    },
    /// A body's beginning is lent, with `octets` to follow.
    LentStart {
        octets: u64,
    },
    /// A chunk of this many bytes is ready.
    LentChunk {
        octets: usize,
        left: u64,
    },
    Failed(FrameError),
}

impl Framer {
    /// An empty framer.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            buffer: BytesMut::new(),
            limits,
            scanned: 0,
            line_start: 0,
            held: Vec::new(),
            literals: 0,
            bodies: 0,
            kind: Kind::Unknown,
            state: State::Line,
        }
    }

    /// The buffer to read into; append only.
    pub const fn buffer(&mut self) -> &mut BytesMut {
        &mut self.buffer
    }

    /// Appends bytes that are already in memory, by copying.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Bytes that were received and belong to no piece lent so far; after a switch to TLS this
    /// must be zero (RFC 9051 section 6.2.1).
    #[must_use]
    pub fn unread(&self) -> usize {
        match self.state {
            State::LentFrame { octets } => self.buffer.len().saturating_sub(octets),
            _ => self.buffer.len() + self.held.len(),
        }
    }

    /// Octets of a body that are still to come, beyond those in the buffer.
    #[must_use]
    pub fn body_left(&self) -> u64 {
        let left = match self.state {
            State::Body { left } | State::LentStart { octets: left } => left,
            State::LentChunk { octets, left } => left + octets as u64,
            _ => 0,
        };
        left.saturating_sub(self.buffer.len() as u64)
    }

    /// Ends the loan of the last response, and takes what was received behind it: those bytes are
    /// not to be read as responses (RFC 4978 section 3).
    pub fn take_unread(&mut self) -> BytesMut {
        self.take_back();
        self.begin_line();
        self.buffer.split()
    }

    /// Whether a piece is complete; ends the loan of the last one.
    ///
    /// # Errors
    /// When the stream cannot be framed; every later call says the same.
    pub fn ready(&mut self) -> Result<bool, FrameError> {
        self.take_back();
        match self.advance() {
            Ok(ready) => Ok(ready),
            Err(error) => {
                self.state = State::Failed(error);
                Err(error)
            }
        }
    }

    /// The piece that [`Framer::ready`] announced; an empty frame when it announced none.
    pub fn piece(&mut self) -> Piece<'_> {
        match self.state {
            State::LentFrame { octets } if self.held.is_empty() => {
                Piece::Frame(self.buffer.get(..octets).unwrap_or_default())
            }
            State::LentFrame { .. } => Piece::Frame(&self.held),
            State::LentStart { octets } => Piece::LiteralStart {
                prefix: &self.held,
                octets,
            },
            State::LentChunk { octets, left } => {
                self.state = State::Body { left };
                Piece::LiteralChunk(self.buffer.split_to(octets).freeze())
            }
            _ => Piece::Frame(&[]),
        }
    }

    /// What [`Framer::piece`] is going to lend.
    #[must_use]
    pub fn piece_kind(&self) -> PieceKind {
        match self.state {
            State::LentFrame { .. }
                if self.held.is_empty() && without_nuls(&self.buffer).first() == Some(&b'+') =>
            {
                PieceKind::Continuation
            }
            _ => PieceKind::Other,
        }
    }

    /// Ends a loan: the bytes lent leave the buffer.
    fn take_back(&mut self) {
        match self.state {
            State::LentFrame { octets } => {
                self.buffer.advance(octets.min(self.buffer.len()));
                self.held.clear();
                self.literals = 0;
                self.bodies = 0;
                self.kind = Kind::Unknown;
                self.begin_line();
            }
            State::LentStart { octets } => self.state = State::Body { left: octets },
            State::LentChunk { octets, left } => {
                self.buffer.advance(octets);
                self.state = State::Body { left };
            }
            _ => {}
        }
    }

    const fn begin_line(&mut self) {
        self.scanned = 0;
        self.line_start = 0;
        self.state = State::Line;
    }

    fn advance(&mut self) -> Result<bool, FrameError> {
        loop {
            match self.state {
                State::Failed(error) => return Err(error),
                State::Body { left: 0 } => self.begin_line(),
                State::Body { left } => return Ok(self.lend_chunk(left)),
                State::Inline { left } => {
                    if self.buffer.len() - self.scanned < left {
                        return Ok(false);
                    }
                    self.scanned += left;
                    self.line_start = self.scanned;
                    self.state = State::Line;
                }
                State::Line => {
                    if !self.end_of_line()? {
                        return Ok(false);
                    }
                }
                State::LentFrame { .. } | State::LentStart { .. } | State::LentChunk { .. } => {
                    return Ok(true);
                }
            }
        }
    }

    fn lend_chunk(&mut self, left: u64) -> bool {
        let octets = usize::try_from(left).map_or(self.buffer.len(), |n| n.min(self.buffer.len()));
        if octets > 0 {
            self.state = State::LentChunk {
                octets,
                left: left - octets as u64,
            };
        }
        octets > 0
    }

    /// Scans for the line's end and decides what it ends: a response, or a line with a literal.
    fn end_of_line(&mut self) -> Result<bool, FrameError> {
        let unscanned = self.buffer.get(self.scanned..).unwrap_or_default();
        let Some(found) = memchr::memchr(b'\n', unscanned) else {
            self.scanned = self.buffer.len();
            self.check_length(self.buffer.len())?;
            return Ok(false);
        };
        self.scanned += found + 1;
        self.check_length(self.scanned)?;
        let line = self
            .buffer
            .get(self.line_start..self.scanned)
            .unwrap_or_default();
        if !may_end_in_literal(line) {
            self.lend_frame();
            return Ok(true);
        }
        if self.kind == Kind::Unknown {
            self.kind = kind_of(line);
        }
        let header = if self.kind == Kind::Status {
            None
        } else {
            literal_at_end(line)?
        };
        match header {
            None => self.lend_frame(),
            Some((before, octets)) => {
                let streamed = self.kind == Kind::Fetch
                    && announces_body(line.get(..before).unwrap_or_default());
                self.begin_literal(octets, streamed)?;
            }
        }
        Ok(true)
    }

    fn lend_frame(&mut self) {
        if !self.held.is_empty() {
            self.held
                .extend_from_slice(self.buffer.get(..self.scanned).unwrap_or_default());
        }
        self.state = State::LentFrame {
            octets: self.scanned,
        };
    }

    fn begin_literal(&mut self, octets: u64, streamed: bool) -> Result<(), FrameError> {
        let limits = self.limits;
        let (count, most, limit) = if streamed {
            let most = limits.bodies_per_response;
            (&mut self.bodies, most, limits.body_literal_bytes)
        } else {
            let most = limits.literals_per_response;
            (&mut self.literals, most, limits.inline_literal_bytes)
        };
        *count += 1;
        if *count > most {
            return Err(FrameError::TooManyLiterals { limit: most });
        }
        let too_long = FrameError::LiteralTooLong {
            announced: octets,
            limit,
        };
        if octets > limit {
            return Err(too_long);
        }
        if streamed {
            self.held
                .extend_from_slice(self.buffer.get(..self.scanned).unwrap_or_default());
            self.buffer.advance(self.scanned);
            self.state = State::LentStart { octets };
        } else {
            let left = usize::try_from(octets).map_err(|_| too_long)?;
            self.check_length(self.scanned.saturating_add(left))?;
            self.state = State::Inline { left };
        }
        Ok(())
    }

    const fn check_length(&self, in_buffer: usize) -> Result<(), FrameError> {
        let limit = self.limits.response_bytes;
        if in_buffer.saturating_add(self.held.len()) > limit {
            return Err(FrameError::ResponseTooLong { limit });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
