//! Modified UTF-7: what decodes encodes to the same bytes, and every name comes back.

#![no_main]

use imap_proto_lite::{MailboxName, mutf7};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Some(name) = mutf7::decode(input) {
        assert_eq!(mutf7::encode(&name), input, "{name:?}");
    }
    if let Ok(name) = std::str::from_utf8(input) {
        let wire = mutf7::encode(name);
        assert!(wire.iter().all(|byte| matches!(byte, b' '..=b'~')));
        assert_eq!(mutf7::decode(&wire).as_deref(), Some(name));
    }
    if let Ok(name) = MailboxName::from_wire(input) {
        assert!(!name.to_string().chars().any(char::is_control));
    }
});
