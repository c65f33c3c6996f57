//! The account that shows whether a program copies mail exactly: awkward names, peculiar messages,
//! and a mass of ordinary ones. A careful server keeps every byte of it.

use super::ordinary::{MEDIAN_BYTES, Ordinary};
use super::peculiar::peculiar;
use super::{Account, MailboxSpec, MessageSpec};

/// 2,000 messages. INBOX holds every peculiar message, the other mailboxes some of them; no name has
/// a `.`, no body what Dovecot alters.
pub fn awkward(seed: u64) -> Account {
    let mut ordinary = Ordinary::new(seed, MEDIAN_BYTES, 10_000.0);
    let mut mailboxes = mailboxes();
    let peculiar = peculiar();
    mailboxes[0].messages = mixed(&peculiar, ordinary.messages(200));
    let mut left = MESSAGES - mailboxes[0].messages.len();
    let filled = mailboxes.len() - 1;
    for (index, mailbox) in mailboxes.iter_mut().skip(1).enumerate() {
        if mailbox.segments == [EMPTY] {
            continue;
        }
        let share = left / (filled - index);
        let some: Vec<MessageSpec> = peculiar.iter().skip(index).step_by(9).cloned().collect();
        let rest = ordinary.messages(share - some.len());
        mailbox.messages = mixed(&some, rest);
        left -= share;
    }
    Account { mailboxes }
}

/// The same with less ordinary mail: some 400 messages.
pub fn briefly_awkward(seed: u64) -> Account {
    let mut account = awkward(seed);
    for (index, mailbox) in account.mailboxes.iter_mut().enumerate() {
        mailbox.messages.truncate(if index == 0 { 100 } else { 12 });
    }
    account
}

/// A small account whose names have dots: for servers whose separator is another character.
pub fn dotted(seed: u64) -> Account {
    let mut ordinary = Ordinary::new(seed, MEDIAN_BYTES, 10_000.0);
    let names: [&[&str]; 5] = [
        &["INBOX"],
        &["v1.2"],
        &["example.org", "a.b.c"],
        &["ends with."],
        &["two..dots"],
    ];
    let mailboxes = names.map(|name| MailboxSpec {
        messages: ordinary.messages(5),
        ..MailboxSpec::new(name)
    });
    Account {
        mailboxes: mailboxes.into(),
    }
}

/// The two kinds interleaved, so that no batch is of one kind only.
fn mixed(some: &[MessageSpec], rest: Vec<MessageSpec>) -> Vec<MessageSpec> {
    let mut messages = Vec::with_capacity(some.len() + rest.len());
    let mut some = some.iter().cloned();
    for message in rest {
        messages.extend(some.next());
        messages.push(message);
    }
    messages.extend(some);
    messages
}

fn mailboxes() -> Vec<MailboxSpec> {
    let subscribed = SUBSCRIBED.iter().map(|name| MailboxSpec::new(name));
    let unsubscribed = UNSUBSCRIBED
        .iter()
        .map(|name| MailboxSpec::unsubscribed(name));
    subscribed.chain(unsubscribed).collect()
}

const MESSAGES: usize = 2000;
const EMPTY: &str = "Empty";
/// INBOX stands first. The last two look equal and are not: composed and decomposed é.
const SUBSCRIBED: &[&[&str]] = &[
    &["INBOX"],
    &["INBOX", "child"],
    &["one space"],
    &["two  spaces"],
    &[" leading space"],
    &["trailing space "],
    &["quo\"te"],
    &["back\\slash"],
    &["NIL"],
    &["Entwürfe"],
    &["日本語", "受信箱"],
    &["emoji 😀👩‍💻"],
    &[EMPTY],
    &["Caf\u{e9}"],
    &["Cafe\u{301}"],
];
/// Of the eight levels `l1` to `l8` only the first two and the last are mailboxes.
const UNSUBSCRIBED: &[&[&str]] = &[
    &["per%cent"],
    &["as*terisk"],
    &["am&persand", "&", "&-"],
    &["ends like a literal {5}"],
    &["(paren) [bracket] {brace}"],
    &["l1"],
    &["l1", "l2"],
    &["l1", "l2", "l3", "l4", "l5", "l6", "l7", "l8"],
    &["nil"],
    &["Archive", "inbox"],
    &["é&è - ü"],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_what_it_says_and_repeats_itself() {
        let account = awkward(1);
        assert_eq!(account.message_count(), 2000);
        assert_eq!(account, awkward(1));
        assert_ne!(account, awkward(2));
        let empty: Vec<_> = account
            .mailboxes
            .iter()
            .filter(|mailbox| mailbox.messages.is_empty())
            .collect();
        assert_eq!(empty.len(), 1);
    }

    #[test]
    fn holds_only_bodies_that_a_careful_server_keeps() {
        for message in awkward(1)
            .mailboxes
            .iter()
            .flat_map(|mailbox| &mailbox.messages)
        {
            let text = &message.body;
            let ends = text.windows(2).filter(|pair| *pair == b"\r\n").count();
            assert!(text.ends_with(b"\r\n") && !text.contains(&0));
            assert_eq!(text.iter().filter(|byte| **byte == b'\n').count(), ends);
            assert_eq!(text.iter().filter(|byte| **byte == b'\r').count(), ends);
        }
    }
}
