//! What one side holds: its layout and its mailboxes.

use std::collections::{HashMap, HashSet};

use imap_client_lite::proto::{MailboxName, Uid};
use imap_client_lite::{Client, Listed, NamespaceRoot, Status};

use crate::error::{Fault, OnSide};
use crate::mapping::Layout;
use crate::side::Side;

/// What one side holds in the user's own namespace.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Survey {
    /// How names are written there.
    pub layout: Layout,
    /// The mailboxes and the names that only have children, in the server's order.
    pub mailboxes: Vec<Surveyed>,
    /// Subscribed names, also of mailboxes that do not exist.
    pub subscribed: HashSet<MailboxName>,
}

/// One mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surveyed {
    /// Its name.
    pub name: MailboxName,
    /// How it stands; `None` for a name that cannot be selected.
    pub status: Option<Status>,
}

impl Survey {
    /// Asks a server.
    ///
    /// # Errors
    /// When it refuses to list, or the connection ends.
    pub async fn take(client: &mut Client, side: Side) -> Result<Self, Fault> {
        let mut names = client.names().await.on(side)?;
        let spaces = &names.spaces;
        let layout = layout(&spaces.personal, &names.listed);
        let own = |name: &MailboxName| {
            name.is_inbox() || !spaces.foreign.iter().any(|root| is_below(name, root))
        };
        let mut seen = HashSet::new();
        let mut listed: Vec<Listed> = names.listed;
        listed.retain(|one| own(&one.name) && seen.insert(one.name.clone()));
        if !listed.iter().any(|one| one.name.is_inbox()) {
            listed.push(Listed {
                name: MailboxName::inbox(),
                delimiter: None,
                selectable: true,
            });
        }
        // One that cannot be selected is not subscribed itself, but has a child that is (RFC 3501 section 6.3.9): Courier.
        let subscribed = names.subscribed.into_iter().filter(|one| one.selectable);
        let subscribed = subscribed.map(|one| one.name);
        Ok(Self {
            layout,
            subscribed: subscribed.filter(own).collect(),
            mailboxes: look_at(client, listed, &mut names.statuses, side).await?,
        })
    }

    /// How a mailbox of this name stands; `None` where there is none that can be selected.
    #[must_use]
    pub fn status(&self, name: &MailboxName) -> Option<Status> {
        self.find(name).and_then(|one| one.status)
    }

    /// The UIDNEXT that a mailbox had.
    #[must_use]
    pub fn uid_next(&self, name: &MailboxName) -> Option<Uid> {
        self.status(name).and_then(|status| status.uid_next)
    }

    /// Notes a mailbox that was made since, empty.
    pub fn note_made(&mut self, name: MailboxName) {
        let status = Some(Status {
            messages: Some(0),
            ..Status::default()
        });
        self.mailboxes.push(Surveyed { name, status });
    }

    /// Whether the name exists, be it only as a parent.
    #[must_use]
    pub fn find(&self, name: &MailboxName) -> Option<&Surveyed> {
        self.mailboxes
            .iter()
            .find(|one| one.name == *name || (one.name.is_inbox() && name.is_inbox()))
    }
}

/// Asks how listed mailboxes stand, unless the server has said so. One that is refused cannot be selected.
async fn look_at(
    client: &mut Client,
    listed: Vec<Listed>,
    told: &mut HashMap<MailboxName, Status>,
    side: Side,
) -> Result<Vec<Surveyed>, Fault> {
    let selectable = listed.iter().filter(|one| one.selectable);
    let asked = selectable.map(|one| &one.name);
    let asked: Vec<&MailboxName> = asked.filter(|name| !told.contains_key(name)).collect();
    let mut statuses = client.statuses(&asked).await.on(side)?.into_iter();
    let mut surveyed = Vec::with_capacity(listed.len());
    for Listed {
        name, selectable, ..
    } in listed
    {
        let said = match told.remove(&name) {
            _ if !selectable => None,
            Some(status) => Some(Ok(status)),
            None => statuses.next(),
        };
        let status = match said {
            None => None,
            Some(Ok(status)) => Some(status),
            // A fresh INBOX does not exist on some servers before it is selected (mailutils).
            Some(Err(_)) if name.is_inbox() => {
                let opened = client.examine(&name).await.on(side)?;
                Some(Status {
                    messages: Some(opened.exists),
                    uid_next: opened.uid_next,
                    uid_validity: opened.uid_validity,
                })
            }
            Some(Err(error)) => {
                tracing::warn!("{side}: {name}: {error}");
                Some(Status::default())
            }
        };
        surveyed.push(Surveyed { name, status });
    }
    Ok(surveyed)
}

/// The layout by NAMESPACE, else by what the listed names tell.
fn layout(personal: &[NamespaceRoot], listed: &[Listed]) -> Layout {
    let named = listed
        .iter()
        .filter(|one| !one.name.is_inbox())
        .find_map(|one| one.delimiter);
    let any = named.or_else(|| listed.iter().find_map(|one| one.delimiter));
    match personal.first() {
        Some(root) => Layout {
            prefix: root.prefix.clone(),
            delimiter: root.delimiter.or(any),
            ..Layout::default()
        },
        None => Layout {
            delimiter: any,
            ..Layout::default()
        },
    }
}

fn is_below(name: &MailboxName, root: &NamespaceRoot) -> bool {
    let wire = name.as_wire();
    let bare = match root.delimiter {
        Some(delimiter) => root
            .prefix
            .strip_suffix(&[delimiter])
            .unwrap_or(&root.prefix),
        None => &root.prefix,
    };
    !root.prefix.is_empty() && (wire.starts_with(&root.prefix) || wire == bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(wire: &str) -> MailboxName {
        MailboxName::from_wire(wire.as_bytes()).expect("fit to be sent")
    }

    fn root(prefix: &str, delimiter: u8) -> NamespaceRoot {
        NamespaceRoot {
            prefix: prefix.as_bytes().to_vec(),
            delimiter: Some(delimiter),
        }
    }

    #[test]
    fn other_peoples_mail_is_not_ours() {
        assert!(is_below(&name("shared.x"), &root("shared.", b'.')));
        assert!(is_below(&name("shared"), &root("shared.", b'.')));
        assert!(!is_below(&name("sharedness"), &root("shared.", b'.')));
        assert!(!is_below(&name("anything"), &root("", b'.')));
    }

    #[test]
    fn the_delimiter_comes_from_namespace_or_names() {
        let listed = |wire: &str, delimiter| Listed {
            name: name(wire),
            delimiter,
            selectable: true,
        };
        let names = [listed("INBOX", None), listed("a", Some(b'/'))];
        assert_eq!(layout(&[], &names).delimiter, Some(b'/'));
        assert_eq!(
            layout(&[root("INBOX.", b'.')], &names),
            Layout {
                prefix: b"INBOX.".to_vec(),
                delimiter: Some(b'.'),
                ..Layout::default()
            }
        );
    }
}
