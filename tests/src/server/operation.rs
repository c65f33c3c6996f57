//! What the users of an account do, as data: a test does it between runs, a fault in the middle of one.

use bytes::Bytes;

use super::account::{Account, Refusal};
use super::mailbox::{Delivery, FlagChange};

/// One thing that a user (or an administrator) does. Names are raw wire octets, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// New mail arrives; the mailbox is created where it is missing.
    Deliver {
        /// Where.
        mailbox: String,
        /// The message.
        body: Bytes,
    },
    /// Messages are deleted for good.
    Expunge {
        /// Where.
        mailbox: String,
        /// Which.
        which: Which,
    },
    /// Messages go to another mailbox, which exists, and get new UIDs there.
    Move {
        /// From where.
        from: String,
        /// Which.
        which: Which,
        /// Where to.
        to: String,
    },
    /// Flags are changed.
    Flag {
        /// Where.
        mailbox: String,
        /// Which messages.
        which: Which,
        /// How.
        change: FlagChange,
        /// The flags.
        flags: Vec<String>,
    },
    /// A mailbox is made.
    Create {
        /// Its name.
        mailbox: String,
    },
    /// A mailbox goes, with its messages.
    Delete {
        /// Its name.
        mailbox: String,
    },
    /// A mailbox gets another name, children with it.
    Rename {
        /// The old name.
        from: String,
        /// The new one.
        to: String,
    },
    /// The mailbox gets a new UIDVALIDITY, and its messages UIDs from 1 on.
    Renumber {
        /// Its name.
        mailbox: String,
    },
    /// The mailbox is remembered as it is now.
    BackUp {
        /// Its name.
        mailbox: String,
    },
    /// The mailbox becomes what was remembered: messages, UIDNEXT and UIDVALIDITY.
    Restore {
        /// Its name.
        mailbox: String,
    },
}

/// Some messages of a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// All.
    All,
    /// Those of these UIDs that exist.
    Uids(Vec<u32>),
    /// So many from the beginning.
    First(usize),
    /// So many from the end.
    Last(usize),
}

impl Which {
    /// Their UIDs among these, which are sorted.
    fn of(&self, uids: Vec<u32>) -> Vec<u32> {
        let count = uids.len();
        match self {
            Self::All => uids,
            Self::Uids(wanted) => uids
                .into_iter()
                .filter(|uid| wanted.contains(uid))
                .collect(),
            Self::First(number) => uids.into_iter().take(*number).collect(),
            Self::Last(number) => uids
                .into_iter()
                .skip(count.saturating_sub(*number))
                .collect(),
        }
    }
}

impl Account {
    /// Does it, unless it cannot be done; sessions notice as they would notice it of another client.
    pub fn operate(&mut self, operation: &Operation) -> Result<(), Refusal> {
        match operation {
            Operation::Deliver { mailbox, body } => self
                .deliver(mailbox.as_bytes(), Delivery::new(body.clone()))
                .map(drop),
            Operation::Expunge { mailbox, which } => {
                let uids = self.picked(mailbox, which)?;
                let expunged = self.existing(mailbox)?;
                expunged.expunge(|message| uids.binary_search(&message.uid).is_ok());
                Ok(())
            }
            Operation::Move { from, which, to } => self.move_messages(from, which, to),
            Operation::Flag {
                mailbox,
                which,
                change,
                flags,
            } => {
                for uid in self.picked(mailbox, which)? {
                    self.existing(mailbox)?.change_flags(uid, *change, flags);
                }
                Ok(())
            }
            Operation::Create { mailbox } => self.create(mailbox.as_bytes()).map(drop),
            Operation::Delete { mailbox } => self.delete(mailbox.as_bytes()),
            Operation::Rename { from, to } => self.rename(from.as_bytes(), to.as_bytes()),
            Operation::Renumber { mailbox } => self.renumber(mailbox.as_bytes()),
            Operation::BackUp { mailbox } => self.back_up(mailbox.as_bytes()),
            Operation::Restore { mailbox } => self.restore(mailbox.as_bytes()),
        }
    }

    fn move_messages(&mut self, from: &str, which: &Which, to: &str) -> Result<(), Refusal> {
        self.existing(to)?;
        let uids = self.picked(from, which)?;
        let source = self.existing(from)?;
        let moved: Vec<Delivery> = uids
            .iter()
            .filter_map(|&uid| source.message(uid))
            .map(|message| Delivery {
                flags: message.flags.clone(),
                internal_date: message.internal_date,
                body: message.body.clone(),
            })
            .collect();
        source.expunge(|message| uids.binary_search(&message.uid).is_ok());
        let target = self.existing(to)?;
        for delivery in moved {
            target.deliver(delivery);
        }
        Ok(())
    }

