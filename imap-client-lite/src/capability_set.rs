//! What a server can do, kept between commands.

use std::collections::BTreeSet;

use imap_proto_lite::{Capabilities, Literals};

/// The capabilities of the last list that the server sent, in upper case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CapabilitySet(BTreeSet<String>);

impl CapabilitySet {
    /// Whether the server listed `name`, in any case.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.contains(&name.to_ascii_uppercase())
    }

    /// Whether no list was seen yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// The value of a capability such as `APPENDLIMIT=35651584` (RFC 7889).
    #[must_use]
    pub fn append_limit(&self) -> Option<u64> {
        self.iter()
            .find_map(|name| name.strip_prefix("APPENDLIMIT=")?.parse().ok())
    }

    /// Which literals the server takes unasked (RFC 7888).
    #[must_use]
    pub fn literals(&self) -> Literals {
        if self.has("LITERAL+") {
            Literals::Plus
        } else if self.has("LITERAL-") || self.has("IMAP4REV2") {
            Literals::Minus
        } else {
            Literals::Synchronizing
        }
    }
}

impl From<Capabilities<'_>> for CapabilitySet {
    fn from(list: Capabilities<'_>) -> Self {
        Self(list.iter().map(str::to_ascii_uppercase).collect())
    }
}
