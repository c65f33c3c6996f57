//! What a verification found.

use std::collections::HashSet;
use std::fmt;

use imap_client_lite::proto::{InternalDate, MailboxName};
use serde::Serialize;

use crate::cli::Exit;
use crate::mapping::Mapped;
use crate::report::Capped;
use crate::side::Side;
use crate::survey::Survey;

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Verification {
    /// Mailboxes compared.
    pub mailboxes: u64,
    /// Messages read on the source.
    pub messages: u64,
    /// Messages read on the destination.
    pub dest_messages: u64,
    /// Missing or altered mail.
    pub wrong: Capped<Finding>,
    /// Mail that only the destination holds.
    pub extra: Capped<Finding>,
}

/// One message as it is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundMessage {
    /// Its UID.
    pub uid: u32,
    /// Its octets.
    pub octets: u64,
    /// Its internal date, in seconds since 1970.
    pub unix_seconds: Option<i64>,
    /// Its flags, sorted, in lower case.
    pub flags: String,
}

/// One difference between the sides. `mailbox` is the source's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the fields are what their names say")]
pub enum Finding {
    /// A message that the destination lacks.
    Missing {
        mailbox: String,
        message: FoundMessage,
    },
    /// A message that only the destination has.
    Extra {
        mailbox: String,
        message: FoundMessage,
    },
    /// The same body with another date or other flags.
    Differs {
        mailbox: String,
        source: FoundMessage,
        dest: FoundMessage,
    },
    /// The same size, date and flags with another body.
    Altered {
        mailbox: String,
        source: FoundMessage,
        dest: FoundMessage,
    },
    /// A mailbox that the destination lacks.
    MissingMailbox {
        mailbox: String,
        dest: String,
        messages: u32,
    },
    /// Messages that a side has and did not hand out: nothing can be said of them.
    Unread {
        mailbox: String,
        side: String,
        messages: u64,
    },
    /// A mailbox with mail that stands for none of the source's.
    ExtraMailbox { mailbox: String, messages: u32 },
}

impl Verification {
    pub(super) fn note(&mut self, finding: Finding) {
        match finding {
            Finding::Extra { .. } | Finding::ExtraMailbox { .. } => self.extra.push(finding),
            _ => self.wrong.push(finding),
        }
    }

    pub(super) fn note_missing_mailbox(&mut self, mailbox: &Mapped, messages: u32) {
        let (mailbox, dest) = (mailbox.source.to_string(), mailbox.dest.to_string());
        self.note(Finding::MissingMailbox {
            mailbox,
            dest,
            messages,
        });
    }

    pub(super) fn note_unread(&mut self, mailbox: &Mapped, side: Side, messages: u64) {
        if messages > 0 {
            let (mailbox, side) = (mailbox.source.to_string(), side.to_string());
            self.note(Finding::Unread {
                mailbox,
                side,
                messages,
            });
        }
    }

    pub(super) fn note_extra_mailboxes(&mut self, dest: &Survey, mapped: &[Mapped]) {
        let known: HashSet<&MailboxName> = mapped.iter().map(|one| &one.dest).collect();
        for one in dest
            .mailboxes
            .iter()
            .filter(|one| !known.contains(&one.name) && !one.name.is_inbox())
        {
            if let Some(messages) = one
                .status
                .and_then(|status| status.messages)
                .filter(|&count| count > 0)
            {
                self.note(Finding::ExtraMailbox {
                    mailbox: one.name.to_string(),
                    messages,
                });
            }
        }
    }

    /// The exit code; extra mail counts when the user is strict.
    #[must_use]
    pub const fn exit(&self, extra: Extra) -> Exit {
        let counts =
            !self.wrong.is_empty() || (matches!(extra, Extra::Counts) && !self.extra.is_empty());
        if counts {
            Exit::Differs
        } else {
            Exit::Complete
        }
    }
}

/// What mail that only the destination holds means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extra {
    /// It is listed.
    Listed,
    /// It makes the verification fail.
    Counts,
}

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for list in [&self.wrong, &self.extra] {
            for finding in &list.first {
                writeln!(f, "{finding}")?;
            }
            match list.count - list.first.len() as u64 {
                0 => {}
                more => writeln!(f, "... and {more} more")?,
            }
        }
        let Self {
            mailboxes,
            messages,
            dest_messages,
            wrong,
            extra,
        } = self;
        let verdict = if wrong.is_empty() {
            "the destination holds all of the source's mail, unaltered"
        } else {
            "NOT THE SAME"
        };
        writeln!(
            f,
            "{mailboxes} mailboxes, {messages} messages on the source, {dest_messages} on the destination: {} missing or altered, {} extra: {verdict}",
            wrong.count, extra.count
        )
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { mailbox, message } => write!(f, "missing   {mailbox}: {message}"),
            Self::Extra { mailbox, message } => {
                write!(f, "extra     {mailbox}: on the destination {message}")
            }
            Self::Differs {
                mailbox,
                source,
                dest,
            } => write!(
                f,
                "differs   {mailbox}: {source}; on the destination {dest}"
            ),
            Self::Altered {
                mailbox,
                source,
                dest,
            } => {
                write!(
                    f,
                    "altered   {mailbox}: {source}; on the destination UID {} has another body",
                    dest.uid
                )
            }
            Self::MissingMailbox {
                mailbox,
                dest,
                messages,
            } => {
                write!(
                    f,
                    "missing   {mailbox}: the mailbox {dest} with {messages} messages"
                )
            }
            Self::Unread {
                mailbox,
                side,
                messages,
            } => {
                write!(
                    f,
                    "unread    {mailbox}: {messages} messages that the {side} did not hand out"
                )
            }
            Self::ExtraMailbox { mailbox, messages } => write!(
                f,
                "extra     {mailbox}: {messages} messages, only on the destination"
            ),
        }
    }
}

impl fmt::Display for FoundMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UID {}, {} octets, ", self.uid, self.octets)?;
        match self
            .unix_seconds
            .and_then(|seconds| InternalDate::new(seconds, 0))
        {
            Some(date) => write!(f, "{date}, ({})", self.flags),
            None => write!(f, "no date, ({})", self.flags),
        }
    }
}