    fn picked(&mut self, mailbox: &str, which: &Which) -> Result<Vec<u32>, Refusal> {
        let messages = &self.existing(mailbox)?.messages;
        Ok(which.of(messages.iter().map(|message| message.uid).collect()))
    }

    fn existing(&mut self, mailbox: &str) -> Result<&mut super::mailbox::Mailbox, Refusal> {
        let found = self.mailbox_mut(mailbox.as_bytes());
        found.ok_or_else(|| "[NONEXISTENT] Mailbox doesn't exist".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::Hierarchy;

    fn account() -> Account {
        let mut account = Account::new("pw", Hierarchy::new('/', ""));
        for body in ["a", "b", "c"] {
            let delivery = Delivery::new(body.as_bytes());
            account.deliver(b"INBOX", delivery).expect("delivered");
        }
        account.create(b"other").expect("created");
        account
    }

    fn uids(account: &Account, mailbox: &str) -> Vec<u32> {
        let mailbox = account.mailbox(mailbox.as_bytes()).expect("it is there");
        mailbox.messages.iter().map(|message| message.uid).collect()
    }

    fn inbox() -> String {
        "INBOX".to_owned()
    }

    #[test]
    fn users_move_delete_and_flag() {
        let mut account = account();
        for (operation, inbox_uids, other_uids) in [
            (
                Operation::Move {
                    from: inbox(),
                    which: Which::Uids(vec![2, 9]),
                    to: "other".to_owned(),
                },
                vec![1, 3],
                vec![1],
            ),
            (
                Operation::Expunge {
                    mailbox: inbox(),
                    which: Which::First(1),
                },
                vec![3],
                vec![1],
            ),
            (
                Operation::Deliver {
                    mailbox: inbox(),
                    body: Bytes::from_static(b"d"),
                },
                vec![3, 4],
                vec![1],
            ),
            (
                Operation::Expunge {
                    mailbox: inbox(),
                    which: Which::Last(1),
                },
                vec![3],
                vec![1],
            ),
            (
                Operation::Move {
                    from: inbox(),
                    which: Which::All,
                    to: "other".to_owned(),
                },
                vec![],
                vec![1, 2],
            ),
        ] {
            account.operate(&operation).expect("it can be done");
            let got = (uids(&account, "INBOX"), uids(&account, "other"));
            assert_eq!(got, (inbox_uids, other_uids), "{operation:?}");
        }
        let flag = Operation::Flag {
            mailbox: "other".to_owned(),
            which: Which::Last(1),
            change: FlagChange::Add,
            flags: vec!["\\Seen".to_owned()],
        };
        account.operate(&flag).expect("it can be done");
        let other = account.mailbox(b"other").expect("it is there");
        assert!(!other.messages[0].has("\\Seen") && other.messages[1].has("\\Seen"));
    }

    #[test]
    fn what_cannot_be_done_is_said() {
        let mut account = account();
        let nowhere = "nowhere".to_owned();
        for operation in [
            Operation::Move {
                from: inbox(),
                which: Which::All,
                to: nowhere.clone(),
            },
            Operation::Expunge {
                mailbox: nowhere.clone(),
                which: Which::All,
            },
            Operation::Renumber {
                mailbox: nowhere.clone(),
            },
            Operation::Restore { mailbox: inbox() },
            Operation::Delete { mailbox: nowhere },
        ] {
            assert!(account.operate(&operation).is_err(), "{operation:?}");
        }
        assert_eq!(uids(&account, "INBOX"), [1, 2, 3], "nothing was lost");
    }

    #[test]
    fn uids_lose_their_meaning() {
        let mut account = account();
        let expunge = Operation::Expunge {
            mailbox: inbox(),
            which: Which::First(1),
        };
        account.operate(&expunge).expect("it can be done");
        let before = account.mailbox(b"INBOX").expect("INBOX").uidvalidity;
        let renumber = Operation::Renumber { mailbox: inbox() };
        account.operate(&renumber).expect("it can be done");
        let after = account.mailbox(b"INBOX").expect("INBOX");
        assert!(after.uidvalidity > before);
        assert_eq!((uids(&account, "INBOX"), after.uidnext), (vec![1, 2], 3));
    }

    #[test]
    fn a_backup_comes_back() {
        let mut account = account();
        let mut operate = |operation| account.operate(&operation).expect("it can be done");
        operate(Operation::BackUp { mailbox: inbox() });
        operate(Operation::Expunge {
            mailbox: inbox(),
            which: Which::All,
        });
        operate(Operation::Deliver {
            mailbox: inbox(),
            body: Bytes::from_static(b"later"),
        });
        operate(Operation::Restore { mailbox: inbox() });
        let restored = account.mailbox(b"INBOX").expect("INBOX");
        assert_eq!(restored.uidnext, 4, "lower again");
        assert_eq!(uids(&account, "INBOX"), [1, 2, 3]);
    }
}
