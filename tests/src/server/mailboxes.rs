//! Commands on mailboxes as wholes: CREATE, DELETE, RENAME, subscriptions, NAMESPACE, ENABLE.

use super::account::{Account, Refusal};
use super::command::Command;
use super::reply::{Reply, quoted};
use super::session::Core;

pub(super) fn create(core: &Core, command: &Command) -> Reply {
    // RFC 6154: CREATE name (USE (\Sent))
    let uses = command
        .arguments
        .get(1)
        .and_then(|list| list.list())
        .unwrap_or_default();
    let uses = match uses {
        [keyword, list] if keyword.is("USE") && core.profile.special_use => list.list(),
        _ => None,
    };
    let attributes = uses
        .into_iter()
        .flatten()
        .filter_map(|attribute| attribute.text());
    let attributes: Vec<_> = attributes
        .map(|text| String::from_utf8_lossy(text).into_owned())
        .collect();
    change(core, command, |account, name| {
        account.create(name)?.attributes.extend(attributes);
        Ok(())
    })
}

pub(super) fn delete(core: &Core, command: &Command) -> Reply {
    change(core, command, Account::delete)
}

pub(super) fn rename(core: &Core, command: &Command) -> Reply {
    let Some(to) = command.arguments.get(1).and_then(|name| name.text()) else {
        return Reply::bad("RENAME wants two names");
    };
    change(core, command, |account, from| account.rename(from, to))
}

pub(super) fn subscribe(core: &Core, command: &Command) -> Reply {
    change(core, command, |account, name| {
        let name = account.hierarchy.normalise(name);
        account.subscriptions.insert(name);
        Ok(())
    })
}

pub(super) fn unsubscribe(core: &Core, command: &Command) -> Reply {
    change(core, command, |account, name| {
        let name = account.hierarchy.normalise(name);
        account.subscriptions.remove(&name);
        Ok(())
    })
}

/// Does something to the account, with the first argument as a mailbox name.
fn change(
    core: &Core,
    command: &Command,
    change: impl FnOnce(&mut Account, &[u8]) -> Result<(), Refusal>,
) -> Reply {
    let Some(name) = command.arguments.first().and_then(|name| name.text()) else {
        return Reply::bad("A mailbox name is missing");
    };
    let mut store = core.shared.store();
    let Some(account) = store.users.get_mut(core.user()) else {
        return Reply::no("[NONEXISTENT] The user is gone");
    };
    match change(account, name) {
        Ok(()) => Reply::ok("Completed"),
        Err(refusal) => Reply::no(refusal),
    }
}

pub(super) fn namespace(core: &Core, out: &mut Vec<u8>) -> Reply {
    out.extend_from_slice(b"* NAMESPACE ((");
    out.extend_from_slice(&quoted(core.profile.prefix.as_bytes()));
    out.push(b' ');
    out.extend_from_slice(&quoted(core.profile.delimiter.to_string().as_bytes()));
    out.extend_from_slice(b")) NIL NIL\r\n");
    Reply::ok("Namespace completed")
}

pub(super) fn enable(core: &Core, command: &Command, out: &mut Vec<u8>) -> Reply {
    let condstore =
        core.profile.condstore && command.arguments.iter().any(|name| name.is("CONDSTORE"));
    out.extend_from_slice(if condstore {
        b"* ENABLED CONDSTORE\r\n"
    } else {
        b"* ENABLED\r\n"
    });
    Reply::ok("Enabled")
}
