//! How often a run makes each system call, from the table of `strace -c`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

/// A counting of system calls, under way or done.
#[derive(Debug)]
pub struct Counts {
    folder: TempDir,
    syscalls: Vec<&'static str>,
}

impl Counts {
    /// Prepares to count these calls.
    ///
    /// # Panics
    /// When there can be no temporary folder.
    pub fn of(syscalls: &[&'static str]) -> Self {
        Self {
            folder: TempDir::new().expect("temporary folders can be made"),
            syscalls: syscalls.to_vec(),
        }
    }

    /// The command line before the program's own.
    pub fn wrapper(&self) -> Vec<String> {
        let trace = format!("trace={}", self.syscalls.join(","));
        let table = self.table();
        let table = table.to_str().expect("the path is UTF-8");
        super::command(&["-c", "-U", "calls,name", "-o", table, "-e", &trace])
    }

    /// What was counted, once the program has ended; a call that was never made is missing.
    ///
    /// # Panics
    /// When there is no table, or it is not understood.
    pub fn read(&self) -> BTreeMap<&'static str, usize> {
        let table = fs::read_to_string(self.table()).expect("strace has written its table");
        let known = |name: &str| self.syscalls.iter().find(|known| **known == name);
        let rows = table.lines().filter_map(|line| {
            let mut words = line.split_whitespace();
            let calls = words.next()?.parse().ok()?;
            Some((*known(words.next()?)?, calls))
        });
        let counts: BTreeMap<_, _> = rows.collect();
        assert!(!counts.is_empty(), "nothing was counted:\n{table}");
        counts
    }

    fn table(&self) -> PathBuf {
        self.folder.path().join("calls")
    }
}
