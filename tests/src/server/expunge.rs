//! EXPUNGE, UID EXPUNGE, CLOSE, UNSELECT (RFC 9051 section 6.4, RFC 4315).
//!
//! The EXPUNGE responses come from the comparison with the session's view, as for changes by others.

use super::command::Command;
use super::mailbox::Message;
use super::reply::Reply;
use super::select::Access;
use super::sequence_set::{Numbering, SequenceSet};
use super::session::Core;

pub(super) fn expunge(core: &Core) -> Reply {
    remove(core, |message| message.has("\\Deleted"))
}

pub(super) fn uid_expunge(core: &Core, command: &Command) -> Reply {
    let set = command.arguments.first().and_then(|set| set.text());
    let (Some(set), Some(selected)) = (set.and_then(SequenceSet::parse), &core.selected) else {
        return Reply::bad("Invalid uidset, or no mailbox selected");
    };
    let places = set
        .places(&selected.uids, Numbering::Uid)
        .unwrap_or_default();
    remove(core, |message| {
        let place = selected.uids.binary_search(&message.uid);
        let named = place.is_ok_and(|place| places.iter().any(|range| range.contains(&place)));
        named && message.has("\\Deleted")
    })
}

pub(super) fn close(core: &mut Core) -> Reply {
    if core.selected.is_none() {
        return Reply::bad("No mailbox selected");
    }
    remove(core, |message| message.has("\\Deleted"));
    core.selected = None;
    Reply::ok("Close completed")
}

pub(super) fn unselect(core: &mut Core) -> Reply {
    match core.selected.take() {
        Some(_) => Reply::ok("Unselect completed"),
        None => Reply::bad("No mailbox selected"),
    }
}

fn remove(core: &Core, doomed: impl FnMut(&Message) -> bool) -> Reply {
    let Some(selected) = &core.selected else {
        return Reply::bad("No mailbox selected");
    };
    if selected.access == Access::ReadOnly {
        return Reply::no("Mailbox is read-only");
    }
    let mut store = core.shared.store();
    let account = store.users.get_mut(core.user());
    if let Some(mailbox) = account.and_then(|account| account.mailboxes.get_mut(&selected.name)) {
        mailbox.expunge(doomed);
    }
    Reply::ok("Expunge completed")
}
