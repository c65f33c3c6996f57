//! STATUS, alone and inside LIST (RFC 9051 section 6.3.11, RFC 5819, RFC 8438).

use super::command::Command;
use super::mailbox::{Mailbox, Message};
use super::reply::{Reply, quoted};
use super::session::Core;
use super::token::Token;

/// A STATUS data item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Messages,
    Recent,
    UidNext,
    UidValidity,
    Unseen,
    Deleted,
    Size,
    HighestModSeq,
    AppendLimit,
}

pub(super) fn status(core: &Core, command: &Command, out: &mut Vec<u8>) -> Reply {
    let [name, Token::List(items)] = &command.arguments[..] else {
        return Reply::bad("STATUS wants a mailbox and a list of items");
    };
    let items = match parse(core, items) {
        Ok(items) => items,
        Err(malformed) => return Reply::bad(malformed),
    };
    let store = core.shared.store();
    let account = store.users.get(core.user());
    let name = core
        .profile
        .hierarchy()
        .normalise(name.text().unwrap_or_default());
    let mailbox = account.and_then(|account| account.mailboxes.get(&name));
    match mailbox.filter(|mailbox| mailbox.is_selectable()) {
        Some(mailbox) => {
            write(core, &name, mailbox, &items, out);
            Reply::ok("Status completed")
        }
        None => Reply::no("[NONEXISTENT] Mailbox doesn't exist"),
    }
}

/// Reads the list of items.
pub(super) fn parse(core: &Core, items: &[Token]) -> Result<Vec<Item>, &'static str> {
    let known = [
        ("MESSAGES", Item::Messages, true),
        ("RECENT", Item::Recent, true),
        ("UIDNEXT", Item::UidNext, true),
        ("UIDVALIDITY", Item::UidValidity, true),
        ("UNSEEN", Item::Unseen, true),
        ("DELETED", Item::Deleted, core.profile.status_size),
        ("SIZE", Item::Size, core.profile.status_size),
        ("HIGHESTMODSEQ", Item::HighestModSeq, core.profile.condstore),
        (
            "APPENDLIMIT",
            Item::AppendLimit,
            core.profile.appendlimit.is_some(),
        ),
    ];
    let item = |token: &Token| {
        let known = known
            .iter()
            .find(|(name, _, offered)| token.is(name) && *offered);
        known.map(|&(_, item, _)| item).ok_or("Unknown STATUS item")
    };
    items.iter().map(item).collect()
}

/// Writes one STATUS response.
pub(super) fn write(
    core: &Core,
    name: &[u8],
    mailbox: &Mailbox,
    items: &[Item],
    out: &mut Vec<u8>,
) {
    let shown = items.iter().filter(|item| match item {
        Item::UidNext => !core.orders.no_uidnext,
        Item::UidValidity => !core.orders.no_uidvalidity,
        _ => true,
    });
    let values: Vec<_> = shown.map(|&item| value(core, mailbox, item)).collect();
    out.extend_from_slice(b"* STATUS ");
    out.extend_from_slice(&quoted(name));
    out.extend_from_slice(format!(" ({})\r\n", values.join(" ")).as_bytes());
}

fn value(core: &Core, mailbox: &Mailbox, item: Item) -> String {
    let count = |matching: fn(&Message) -> bool| {
        mailbox
            .messages
            .iter()
            .filter(|message| matching(message))
            .count()
    };
    match item {
        Item::Messages => format!("MESSAGES {}", mailbox.messages.len()),
        Item::Recent => {
            let old = mailbox
                .messages
                .partition_point(|message| message.uid < mailbox.first_recent);
            format!("RECENT {}", mailbox.messages.len() - old)
        }
        Item::UidNext => format!("UIDNEXT {}", mailbox.uidnext),
        Item::UidValidity => format!("UIDVALIDITY {}", mailbox.uidvalidity),
        Item::Unseen => format!("UNSEEN {}", count(|message| !message.has("\\Seen"))),
        Item::Deleted => format!("DELETED {}", count(|message| message.has("\\Deleted"))),
        Item::Size => {
            let size: u64 = mailbox
                .messages
                .iter()
                .map(|message| message.body.length())
                .sum();
            format!("SIZE {size}")
        }
        Item::HighestModSeq => format!("HIGHESTMODSEQ {}", mailbox.highest_modseq),
        Item::AppendLimit => match core.profile.appendlimit {
            Some(limit) => format!("APPENDLIMIT {limit}"),
            None => "APPENDLIMIT NIL".to_owned(),
        },
    }
}
