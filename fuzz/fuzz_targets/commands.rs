//! Command values to bytes: a server sees the one command that was meant, with its arguments, under
//! every literal mode. The tests of `imap-proto-lite` hold the generator and the reading.

#![no_main]

use imap_proto_lite::Literals;
use imapsync_fuzz::command_reader::read;
use imapsync_fuzz::wish::{Tagged, matches};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|tagged: Tagged| {
    let expected = tagged.expected();
    tagged.with_command(|command| {
        for literals in [Literals::Synchronizing, Literals::Minus, Literals::Plus] {
            let words = read(&command.encode(tagged.tag(), literals), literals);
            assert!(matches(&expected, &words), "{expected:?} is not {words:?}");
        }
    });
});
