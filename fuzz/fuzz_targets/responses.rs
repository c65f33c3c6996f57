//! Bytes to framer to grammar: the first line names the cuts, the rest is what a server sends.
//!
//! Nothing panics, memory is bounded, the pieces do not depend on the cuts, and where the grammar
//! accepts a FETCH it has left out exactly the bodies that the framer streamed.

#![no_main]

use std::hint::black_box;

use imap_proto_lite::{Response, Untagged, fetch_prefix_uid};
use imapsync_fuzz::framing::{Frame, cut, frame};
use imapsync_fuzz::walk::{streamed, walk};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut parts = input.splitn(2, |&byte| byte == b'\n');
    let (Some(sizes), Some(stream)) = (parts.next(), parts.next()) else {
        return;
    };
    let whole = frame([stream]);
    assert_eq!(whole, frame(cut(stream, sizes)));
    whole.frames.iter().for_each(check);
});

fn check(frame: &Frame) {
    for body in &frame.bodies {
        black_box(fetch_prefix_uid(&body.prefix));
    }
    let Ok(response) = Response::parse(&frame.bytes) else {
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
