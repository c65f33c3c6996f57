//! SEARCH and UID SEARCH, with ESEARCH where offered (RFC 9051 section 6.4.4, RFC 4731).

use super::command::Command;
use super::reply::Reply;
use super::search_key::{self, Candidate};
use super::sequence_set::compact;
use super::session::Core;
use super::token::Token;

pub(super) fn search(core: &Core, command: &Command, out: &mut Vec<u8>) -> Reply {
    let is_uid = command.name == "UID SEARCH";
    let (options, keys) = match &command.arguments[..] {
        [keyword, Token::List(options), keys @ ..]
            if keyword.is("RETURN") && core.profile.esearch =>
        {
            (Some(options), keys)
        }
        keys => (None, keys),
    };
    let keys = match keys {
        [keyword, _charset, keys @ ..] if keyword.is("CHARSET") => keys,
        keys => keys,
    };
    let numbers = match find(core, keys, is_uid) {
        Ok(numbers) => numbers,
        Err(reply) => return reply,
    };
    match options {
        None => plain(&numbers, out),
        Some(options) => extended(command, options, &numbers, is_uid, out),
    }
    Reply::ok("Search completed")
}

/// Numbers of the messages for which all keys hold.
fn find(core: &Core, keys: &[Token], is_uid: bool) -> Result<Vec<u32>, Reply> {
    let key = search_key::parse(keys).map_err(Reply::bad)?;
    let selected = core
        .selected
        .as_ref()
        .ok_or_else(|| Reply::bad("No mailbox selected"))?;
    let store = core.shared.store();
    let account = store.users.get(core.user());
    let mailbox = account.and_then(|account| account.mailboxes.get(&selected.name));
    let mailbox = mailbox.ok_or_else(|| Reply::no("[NONEXISTENT] Mailbox vanished"))?;
    let numbers = selected
        .uids
        .iter()
        .enumerate()
        .filter_map(|(place, &uid)| {
            let message = mailbox.message(uid)?;
            let candidate = Candidate {
                message,
                place,
                uids: &selected.uids,
            };
            let number = if is_uid {
                uid
            } else {
                u32::try_from(place + 1).ok()?
            };
            key.holds(&candidate).then_some(number)
        });
    Ok(numbers.collect())
}

fn plain(numbers: &[u32], out: &mut Vec<u8>) {
    out.extend_from_slice(b"* SEARCH");
    for number in numbers {
        out.extend_from_slice(format!(" {number}").as_bytes());
    }
    out.extend_from_slice(b"\r\n");
}

fn extended(
    command: &Command,
    options: &[Token],
    numbers: &[u32],
    is_uid: bool,
    out: &mut Vec<u8>,
) {
    let wants = |name: &str| options.iter().any(|option| option.is(name));
    let all_by_default = options.is_empty();
    let mut response = format!("* ESEARCH (TAG \"{}\")", command.tag);
    if is_uid {
        response.push_str(" UID");
    }
    if let (Some(first), Some(last)) = (numbers.first(), numbers.last()) {
        if wants("MIN") {
            response.push_str(&format!(" MIN {first}"));
        }
        if wants("MAX") {
            response.push_str(&format!(" MAX {last}"));
        }
        if wants("ALL") || all_by_default {
            response.push_str(&format!(" ALL {}", compact(numbers)));
        }
    }
    if wants("COUNT") {
        response.push_str(&format!(" COUNT {}", numbers.len()));
    }
    out.extend_from_slice(response.as_bytes());
    out.extend_from_slice(b"\r\n");
}
