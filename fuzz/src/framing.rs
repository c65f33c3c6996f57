//! A byte stream's pieces in a form that can be compared between chunkings.

use std::hint::black_box;

use imap_proto_lite::{FrameError, Framer, Limits, Piece};

/// Small enough that inputs of a few kilobytes reach every limit.
pub const LIMITS: Limits = Limits {
    response_bytes: 1024,
    inline_literal_bytes: 256,
    body_literal_bytes: 1 << 20,
    literals_per_response: 8,
    bodies_per_response: 4,
};

/// A complete response.
#[derive(Debug, PartialEq, Eq)]
pub struct Frame {
    pub bytes: Vec<u8>,
    /// The bodies that were streamed past it, in order.
    pub bodies: Vec<Body>,
}

impl Frame {
    /// The response as it came, its bodies in their places.
    pub fn wire(&self) -> Vec<u8> {
        let mut wire = Vec::with_capacity(self.bytes.len());
        let mut from = 0;
        for body in &self.bodies {
            wire.extend_from_slice(&self.bytes[from..body.prefix.len()]);
            wire.extend_from_slice(&body.octets);
            from = body.prefix.len();
        }
        wire.extend_from_slice(&self.bytes[from..]);
        wire
    }
}

/// A body as it was announced and as it came.
#[derive(Debug, PartialEq, Eq)]
pub struct Body {
    pub prefix: Vec<u8>,
    pub announced: u64,
    pub octets: Vec<u8>,
}

/// All that a stream holds, however it was cut.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Stream {
    pub frames: Vec<Frame>,
    /// Bodies of a response whose end did not come.
    pub open: Vec<Body>,
    pub error: Option<FrameError>,
}

/// Frames a stream that arrives in these chunks.
pub fn frame<'a>(limits: Limits, chunks: impl IntoIterator<Item = &'a [u8]>) -> Stream {
    let mut framer = Framer::new(limits);
    let mut stream = Stream::default();
    for chunk in chunks {
        framer.push(chunk);
        if let Err(error) = take_pieces(&mut framer, &mut stream) {
            assert_eq!(framer.ready(), Err(error), "a failed framer recovered");
            stream.error = Some(error);
            break;
        }
        assert!(framer.unread() <= limits.response_bytes, "over the limit");
    }
    stream
}

/// Frames a stream and keeps nothing of it.
pub fn drain(limits: Limits, chunks: &[&[u8]]) {
    let mut framer = Framer::new(limits);
    for chunk in chunks {
        framer.push(chunk);
        while let Ok(true) = framer.ready() {
            let _ = black_box(framer.piece());
        }
    }
}

fn take_pieces(framer: &mut Framer, stream: &mut Stream) -> Result<(), FrameError> {
    while framer.ready()? {
        match framer.piece() {
            Piece::Frame(bytes) => {
                assert!(bytes.ends_with(b"\n"), "a frame without its end");
                let bodies = std::mem::take(&mut stream.open);
                bodies.iter().for_each(assert_complete);
                stream.frames.push(Frame {
                    bytes: bytes.to_vec(),
                    bodies,
                });
            }
            Piece::LiteralStart {
                prefix,
                octets: announced,
            } => {
                stream.open.iter().for_each(assert_complete);
                let prefix = prefix.to_vec();
                stream.open.push(Body {
                    prefix,
                    announced,
                    octets: Vec::new(),
                });
            }
            Piece::LiteralChunk(chunk) => {
                assert!(!chunk.is_empty(), "a chunk of nothing");
                let body = stream
                    .open
                    .last_mut()
                    .expect("a body began before its chunk");
                body.octets.extend_from_slice(&chunk);
            }
        }
    }
    Ok(())
}

fn assert_complete(body: &Body) {
    assert_eq!(body.octets.len() as u64, body.announced, "a body cut short");
}

/// Cuts `stream` into chunks of the sizes that `sizes` names over and over: the low six bits of
/// each byte, plus one.
pub fn cut<'a>(mut stream: &'a [u8], sizes: &[u8]) -> Vec<&'a [u8]> {
    let sizes = if sizes.is_empty() { &[0] } else { sizes };
    let mut chunks = Vec::new();
    for size in sizes.iter().cycle() {
        let (chunk, rest) = stream.split_at(stream.len().min(usize::from(size & 63) + 1));
        chunks.push(chunk);
        stream = rest;
        if stream.is_empty() {
            break;
        }
    }
    chunks
}
