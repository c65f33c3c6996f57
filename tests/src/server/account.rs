//! One user's mail: mailboxes by name, and subscriptions.

use std::collections::{BTreeMap, BTreeSet};

use super::flag;
use super::hierarchy::Hierarchy;
use super::mailbox::{Delivery, Mailbox};

/// Why a mailbox could not be created, deleted or renamed: the text of the NO response.
pub type Refusal = String;

/// A user's mailboxes. Names are raw wire octets in the spelling of [`Hierarchy::normalise`].
#[derive(Clone, Debug)]
pub struct Account {
    /// What LOGIN must bring.
    pub password: String,
    /// How names are built.
    pub hierarchy: Hierarchy,
    /// Mailboxes, `\Noselect` parents included.
    pub mailboxes: BTreeMap<Vec<u8>, Mailbox>,
    /// Subscribed names, whether they exist or not.
    pub subscriptions: BTreeSet<Vec<u8>>,
    next_uidvalidity: u32,
    backups: BTreeMap<Vec<u8>, Mailbox>,
}

impl Account {
    /// An account with an empty INBOX.
    pub fn new(password: &str, hierarchy: Hierarchy) -> Self {
        let mut account = Self {
            password: password.to_owned(),
            hierarchy,
            mailboxes: BTreeMap::new(),
            subscriptions: BTreeSet::new(),
            next_uidvalidity: 1_600_000_000,
            backups: BTreeMap::new(),
        };
        account.insert(b"INBOX".to_vec());
        account
    }

    /// The mailbox of this name, in any spelling of INBOX.
    pub fn mailbox(&self, name: &[u8]) -> Option<&Mailbox> {
        self.mailboxes.get(&self.hierarchy.normalise(name))
    }

    /// The same, to change it.
    pub fn mailbox_mut(&mut self, name: &[u8]) -> Option<&mut Mailbox> {
        self.mailboxes.get_mut(&self.hierarchy.normalise(name))
    }

    /// CREATE: parents that are missing become `\Noselect`; a trailing delimiter is dropped.
    pub fn create(&mut self, name: &[u8]) -> Result<&mut Mailbox, Refusal> {
        let name = name
            .strip_suffix(&[self.hierarchy.delimiter])
            .unwrap_or(name);
        let name = self.hierarchy.normalise(name);
        if let Some(objection) = self.hierarchy.objection(&name) {
            return Err(format!("[CANNOT] {objection}"));
        }
        if self
            .mailboxes
            .get(&name)
            .is_some_and(Mailbox::is_selectable)
        {
            return Err("[ALREADYEXISTS] Mailbox already exists".to_owned());
        }
        let parents: Vec<_> = self.hierarchy.parents(&name).map(<[u8]>::to_vec).collect();
        for parent in parents {
            let is_prefix = self.hierarchy.prefix.starts_with(&parent);
            if !is_prefix && !self.mailboxes.contains_key(&parent) {
                self.insert(parent).attributes.push("\\Noselect".to_owned());
            }
        }
        Ok(self.insert(name))
    }

    /// Delivers into a mailbox, which is created where it is missing, and tells the UID.
    pub fn deliver(&mut self, name: &[u8], delivery: Delivery) -> Result<u32, Refusal> {
        let missing = self
            .mailbox(name)
            .is_none_or(|mailbox| !mailbox.is_selectable());
        let mailbox = if missing {
            Some(self.create(name)?)
        } else {
            self.mailbox_mut(name)
        };
        mailbox
            .map(|mailbox| mailbox.deliver(delivery))
            .ok_or_else(|| "[NONEXISTENT] Mailbox vanished".to_owned())
    }

    /// DELETE: a mailbox with children stays as `\Noselect` without its messages.
    pub fn delete(&mut self, name: &[u8]) -> Result<(), Refusal> {
        let name = self.hierarchy.normalise(name);
        if name == b"INBOX" {
            return Err("[CANNOT] INBOX stays".to_owned());
        }
        let has_children = self.has_children(&name);
        let Some(mailbox) = self.mailboxes.get_mut(&name) else {
            return Err("[NONEXISTENT] Mailbox doesn't exist".to_owned());
        };
        if !has_children {
            self.mailboxes.remove(&name);
        } else if mailbox.is_selectable() {
            mailbox.clear();
            mailbox.attributes = vec!["\\Noselect".to_owned()];
        } else {
            return Err("[HASCHILDREN] Mailbox has children".to_owned());
        }
        Ok(())
    }

    /// RENAME, children with it. INBOX itself only hands over its messages.
    pub fn rename(&mut self, from: &[u8], to: &[u8]) -> Result<(), Refusal> {
        let from = self.hierarchy.normalise(from);
        if !self.mailboxes.contains_key(&from) {
            return Err("[NONEXISTENT] Mailbox doesn't exist".to_owned());
        }
        let moved = self.create(to).map(|mailbox| mailbox.uidvalidity)?;
        let to = self.hierarchy.normalise(to);
        if from == b"INBOX" {
            let fresh = Mailbox::new(moved);
            let inbox = self.mailboxes.insert(from, fresh);
            self.mailboxes.extend(inbox.map(|inbox| (to, inbox)));
            return Ok(());
        }
        let below = |name: &&Vec<u8>| **name == from || self.hierarchy.is_below(name, &from);
        let names: Vec<_> = self.mailboxes.keys().filter(below).cloned().collect();
        for name in names {
            let new_name = [&to, &name[from.len()..]].concat();
            let mailbox = self.mailboxes.remove(&name);
            self.mailboxes
                .extend(mailbox.map(|mailbox| (new_name, mailbox)));
        }
        Ok(())
    }

