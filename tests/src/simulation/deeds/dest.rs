//! What the destination's users do.

use imapsync_cli::side::Side;

use super::super::model::{Name, Place};
use super::super::stage::USER;
use super::super::world::{State, World, raw_name};
use super::{Act, any_name, deliveries, mailbox, names, pick};
use crate::server::{Account, Delivery, FlagChange};

impl World {
    /// Perhaps in a new mailbox.
    pub(super) fn dest_mail(&self, act: Act) -> Option<String> {
        let mut state = self.state();
        let mut store = self.server(Side::Dest).store();
        let account = store.account(USER);
        let name = any_name(&mut state.random);
        let message = match act {
            Act::DestTwin => self.twin(&mut state, &name)?,
            _ => state.postman.message(&[]),
        };
        let message = self.storable(message);
        let place = put(&mut state, account, &name, message)?;
        Some(place.to_string())
    }

    /// A message with the octets of one on the source, but another date.
    fn twin(&self, state: &mut State, name: &Name) -> Option<Delivery> {
        let mut store = self.servers.source.store();
        let originals = deliveries(mailbox(store.account(USER), name)?);
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

    pub(super) fn dest_delete(&self) -> Option<String> {
        let mut state = self.state();
        let place = pick_copy(&mut state)?;
        let mut store = self.server(Side::Dest).store();
        mailbox(store.account(USER), &place.mailbox)?.expunge(|message| message.uid == place.uid);
        Some(format!("{place} ({})", state.model.removed(&place)))
    }

    pub(super) fn dest_move(&self) -> Option<String> {
        let mut state = self.state();
        let from = pick_copy(&mut state)?;
        let mut store = self.server(Side::Dest).store();
        let account = store.account(USER);
        let to = pick(&mut state.random, names(account)).filter(|to| *to != from.mailbox)?;
        if state.model.set_back.contains(&to) {
            return None;
        }
        let old = mailbox(account, &from.mailbox)?;
        let message = old.message(from.uid)?.clone();
        old.expunge(|message| message.uid == from.uid);
        let confirmed = state.model.removed(&from);
        let moved = Delivery {
            flags: message.flags,
            internal_date: message.internal_date,
            body: message.body,
        };
        let place = put(&mut state, account, &to, moved)?;
        Some(format!("{from} -> {place} ({confirmed})"))
    }

    pub(super) fn dest_flag(&self) -> Option<String> {
        let mut state = self.state();
        let place = pick_copy(&mut state)?;
        let mut store = self.server(Side::Dest).store();
        let mailbox = mailbox(store.account(USER), &place.mailbox)?;
        let flags = state.postman.flags();
        let flags = self.storable_flags(flags.into_iter().map(str::to_owned).collect());
        mailbox.change_flags(place.uid, FlagChange::Add, &flags);
        state.model.flagged(&place, mailbox.message(place.uid)?);
        Some(format!("{place} +{flags:?}"))
    }

    pub(super) fn dest_renumber(&self) -> Option<String> {
        let mut state = self.state();
        let mut store = self.server(Side::Dest).store();
        let account = store.account(USER);
        let name = pick(&mut state.random, names(account))?;
        let raw = raw_name(&name, &account.hierarchy);
        account.renumber(&raw).ok()?;
        state.model.dest_renumbered(&name, mailbox(account, &name)?);
        Some(format!("{name:?}"))
    }

    /// An administrator backs the whole destination up.
    pub(in super::super) fn back_up_dest(&self) {
        self.observe();
        let mut state = self.state();
        let mut store = self.server(Side::Dest).store();
        let account = store.account(USER);
        let names: Vec<Vec<u8>> = account.mailboxes.keys().cloned().collect();
        for name in names {
            account.back_up(&name).expect("it is there");
        }
        state.model.dest_backed_up();
        self.history.note("user: the destination is backed up");
    }

    /// An administrator puts one mailbox back from the backup.
    pub(in super::super) fn restore_dest(&self) -> Option<Name> {
        self.observe();
        let mut state = self.state();
        let mut store = self.server(Side::Dest).store();
        let account = store.account(USER);
        let name = pick(&mut state.random, names(account))?;
        let raw = raw_name(&name, &account.hierarchy);
        account.restore(&raw).ok()?;
        state.model.dest_restored(&name);
        if account
            .mailbox(&raw)
            .is_some_and(|mailbox| !mailbox.is_selectable())
        {
            state.model.dest_dropped(&name);
        }
        self.history
            .note(format!("user: the backup of {name:?} is put back"));
        Some(name)
    }

    pub(super) fn dest_drop(&self) -> Option<String> {
        let mut state = self.state();
        let mut store = self.server(Side::Dest).store();
        let account = store.account(USER);
        let mut names = names(account);
        names.retain(|name| name[0] != "INBOX");
        let name = pick(&mut state.random, names)?;
        let raw = raw_name(&name, &account.hierarchy);
        account.delete(&raw).ok()?;
        state.model.dest_dropped(&name);
        Some(format!("{name:?}"))
    }
}

/// Somebody else's mail arrives.
fn put(state: &mut State, account: &mut Account, name: &Name, message: Delivery) -> Option<Place> {
    // New mail would hide that the mailbox was set back.
    if state.model.set_back.contains(name) {
        return None;
    }
    let raw = raw_name(name, &account.hierarchy);
    let uid = account.deliver(&raw, message).ok()?;
    let mailbox = account.mailbox(&raw)?;
    let place = Place {
        mailbox: name.clone(),
        uidvalidity: mailbox.uidvalidity,
        uid,
    };
    let stored = mailbox.message(uid)?;
    state.model.foreign(place.clone(), stored);
    Some(place)
}

/// A message that is on the destination now.
fn pick_copy(state: &mut State) -> Option<Place> {
    let copies = state.model.copies.iter();
    let there = copies.filter(|(_, copy)| !copy.removed);
    let places: Vec<Place> = there.map(|(place, _)| place.clone()).collect();
    pick(&mut state.random, places)
}
