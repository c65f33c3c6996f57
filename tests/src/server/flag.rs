//! Message flags as text: RFC 9051 section 2.3.2. They compare without regard to letter case.

/// The flags that a client may set on any server.
pub(super) const SYSTEM_FLAGS: [&str; 5] =
    ["\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft"];

/// Is `flag` among `flags`?
pub(super) fn contains(flags: &[String], flag: &str) -> bool {
    flags.iter().any(|known| known.eq_ignore_ascii_case(flag))
}

/// Keeps the first spelling of each flag.
pub(super) fn dedup(flags: &mut Vec<String>) {
    for place in (1..flags.len()).rev() {
        if contains(&flags[..place], &flags[place]) {
            flags.remove(place);
        }
    }
}

/// The flag that a client named, or why it cannot be set.
pub(super) fn settable(name: &[u8]) -> Result<String, String> {
    let text = String::from_utf8_lossy(name);
    if text.starts_with('\\') {
        let system = SYSTEM_FLAGS
            .iter()
            .find(|flag| flag.eq_ignore_ascii_case(&text));
        return system
            .map(|&flag| flag.to_owned())
            .ok_or_else(|| format!("Invalid system flag {text}"));
    }
    let atom = |octet: &u8| octet.is_ascii_graphic() && !b"(){%*\"\\".contains(octet);
    match name.iter().all(atom) && !name.is_empty() {
        true => Ok(text.into_owned()),
        false => Err(format!("Invalid keyword {}", text.escape_default())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_five_system_flags_and_atoms() {
        assert_eq!(settable(b"\\seen"), Ok("\\Seen".to_owned()));
        assert_eq!(settable(b"$Forwarded"), Ok("$Forwarded".to_owned()));
        for refused in [&b"\\Recent"[..], b"\\Foo", b"a b", b"", b"caf\xc3\xa9"] {
            assert!(settable(refused).is_err());
        }
    }
}
