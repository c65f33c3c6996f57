//! What mailboxes there are and how they stand: LIST, LSUB, NAMESPACE, STATUS.

use std::collections::HashMap;

use imap_proto_lite::command::ListOld;
use imap_proto_lite::{
    Command, List, MailboxName, MailboxStatus, Namespace, StatusItem, Text, Uid, UidValidity,
    Untagged,
};

use crate::client::Client;
use crate::error::Error;

/// One listed name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The name in wire form.
    pub name: MailboxName,
    /// The hierarchy delimiter.
    pub delimiter: Option<u8>,
    /// Whether it can be selected.
    pub selectable: bool,
}

/// The root of a namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamespaceRoot {
    /// What its names begin with.
    pub prefix: Vec<u8>,
    /// Their hierarchy delimiter.
    pub delimiter: Option<u8>,
}

/// The namespaces of an account (RFC 9051 section 6.3.10).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spaces {
    /// The user's own.
    pub personal: Vec<NamespaceRoot>,
    /// Other users' and shared ones.
    pub foreign: Vec<NamespaceRoot>,
}

/// How a mailbox stands (RFC 9051 section 6.3.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Status {
    /// Number of messages.
    pub messages: Option<u32>,
    /// The next UID.
    pub uid_next: Option<Uid>,
    /// The generation of UIDs.
    pub uid_validity: Option<UidValidity>,
}

/// The names of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// Its namespaces; none where the server does not know NAMESPACE.
    pub spaces: Spaces,
    /// All names.
    pub listed: Vec<Listed>,
    /// Subscribed names, also of mailboxes that do not exist.
    pub subscribed: Vec<Listed>,
}

impl Client {
    /// NAMESPACE, LIST and LSUB in one breath.
    ///
    /// # Errors
    /// When the server refuses to list.
    pub async fn names(&mut self) -> Result<Names, Error> {
        let namespace = self.capabilities().has("NAMESPACE");
        let pattern = Text::new("*")?;
        let patterns = [pattern];
        let lsub = Command::Lsub(ListOld {
            reference: Text::EMPTY,
            pattern,
        });
        let commands = [Command::Namespace, Command::list(&patterns), lsub];
        let commands = commands.into_iter().skip(usize::from(!namespace));
        let mut names = Names::default();
        let results = self
            .run_all(commands, |number, untagged| match untagged {
                Untagged::Namespace(all) => {
                    let foreign = all.other_users.iter().chain(&all.shared);
                    names.spaces.personal = all.personal.iter().map(root).collect();
                    names.spaces.foreign = foreign.map(root).collect();
                }
                // Some answer LSUB with LIST.
                Untagged::List(list) if number == usize::from(namespace) => {
                    names.listed.extend(listed(list));
                }
                Untagged::Lsub(list) => names.subscribed.extend(listed(list)),
                _ => {}
            })
            .await?;
        // A refusal of NAMESPACE leaves none.
        let listing = results.into_iter().skip(usize::from(namespace));
        listing.collect::<Result<Vec<_>, _>>()?;
        Ok(names)
    }

    /// How mailboxes stand, without selecting them; for each the refusal where the server refuses.
    ///
    /// # Errors
    /// When the connection fails.
    pub async fn statuses(
        &mut self,
        mailboxes: &[&MailboxName],
    ) -> Result<Vec<Result<Status, Error>>, Error> {
        let mut said = vec![Status::default(); mailboxes.len()];
        let names = mailboxes.iter().enumerate();
        let numbers: HashMap<&[u8], usize> = names
            .map(|(number, name)| (name.as_wire(), number))
            .collect();
        let commands = mailboxes.iter().map(|&mailbox| Command::Status {
            mailbox,
            items: &STATUS_ITEMS,
        });
        let results = self
            .run_all(commands, |number, untagged| {
                if let Untagged::MailboxStatus(one) = untagged {
                    // Names come back as they were sent, but for the case of INBOX.
                    let number = numbers.get(one.mailbox.as_ref()).copied().unwrap_or(number);
                    if let Some(slot) = said.get_mut(number) {
                        *slot = status(one);
                    }
                }
            })
            .await?;
        let all = results.into_iter().zip(said);
        Ok(all.map(|(result, status)| result.map(|_| status)).collect())
    }

    /// All names that match `pattern`. A name that no command could carry is left out and logged.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn list(&mut self, pattern: &str) -> Result<Vec<Listed>, Error> {
        let mut names = Vec::new();
        let patterns = [Text::new(pattern)?];
        let command = Command::list(&patterns);
        self.run(&command, |untagged| {
            if let Untagged::List(list) = untagged {
                names.extend(listed(list));
            }
        })
        .await?;
        Ok(names)
    }

    /// How a mailbox stands, without selecting it.
    ///
    /// # Errors
    /// When there is no such mailbox.
    pub async fn status(&mut self, mailbox: &MailboxName) -> Result<Status, Error> {
        let mut all = self.statuses(&[mailbox]).await?;
        all.pop().unwrap_or_else(|| Ok(Status::default()))
    }
}

fn status(said: &MailboxStatus<'_>) -> Status {
    Status {
        messages: said.messages,
        uid_next: said.uid_next,
        uid_validity: said.uid_validity,
    }
}

const STATUS_ITEMS: [StatusItem; 3] = [
    StatusItem::Messages,
    StatusItem::UidNext,
    StatusItem::UidValidity,
];

fn listed(list: &List<'_>) -> Option<Listed> {
    match MailboxName::from_wire(list.name.as_ref()) {
        Ok(name) => Some(Listed {
            name,
            delimiter: list.delimiter,
            selectable: list.selectable(),
        }),
        Err(error) => {
            tracing::warn!(name = %list.name.escape_ascii(), "left out: {error}");
            None
        }
    }
}

fn root(namespace: &Namespace<'_>) -> NamespaceRoot {
    NamespaceRoot {
        prefix: namespace.prefix.to_vec(),
        delimiter: namespace.delimiter,
    }
}
