//! A model of a response, written as a server would: it is framed, read, and says what the model says.

#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use imap_proto_lite::Limits;
use imapsync_fuzz::framing::{cut, frame};
use imapsync_fuzz::model::Said;
use imapsync_fuzz::ours::said;
use imapsync_fuzz::readings::read;
use imapsync_fuzz::server_writer::{Extras, write};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut choices = Unstructured::new(input);
    let Ok(model) = Said::arbitrary(&mut choices) else {
        return;
    };
    let wire = write(&model, Extras::Items, &mut choices);
    let stream = frame(LIMITS, cut(&wire, choices.take_rest()));
    let shown = wire.escape_ascii();
    let [one] = stream.frames.as_slice() else {
        panic!("{shown} is {stream:?}");
    };
    assert_eq!(one.wire(), wire);
    let (response, met) = read(&one.bytes).unwrap_or_else(|error| panic!("{shown}: {error}"));
    assert!(met.is_empty(), "{shown} shows {met:?}");
    assert_eq!(said(&response, &one.bodies), Some(model), "{shown}");
});

/// Whatever the model holds is within them.
const LIMITS: Limits = Limits {
    response_bytes: 1 << 20,
    inline_literal_bytes: 1 << 20,
    body_literal_bytes: 1 << 20,
    literals_per_response: 1 << 12,
    bodies_per_response: 1 << 12,
};
