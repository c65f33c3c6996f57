//! Refused messages as files: `DIR/<mailbox>/<uidvalidity>-<uid>.eml`, octet by octet as on the source.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use imap_client_lite::proto::{
    BodyValue, Command, Condition, FetchItem, MailboxName, Messages, Uid, UidSet, UidValidity,
    Untagged,
};
use imap_client_lite::{Client, Event};

use crate::error::{Fault, OnSide};
use crate::report::Saved;
use crate::side::Side;

/// Saves messages of one mailbox.
pub(super) struct Saver {
    folder: PathBuf,
    validity: UidValidity,
}

impl Saver {
    pub(super) fn new(folder: &Path, mailbox: &MailboxName, validity: UidValidity) -> Self {
        Self {
            folder: folder.join(folder_name(mailbox)),
            validity,
        }
    }

    /// Saves a message, unless that was done before. Memory holds a chunk of it at a time. What goes
    /// wrong with the file is told and costs nothing else.
    pub(super) async fn save(&self, source: &mut Client, uid: Uid) -> Result<Saved, Fault> {
        let path = self.folder.join(format!("{}-{uid}.eml", self.validity));
        if path.exists() {
            return Ok(Saved::As(path));
        }
        let mut writing = Writing::begin(&path);
        if let Err(reason) = fetch(source, uid, &mut writing).await? {
            writing.file = Err(reason);
        }
        Ok(match writing.finish(&path) {
            Ok(()) => Saved::As(path),
            Err(reason) => Saved::Not(reason),
        })
    }
}

/// A file on its way to its name, or why it cannot get there. What cannot be written is let go by.
struct Writing {
    part: PathBuf,
    file: Result<File, String>,
}

impl Writing {
    fn begin(path: &Path) -> Self {
        let part = path.with_extension("part");
        let file = part
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| File::create(&part))
            .map_err(|error| explain(&part, &error));
        Self { part, file }
    }

    fn write(&mut self, octets: &[u8]) {
        if let Ok(file) = &mut self.file
            && let Err(error) = file.write_all(octets)
        {
            self.file = Err(explain(&self.part, &error));
        }
    }

    /// Gives the file its name once all of it is on the disk.
    fn finish(self, path: &Path) -> Result<(), String> {
        let Self { part, file } = self;
        let named = file.and_then(|file| {
            file.sync_all()
                .and_then(|()| fs::rename(&part, path))
                .map_err(|error| explain(path, &error))
        });
        if named.is_err() {
            // It may not even be there.
            let _ = fs::remove_file(&part);
        }
        named
    }
}

/// Fetches one message; the inner error says why it did not come whole.
async fn fetch(
    source: &mut Client,
    uid: Uid,
    writing: &mut Writing,
) -> Result<Result<(), String>, Fault> {
    let uids = UidSet::one(uid);
    let items = [FetchItem::Uid, FetchItem::BODY];
    let command = Command::fetch(Messages::Uids(&uids), &items);
    let ticket = source.enqueue(&command).on(Side::Source)?;
    let mut came = false;
    loop {
        match source.next().await.on(Side::Source)? {
            Event::BodyChunk(chunk) => writing.write(&chunk),
            Event::Untagged(Untagged::Fetch(fetch)) if fetch.uid == Some(uid) => {
                for section in fetch.sections {
                    match section.value {
                        BodyValue::Inline(text) => writing.write(&text),
                        BodyValue::Streamed(_) => {}
                        BodyValue::Absent => continue,
                    }
                    came = true;
                }
            }
            Event::Done(done) if done.ticket == ticket => {
                return Ok(match (came, done.condition) {
                    (true, Condition::Ok) => Ok(()),
                    (false, Condition::Ok) => Err("it is no longer on the source".to_owned()),
                    _ => Err(format!("the source refused it: {}", done.message())),
                });
            }
            _ => {}
        }
    }
}

fn explain(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}

/// A mailbox's name as the name of one folder: letters, digits and some marks stay, all else becomes
/// `%XX` of its UTF-8, and what is too long is cut and made unique again.
fn folder_name(mailbox: &MailboxName) -> String {
    let shown = mailbox.to_string();
    let mut name = String::new();
    for (index, c) in shown.char_indices() {
        let stays = c.is_alphanumeric() || "-_+@,=~".contains(c) || (" .".contains(c) && index > 0);
        if stays {
            name.push(c);
            continue;
        }
        let mut utf8 = [0; 4];
        for byte in c.encode_utf8(&mut utf8).bytes() {
            name.push_str(&format!("%{byte:02X}"));
        }
    }
    if name.len() > LONGEST_NAME {
        let hash = blake3::hash(mailbox.as_wire()).to_hex();
        let cut = name.floor_char_boundary(LONGEST_NAME - HASH_DIGITS - 1);
        name.truncate(cut);
        name.push('~');
        name.extend(hash.chars().take(HASH_DIGITS));
    }
    name
}

/// File systems take 255 octets.
const LONGEST_NAME: usize = 200;
const HASH_DIGITS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(wire: &[u8]) -> String {
        folder_name(&MailboxName::from_wire(wire).expect("fit to be sent"))
    }

    #[test]
    fn names_stay_inside_the_folder() {
        for (wire, name) in [
            (&b"INBOX"[..], "INBOX"),
            (b"Sent Items", "Sent Items"),
            (b"Entw&APw-rfe", "Entwürfe"),
            (b"a/b", "a%2Fb"),
            (b"..", "%2E."),
            (b"../../etc", "%2E.%2F..%2Fetc"),
            (b".hidden", "%2Ehidden"),
            (b"C:\\x", "C%3A%5Cx"),
            (b"50%", "50%25"),
        ] {
            let got = folder(wire);
            assert_eq!(got, name, "{}", wire.escape_ascii());
            assert_eq!(Path::new(&got).components().count(), 1, "{got}");
        }
    }

    #[test]
    fn long_names_are_cut_and_still_differ() {
        let [one, two] = [b"1", b"2"].map(|end| folder(&[&[b'x'; 500][..], end].concat()));
        assert!(one.len() <= LONGEST_NAME && one != two, "{one}");
    }

    #[test]
    fn a_file_that_cannot_be_written_is_told() {
        let mut writing = Writing::begin(Path::new("/proc/nowhere/1-1.eml"));
        writing.write(b"x");
        let failed = writing.finish(Path::new("/proc/nowhere/1-1.eml"));
        assert!(failed.is_err_and(|reason| reason.contains("/proc/nowhere")));
    }
}
