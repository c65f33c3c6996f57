//! The lists that Dovecot keeps beside a Maildir: UIDs, keywords, subscriptions.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::{fs, io};

use crate::real::decode_mutf7;

/// `dovecot-uidlist`: after a header, `uid [fields] :file name without flags`.
pub(super) fn uids(folder: &Path) -> io::Result<HashMap<String, u32>> {
    let list = read_or_empty(&folder.join("dovecot-uidlist"))?;
    let entries = list.lines().skip(1).map(|line| {
        let (fields, name) = line.split_once(" :")?;
        let uid = fields.split(' ').next()?.parse().ok()?;
        Some((name.to_owned(), uid))
    });
    entries
        .collect::<Option<_>>()
        .ok_or_else(|| io::Error::other("dovecot-uidlist: not understood"))
}

/// `dovecot-keywords`: `number keyword`; file names hold the number as a letter, so only 26 fit.
pub(super) fn keywords(folder: &Path) -> io::Result<Vec<String>> {
    let list = read_or_empty(&folder.join("dovecot-keywords"))?;
    let entries = list.lines().enumerate().map(|(index, line)| {
        let (number, keyword) = line.split_once(' ')?;
        (number.parse() == Ok(index)).then(|| keyword.to_owned())
    });
    entries
        .collect::<Option<_>>()
        .ok_or_else(|| io::Error::other("dovecot-keywords: not understood"))
}

/// `subscriptions`, version 2: after two header lines, one name a line, tabs between its segments.
pub(super) fn subscriptions(root: &Path) -> io::Result<BTreeSet<Vec<String>>> {
    let list = read_or_empty(&root.join("subscriptions"))?;
    if list.is_empty() {
        return Ok(BTreeSet::new());
    }
    let names = list
        .strip_prefix("V\t2\n\n")
        .ok_or_else(|| io::Error::other("subscriptions: not version 2"))?;
    let names = names
        .lines()
        .map(|name| name.split('\t').map(decode_mutf7).collect::<Option<_>>());
    names
        .collect::<Option<_>>()
        .ok_or_else(|| io::Error::other("subscriptions: not modified UTF-7"))
}

fn read_or_empty(path: &Path) -> io::Result<String> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        read => read,
    }
}
