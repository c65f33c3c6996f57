//! The expected truth: what a corpus account must look like on any server.

use super::snapshot::{Message, Snapshot};
use crate::corpus::Account;

impl Snapshot {
    /// What a server holds that keeps `account` exactly.
    pub fn of_account(account: &Account) -> Self {
        let mut snapshot = Self::default();
        for mailbox in &account.mailboxes {
            snapshot.add_mailbox(&mailbox.segments);
            if mailbox.subscribed {
                snapshot.add_subscription(&mailbox.segments);
            }
            for message in &mailbox.messages {
                let date = message.internal_date.unix_seconds;
                snapshot.add_message(
                    &mailbox.segments,
                    Message::new(&message.body, date, &message.flags),
                );
            }
        }
        snapshot
    }
}
