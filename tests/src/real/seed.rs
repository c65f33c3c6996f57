//! Filling a server with a corpus account, over IMAP.

use std::net::SocketAddr;
use std::{io, thread};

use super::{Namespace, RawClient};
use crate::corpus::{Account, MailboxSpec};

/// Creates, fills and subscribes every mailbox of `account`, as `user`, in an account that is empty.
///
/// Order inside each mailbox is kept; mailboxes are filled over a few connections at once.
pub fn fill(
    address: SocketAddr,
    user: &str,
    password: &str,
    namespace: &Namespace,
    account: &Account,
) -> io::Result<()> {
    let login = || -> io::Result<RawClient> {
        let mut client = RawClient::connect(address)?;
        client.login(user, password)?;
        Ok(client)
    };
    create_all(&mut login()?, namespace, account)?;
    let lanes = CONNECTIONS.min(account.mailboxes.len());
    thread::scope(|scope| {
        let fillers: Vec<_> = (0..lanes)
            .map(|lane| {
                scope.spawn(move || {
                    let mut client = login()?;
                    let mut mine = account.mailboxes.iter().skip(lane).step_by(lanes);
                    mine.try_for_each(|mailbox| append_all(&mut client, namespace, mailbox))
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

fn create_all(client: &mut RawClient, namespace: &Namespace, account: &Account) -> io::Result<()> {
    for mailbox in &account.mailboxes {
        let name = namespace.wire_name(&mailbox.segments);
        if name != "INBOX" {
            client.create(&name)?;
        }
        if mailbox.subscribed {
            client.subscribe(&name)?;
        }
    }
    Ok(())
}

fn append_all(
    client: &mut RawClient,
    namespace: &Namespace,
    mailbox: &MailboxSpec,
) -> io::Result<()> {
    client.append(&namespace.wire_name(&mailbox.segments), &mailbox.messages)
}

/// One a core is plenty: the server writes more slowly than we read from memory.
const CONNECTIONS: usize = 4;
