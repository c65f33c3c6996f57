//! Who may do what: the commands of ACL, RFC 4314 section 3.

use super::argument::{ArgumentError, Text, only};
use super::encode::Encoder;
use super::mailbox_name::MailboxName;
use super::store::Change;

/// Rights, one lower-case letter or digit each: RFC 4314 section 2. There may be none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rights<'a>(&'a str);

impl<'a> Rights<'a> {
    /// Checks rights.
    ///
    /// # Errors
    /// When something else than lower-case letters and digits stands in them.
    pub fn new(letters: &'a str) -> Result<Self, ArgumentError> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        only("rights", letters.as_bytes(), allowed).map(|()| Self(letters))
    }

    pub(super) const fn as_str(self) -> &'a str {
        self.0
    }
}

/// SETACL: RFC 4314 section 3.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetAcl<'a> {
    /// Where.
    pub mailbox: &'a MailboxName,
    /// Who; with a `-` before the name, whose rights are taken away.
    pub identifier: Text<'a>,
    /// What happens to the rights that are there already.
    pub change: Change,
    /// What.
    pub rights: Rights<'a>,
}

/// A mailbox and somebody, of DELETEACL and LISTRIGHTS: RFC 4314 sections 3.2 and 3.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AclEntry<'a> {
    /// Where.
    pub mailbox: &'a MailboxName,
    /// Who.
    pub identifier: Text<'a>,
}

impl SetAcl<'_> {
    pub(super) fn write(self, out: &mut Encoder) {
        let Self {
            mailbox,
            identifier,
            ..
        } = self;
        AclEntry {
            mailbox,
            identifier,
        }
        .write(out);
        // Quoted: some rights are the word NIL, and none are no atom.
        out.raw(" \"")
            .raw(self.change.sign())
            .rights(self.rights)
            .raw("\"");
    }
}

impl AclEntry<'_> {
    pub(super) fn write(self, out: &mut Encoder) {
        out.raw(" ").mailbox(self.mailbox);
        out.raw(" ").astring(self.identifier);
    }
}
