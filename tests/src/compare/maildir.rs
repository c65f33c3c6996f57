//! A Maildir as Dovecot writes it, read from the files themselves: bytes, modification time as internal
//! date, flags from the file's name.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::maildir_lists::{keywords, subscriptions, uids};
use super::snapshot::{Message, Snapshot};
use crate::real::decode_mutf7;

impl Snapshot {
    /// Reads Maildir++: INBOX at the top, every other mailbox in a folder `.level.level` beside it.
    pub fn of_maildir(root: &Path) -> io::Result<Self> {
        let mut snapshot = Self {
            subscriptions: subscriptions(root)?,
            ..Self::default()
        };
        snapshot.read_mailbox(&["INBOX".into()], root)?;
        for (name, folder) in folders(root)? {
            if let Some(levels) = name.strip_prefix('.') {
                let segments: io::Result<Vec<String>> = levels.split('.').map(segment).collect();
                snapshot.read_mailbox(&segments?, &folder)?;
            }
        }
        Ok(snapshot)
    }

    /// Reads `LAYOUT=fs`: a folder for each level, a mailbox where the folder has a `cur`.
    pub fn of_nested_maildir(root: &Path) -> io::Result<Self> {
        let mut snapshot = Self {
            subscriptions: subscriptions(root)?,
            ..Self::default()
        };
        snapshot.read_mailbox(&["INBOX".into()], root)?;
        snapshot.read_nested(&mut Vec::new(), root)?;
        Ok(snapshot)
    }

    fn read_nested(&mut self, above: &mut Vec<String>, folder: &Path) -> io::Result<()> {
        for (name, folder) in folders(folder)? {
            if MAILDIR_FOLDERS.contains(&name.as_str()) {
                continue;
            }
            above.push(segment(&name)?);
            if folder.join("cur").is_dir() {
                self.read_mailbox(above, &folder)?;
            }
            self.read_nested(above, &folder)?;
            above.pop();
        }
        Ok(())
    }

    fn read_mailbox(&mut self, segments: &[String], folder: &Path) -> io::Result<()> {
        self.add_mailbox(segments);
        let keywords = keywords(folder)?;
        for path in message_files(folder)? {
            let flags = flags(&file_name(&path)?, &keywords)?;
            let date = fs::metadata(&path)?.mtime();
            self.add_message(segments, Message::new(&fs::read(&path)?, date, flags));
        }
        Ok(())
    }
}

/// The files of `new` and `cur` in UID order; those without a UID yet come last.
fn message_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let uids = uids(folder)?;
    let mut files = Vec::new();
    for part in ["new", "cur"] {
        for entry in fs::read_dir(folder.join(part))? {
            let path = entry?.path();
            let name = file_name(&path)?;
            let base = name
                .split_once(":2,")
                .map_or(name.as_str(), |(base, _)| base);
            files.push((
                uids.get(base).copied().unwrap_or(u32::MAX),
                name.clone(),
                path,
            ));
        }
    }
    files.sort();
    Ok(files.into_iter().map(|(_, _, path)| path).collect())
}

/// `name:2,FLAGS`: capital letters are system flags, small ones point into the list of keywords.
fn flags(name: &str, keywords: &[String]) -> io::Result<Vec<String>> {
    let letters = name.split_once(":2,").map_or("", |(_, letters)| letters);
    letters
        .chars()
        .map(|letter| flag(letter, keywords))
        .collect()
}

fn flag(letter: char, keywords: &[String]) -> io::Result<String> {
    let system = match letter {
        'D' => "\\Draft",
        'F' => "\\Flagged",
        'R' => "\\Answered",
        'S' => "\\Seen",
        'T' => "\\Deleted",
        'a'..='z' => {
            let keyword = keywords.get(letter as usize - 'a' as usize);
            return keyword
                .cloned()
                .ok_or_else(|| io::Error::other(format!("no keyword for {letter:?}")));
        }
        _ => return Err(io::Error::other(format!("no flag for {letter:?}"))),
    };
    Ok(system.to_owned())
}

fn segment(encoded: &str) -> io::Result<String> {
    decode_mutf7(encoded)
        .ok_or_else(|| io::Error::other(format!("not modified UTF-7: {encoded:?}")))
}

fn folders(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            folders.push((file_name(&path)?, path));
        }
    }
    Ok(folders)
}

fn file_name(path: &Path) -> io::Result<String> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.map(ToOwned::to_owned)
        .ok_or_else(|| io::Error::other(format!("file name: {}", path.display())))
}

const MAILDIR_FOLDERS: [&str; 3] = ["cur", "new", "tmp"];
