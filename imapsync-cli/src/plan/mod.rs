//! What is to be done, decided before anything is done. Pure: surveys and ledger in, steps out.

use std::collections::HashSet;
use std::fmt;

use imap_client_lite::Status;
use imap_client_lite::proto::{MailboxName, Uid};

use crate::mapping::{Layout, Mapped, Path};
use crate::report::Gone;
use crate::side::Both;
use crate::survey::Survey;

/// All steps, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Mailboxes to make, parents first.
    pub create: Vec<MailboxName>,
    /// Names to subscribe to.
    pub subscribe: Vec<MailboxName>,
    /// Mailboxes to copy, INBOX first.
    pub copies: Vec<Copy>,
}

/// One mailbox to copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Its names on both sides.
    pub mailbox: Mapped,
    /// How much there is to do.
    pub work: Work,
}

/// How much there is to do for a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Messages that are not on the destination, as far as the source's STATUS tells.
    Messages(u64),
    /// Nothing changed since the last run that finished it.
    Nothing,
    /// The destination holds mail of which the ledger knows nothing: it is compared body by body,
    /// and what is missing is copied.
    Adopt {
        /// How many messages it holds.
        held: u32,
        /// How many messages the source has.
        messages: u64,
    },
    /// The ledger knows the mailbox, and the destination has it no more.
    Gone(Gone),
}

/// What the ledger knows of one pair of mailboxes, as the plan needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Nothing.
    Nothing,
    /// They were copied under other UIDVALIDITYs.
    Earlier,
    /// This.
    Row {
        /// Every source UID below this one is accounted for.
        source_next: Uid,
        /// Whether the last run ended in the middle.
        open: bool,
        /// Messages accounted for.
        settled: u64,
    },
}

/// What to do with mailboxes that were copied and that the destination has no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Deleted {
    /// Leave them so, and say that the copy is not complete.
    #[default]
    Report,
    /// Leave them so.
    Skip,
    /// Make and copy them again.
    Copy,
}

impl Plan {
    /// Decides. `known` looks a mailbox up in the ledger.
    ///
    /// # Errors
    /// When `known` fails.
    pub fn decide<E>(
        surveys: &Both<Survey>,
        mapped: Vec<Mapped>,
        deleted: Deleted,
        mut known: impl FnMut(&Mapped, &Both<Status>) -> Result<Known, E>,
    ) -> Result<Self, E> {
        let mut plan = Self::default();
        let mut made = HashSet::new();
        for mailbox in mapped {
            let Some(source) = surveys.source.status(&mailbox.source) else {
                plan.subscribe_like(surveys, &mailbox);
                continue;
            };
            let dest = surveys.dest.status(&mailbox.dest);
            let statuses = Both {
                source,
                dest: dest.unwrap_or_default(),
            };
            let known = known(&mailbox, &statuses)?;
            let missing = dest.is_none() && !mailbox.dest.is_inbox();
            let gone = match deleted {
                Deleted::Report => Some(Gone::Unexplained),
                Deleted::Skip => Some(Gone::Accepted),
                Deleted::Copy => None,
            };
            let work = match gone {
                Some(gone) if missing && known != Known::Nothing => Work::Gone(gone),
                _ => {
                    if missing && made.insert(mailbox.dest.clone()) {
                        plan.create.push(mailbox.dest.clone());
                    }
                    plan.subscribe_like(surveys, &mailbox);
                    work(&statuses, known)
                }
            };
            plan.copies.push(Copy { mailbox, work });
        }
        Ok(plan)
    }

    /// Subscribes on the destination to what is subscribed on the source.
    fn subscribe_like(&mut self, surveys: &Both<Survey>, mailbox: &Mapped) {
        if surveys.source.subscribed.contains(&mailbox.source)
            && !surveys.dest.subscribed.contains(&mailbox.dest)
        {
            self.subscribe.push(mailbox.dest.clone());
        }
    }

    /// Messages to copy, as far as can be told beforehand.
    #[must_use]
    pub fn messages(&self) -> u64 {
        let count = |copy: &Copy| match copy.work {
            Work::Messages(messages) | Work::Adopt { messages, .. } => messages,
            Work::Nothing | Work::Gone(_) => 0,
        };
        self.copies.iter().map(count).sum()
    }
}

fn work(statuses: &Both<Status>, known: Known) -> Work {
    let messages = u64::from(statuses.source.messages.unwrap_or(0));
    match (known, statuses.dest.messages) {
        (
            Known::Row {
                source_next, open, ..
            },
            _,
        ) if !open && statuses.source.uid_next == Some(source_next) => Work::Nothing,
        (Known::Row { settled, .. }, _) => Work::Messages(messages.saturating_sub(settled)),
        (_, Some(held)) if held > 0 => Work::Adopt { held, messages },
        _ => Work::Messages(messages),
    }
}

