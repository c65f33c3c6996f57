//! The grammar against `imap-codec`: where both accept a response they read the same values, and where one
//! alone does it is a known difference. The first byte says whether the rest is what a server sends, or a
//! model that the server writer writes, with a byte changed or none.

#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use imapsync_fuzz::framing::{LIMITS, frame};
use imapsync_fuzz::known_differences::{Outcome, compare, explained};
use imapsync_fuzz::model::Said;
use imapsync_fuzz::server_writer::{Extras, write};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let wire = match input {
        [b'*' | b'+' | b'a', ..] => input.to_vec(),
        [_, rest @ ..] => written(&mut Unstructured::new(rest)).unwrap_or_default(),
        [] => return,
    };
    for frame in frame(LIMITS, [wire.as_slice()]).frames {
        let (outcome, ours, theirs) = compare(&frame);
        let wire = frame.wire();
        if outcome != Outcome::Same && explained(outcome, &wire).is_none() {
            let shown = wire.escape_ascii();
            panic!("{outcome:?} on {shown}\nhere: {ours:?}\nimap-codec: {theirs:?}");
        }
    }
});

fn written(choices: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let model = Said::arbitrary(choices)?;
    let mut wire = write(&model, Extras::None, choices);
    if choices.ratio(1, 4)? {
        let at = choices.choose_index(wire.len())?;
        wire[at] = *choices.choose(b" ()[]{}\"\\*%1aA.,:-+<>~\x80\0\r\n")?;
    }
    Ok(wire)
}
