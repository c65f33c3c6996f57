//! All users of a server, in memory.

use std::collections::BTreeMap;
use std::fmt;

use super::account::{Account, Refusal};
use super::body::Digest;
use super::date::InternalDate;
use super::hierarchy::Hierarchy;
use super::mailbox::{Delivery, Mailbox};

/// Accounts by user name.
#[derive(Clone, Debug, Default)]
pub struct Store {
    /// The accounts.
    pub users: BTreeMap<String, Account>,
}

impl Store {
    /// A user with an empty INBOX; replaces one of the same name.
    pub fn add_user(&mut self, user: &str, password: &str, hierarchy: Hierarchy) -> &mut Account {
        self.users
            .insert(user.to_owned(), Account::new(password, hierarchy));
        self.account(user)
    }

    /// The account of a user that a test has added.
    ///
    /// # Panics
    /// If there is no such user.
    pub fn account(&mut self, user: &str) -> &mut Account {
        self.users.get_mut(user).expect("the test added this user")
    }

    /// Creates a mailbox.
    pub fn create(&mut self, user: &str, mailbox: &str) -> Result<&mut Mailbox, Refusal> {
        self.account(user).create(mailbox.as_bytes())
    }

    /// Delivers a message, creating the mailbox where needed, and tells the UID.
    ///
    /// # Panics
    /// If there is no such user, or no mailbox can have this name.
    pub fn deliver(&mut self, user: &str, mailbox: &str, delivery: Delivery) -> u32 {
        let delivered = self.account(user).deliver(mailbox.as_bytes(), delivery);
        delivered.expect("the mailbox can exist")
    }

    /// A mailbox, to look at or to change.
    pub fn mailbox(&mut self, user: &str, mailbox: &str) -> Option<&mut Mailbox> {
        self.users.get_mut(user)?.mailbox_mut(mailbox.as_bytes())
    }

    /// How many messages a user has in all mailboxes.
    pub fn message_count(&self, user: &str) -> usize {
        let account = self.users.get(user);
        let mailboxes = account
            .into_iter()
            .flat_map(|account| account.mailboxes.values());
        mailboxes.map(|mailbox| mailbox.messages.len()).sum()
    }

    /// Every message of a user, by mailbox and UID, with its hash.
    pub fn dump(&self, user: &str) -> Vec<Row> {
        self.users.get(user).map_or_else(Vec::new, rows)
    }
}

/// Every message of an account as a row.
pub(super) fn rows(account: &Account) -> Vec<Row> {
    let rows = account.mailboxes.iter().flat_map(|(name, mailbox)| {
        mailbox.messages.iter().map(|message| {
            let mut flags = message.flags.clone();
            flags.sort_unstable();
            Row {
                mailbox: name.clone(),
                uid: message.uid,
                digest: message.body.digest(),
                internal_date: message.internal_date,
                flags,
            }
        })
    });
    rows.collect()
}

/// One message, as two stores are compared by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// Raw name of the mailbox.
    pub mailbox: Vec<u8>,
    /// Its UID there.
    pub uid: u32,
    /// Hash and length of the octets.
    pub digest: Digest,
    /// Internal date.
    pub internal_date: InternalDate,
    /// Flags in alphabetical order.
    pub flags: Vec<String>,
}

/// Tab separated: mailbox, UID, SHA-256, length, internal date in Unix seconds, flags by blanks.
impl fmt::Display for Row {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}\t{}\t{}\t{}\t{}\t{}",
            self.mailbox.escape_ascii(),
            self.uid,
            self.digest.hex(),
            self.digest.length,
            self.internal_date.unix_seconds,
            self.flags.join(" "),
        )
    }
}
