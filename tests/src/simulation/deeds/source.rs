//! What the source's users do.

use super::super::stage::USER;
use super::super::world::{World, raw_name};
use super::{any_name, deliveries, mailbox, names, pick, places};

impl World {
    pub(super) fn source_mail(&self) -> Option<String> {
        let mut state = self.state();
        let name = any_name(&mut state.random);
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

    pub(super) fn source_expunge(&self) -> Option<String> {
        let mut state = self.state();
        let mut store = self.servers.source.store();
        let account = store.account(USER);
        let place = pick(&mut state.random, places(account))?;
        mailbox(account, &place.mailbox)?.expunge(|message| message.uid == place.uid);
        state.model.source_changed(account);
        Some(place.to_string())
    }

    /// To a name that nobody had before.
    pub(super) fn source_rename(&self) -> Option<String> {
        let mut state = self.state();
        let mut store = self.servers.source.store();
        let account = store.account(USER);
        let mut names = names(account);
        names.retain(|name| name[0] != "INBOX");
        let from = pick(&mut state.random, names)?;
        state.renames += 1;
        let to = vec![format!("Renamed{}", state.renames)];
        let [old, new] = [&from, &to].map(|name| raw_name(name, &account.hierarchy));
        account.rename(&old, &new).ok()?;
        state.model.source_changed(account);
        Some(format!("{from:?} -> {to:?}"))
    }

    pub(super) fn source_drop(&self) -> Option<String> {
        let mut state = self.state();
        let mut store = self.servers.source.store();
        let account = store.account(USER);
        let mut names = names(account);
        names.retain(|name| name[0] != "INBOX");
        let name = pick(&mut state.random, names)?;
        let raw = raw_name(&name, &account.hierarchy);
        account.delete(&raw).ok()?;
        account.subscriptions.remove(&raw);
        state.model.source_changed(account);
        Some(format!("{name:?}"))
    }

    pub(super) fn source_renumber(&self) -> Option<String> {
        let mut state = self.state();
        let mut store = self.servers.source.store();
        let account = store.account(USER);
        let name = pick(&mut state.random, names(account))?;
        let raw = raw_name(&name, &account.hierarchy);
        account.renumber(&raw).ok()?;
        state.model.source_renumbered(&name);
        state.model.source_changed(account);
        Some(format!("{name:?}"))
    }
}
