//! The grammar against `imap-codec`. What a server writes by the RFCs is read by both, to the same values,
//! or is a known difference. Of what was changed since, each takes more or less than the other (data of
//! extensions, above all): there only what both accept has to be the same.
//!
//! The first byte says whether the rest is what arrives, or a model that the server writer writes, with a
//! byte changed or none.

#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use imapsync_fuzz::framing::{LIMITS, frame};
use imapsync_fuzz::known_differences::{Outcome, compare, explained};
use imapsync_fuzz::model::Said;
use imapsync_fuzz::server_writer::{Extras, write};
use libfuzzer_sys::fuzz_target;

/// Where a response comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The server writer.
    Written,
    /// The fuzzer, or the server writer and a byte of the fuzzer's.
    Changed,
}

fuzz_target!(|input: &[u8]| {
    let (wire, origin) = match input {
        [b'*' | b'+' | b'a', ..] => (input.to_vec(), Origin::Changed),
        [_, rest @ ..] => match written(&mut Unstructured::new(rest)) {
            Ok(written) => written,
            Err(_) => return,
        },
        [] => return,
    };
    for frame in frame(LIMITS, [wire.as_slice()]).frames {
        let (outcome, ours, theirs) = compare(&frame);
        let counts = match origin {
            Origin::Written => outcome != Outcome::Same,
            Origin::Changed => outcome == Outcome::OtherValue,
        };
        let wire = frame.wire();
        if counts && explained(outcome, &wire).is_none() {
            let shown = wire.escape_ascii();
            panic!("{outcome:?} on {shown}\nhere: {ours:?}\nimap-codec: {theirs:?}");
        }
    }
});

fn written(choices: &mut Unstructured<'_>) -> Result<(Vec<u8>, Origin)> {
    let model = Said::arbitrary(choices)?;
    let mut wire = write(&model, Extras::None, choices);
    if !choices.ratio(1, 4)? {
        return Ok((wire, Origin::Written));
    }
    let at = choices.choose_index(wire.len())?;
    wire[at] = *choices.choose(b" ()[]{}\"\\*%1aA.,:-+<>~\x80\0\r\n")?;
    Ok((wire, Origin::Changed))
}