    /// Gives a mailbox a new UIDVALIDITY, and its messages UIDs from 1 on.
    pub fn renumber(&mut self, name: &[u8]) -> Result<(), Refusal> {
        let name = self.hierarchy.normalise(name);
        let Some(mailbox) = self.mailboxes.get_mut(&name) else {
            return Err("[NONEXISTENT] Mailbox doesn't exist".to_owned());
        };
        self.next_uidvalidity = self.next_uidvalidity.max(mailbox.uidvalidity) + 1;
        mailbox.uidvalidity = self.next_uidvalidity;
        mailbox.generation += 1;
        mailbox.uidnext = 1;
        for message in &mut mailbox.messages {
            message.uid = mailbox.uidnext;
            mailbox.uidnext += 1;
        }
        Ok(())
    }

    /// Remembers a mailbox as it is now.
    pub fn back_up(&mut self, name: &[u8]) -> Result<(), Refusal> {
        let name = self.hierarchy.normalise(name);
        let Some(mailbox) = self.mailboxes.get(&name) else {
            return Err("[NONEXISTENT] Mailbox doesn't exist".to_owned());
        };
        self.backups.insert(name, mailbox.clone());
        Ok(())
    }

    /// Puts a mailbox back as it was remembered, with UIDVALIDITY and UIDNEXT of then.
    pub fn restore(&mut self, name: &[u8]) -> Result<(), Refusal> {
        let name = self.hierarchy.normalise(name);
        let Some(backup) = self.backups.get(&name) else {
            return Err("[NONEXISTENT] There is no backup".to_owned());
        };
        let current = self.mailboxes.get(&name);
        let generation = current.map_or(backup.generation, |current| current.generation) + 1;
        let restored = Mailbox {
            generation,
            ..backup.clone()
        };
        self.mailboxes.insert(name, restored);
        Ok(())
    }

    /// Is there a mailbox below this one?
    pub fn has_children(&self, name: &[u8]) -> bool {
        let mut next = [name, &[self.hierarchy.delimiter]].concat();
        let first = self.mailboxes.range(next.clone()..).next();
        next.truncate(name.len());
        first.is_some_and(|(below, _)| self.hierarchy.is_below(below, &next))
    }

    /// Attributes with what follows from the tree.
    pub(super) fn attributes(&self, name: &[u8], with_children: bool) -> Vec<String> {
        let mut attributes = self
            .mailboxes
            .get(name)
            .map_or_else(Vec::new, |mailbox| mailbox.attributes.clone());
        if with_children {
            let children = if self.has_children(name) {
                "\\HasChildren"
            } else {
                "\\HasNoChildren"
            };
            attributes.push(children.to_owned());
        }
        flag::dedup(&mut attributes);
        attributes
    }

    fn insert(&mut self, name: Vec<u8>) -> &mut Mailbox {
        self.next_uidvalidity += 1;
        let fresh = Mailbox::new(self.next_uidvalidity);
        let mailbox = self.mailboxes.entry(name).or_insert(fresh);
        mailbox
            .attributes
            .retain(|attribute| attribute != "\\Noselect");
        mailbox
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Account {
        Account::new("pw", Hierarchy::new('/', ""))
    }

    #[test]
    fn parents_appear_as_noselect() {
        let mut account = account();
        account.create(b"a/b/c").expect("created");
        assert!(!account.mailbox(b"a/b").expect("parent").is_selectable());
        assert!(account.create(b"a/b/c").is_err());
        account
            .create(b"a/b/")
            .expect("a parent becomes selectable");
        assert!(account.mailbox(b"a/b").expect("parent").is_selectable());
    }

    #[test]
    fn rename_takes_children_along() {
        let mut account = account();
        account
            .deliver(b"a/b", Delivery::new(&b"x"[..]))
            .expect("delivered");
        account.rename(b"a", b"z").expect("renamed");
        assert_eq!(account.mailbox(b"z/b").expect("child").messages.len(), 1);
        assert!(account.mailbox(b"a").is_none() && account.mailbox(b"a/b").is_none());
    }

    #[test]
    fn renaming_inbox_moves_its_messages() {
        let mut account = account();
        account
            .deliver(b"inbox", Delivery::new(&b"x"[..]))
            .expect("delivered");
        account.rename(b"INBOX", b"old").expect("renamed");
        assert_eq!(account.mailbox(b"old").expect("old").messages.len(), 1);
        assert_eq!(account.mailbox(b"INBOX").expect("inbox").messages.len(), 0);
    }

    #[test]
    fn a_deleted_parent_stays_unselectable() {
        let mut account = account();
        account.create(b"a/b").expect("created");
        account.create(b"a").expect("created");
        account.delete(b"a").expect("deleted");
        assert!(!account.mailbox(b"a").expect("still there").is_selectable());
        assert!(account.delete(b"a").is_err());
        assert!(account.delete(b"inbox").is_err());
    }
}
