//! Filling an account with a corpus, without a connection.

use super::account::Account;
use super::date::InternalDate;
use super::mailbox::Delivery;
use crate::corpus::{Account as Corpus, MailboxSpec, MessageSpec};
use crate::real::encode_mutf7;

impl Account {
    /// Creates, fills and subscribes every mailbox of `corpus`, named as this account's hierarchy wants it:
    /// INBOX and its children are not put under a prefix twice.
    ///
    /// # Panics
    /// If a mailbox cannot have its name here: a mistake in the test.
    pub fn fill(&mut self, corpus: &Corpus) {
        for mailbox in &corpus.mailboxes {
            let name = self.wire_name(&mailbox.segments);
            let missing = self
                .mailbox(&name)
                .is_none_or(|mailbox| !mailbox.is_selectable());
            if missing {
                self.create(&name).expect("the name is possible here");
            }
            if mailbox.subscribed {
                self.subscriptions.insert(name.clone());
            }
            self.take_all(&name, mailbox);
        }
    }

    fn take_all(&mut self, name: &[u8], mailbox: &MailboxSpec) {
        for message in &mailbox.messages {
            let delivered = self.deliver(name, delivery(message));
            delivered.expect("the mailbox is there");
        }
    }

    fn wire_name(&self, segments: &[String]) -> Vec<u8> {
        let delimiter = char::from(self.hierarchy.delimiter).to_string();
        let encoded: Vec<String> = segments.iter().map(|name| encode_mutf7(name)).collect();
        let name = encoded.join(&delimiter).into_bytes();
        let in_inbox = encoded.first().is_some_and(|first| first == "INBOX");
        let name = match in_inbox {
            true => name,
            false => [&self.hierarchy.prefix[..], &name].concat(),
        };
        self.hierarchy.normalise(&name)
    }
}

fn delivery(message: &MessageSpec) -> Delivery {
    let zone = i16::try_from(message.internal_date.zone_minutes);
    Delivery {
        flags: message.flags.clone(),
        internal_date: InternalDate {
            unix_seconds: message.internal_date.unix_seconds,
            zone_minutes: zone.expect("zones are within a day"),
        },
        body: message.body.clone().into(),
    }
}
