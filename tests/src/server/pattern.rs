//! Mailbox name patterns of LIST: `*` and `%` (RFC 9051 section 6.3.9).

/// Does `name` match? `%` stops at the hierarchy delimiter.
pub(super) fn matches(pattern: &[u8], name: &[u8], delimiter: u8) -> bool {
    // reachable[i]: the pattern so far can match the first i octets of the name.
    let mut reachable = vec![false; name.len() + 1];
    reachable[0] = true;
    for &symbol in pattern {
        let mut next = vec![false; name.len() + 1];
        for place in 0..=name.len() {
            let passed = name.get(place.wrapping_sub(1)).copied();
            next[place] = match (symbol, passed) {
                (b'*', _) => reachable[place] || (place > 0 && next[place - 1]),
                (b'%', Some(octet)) if octet != delimiter => reachable[place] || next[place - 1],
                (b'%', _) => reachable[place],
                (literal, Some(octet)) => literal == octet && reachable[place - 1],
                (_, None) => false,
            };
        }
        reachable = next;
    }
    reachable[name.len()]
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn wildcards() {
        let table = [
            ("*", "a/b", true),
            ("%", "a/b", false),
            ("%", "a", true),
            ("a/%", "a/b", true),
            ("a/%", "a/b/c", false),
            ("a/*", "a/b/c", true),
            ("%/%", "a/b", true),
            ("a*c", "abbc", true),
            ("a*c", "abb", false),
            ("", "", true),
            ("*", "", true),
        ];
        for (pattern, name, expected) in table {
            let matched = matches(pattern.as_bytes(), name.as_bytes(), b'/');
            assert_eq!(matched, expected, "{pattern} {name}");
        }
    }
}
