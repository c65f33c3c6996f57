//! How a server with peculiar habits puts appended messages into a mailbox.

use super::alteration::Alteration;
use super::body::Body;
use super::mailbox::{Delivery, Mailbox};

/// What happens to messages on their way from APPEND to the mailbox; by default nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Storing {
    /// What each message is changed by, in order.
    pub(super) alterations: Vec<Alteration>,
    /// A message whose octets the mailbox holds already is not stored again.
    pub(super) merges: bool,
    /// UIDs left out before each message.
    pub(super) skipped_uids: u32,
}

impl Storing {
    /// Puts a message into a mailbox and tells the UID under which it can be found.
    pub(super) fn store(&self, mailbox: &mut Mailbox, mut delivery: Delivery) -> u32 {
        for alteration in &self.alterations {
            if let Body::Bytes(octets) = &delivery.body {
                delivery.body = alteration.apply(octets).into();
            }
        }
        if let Some(uid) = self.twin(mailbox, &delivery.body) {
            return uid;
        }
        mailbox.uidnext = mailbox.uidnext.saturating_add(self.skipped_uids);
        mailbox.deliver(delivery)
    }

    /// The UID of a message with the same octets, if the server minds.
    fn twin(&self, mailbox: &Mailbox, body: &Body) -> Option<u32> {
        if !self.merges {
            return None;
        }
        let same_length =
            |message: &&super::mailbox::Message| message.body.length() == body.length();
        let digest = body.digest();
        let twin = mailbox.messages.iter().filter(same_length);
        let mut twin = twin.filter(|message| message.body.digest() == digest);
        twin.next().map(|message| message.uid)
    }
}
