//! Bytes to framer to grammar: the first line names the cuts, the rest is what a server sends. One target
//! for framing and grammar, since what the one streams the other must leave out.
//!
//! Nothing panics, memory is bounded, the pieces do not depend on the cuts, strict and lenient readings
//! agree where no quirk is met, and where the grammar accepts a FETCH it has left out exactly the bodies
//! that the framer streamed.

#![no_main]

use std::hint::black_box;

use allocation_counter::measure;
use imap_proto_lite::{Response, Untagged, fetch_prefix_uid};
use imapsync_fuzz::framing::{Frame, LIMITS, cut, drain, frame};
use imapsync_fuzz::readings::read;
use imapsync_fuzz::walk::{streamed, walk};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut parts = input.splitn(2, |&byte| byte == b'\n');
    let (Some(sizes), Some(stream)) = (parts.next(), parts.next()) else {
        return;
    };
    let whole = frame(LIMITS, [stream]);
    let chunks = cut(stream, sizes);
    assert_eq!(whole, frame(LIMITS, chunks.iter().copied()));
    let used = measure(|| drain(LIMITS, &chunks));
    assert!(
        used.bytes_max <= MOST_BYTES,
        "{} bytes at once",
        used.bytes_max
    );
    whole.frames.iter().for_each(check);
});

fn check(frame: &Frame) {
    for body in &frame.bodies {
        black_box(fetch_prefix_uid(&body.prefix));
    }
    let Ok((response, _)) = read(&frame.bytes) else {
        return;
    };
    walk(&response);
    if let Response::Untagged(Untagged::Other(_)) = response {
        return;
    }
    let announced: Vec<u64> = frame.bodies.iter().map(|body| body.announced).collect();
    assert_eq!(
        streamed(&response),
        announced,
        "{}",
        frame.bytes.escape_ascii()
    );
}

/// What the framer may hold at once: a response in its buffer, the part before a body beside it, each
/// grown by doubling, and a few chunks.
const MOST_BYTES: u64 = 8 * LIMITS.response_bytes as u64;
