//! Annotations of mailboxes and of the server: RFC 5464 section 4.

use super::argument::Text;
use super::encode::Encoder;
use super::mailbox_name::MailboxName;

/// GETMETADATA: RFC 5464 section 4.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GetMetadata<'a> {
    /// The mailbox; `None` is the server.
    pub mailbox: Option<&'a MailboxName>,
    /// Octets of the longest value that is wanted (section 4.2.1).
    pub max_size: Option<u32>,
    /// How far below the entries (section 4.2.2).
    pub depth: MetadataDepth,
    /// Names such as `/shared/comment`, one at least.
    pub entries: &'a [Text<'a>],
}

/// How far below the entries that are named: RFC 5464 section 4.2.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MetadataDepth {
    /// Only what is named.
    #[default]
    Zero,
    /// `DEPTH 1`: also right below.
    One,
    /// `DEPTH infinity`: also all below.
    Infinity,
}

/// SETMETADATA: RFC 5464 section 4.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetMetadata<'a> {
    /// The mailbox; `None` is the server.
    pub mailbox: Option<&'a MailboxName>,
    /// Entries, one at least, with their values; `None` removes one.
    pub entries: &'a [(Text<'a>, Option<Text<'a>>)],
}

impl GetMetadata<'_> {
    pub(super) fn write(self, out: &mut Encoder) {
        self.write_options(out);
        write_mailbox(out, self.mailbox);
        out.list(self.entries, |out, &entry| {
            out.astring(entry);
        });
    }

    fn write_options(self, out: &mut Encoder) {
        let depth = match self.depth {
            MetadataDepth::Zero => "",
            MetadataDepth::One => "DEPTH 1",
            MetadataDepth::Infinity => "DEPTH infinity",
        };
        match (self.max_size, depth) {
            (None, "") => {}
            (None, depth) => {
                out.raw(" (").raw(depth).raw(")");
            }
            (Some(octets), "") => {
                out.raw(" (MAXSIZE ").number(octets).raw(")");
            }
            (Some(octets), depth) => {
                out.raw(" (MAXSIZE ").number(octets).raw(" ");
                out.raw(depth).raw(")");
            }
        }
    }
}

impl SetMetadata<'_> {
    pub(super) fn write(self, out: &mut Encoder) {
        write_mailbox(out, self.mailbox);
        out.list(self.entries, |out, &(entry, value)| {
            out.astring(entry).raw(" ").nstring(value);
        });
    }
}

fn write_mailbox(out: &mut Encoder, mailbox: Option<&MailboxName>) {
    match mailbox {
        Some(mailbox) => out.raw(" ").mailbox(mailbox).raw(" "),
        None => out.raw(" \"\" "),
    };
}
