//! What an account holds, asked over IMAP by the tests' own client: for servers whose stores only they can read.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io;

use super::fetched::{fetched, string};
use super::snapshot::Message;
use crate::real::{RawClient, RawReply, Status, decode_mutf7, quoted};

/// An account's selectable mailboxes by their whole names, decoded for people as the program shows them, and in each
/// the messages by UID. Keywords are in small letters, since they compare without case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// The mailboxes.
    pub mailboxes: BTreeMap<String, BTreeMap<u32, Message>>,
    /// The subscribed names among them.
    pub subscribed: BTreeSet<String>,
}

impl Held {
    /// Asks for everything.
    pub fn read(client: &mut RawClient) -> io::Result<Self> {
        let mut held = Self::default();
        let names_there = names(client, "LIST")?;
        let questions = names_there.iter().flat_map(|(wire, _)| {
            let items = "UID FLAGS INTERNALDATE BODY.PEEK[]";
            [
                format!("EXAMINE {}", quoted(wire)),
                format!("FETCH 1:* ({items})"),
            ]
        });
        let mut replies = client.command_all(questions)?.into_iter();
        for (_, shown) in names_there {
            if let (Some(examined), Some(fetched)) = (replies.next(), replies.next())
                && examined.status == Status::Ok
            {
                held.mailboxes.insert(shown, messages(fetched)?);
            }
        }
        for (_, shown) in names(client, "LSUB")? {
            if held.mailboxes.contains_key(&shown) {
                held.subscribed.insert(shown);
            }
        }
        Ok(held)
    }

    /// Messages without a date of their own, which a server (mailutils) dates with the present whenever it is asked:
    /// their bodies, by hash.
    pub fn dated_since(&self, unix_seconds: i64) -> HashSet<[u8; 32]> {
        let messages = self.mailboxes.values().flat_map(BTreeMap::values);
        let undated = messages.filter(|message| message.internal_date >= unix_seconds);
        undated.map(|message| message.sha256).collect()
    }

    /// Gives the messages with these bodies this date.
    pub fn date(&mut self, bodies: &HashSet<[u8; 32]>, date: i64) {
        let messages = self.mailboxes.values_mut().flat_map(BTreeMap::values_mut);
        for message in messages.filter(|message| bodies.contains(&message.sha256)) {
            message.internal_date = date;
        }
    }

    /// The number of messages in all mailboxes.
    pub fn message_count(&self) -> usize {
        self.mailboxes.values().map(BTreeMap::len).sum()
    }
}

/// Names that can be selected: on the wire, and as they are shown.
fn names(client: &mut RawClient, command: &str) -> io::Result<Vec<(String, String)>> {
    let reply = client.run(&format!("{command} \"\" *"))?;
    let listed = reply
        .untagged
        .iter()
        .filter(|line| line.starts_with(b"* L"));
    listed
        .filter(|line| !has_attribute(line, b"\\noselect"))
        .map(|line| name(line).ok_or_else(|| misread(line)))
        .collect()
}

fn has_attribute(line: &[u8], attribute: &[u8]) -> bool {
    let attributes = line.split(|byte| *byte == b')').next().unwrap_or_default();
    let words = attributes.split(|byte| b" (".contains(byte));
    words
        .into_iter()
        .any(|word| word.eq_ignore_ascii_case(attribute))
}

/// `* LIST (attributes) "/" name`: the name is an atom, a quoted string or a literal.
fn name(line: &[u8]) -> Option<(String, String)> {
    let close = line.iter().position(|byte| *byte == b')')?;
    let mut rest = line.get(close + 2..)?;
    if rest.starts_with(b"\"") {
        string(&mut rest)?;
    } else {
        rest = rest.strip_prefix(b"NIL")?;
    }
    rest = rest.strip_prefix(b" ")?;
    let name = match rest.first()? {
        b'"' | b'{' => string(&mut rest)?,
        _ => rest.to_vec(),
    };
    let wire = String::from_utf8(name).ok()?;
    let shown = decode_mutf7(&wire).unwrap_or_else(|| wire.clone());
    Some((wire, shown))
}

/// A mailbox without messages has none with number 1: then the command fails.
fn messages(reply: RawReply) -> io::Result<BTreeMap<u32, Message>> {
    let mut messages = BTreeMap::new();
    for response in reply.untagged {
        if response.windows(7).take(20).any(|some| some == b" FETCH ") {
            let (uid, message) = fetched(&response).ok_or_else(|| misread(&response))?;
            messages.insert(uid, message);
        }
    }
    Ok(messages)
}

fn misread(response: &[u8]) -> io::Error {
    let start = &response[..response.len().min(200)];
    io::Error::other(format!("not understood: {}", start.escape_ascii()))
}

/// Stands for the date of a message that the source dates anew whenever it is asked.
pub const UNDATED: i64 = i64::MIN;
/// Stands for a date that the destination chose.
pub const PRESENT: i64 = i64::MIN + 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_in_each_form() {
        for (line, wire, shown) in [
            (
                &b"* LIST (\\HasNoChildren) \"/\" \"quo\\\"te\""[..],
                "quo\"te",
                "quo\"te",
            ),
            (b"* LIST () NIL INBOX", "INBOX", "INBOX"),
            (b"* LIST () \".\" {6}\r\na\"b\\c!", "a\"b\\c!", "a\"b\\c!"),
            (b"* LSUB () \"/\" Entw&APw-rfe", "Entw&APw-rfe", "Entwürfe"),
        ] {
            assert_eq!(name(line), Some((wire.to_owned(), shown.to_owned())));
        }
        assert!(has_attribute(
            b"* LIST (\\HasChildren \\NoSelect) \"/\" a",
            b"\\noselect"
        ));
        assert!(!has_attribute(
            b"* LIST (\\HasChildren) \"/\" \\NoSelect",
            b"\\noselect"
        ));
    }
}
