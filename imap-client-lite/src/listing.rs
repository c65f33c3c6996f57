//! What mailboxes there are and how they stand: LIST, LSUB, NAMESPACE, STATUS.

use imap_proto_lite::{
    Command, List, ListReturn, MailboxName, Namespace, StatusItem, Uid, UidValidity, Untagged,
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

impl Client {
    /// All names that match `pattern`. A name that no command could carry is left out and logged.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn list(&mut self, pattern: &str) -> Result<Vec<Listed>, Error> {
        let mut names = Vec::new();
        let command = Command::List {
            pattern,
            with: ListReturn::Nothing,
        };
        self.run(&command, |untagged| {
            if let Untagged::List(list) = untagged {
                names.extend(listed(list));
            }
        })
        .await?;
        Ok(names)
    }

    /// All subscribed names that match `pattern`.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn list_subscribed(&mut self, pattern: &str) -> Result<Vec<Listed>, Error> {
        let mut names = Vec::new();
        self.run(&Command::Lsub { pattern }, |untagged| {
            if let Untagged::Lsub(list) = untagged {
                names.extend(listed(list));
            }
        })
        .await?;
        Ok(names)
    }

    /// The namespaces; none where the server does not know NAMESPACE.
    ///
    /// # Errors
    /// When the connection fails.
    pub async fn namespaces(&mut self) -> Result<Spaces, Error> {
        let mut spaces = Spaces::default();
        if !self.capabilities().has("NAMESPACE") {
            return Ok(spaces);
        }
        let answer = self.run(&Command::Namespace, |untagged| {
            if let Untagged::Namespace(all) = untagged {
                spaces.personal = all.personal.iter().map(root).collect();
                spaces.foreign = all
                    .other_users
                    .iter()
                    .chain(&all.shared)
                    .map(root)
                    .collect();
            }
        });
        match answer.await {
            Ok(_) | Err(Error::Refused { .. }) => Ok(spaces),
            Err(error) => Err(error),
        }
    }

    /// How a mailbox stands, without selecting it.
    ///
    /// # Errors
    /// When there is no such mailbox.
    pub async fn status(&mut self, mailbox: &MailboxName) -> Result<Status, Error> {
        let mut status = Status::default();
        let items = [
            StatusItem::Messages,
            StatusItem::UidNext,
            StatusItem::UidValidity,
        ];
        self.run(
            &Command::Status {
                mailbox,
                items: &items,
            },
            |untagged| {
                if let Untagged::MailboxStatus(said) = untagged {
                    status = Status {
                        messages: said.messages,
                        uid_next: said.uid_next,
                        uid_validity: said.uid_validity,
                    };
                }
            },
        )
        .await?;
        Ok(status)
    }
}

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
