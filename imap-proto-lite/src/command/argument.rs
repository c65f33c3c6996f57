//! What goes into a command line: each type holds only what its place in RFC 9051 section 9 can carry.

use core::fmt;

use crate::chars::is_strict_atom_char;

/// Why a value cannot stand in a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArgumentError {
    /// A byte that its place cannot carry.
    #[error("{what} cannot hold the byte {byte:#04x} (at {at})")]
    Forbidden {
        /// The kind of argument.
        what: &'static str,
        /// The byte.
        byte: u8,
        /// Where it stands, counted from 0.
        at: usize,
    },
    /// Nothing, where something must be.
    #[error("{what} cannot be empty")]
    Empty {
        /// The kind of argument.
        what: &'static str,
    },
    /// Base64 that does not end with a whole group of four.
    #[error("base64 comes in groups of four")]
    Group,
}

/// A command's tag: RFC 9051 section 2.2.1, `tag = 1*<any ASTRING-CHAR except "+">`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tag<'a>(&'a str);

impl<'a> Tag<'a> {
    /// Checks a tag.
    ///
    /// # Errors
    /// When it is empty, or holds what no tag can.
    pub fn new(text: &'a str) -> Result<Self, ArgumentError> {
        let allowed = |byte| (is_strict_atom_char(byte) || byte == b']') && byte != b'+';
        word("a tag", text, allowed).map(Self)
    }

    /// The tag.
    #[must_use]
    pub const fn as_str(self) -> &'a str {
        self.0
    }
}

/// A word without quotes: RFC 9051 section 4.1, `atom = 1*ATOM-CHAR`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Atom<'a>(&'a str);

impl<'a> Atom<'a> {
    /// Checks an atom.
    ///
    /// # Errors
    /// When it is empty, or holds what no atom can: controls, spaces, 8-bit characters, `(){%*"\]`.
    pub fn new(text: &'a str) -> Result<Self, ArgumentError> {
        word("an atom", text, is_strict_atom_char).map(Self)
    }

    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'a str {
        self.0
    }
}

/// Any text without NUL: `astring` and `string` of RFC 9051 section 4.3. It goes out as an atom where
/// one may stand, quoted where it fits into a quoted string, else as a literal.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Text<'a>(&'a [u8]);

impl<'a> Text<'a> {
    /// No text.
    pub const EMPTY: Self = Self(b"");
    pub(super) const MESSAGE_ID: Self = Self(b"MESSAGE-ID");

    /// Checks a text, given as `&str` or as octets.
    ///
    /// # Errors
    /// When it holds NUL, which not even a literal can carry.
    pub fn new(text: &'a (impl AsRef<[u8]> + ?Sized)) -> Result<Self, ArgumentError> {
        let text = text.as_ref();
        only("a text", text, |byte| byte != 0).map(|()| Self(text))
    }

    /// The octets.
    #[must_use]
    pub const fn as_bytes(self) -> &'a [u8] {
        self.0
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

/// Base64 as SASL sends it: RFC 9051 section 6.2.2. `Debug` hides it, since it is mostly a credential.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Base64<'a>(&'a str);

impl<'a> Base64<'a> {
    /// Checks base64: whole groups of four, with `=` at the end only; empty is whole, too.
    ///
    /// # Errors
    /// When something else stands in it, or the last group is not whole.
    pub fn new(text: &'a str) -> Result<Self, ArgumentError> {
        let digits = text.trim_end_matches('=');
        only("base64", digits.as_bytes(), |byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
        })?;
        if text.len().is_multiple_of(4) && text.len() - digits.len() <= 2 {
            Ok(Self(text))
        } else {
            Err(ArgumentError::Group)
        }
    }

    pub(super) const fn as_str(self) -> &'a str {
        self.0
    }
}

impl fmt::Debug for Base64<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A word that is not empty, of allowed bytes.
pub(super) fn word<'a>(
    what: &'static str,
    text: &'a str,
    allowed: impl Fn(u8) -> bool,
) -> Result<&'a str, ArgumentError> {
    if text.is_empty() {
        return Err(ArgumentError::Empty { what });
    }
    only(what, text.as_bytes(), allowed).map(|()| text)
}

/// Finds the first byte that is not allowed.
pub(super) fn only(
    what: &'static str,
    text: &[u8],
    allowed: impl Fn(u8) -> bool,
) -> Result<(), ArgumentError> {
    match text.iter().position(|&byte| !allowed(byte)) {
        None => Ok(()),
        Some(at) => Err(ArgumentError::Forbidden {
            what,
            byte: text.get(at).copied().unwrap_or_default(),
            at,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forbidden(what: &'static str, byte: u8, at: usize) -> ArgumentError {
        ArgumentError::Forbidden { what, byte, at }
    }

    #[test]
    fn nothing_that_ends_a_line_gets_in() {
        for byte in [0, b'\r', b'\n'] {
            let text = format!("a{}b", char::from(byte));
            assert_eq!(Tag::new(&text), Err(forbidden("a tag", byte, 1)));
            assert_eq!(Atom::new(&text), Err(forbidden("an atom", byte, 1)));
            assert_eq!(Base64::new(&text), Err(forbidden("base64", byte, 1)));
        }
        assert_eq!(Text::new("a\0b"), Err(forbidden("a text", 0, 1)));
        assert!(
            Text::new("a\r\nx LOGOUT\r\n").is_ok(),
            "a literal carries it"
        );
    }

    #[test]
    fn words_are_words() {
        for text in [
            "a b", "a(", "a)", "a{", "a%", "a*", "a\"", "a\\", "a]", "é", "\x7f",
        ] {
            assert!(Atom::new(text).is_err(), "{text}");
        }
        assert_eq!(Atom::new("").ok(), None);
        assert!(Atom::new("$A+b[}=").is_ok());
        assert!(Tag::new("a]").is_ok());
        assert_eq!(Tag::new("a+"), Err(forbidden("a tag", b'+', 1)));
        assert_eq!(Tag::new(""), Err(ArgumentError::Empty { what: "a tag" }));
    }

    #[test]
    fn base64_is_whole() {
        for whole in ["", "AGEAYg==", "AGEAYmI=", "+/Az"] {
            assert!(Base64::new(whole).is_ok(), "{whole}");
        }
        for broken in ["A", "AB=", "AAA", "====", "A===", "AGEAYg==="] {
            assert_eq!(Base64::new(broken), Err(ArgumentError::Group), "{broken}");
        }
        assert_eq!(Base64::new("AG=AYg=="), Err(forbidden("base64", b'=', 2)));
        assert_eq!(format!("{:?}", Base64::new("AGEAYg==")), "Ok(***)");
    }
}
