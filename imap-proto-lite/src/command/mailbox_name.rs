//! Mailbox names that can be sent: RFC 9051 section 5.1.

use alloc::boxed::Box;
use core::fmt;

use super::argument::{ArgumentError, only};

/// A mailbox name in wire form, fit to be sent: it holds no NUL, CR or LF (RFC 9051 section 5.1).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailboxName(Box<[u8]>);

impl MailboxName {
    /// A name as it stands on the wire (modified UTF-7, or UTF-8 where that is enabled).
    ///
    /// # Errors
    /// When it holds NUL, CR or LF.
    pub fn from_wire(wire: impl Into<Box<[u8]>>) -> Result<Self, ArgumentError> {
        let wire = wire.into();
        let allowed = |byte| !matches!(byte, 0 | b'\r' | b'\n');
        only("a mailbox name", &wire, allowed).map(|()| Self(wire))
    }

    /// INBOX, which every account has.
    #[must_use]
    pub fn inbox() -> Self {
        Self(b"INBOX"[..].into())
    }

    /// The name's bytes on the wire.
    #[must_use]
    pub const fn as_wire(&self) -> &[u8] {
        &self.0
    }

    /// Whether this is INBOX, in any case.
    #[must_use]
    pub fn is_inbox(&self) -> bool {
        self.0.eq_ignore_ascii_case(b"INBOX")
    }
}

impl fmt::Display for MailboxName {
    /// For people: decoded where it is modified UTF-7, with controls escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match crate::mutf7::decode(&self.0) {
            Some(name) if !name.chars().any(char::is_control) => f.write_str(&name),
            Some(name) => write!(f, "{}", name.escape_debug()),
            None => write!(f, "{}", self.0.escape_ascii()),
        }
    }
}
