//! Modified UTF-7 mailbox names: RFC 3501 section 5.1.3. The tests' own, apart from the one under test.

/// A Unicode name in modified UTF-7.
pub fn encode_mutf7(name: &str) -> String {
    let mut encoded = String::new();
    let mut shifted: Vec<u16> = Vec::new();
    for character in name.chars() {
        if matches!(character, ' '..='~') {
            flush(&mut shifted, &mut encoded);
            encoded.push(character);
            if character == '&' {
                encoded.push('-');
            }
        } else {
            shifted.extend_from_slice(character.encode_utf16(&mut [0; 2]));
        }
    }
    flush(&mut shifted, &mut encoded);
    encoded
}

/// The Unicode name behind a modified UTF-7 one; `None` where it is not well formed.
pub fn decode_mutf7(encoded: &str) -> Option<String> {
    let mut name = String::new();
    let mut rest = encoded;
    while let Some(start) = rest.find('&') {
        name.push_str(&rest[..start]);
        let end = start + rest[start..].find('-')?;
        match &rest[start + 1..end] {
            "" => name.push('&'),
            shifted => name.push_str(&unshift(shifted)?),
        }
        rest = &rest[end + 1..];
    }
    name.push_str(rest);
    Some(name)
}

/// Writes what was gathered outside printable ASCII as one `&...-`.
fn flush(shifted: &mut Vec<u16>, encoded: &mut String) {
    if shifted.is_empty() {
        return;
    }
    let bytes: Vec<u8> = shifted.drain(..).flat_map(u16::to_be_bytes).collect();
    encoded.push('&');
    for group in bytes.chunks(3) {
        let word = group
            .iter()
            .fold(0u32, |word, byte| word << 8 | u32::from(*byte))
            << (8 * (3 - group.len()));
        for index in 0..=group.len() {
            encoded.push(char::from(
                ALPHABET[(word >> (18 - 6 * index) & 63) as usize],
            ));
        }
    }
    encoded.push('-');
}

fn unshift(shifted: &str) -> Option<String> {
    let (mut word, mut bits, mut units) = (0u32, 0, Vec::new());
    for byte in shifted.bytes() {
        let value = ALPHABET.iter().position(|letter| *letter == byte)?;
        word = (word << 6 | u32::try_from(value).ok()?) & 0x003f_ffff;
        bits += 6;
        if bits >= 16 {
            bits -= 16;
            units.push((word >> bits & 0xffff) as u16);
        }
    }
    String::from_utf16(&units).ok()
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

#[cfg(test)]
mod tests {
    use super::{decode_mutf7, encode_mutf7};

    #[test]
    fn agrees_with_known_names() {
        let cases = [
            ("INBOX", "INBOX"),
            ("a & b", "a &- b"),
            ("Entwürfe", "Entw&APw-rfe"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
            ("😀", "&2D3eAA-"),
            ("é&è", "&AOk-&-&AOg-"),
        ];
        for (name, encoded) in cases {
            assert_eq!(encode_mutf7(name), encoded);
            assert_eq!(decode_mutf7(encoded).as_deref(), Some(name));
        }
    }

    #[test]
    fn refuses_what_is_not_well_formed() {
        for encoded in ["&", "a&b", "&!-", "&2D0-"] {
            assert_eq!(decode_mutf7(encoded), None, "{encoded}");
        }
    }
}
