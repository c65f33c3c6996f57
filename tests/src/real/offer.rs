//! Filling a server that does not take everything: what it refuses stays out, and whoever compares asks the server
//! what it holds.

use std::collections::BTreeMap;
use std::{io, thread};

use super::response::Status;
use super::{Namespace, RawClient};
use crate::corpus::{Account, MailboxSpec};

/// Creates, fills and subscribes what the server takes of `account`, over a few connections.
pub(super) fn offer_account(
    login: impl Fn() -> io::Result<RawClient> + Sync,
    namespace: &Namespace,
    account: &Account,
) -> io::Result<()> {
    let taken = offer_names(&mut login()?, namespace, account)?;
    let lanes = CONNECTIONS.min(taken.len());
    thread::scope(|scope| {
        let fillers: Vec<_> = (0..lanes)
            .map(|lane| {
                let (taken, login) = (&taken, &login);
                scope.spawn(move || {
                    let mut client = login()?;
                    let mut mine = taken.iter().skip(lane).step_by(lanes);
                    mine.try_for_each(|(name, mailbox)| offer_mail(&mut client, name, mailbox))
                })
            })
            .collect();
        fillers
            .into_iter()
            .try_for_each(|filler| match filler.join() {
                Ok(result) => result,
                Err(_) => Err(io::Error::other("a filling thread panicked")),
            })
    })
}

/// Makes the mailboxes; says which there are now.
fn offer_names<'a>(
    client: &mut RawClient,
    namespace: &Namespace,
    account: &'a Account,
) -> io::Result<Vec<(String, &'a MailboxSpec)>> {
    let mut taken = Vec::new();
    for mailbox in &account.mailboxes {
        let name = namespace.wire_name(&mailbox.segments);
        if name != "INBOX" {
            client.try_create(&name)?;
        }
        // Some make an INBOX only when somebody selects it; some say OK to CREATE and make nothing.
        if client.select(&name)?.status == Status::Ok {
            if mailbox.subscribed {
                client.subscribe(&name)?;
            }
            taken.push((name, mailbox));
        }
    }
    Ok(taken)
}

/// Each message with all its flags, else with the system flags, else not at all.
fn offer_mail(client: &mut RawClient, name: &str, mailbox: &MailboxSpec) -> io::Result<()> {
    let replies = client.offer_all(name, &mailbox.messages)?;
    let answered = mailbox.messages.iter().zip(replies);
    let refused = answered.filter(|(_, reply)| reply.status != Status::Ok);
    let without_keywords = refused.map(|(message, _)| {
        let mut plain = message.clone();
        plain.flags.retain(|flag| flag.starts_with('\\'));
        plain
    });
    client.offer_all(name, &without_keywords.collect::<Vec<_>>())?;
    if mailbox.messages.is_empty() {
        return Ok(());
    }
    set_lost_flags(client, name, mailbox)
}

/// mailutils forgets the flags of an APPEND and keeps those of a STORE. Which message got which does not matter.
fn set_lost_flags(client: &mut RawClient, name: &str, mailbox: &MailboxSpec) -> io::Result<()> {
    client.select(name)?;
    let flagged = client.run("SEARCH NOT UNSEEN")?.lines().join(" ");
    let number = |word: &str| word.parse::<u32>().is_ok();
    if flagged.split(' ').any(number) {
        return Ok(());
    }
    let mut flagged: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (index, message) in mailbox.messages.iter().enumerate() {
        let system = message.flags.iter().filter(|flag| flag.starts_with('\\'));
        let flags = system.map(String::as_str).collect::<Vec<_>>().join(" ");
        flagged
            .entry(flags)
            .or_default()
            .push((index + 1).to_string());
    }
    flagged.remove("");
    // Numbers beyond the end are passed over or refused, which is well.
    let stores = flagged
        .iter()
        .map(|(flags, numbers)| format!("STORE {} +FLAGS.SILENT ({flags})", numbers.join(",")));
    client.command_all(stores).map(drop)
}

const CONNECTIONS: usize = 4;
