//! A mailbox's place in the tree, free of any server's delimiter and prefix.

use std::fmt;

use imap_client_lite::proto::mutf7;

/// Segments from the top. INBOX, in any case, is `["INBOX"]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<String>);

impl Path {
    /// A path of these segments.
    #[must_use]
    pub fn new(segments: Vec<String>) -> Self {
        Self(segments)
    }

    /// The segments from the top.
    #[must_use]
    pub fn segments(&self) -> &[String] {
        &self.0
    }

    /// Whether this is INBOX itself.
    #[must_use]
    pub fn is_inbox(&self) -> bool {
        matches!(self.0.as_slice(), [only] if only == INBOX)
    }

    /// Whether this is INBOX or below it.
    #[must_use]
    pub fn in_inbox(&self) -> bool {
        self.0.first().is_some_and(|first| first == INBOX)
    }

    /// The path above this one.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (_, above) = self.0.split_last()?;
        (!above.is_empty()).then(|| Self(above.to_vec()))
    }
}

impl fmt::Display for Path {
    /// For people: segments with ` / ` where a segment itself could hold a slash.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = self.0.join("/");
        write!(
            f,
            "{}",
            joined
                .escape_debug()
                .to_string()
                .replace("\\\"", "\"")
                .replace("\\'", "'")
                .replace("\\\\", "\\")
        )
    }
}

/// A segment of a wire name as text. What is no modified UTF-7 keeps its ASCII; the rest
/// becomes `=XX`.
pub(super) fn segment_text(wire: &[u8]) -> String {
    if let Some(text) = mutf7::decode(wire) {
        return text;
    }
    let mut text = String::with_capacity(wire.len());
    for &byte in wire {
        if matches!(byte, b' '..=b'~') && byte != b'&' {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("={byte:02X}"));
        }
    }
    text
}

/// The first segment of INBOX and all below it.
pub(super) const INBOX: &str = "INBOX";
