//! An account as `doveadm` tells it, for mail stores that only Dovecot itself can read.

use std::io;

use super::snapshot::{Message, Snapshot};
use crate::real::{Dovecot, Namespace};

impl Snapshot {
    /// Reads a user's mailboxes, subscriptions and messages through `doveadm`.
    pub fn of_doveadm(server: &Dovecot, user: &str) -> io::Result<Self> {
        let namespace = &server.options().namespace;
        let mut snapshot = Self::default();
        for name in selectable(server, user)? {
            snapshot.add_mailbox(&segments(&name, namespace));
        }
        for name in lines(server.doveadm(&["mailbox", "list", "-s", "-u", user])?)? {
            snapshot.add_subscription(&segments(&name, namespace));
        }
        let output = server.doveadm(&["-f", "pager", "fetch", "-u", user, FIELDS, "ALL"])?;
        let mut rest = output.as_slice();
        while !rest.is_empty() {
            let (name, message) = next_message(&mut rest).ok_or_else(|| misread("fetch"))?;
            snapshot.add_message(&segments(&name, namespace), message);
        }
        Ok(snapshot)
    }
}

/// The names of all mailboxes that can be selected: only they have a status.
fn selectable(server: &Dovecot, user: &str) -> io::Result<Vec<String>> {
    // A bare `*` finds nothing under a prefix.
    let below_prefix = format!("{}*", server.options().namespace.prefix);
    let command = [
        "-f",
        "tab",
        "mailbox",
        "status",
        "-u",
        user,
        "messages",
        "INBOX",
        &below_prefix,
    ];
    let rows = lines(server.doveadm(&command)?)?;
    let name = |row: &String| row.rsplit_once('\t').map(|(name, _)| name.to_owned());
    rows.iter()
        .skip(1)
        .map(name)
        .collect::<Option<_>>()
        .ok_or_else(|| misread("mailbox status"))
}

/// One record: lines `field: value`, the message after `text:`; a form feed between records.
fn next_message(rest: &mut &[u8]) -> Option<(String, Message)> {
    let name = field(rest, "mailbox: ")?;
    let date = field(rest, "date.received.unixtime: ")?.parse().ok()?;
    let flags = field(rest, "flags: ")?;
    let stored: usize = field(rest, "size.physical: ")?.parse().ok()?;
    let sent: usize = field(rest, "size.virtual: ")?.parse().ok()?;
    field(rest, "text:")?;
    let (text, after) = rest.split_at_checked(stored)?;
    let after = after.strip_prefix(b"\n").unwrap_or(after);
    *rest = if after.is_empty() {
        after
    } else {
        after.strip_prefix(b"\x0c\n")?
    };
    let body = if stored == sent {
        text.to_vec()
    } else {
        with_crlf(text)
    };
    (body.len() == sent).then(|| (name, Message::new(&body, date, flags.split_whitespace())))
}

fn field(rest: &mut &[u8], label: &str) -> Option<String> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let line = std::str::from_utf8(&rest[..end])
        .ok()?
        .strip_prefix(label)?;
    *rest = &rest[end + 1..];
    Some(line.to_owned())
}

/// Dovecot stores lines with a bare LF unless told otherwise, and shows clients CRLF.
fn with_crlf(text: &[u8]) -> Vec<u8> {
    let mut body = Vec::with_capacity(text.len() + text.len() / 40);
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(line) if !line.ends_with(b"\r") => {
                body.extend_from_slice(&[line, b"\r\n"].concat())
            }
            _ => body.extend_from_slice(line),
        }
    }
    body
}

/// `doveadm` prints names in UTF-8, with the namespace's prefix and separator.
fn segments(name: &str, namespace: &Namespace) -> Vec<String> {
    let name = name.strip_prefix(&namespace.prefix).unwrap_or(name);
    name.split(namespace.separator)
        .map(ToOwned::to_owned)
        .collect()
}

fn lines(output: Vec<u8>) -> io::Result<Vec<String>> {
    let text = String::from_utf8(output).map_err(io::Error::other)?;
    Ok(text.lines().map(ToOwned::to_owned).collect())
}

fn misread(command: &str) -> io::Error {
    io::Error::other(format!("doveadm {command}: output not understood"))
}

/// `uid` is not asked for: messages come in its order.
const FIELDS: &str = "mailbox date.received.unixtime flags size.physical size.virtual text";
