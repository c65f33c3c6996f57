//! What an account holds, as a multiset of message bodies by mailbox; a header line that mbsync adds does not count.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use imapsync_tests::corpus::Account;
use imapsync_tests::real::{Dovecot, encode_mutf7};

/// How often each message is there, by mailbox folder and bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bodies(BTreeMap<(String, Vec<u8>), usize>);

impl Bodies {
    /// What must be there.
    pub(crate) fn of_account(account: &Account) -> Self {
        let mut bodies = Self::default();
        for mailbox in &account.mailboxes {
            let levels: Vec<_> = mailbox
                .segments
                .iter()
                .map(|level| encode_mutf7(level))
                .collect();
            let folder = match levels.join(".") {
                inbox if inbox == "INBOX" => String::new(),
                name => format!(".{name}"),
            };
            for message in &mailbox.messages {
                bodies.add(&folder, message.body.clone());
            }
        }
        bodies
    }

    /// What a Maildir holds, from its files.
    pub(crate) fn of(server: &Dovecot, user: &str) -> io::Result<Self> {
        let root = server.mail_folder(user);
        let mut bodies = Self::default();
        bodies.read("", &root)?;
        for entry in fs::read_dir(&root)? {
            let path = entry?.path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if name.starts_with('.') && path.join("cur").is_dir() {
                bodies.read(&name, &path)?;
            }
        }
        Ok(bodies)
    }

    /// How many of these messages the other has not.
    pub(crate) fn missing_in(&self, other: &Self) -> usize {
        let missing = self.0.iter().map(|(message, count)| {
            count.saturating_sub(other.0.get(message).copied().unwrap_or(0))
        });
        missing.sum()
    }

    fn read(&mut self, folder: &str, path: &Path) -> io::Result<()> {
        for part in ["new", "cur"] {
            for entry in fs::read_dir(path.join(part))? {
                self.add(folder, without_tuid(fs::read(entry?.path())?));
            }
        }
        Ok(())
    }

    fn add(&mut self, folder: &str, body: Vec<u8>) {
        *self.0.entry((folder.to_owned(), body)).or_default() += 1;
    }
}

/// The message without its `X-TUID` line.
fn without_tuid(mut body: Vec<u8>) -> Vec<u8> {
    let header = body
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap_or(body.len());
    let start = body[..header]
        .windows(NAME.len())
        .position(|some| some == NAME);
    if let Some(start) = start {
        let end = body[start..].iter().position(|octet| *octet == b'\n');
        body.drain(start..start + end.map_or(0, |end| end + 1));
    }
    body
}

const NAME: &[u8] = b"X-TUID: ";