/// The names that a plan cannot carry over, though the source holds them.
#[must_use]
pub fn unmapped(survey: &Survey, mapped: &[Mapped]) -> Vec<Path> {
    let known: HashSet<&MailboxName> = mapped.iter().map(|one| &one.source).collect();
    let layout: &Layout = &survey.layout;
    survey
        .mailboxes
        .iter()
        .filter(|one| !known.contains(&one.name))
        .map(|one| layout.read(&one.name))
        .collect()
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for name in &self.create {
            writeln!(f, "create     {name}")?;
        }
        for name in &self.subscribe {
            writeln!(f, "subscribe  {name}")?;
        }
        for Copy { mailbox, work } in &self.copies {
            match work {
                Work::Messages(count) => write!(f, "copy       {count:>8} messages  ")?,
                Work::Nothing => write!(f, "up to date                   ")?,
                Work::Adopt { held, messages } => {
                    write!(f, "compare    {messages:>8} messages with {held} there  ")?;
                }
                Work::Gone(_) => write!(f, "deleted there, left so       ")?,
            }
            writeln!(f, "{} -> {}", mailbox.source, mailbox.dest)?;
        }
        writeln!(
            f,
            "{} messages to copy in {} mailboxes",
            self.messages(),
            self.copies.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::map_names;
    use crate::survey::Surveyed;

    fn name(wire: &str) -> MailboxName {
        MailboxName::from_wire(wire.as_bytes()).expect("fit to be sent")
    }

    fn survey(mailboxes: &[(&str, Option<u32>)], subscribed: &[&str]) -> Survey {
        let surveyed = |(wire, messages): &(&str, Option<u32>)| Surveyed {
            name: name(wire),
            status: messages.map(|messages| Status {
                messages: Some(messages),
                uid_next: Uid::new(messages + 1),
                uid_validity: None,
            }),
        };
        Survey {
            layout: Layout {
                delimiter: Some(b'/'),
                ..Layout::default()
            },
            mailboxes: mailboxes.iter().map(surveyed).collect(),
            subscribed: subscribed.iter().map(|wire| name(wire)).collect(),
        }
    }

    fn plan(source: Survey, dest: Survey, known: Known) -> String {
        let names: Vec<MailboxName> = source
            .mailboxes
            .iter()
            .map(|one| one.name.clone())
            .collect();
        let mapped = map_names(&names, &source.layout, &dest.layout, &[]);
        let surveys = Both { source, dest };
        let Ok(plan) = Plan::decide(&surveys, mapped, Deleted::Report, |_, _| {
            Ok::<_, std::convert::Infallible>(known)
        });
        plan.to_string()
    }

    #[test]
    fn a_first_run() {
        let source = survey(
            &[
                ("a/b", Some(5)),
                ("INBOX", Some(2)),
                ("a", None),
                ("empty", Some(0)),
            ],
            &["a/b", "INBOX"],
        );
        let dest = survey(&[("INBOX", Some(0))], &["INBOX"]);
        assert_eq!(
            plan(source, dest, Known::Nothing),
            "\
create     a/b
create     empty
subscribe  a/b
copy              2 messages  INBOX -> INBOX
copy              5 messages  a/b -> a/b
copy              0 messages  empty -> empty
7 messages to copy in 3 mailboxes
"
        );
    }

    #[test]
    fn mail_that_the_ledger_does_not_know_is_compared() {
        let side = || survey(&[("INBOX", Some(2))], &[]);
        assert_eq!(
            plan(side(), side(), Known::Nothing),
            "compare           2 messages with 2 there  INBOX -> INBOX\n2 messages to copy in 1 mailboxes\n"
        );
    }

    #[test]
    fn a_later_run_does_what_is_left() {
        let side = || survey(&[("INBOX", Some(9))], &[]);
        for (source_next, open, line) in [
            (
                10,
                false,
                "up to date                   INBOX -> INBOX\n0 messages to copy in 1 mailboxes\n",
            ),
            (
                10,
                true,
                "copy              3 messages  INBOX -> INBOX\n3 messages to copy in 1 mailboxes\n",
            ),
            (
                7,
                false,
                "copy              3 messages  INBOX -> INBOX\n3 messages to copy in 1 mailboxes\n",
            ),
        ] {
            let known = Known::Row {
                source_next: Uid::new(source_next).expect("above zero"),
                open,
                settled: 6,
            };
            assert_eq!(plan(side(), side(), known), line);
        }
    }

    #[test]
    fn a_mailbox_deleted_on_the_destination_is_left_so() {
        let source = || survey(&[("INBOX", Some(1)), ("a", Some(2))], &["a"]);
        let dest = || survey(&[("INBOX", Some(0))], &[]);
        let text = plan(source(), dest(), Known::Earlier);
        assert_eq!(
            text,
            "copy              1 messages  INBOX -> INBOX\ndeleted there, left so       a -> a\n1 messages to copy in 2 mailboxes\n"
        );
        assert!(plan(source(), dest(), Known::Nothing).starts_with("create     a\n"));
    }
}
