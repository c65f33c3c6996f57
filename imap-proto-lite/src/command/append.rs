//! APPEND: RFC 9051 section 6.3.12, several messages of RFC 3502, `literal8` of RFC 3516.

use super::encode::{Encoder, Literals};
use super::mailbox_name::MailboxName;
use crate::date::InternalDate;
use crate::flag::FlagSet;

/// Messages to be appended: one, or where the server offers MULTIAPPEND (RFC 3502) any number. All
/// of them are stored or none, says that RFC; not every server keeps to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Append<'a> {
    /// Where to.
    pub mailbox: &'a MailboxName,
    /// The messages, in order; without any the command is none.
    pub messages: &'a [AppendMessage<'a>],
}

/// One message to be appended; its body follows as a stream of exactly `octets` (RFC 9051 section 6.3.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppendMessage<'a> {
    /// Its flags; an empty list is sent too, since some servers insist.
    pub flags: &'a FlagSet,
    /// Its internal date; without one the server takes the present.
    pub internal_date: Option<InternalDate>,
    /// Octets of the body.
    pub octets: u64,
    /// How its literal is announced, where that is another way than that of the whole command: one that
    /// waits lets the server refuse flags or date before it gets a body (RFC 7888 section 4).
    pub literal: Option<Literals>,
    /// What the body is made of.
    pub form: BodyForm,
}

/// What a body is made of (RFC 9051 section 4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BodyForm {
    /// Text without NUL, `{n}`: what every server takes.
    #[default]
    Literal,
    /// Any octets, `~{n}`, where the server offers BINARY (RFC 3516 section 4.4).
    Literal8,
    /// `UTF8 (~{n})`: headers in UTF-8, where UTF8=ACCEPT is enabled (RFC 6855 section 4).
    Utf8,
}

impl Append<'_> {
    pub(super) fn write(self, out: &mut Encoder) {
        out.raw(" ").mailbox(self.mailbox);
        for message in self.messages {
            out.raw(" ").flags(message.flags);
            if let Some(date) = message.internal_date {
                out.raw(" ").internal_date(date);
            }
            let (before, after) = match message.form {
                BodyForm::Literal => (" ", ""),
                BodyForm::Literal8 => (" ~", ""),
                BodyForm::Utf8 => (" UTF8 (~", ")"),
            };
            out.raw(before)
                .body(message.octets, message.literal)
                .raw(after);
        }
    }
}
