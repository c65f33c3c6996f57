//! What the users of both accounts do while the engine is at work, or between its runs.

use imapsync_cli::side::Side;

use super::model::{Name, Origin, Place, segments};
use super::stage::USER;
use super::world::{NAMES, State, World, raw_name};
use crate::corpus::Random;
use crate::server::{Account, Delivery, FlagChange, Mailbox};

/// Something that a user does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// New mail arrives on the source, perhaps in a new mailbox.
    SourceMail,
    /// Mail arrives on the destination by another way.
    DestMail,
    /// The same, with the octets of a message of the source.
    DestTwin,
    /// Messages on the source are deleted.
    SourceExpunge,
    /// Messages that a run has copied are deleted on the destination.
    DestDelete,
    /// Messages on the destination are flagged.
    DestFlag,
}

impl Act {
    pub(super) fn any(random: &mut Random) -> Self {
        random.pick(&[
            Self::SourceMail,
            Self::SourceMail,
            Self::DestMail,
            Self::DestTwin,
            Self::SourceExpunge,
            Self::DestDelete,
            Self::DestFlag,
        ])
    }
}

impl World {
    /// A user does something, to mail that chance picks.
    pub(super) fn act(&self, act: Act) {
        self.observe();
        let done = match act {
            Act::SourceMail => self.source_mail(),
            Act::SourceExpunge => self.source_expunge(),
            Act::DestMail | Act::DestTwin => self.dest_mail(act),
            Act::DestDelete => self.dest_delete(),
            Act::DestFlag => self.dest_flag(),
        };
        if let Some(what) = done {
            self.history.note(format!("user: {act:?}: {what}"));
        }
    }

    fn source_mail(&self) -> Option<String> {
        let mut state = self.state();
        let name = state.random.pick(&NAMES);
        let name: Name = name.split('/').map(str::to_owned).collect();
        let mut store = self.servers.source.store();
        let account = store.account(USER);
        let raw = raw_name(&name, &account.hierarchy);
        let earlier = account.mailbox(&raw).map(deliveries).unwrap_or_default();
        let mut uids = Vec::new();
        for _ in 0..=state.random.below(3) {
            let message = state.postman.message(&earlier);
            uids.push(account.deliver(&raw, message).ok()?);
        }
        state.model.source_changed(account);
        Some(format!("{name:?} {uids:?}"))
    }

    fn source_expunge(&self) -> Option<String> {
        let mut state = self.state();
        let mut store = self.servers.source.store();
        let account = store.account(USER);
        let place = pick(&mut state.random, places(account))?;
        let raw = raw_name(&place.mailbox, &account.hierarchy);
        let mailbox = account.mailbox_mut(&raw)?;
        mailbox.expunge(|message| message.uid == place.uid);
        state.model.source_changed(account);
        Some(place.to_string())
    }

    /// Only where the engine has begun: a mailbox with mail that no ledger knows is another story.
    fn dest_mail(&self, act: Act) -> Option<String> {
        let mut state = self.state();
        let mut store = self.server(Side::Dest).store();
        let account = store.account(USER);
        let mut names: Vec<Name> = account
            .mailboxes
            .keys()
            .map(|name| segments(name, &account.hierarchy))
            .collect();
        names.retain(|name| state.model.has_deliveries(name));
        let name = pick(&mut state.random, names)?;
        let message = match act {
            Act::DestTwin => self.twin(&mut state, &name)?,
            _ => state.postman.message(&[]),
        };
        let message = self.storable(message);
        let raw = raw_name(&name, &account.hierarchy);
        let mailbox = account.mailbox_mut(&raw)?;
        let uid = mailbox.deliver(message);
        let place = Place {
            mailbox: name,
            uidvalidity: mailbox.uidvalidity,
            uid,
        };
        let line = place.to_string();
        state.model.foreign(place, mailbox.message(uid)?);
        Some(line)
    }

    /// A message with the octets of one on the source, but another date.
    fn twin(&self, state: &mut State, name: &Name) -> Option<Delivery> {
        let mut store = self.servers.source.store();
        let account = store.account(USER);
        let raw = raw_name(name, &account.hierarchy);
        let originals = deliveries(account.mailbox(&raw)?);
        let original = pick(&mut state.random, originals)?;
        Some(Delivery::new(original.body).flagged(&state.postman.flags()))
    }

    /// As the destination would have taken it from any client.
    fn storable(&self, message: Delivery) -> Delivery {
        let flags = self.storable_flags(message.flags);
        Delivery { flags, ..message }
    }

    fn storable_flags(&self, mut flags: Vec<String>) -> Vec<String> {
        let keywords = self.server(Side::Dest).profile().keywords;
        flags.retain(|flag| keywords || flag.starts_with('\\'));
        flags
    }

    fn dest_delete(&self) -> Option<String> {
        let mut state = self.state();
        let confirmed = Origin::Delivered { confirmed: true };
        let place = self.pick_copy(&mut state, |origin| {
            origin == confirmed || origin == Origin::Foreign
        })?;
        let mut store = self.server(Side::Dest).store();
        let account = store.account(USER);
        let raw = raw_name(&place.mailbox, &account.hierarchy);
        let mailbox = account.mailbox_mut(&raw)?;
        mailbox.expunge(|message| message.uid == place.uid);
        state.model.removed(&place);
        Some(place.to_string())
    }

    fn dest_flag(&self) -> Option<String> {
        let mut state = self.state();
        let place = self.pick_copy(&mut state, |_| true)?;
        let mut store = self.server(Side::Dest).store();
        let account = store.account(USER);
        let raw = raw_name(&place.mailbox, &account.hierarchy);
        let mailbox = account.mailbox_mut(&raw)?;
        let flags = state.postman.flags();
        let flags: Vec<String> = flags.into_iter().map(str::to_owned).collect();
        let flags = self.storable_flags(flags);
        mailbox.change_flags(place.uid, FlagChange::Add, &flags);
        state.model.flagged(&place, mailbox.message(place.uid)?);
        Some(format!("{place} +{flags:?}"))
    }

    /// A message that is on the destination now.
    fn pick_copy(&self, state: &mut State, wanted: impl Fn(Origin) -> bool) -> Option<Place> {
        let copies = state.model.copies.iter();
        let there = copies.filter(|(_, copy)| !copy.removed && wanted(copy.origin));
        let places: Vec<Place> = there.map(|(place, _)| place.clone()).collect();
        pick(&mut state.random, places)
    }
}

fn pick<T: Clone>(random: &mut Random, choices: Vec<T>) -> Option<T> {
    match choices.len() {
        0 => None,
        count => choices.get(random.below(count)).cloned(),
    }
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
