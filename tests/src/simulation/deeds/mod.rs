//! What the users of both accounts do while the engine is at work, or between its runs.

mod dest;
mod ledger;
mod source;

use super::model::{Name, Place, segments};
use super::world::{NAMES, World, raw_name};
use crate::corpus::Random;
use crate::server::{Account, Delivery, Mailbox};

pub(super) use ledger::Yesterday;

/// Something that a user does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// New mail arrives on the source, perhaps in a new mailbox.
    SourceMail,
    /// A message on the source is deleted.
    SourceExpunge,
    /// A mailbox of the source gets another name.
    SourceRename,
    /// A mailbox of the source goes, with its mail.
    SourceDrop,
    /// A mailbox of the source gets a new UIDVALIDITY, and new UIDs.
    SourceRenumber,
    /// Mail arrives on the destination by another way.
    DestMail,
    /// The same, with the octets of a message of the source.
    DestTwin,
    /// A message on the destination is deleted.
    DestDelete,
    /// A message on the destination goes to another mailbox.
    DestMove,
    /// A message on the destination is flagged.
    DestFlag,
    /// A mailbox of the destination gets a new UIDVALIDITY, and new UIDs.
    DestRenumber,
    /// A mailbox of the destination goes, with its mail.
    DestDrop,
}

impl Act {
    /// Common things are common.
    pub(super) fn any(random: &mut Random) -> Self {
        use Act::*;
        match random.below(6) {
            0 => random.pick(&[
                SourceRename,
                SourceDrop,
                SourceRenumber,
                DestRenumber,
                DestDrop,
            ]),
            1 | 2 => random.pick(&[SourceMail, SourceMail, SourceExpunge]),
            _ => random.pick(&[
                DestMail, DestTwin, DestDelete, DestDelete, DestMove, DestFlag,
            ]),
        }
    }
}

impl World {
    /// A user does something, to mail that chance picks.
    pub(super) fn act(&self, act: Act) {
        self.observe();
        let done = match act {
            Act::SourceMail => self.source_mail(),
            Act::SourceExpunge => self.source_expunge(),
            Act::SourceRename => self.source_rename(),
            Act::SourceDrop => self.source_drop(),
            Act::SourceRenumber => self.source_renumber(),
            Act::DestMail | Act::DestTwin => self.dest_mail(act),
            Act::DestDelete => self.dest_delete(),
            Act::DestMove => self.dest_move(),
            Act::DestFlag => self.dest_flag(),
            Act::DestRenumber => self.dest_renumber(),
            Act::DestDrop => self.dest_drop(),
        };
        if let Some(what) = done {
            self.history.note(format!("user: {act:?}: {what}"));
        }
    }
}

/// One of the names that a world knows.
fn any_name(random: &mut Random) -> Name {
    let name = random.pick(&NAMES);
    name.split('/').map(str::to_owned).collect()
}

/// The names of all mailboxes that can hold mail.
fn names(account: &Account) -> Vec<Name> {
    let mailboxes = account.mailboxes.iter();
    let selectable = mailboxes.filter(|(_, mailbox)| mailbox.is_selectable());
    selectable
        .map(|(name, _)| segments(name, &account.hierarchy))
        .collect()
}

fn pick<T: Clone>(random: &mut Random, choices: Vec<T>) -> Option<T> {
    match choices.len() {
        0 => None,
        count => choices.get(random.below(count)).cloned(),
    }
}

/// A mailbox by its place's name.
fn mailbox<'a>(account: &'a mut Account, name: &Name) -> Option<&'a mut Mailbox> {
    let raw = raw_name(name, &account.hierarchy);
    account.mailbox_mut(&raw)
}

fn places(account: &Account) -> Vec<Place> {
    let mailboxes = account.mailboxes.iter();
    let places = mailboxes.flat_map(|(name, mailbox)| {
        mailbox.messages.iter().map(|message| Place {
            mailbox: segments(name, &account.hierarchy),
            uidvalidity: mailbox.uidvalidity,
            uid: message.uid,
        })
    });
    places.collect()
}

fn deliveries(mailbox: &Mailbox) -> Vec<Delivery> {
    let messages = mailbox.messages.iter();
    let deliveries = messages.map(|message| Delivery {
        flags: message.flags.clone(),
        internal_date: message.internal_date,
        body: message.body.clone(),
    });
    deliveries.collect()
}
