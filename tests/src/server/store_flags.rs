//! STORE and UID STORE (RFC 9051 section 6.4.6, UNCHANGEDSINCE of RFC 7162).

use super::command::Command;
use super::flag;
use super::mailbox::FlagChange;
use super::reply::Reply;
use super::select::Access;
use super::sequence_set::{Numbering, SequenceSet, compact};
use super::session::Core;
use super::token::Token;

/// What a STORE command asks for.
struct Request {
    set: SequenceSet,
    unchanged_since: Option<u64>,
    change: FlagChange,
    silent: bool,
    flags: Vec<String>,
}

pub(super) fn store(core: &mut Core, command: &Command, out: &mut Vec<u8>) -> Reply {
    let numbering = match command.name.as_str() {
        "STORE" => Numbering::Sequence,
        _ => Numbering::Uid,
    };
    let request = match parse(&command.arguments, core.profile.condstore) {
        Ok(request) => request,
        Err(malformed) => return Reply::bad(malformed),
    };
    let Some(mut selected) = core.selected.take() else {
        return Reply::bad("No mailbox selected");
    };
    let reply = match request.set.places(&selected.uids, numbering) {
        None => Reply::bad("Invalid messageset"),
        Some(_) if selected.access == Access::ReadOnly => Reply::no("Mailbox is read-only"),
        Some(places) => apply(
            core,
            &mut selected,
            &request,
            places.into_iter().flatten(),
            out,
        ),
    };
    core.selected = Some(selected);
    reply
}

fn parse(arguments: &[Token], condstore: bool) -> Result<Request, String> {
    let (set, modifiers, item, flags) = match arguments {
        [set, Token::List(modifiers), item, flags @ ..] if condstore => {
            (set, &modifiers[..], item, flags)
        }
        [set, item, flags @ ..] => (set, &[][..], item, flags),
        _ => return Err("STORE wants a set, an item and flags".to_owned()),
    };
    let set = set
        .text()
        .and_then(SequenceSet::parse)
        .ok_or("Invalid messageset")?;
    let unchanged_since = match modifiers {
        [name, value] if name.is("UNCHANGEDSINCE") => {
            let value = value
                .text()
                .and_then(|value| std::str::from_utf8(value).ok());
            Some(
                value
                    .and_then(|value| value.parse().ok())
                    .ok_or("Invalid UNCHANGEDSINCE")?,
            )
        }
        _ => None,
    };
    let item = String::from_utf8_lossy(item.text().unwrap_or_default()).to_ascii_uppercase();
    let plain = item.strip_suffix(".SILENT").unwrap_or(&item);
    let change = match plain {
        "FLAGS" => FlagChange::Replace,
        "+FLAGS" => FlagChange::Add,
        "-FLAGS" => FlagChange::Remove,
        _ => return Err("Unknown STORE item".to_owned()),
    };
    let flags = match flags {
        [Token::List(flags)] => &flags[..],
        flags => flags,
    };
    let flags = flags
        .iter()
        .map(|flag| flag::settable(flag.text().unwrap_or_default()));
    Ok(Request {
        set,
        unchanged_since,
        change,
        silent: plain.len() < item.len(),
        flags: flags.collect::<Result<_, _>>()?,
    })
}

fn apply(
    core: &Core,
    selected: &mut super::select::Selected,
    request: &Request,
    places: impl Iterator<Item = usize>,
    out: &mut Vec<u8>,
) -> Reply {
    let mut store = core.shared.store();
    let account = store.users.get_mut(core.user());
    let Some(mailbox) = account.and_then(|account| account.mailboxes.get_mut(&selected.name))
    else {
        return Reply::no("[NONEXISTENT] Mailbox vanished");
    };
    let up_to_date = mailbox.highest_modseq == selected.told_modseq;
    let mut modified = Vec::new();
    for place in places {
        let uid = selected.uids[place];
        let Some(message) = mailbox.message(uid) else {
            continue;
        };
        if request
            .unchanged_since
            .is_some_and(|modseq| message.modseq > modseq)
        {
            modified.push(uid);
            continue;
        }
        mailbox.change_flags(uid, request.change, &request.flags);
        let Some(message) = mailbox.message(uid).filter(|_| !request.silent) else {
            continue;
        };
        let flags = selected.flags_of(message);
        let response = format!("* {} FETCH (UID {uid} FLAGS ({flags}))\r\n", place + 1);
        out.extend_from_slice(response.as_bytes());
    }
    if up_to_date {
        selected.told_modseq = mailbox.highest_modseq;
    }
    match modified.is_empty() {
        true => Reply::ok("Store completed"),
        false => Reply::ok(format!(
            "[MODIFIED {}] Conditional store failed",
            compact(&modified)
        )),
    }
}
