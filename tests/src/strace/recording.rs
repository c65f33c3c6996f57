//! What a program does to the files of one folder, call by call, from strace's own words.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::power::{Change, Op};

/// A recording of system calls, under way or done.
#[derive(Debug)]
pub struct Recording {
    folder: TempDir,
}

impl Recording {
    /// Prepares to record.
    ///
    /// # Panics
    /// When there can be no temporary folder.
    pub fn new() -> Self {
        Self {
            folder: TempDir::new().expect("temporary folders can be made"),
        }
    }

    /// The command line before the program's own. Where it names a sync (from 1), the program is killed right before that.
    pub fn wrapper(&self, killed_before: Option<usize>) -> Vec<String> {
        let output = self.output();
        let output = output.to_str().expect("the path is UTF-8");
        let trace = format!("trace={}", CALLS.join(","));
        let mut wrapper =
            super::command(&["-y", "-xx", "-s", "100000000", "-o", output, "-e", &trace]);
        if let Some(nth) = killed_before {
            wrapper.extend([
                "-e".to_owned(),
                format!("inject=fsync:signal=KILL:when={nth}"),
            ]);
        }
        wrapper
    }

    /// What was done to the files of this folder, once the program has ended.
    ///
    /// # Panics
    /// When there is no recording, or it is not understood.
    pub fn ops(&self, folder: &Path) -> Vec<Op> {
        let text = fs::read_to_string(self.output()).expect("strace has written its words");
        let folder = folder.canonicalize().expect("the folder is there");
        let calls = whole_calls(&text);
        calls.iter().filter_map(|call| op(call, &folder)).collect()
    }

    /// The mailbox of each APPEND that went out, with the number of changes to the folder before it.
    ///
    /// # Panics
    /// As [`Recording::ops`].
    pub fn appends(&self, folder: &Path) -> Vec<(usize, String)> {
        let text = fs::read_to_string(self.output()).expect("strace has written its words");
        let folder = folder.canonicalize().expect("the folder is there");
        let mut changes = 0;
        let mut appends = Vec::new();
        for call in whole_calls(&text) {
            changes += usize::from(op(&call, &folder).is_some());
            if call.starts_with("writev(") || call.starts_with("write(") {
                let sent = octets(&call);
                appends.extend(appended_to(&sent).into_iter().map(|name| (changes, name)));
            }
        }
        appends
    }

    fn output(&self) -> PathBuf {
        self.folder.path().join("calls")
    }
}

impl Default for Recording {
    fn default() -> Self {
        Self::new()
    }
}

/// Calls without the process id before them; one that another thread's call interrupts is put together again.
fn whole_calls(text: &str) -> Vec<String> {
    let mut begun: HashMap<&str, &str> = HashMap::new();
    let mut calls = Vec::new();
    for line in text.lines() {
        let (pid, call) = line.split_once(' ').unwrap_or(("", line));
        let call = call.trim_start();
        if let Some(first) = call.strip_suffix(" <unfinished ...>") {
            begun.insert(pid, first);
        } else if let Some((_, rest)) = call.split_once(" resumed>") {
            calls.push(format!("{}{rest}", begun.remove(pid).unwrap_or_default()));
        } else {
            calls.push(call.to_owned());
        }
    }
    calls
}

/// The change that a call made to a file of the folder; none where it failed, did not happen, or is about others.
fn op(call: &str, folder: &Path) -> Option<Op> {
    let (name, rest) = call.split_once('(')?;
    let (arguments, result) = rest.rsplit_once(" = ")?;
    let result: usize = result.split([' ', '<']).next()?.parse().ok()?;
    let arguments = arguments.trim_end().strip_suffix(')')?;
    let arguments: Vec<&str> = arguments.split(", ").collect();
    let number = |index: usize| arguments.get(index)?.parse().ok();
    // `11</path>` or `"/path"`, in hexadecimal.
    let file = |index: usize| {
        let text: &str = arguments.get(index)?;
        let start = text.find(['<', '"'])? + 1;
        let path = PathBuf::from(String::from_utf8(octets(&text[start..text.len() - 1])).ok()?);
        match path == folder {
            true => Some(String::new()),
            false if path.parent() == Some(folder) => Some(path.file_name()?.to_str()?.to_owned()),
            false => None,
        }
    };
    let (file, change) = match name {
        "openat" if arguments.get(2)?.contains("O_TRUNC") => (file(1)?, Change::Resize(0)),
        "openat" if arguments.get(2)?.contains("O_CREAT") => (file(1)?, Change::Create),
        "pwrite64" => {
            let written = octets(arguments.get(1)?.trim_matches('"'));
            (
                file(0)?,
                Change::Write(number(3)?, written[..result].to_vec()),
            )
        }
        "ftruncate" => (file(0)?, Change::Resize(number(1)?)),
        "fsync" | "fdatasync" => (file(0)?, Change::Sync),
        "unlink" => (file(0)?, Change::Remove),
        "rename" => (file(0)?, Change::Rename(file(1)?)),
        // Nothing else is written in ways that are not recorded.
        "write" => {
            assert!(file(0).is_none(), "a write without a place: {call}");
            return None;
        }
        _ => return None,
    };
    Some(Op { file, change })
}

/// The mailboxes of the APPENDs in what was sent. Bodies hold none in these suites.
fn appended_to(sent: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(sent);
    let names = text.split(" APPEND \"").skip(1);
    names
        .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
        .collect()
}

/// `\x68\x69`
fn octets(text: &str) -> Vec<u8> {
    let pairs = text.split("\\x").skip(1);
    pairs
        .map(|pair| u8::from_str_radix(&pair[..2], 16).unwrap_or(0))
        .collect()
}

/// By these a ledger's files change.
const CALLS: [&str; 9] = [
    "openat",
    "pwrite64",
    "write",
    "writev",
    "fsync",
    "fdatasync",
    "ftruncate",
    "unlink",
    "rename",
];
