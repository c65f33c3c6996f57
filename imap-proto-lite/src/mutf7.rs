//! Modified UTF-7 for mailbox names: RFC 3501 section 5.1.3.

use alloc::string::String;
use alloc::vec::Vec;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

/// Writes `name` as modified UTF-7 (RFC 3501 section 5.1.3).
#[must_use]
pub fn encode(name: &str) -> Vec<u8> {
    let mut wire = Vec::with_capacity(name.len());
    let mut pending: Vec<u16> = Vec::new();
    for character in name.chars() {
        if matches!(character, ' '..='~') {
            flush(&mut pending, &mut wire);
            wire.push(character as u8);
            if character == '&' {
                wire.push(b'-');
            }
        } else {
            pending.extend_from_slice(character.encode_utf16(&mut [0; 2]));
        }
    }
    flush(&mut pending, &mut wire);
    wire
}

/// Writes the UTF-16 units gathered so far as `&...-`.
fn flush(units: &mut Vec<u16>, wire: &mut Vec<u8>) {
    if units.is_empty() {
        return;
    }
    wire.push(b'&');
    let (mut bits, mut held) = (0_u32, 0_u32);
    for unit in units.drain(..) {
        bits = bits << 16 | u32::from(unit);
        held += 16;
        while held >= 6 {
            held -= 6;
            wire.push(sextet(bits >> held));
        }
        bits &= (1 << held) - 1;
    }
    if held > 0 {
        wire.push(sextet(bits << (6 - held)));
    }
    wire.push(b'-');
}

fn sextet(value: u32) -> u8 {
    ALPHABET.get((value & 63) as usize).copied().unwrap_or(b'A')
}

/// Reads modified UTF-7. `None` for anything that [`encode`] would not write, so that a name
/// which decodes always encodes to the same bytes again (RFC 3501 section 5.1.3).
#[must_use]
pub fn decode(wire: &[u8]) -> Option<String> {
    let mut name = String::with_capacity(wire.len());
    let mut rest = wire;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            b'&' => {
                let end = memchr::memchr(b'-', tail)?;
                let (coded, after) = tail.split_at(end);
                rest = after.get(1..)?;
                if coded.is_empty() {
                    name.push('&');
                } else {
                    decode_shifted(coded, &mut name)?;
                }
            }
            b' '..=b'~' => name.push(char::from(byte)),
            _ => return None,
        }
    }
    (encode(&name) == wire).then_some(name)
}

fn decode_shifted(coded: &[u8], name: &mut String) -> Option<()> {
    let (mut bits, mut held) = (0_u32, 0_u32);
    let mut units = Vec::with_capacity(coded.len() / 2);
    for &byte in coded {
        let value = ALPHABET.iter().position(|&letter| letter == byte)?;
        bits = bits << 6 | u32::try_from(value).ok()?;
        held += 6;
        if held >= 16 {
            held -= 16;
            units.push(u16::try_from(bits >> held & 0xffff).ok()?);
        }
        bits &= (1 << held) - 1;
    }
    for character in char::decode_utf16(units) {
        name.push(character.ok()?);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_of_the_rfc_and_worse() {
        for (name, wire) in [
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
            ("A & B", "A &- B"),
            ("Entwürfe", "Entw&APw-rfe"),
            ("📁", "&2D3cwQ-"),
            (" ", " "),
            ("", ""),
            ("a\tb", "a&AAk-b"),
        ] {
            assert_eq!(encode(name), wire.as_bytes());
            assert_eq!(decode(wire.as_bytes()).as_deref(), Some(name));
        }
    }

    #[test]
    fn what_we_would_not_write_does_not_decode() {
        for wire in [
            "&",
            "&AGE-",
            "a&b",
            "&-&",
            "&2D0-",
            "&APw-&APw-",
            "\u{e9}",
            "&APx-",
            "&A-",
        ] {
            assert_eq!(decode(wire.as_bytes()), None, "{wire}");
        }
    }

    proptest! {
        #[test]
        fn every_name_comes_back(name in "\\PC*|[\\x00-\\x{10FFFF}]{0,20}") {
            prop_assert_eq!(decode(&encode(&name)), Some(name));
        }

        #[test]
        fn bytes_never_panic(wire in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = decode(&wire);
        }
    }
}
