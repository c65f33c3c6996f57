//! Capability lists: RFC 9051 sections 6.1.1 and 7.2.2.

/// Capability names in wire form, read as they are walked; ENABLED has the same shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capabilities<'a>(pub(crate) &'a [u8]);

impl<'a> Capabilities<'a> {
    /// The names as the server wrote them. A list that lacks `IMAP4rev1` or ends early is no error.
    pub fn iter(self) -> impl Iterator<Item = &'a str> {
        let words = self
            .0
            .split(|&byte| byte == b' ')
            .filter(|word| !word.is_empty());
        words.filter_map(|word| std::str::from_utf8(word).ok())
    }

    /// Whether the list has `name`; names compare case-insensitively.
    #[must_use]
    pub fn has(self, name: &str) -> bool {
        self.iter().any(|known| known.eq_ignore_ascii_case(name))
    }
}
