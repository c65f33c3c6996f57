//! LIST with the extensions that the profile offers, and LSUB (RFC 9051 section 6.3.9, RFC 3501 section 6.3.9).

use super::account::Account;
use super::command::Command;
use super::pattern;
use super::reply::{Reply, quoted};
use super::session::Core;
use super::status;
use super::token::Token;

/// What a LIST command asks for.
#[derive(Debug, Default)]
struct Request {
    patterns: Vec<Vec<u8>>,
    only_subscribed: bool,
    only_special_use: bool,
    tell_subscribed: bool,
    status: Vec<status::Item>,
}

pub(super) fn list(core: &Core, command: &Command, out: &mut Vec<u8>) -> Reply {
    let request = match parse(core, &command.arguments) {
        Ok(request) => request,
        Err(malformed) => return Reply::bad(malformed),
    };
    if request.patterns == [b""] {
        line(core, "LIST", &["\\Noselect".to_owned()], b"", out);
        return Reply::ok("List completed");
    }
    let store = core.shared.store();
    let Some(account) = store.users.get(core.user()) else {
        return Reply::no("[NONEXISTENT] The user is gone");
    };
    let names: Vec<_> = match request.only_subscribed {
        true => account.subscriptions.iter().collect(),
        false => account.mailboxes.keys().collect(),
    };
    for name in names {
        let wanted = |wanted: &Vec<u8>| pattern::matches(wanted, name, account.hierarchy.delimiter);
        if request.patterns.iter().any(wanted) {
            one(core, account, &request, name, out);
        }
    }
    Reply::ok("List completed")
}

pub(super) fn lsub(core: &Core, command: &Command, out: &mut Vec<u8>) -> Reply {
    let [reference, wanted] = &command.arguments[..] else {
        return Reply::bad("LSUB wants a reference and a pattern");
    };
    let Some(wanted) = joined(core, reference, wanted) else {
        return Reply::bad("LSUB wants strings");
    };
    let store = core.shared.store();
    let account = store.users.get(core.user());
    for name in account
        .into_iter()
        .flat_map(|account| &account.subscriptions)
    {
        if pattern::matches(&wanted, name, core.profile.hierarchy().delimiter) {
            line(core, "LSUB", &[], name, out);
        }
    }
    Reply::ok("Lsub completed")
}

fn parse(core: &Core, arguments: &[Token]) -> Result<Request, &'static str> {
    let mut request = Request::default();
    let mut rest = arguments;
    if let [Token::List(options), after @ ..] = rest
        && core.profile.list_extended
    {
        request.only_subscribed = options.iter().any(|option| option.is("SUBSCRIBED"));
        request.tell_subscribed = request.only_subscribed;
        request.only_special_use = options.iter().any(|option| option.is("SPECIAL-USE"));
        rest = after;
    }
    let [reference, wanted, returns @ ..] = rest else {
        return Err("LIST wants a reference and a pattern");
    };
    let wanted = match wanted {
        Token::List(patterns) if core.profile.list_extended => patterns.as_slice(),
        one => std::slice::from_ref(one),
    };
    let patterns = wanted.iter().map(|wanted| joined(core, reference, wanted));
    request.patterns = patterns
        .collect::<Option<_>>()
        .ok_or("LIST wants strings")?;
    match returns {
        [] => Ok(request),
        [keyword, Token::List(options)] if keyword.is("RETURN") && core.profile.list_extended => {
            parse_return(core, options, &mut request)?;
            Ok(request)
        }
        _ => Err("Unexpected arguments of LIST"),
    }
}

fn parse_return(core: &Core, options: &[Token], request: &mut Request) -> Result<(), &'static str> {
    let mut options = options.iter();
    while let Some(option) = options.next() {
        if option.is("SUBSCRIBED") {
            request.tell_subscribed = true;
        } else if option.is("STATUS") && core.profile.list_status {
            let items = options.next().and_then(|items| items.list());
            request.status = status::parse(core, items.ok_or("STATUS wants a list")?)?;
        } else if !(option.is("CHILDREN") || option.is("SPECIAL-USE") && core.profile.special_use) {
            return Err("Unknown LIST return option");
        }
    }
    Ok(())
}

/// Reference and pattern together, in the spelling of the store.
fn joined(core: &Core, reference: &Token, wanted: &Token) -> Option<Vec<u8>> {
    let joined = [reference.text()?, wanted.text()?].concat();
    Some(core.profile.hierarchy().normalise(&joined))
}

fn one(core: &Core, account: &Account, request: &Request, name: &[u8], out: &mut Vec<u8>) {
    let mut attributes = account.attributes(name, core.profile.list_extended);
    let special = |attribute: &String| SPECIAL_USE.contains(&attribute.as_str());
    if request.only_special_use && !attributes.iter().any(special) {
        return;
    }
    if !core.profile.special_use {
        attributes.retain(|attribute| !special(attribute));
    }
    let mailbox = account.mailboxes.get(name);
    if mailbox.is_none() {
        attributes.push("\\NonExistent".to_owned());
    }
    if request.tell_subscribed && account.subscriptions.contains(name) {
        attributes.push("\\Subscribed".to_owned());
    }
    line(core, "LIST", &attributes, name, out);
    let selectable =
        mailbox.filter(|mailbox| mailbox.is_selectable() && !request.status.is_empty());
    if let Some(mailbox) = selectable {
        status::write(core, name, mailbox, &request.status, out);
    }
}

fn line(core: &Core, command: &str, attributes: &[String], name: &[u8], out: &mut Vec<u8>) {
    let delimiter = core.profile.delimiter;
    let head = format!("* {command} ({}) \"{delimiter}\" ", attributes.join(" "));
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(&quoted(name));
    out.extend_from_slice(b"\r\n");
}

const SPECIAL_USE: [&str; 7] = [
    "\\All",
    "\\Archive",
    "\\Drafts",
    "\\Flagged",
    "\\Junk",
    "\\Sent",
    "\\Trash",
];
