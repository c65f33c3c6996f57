//! Whatever a command holds, a server reads that one command with these arguments.

#![expect(unreachable_pub, reason = "the fuzz targets use these modules, too")]

#[path = "reader.rs"]
mod command_reader;
mod wish;

use arbitrary::{Arbitrary, Unstructured};
use imap_proto_lite::Literals;
use proptest::prelude::*;

use wish::{Tagged, matches};

fn is_read_as_meant(tagged: &Tagged) {
    let expected = tagged.expected();
    tagged.with_command(|command| {
        for literals in [Literals::Synchronizing, Literals::Minus, Literals::Plus] {
            let words = command_reader::read(&command.encode(tagged.tag(), literals), literals);
            assert!(matches(&expected, &words), "{expected:?} is not {words:?}");
        }
    });
}

/// Bytes that often mean something to IMAP.
fn telling_bytes() -> impl Strategy<Value = u8> {
    let telling = b"\0\r\n \"\\(){}[]%*+-~&$=.:,<>NILnil1".to_vec();
    prop_oneof![any::<u8>(), prop::sample::select(telling), Just(b'a')]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn every_command_is_read_as_meant(octets in prop::collection::vec(telling_bytes(), 0..400)) {
        if let Ok(tagged) = Tagged::arbitrary(&mut Unstructured::new(&octets)) {
            is_read_as_meant(&tagged);
        }
    }
}

/// The property above would hold, too, if hardly any command came about.
#[test]
fn the_generator_makes_all_kinds_of_commands() {
    let mut kinds = std::collections::BTreeSet::new();
    let mut state = 1_u64;
    for _ in 0..4000 {
        let mut octets = Vec::new();
        for _ in 0..200 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            octets.push((state >> 33).to_le_bytes()[0]);
        }
        if let Ok(tagged) = Tagged::arbitrary(&mut Unstructured::new(&octets)) {
            is_read_as_meant(&tagged);
            tagged.with_command(|command| {
                kinds.insert(command.name());
            });
        }
    }
    assert!(kinds.len() >= 45, "only {kinds:?}");
}
