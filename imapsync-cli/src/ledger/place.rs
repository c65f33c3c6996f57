//! Where a ledger is, and whose choice that was.

use std::path::{Path, PathBuf};

use crate::account::AccountUrl;
use crate::side::Both;

/// A ledger's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub(super) path: PathBuf,
    pub(super) chosen: Chosen,
    pub(super) fails_after: Option<u64>,
}

/// Who chose the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chosen {
    /// This program: what is there is ours.
    ByUs,
    /// The user: what is there may be something else, and is not touched then.
    ByUser,
    /// Nobody: it is forgotten at once.
    ForMeasuring,
}

impl Place {
    /// The file for a pair of accounts in a folder of ledgers: named by a hash of both normalised
    /// URLs.
    #[must_use]
    pub fn in_state_dir(folder: &Path, accounts: &Both<AccountUrl>) -> Self {
        let pair = format!("{}\n{}", accounts.source, accounts.dest);
        let hash = blake3::hash(pair.as_bytes()).to_hex();
        Self {
            path: folder.join(format!("{}.ledger", &hash[..32])),
            chosen: Chosen::ByUs,
            fails_after: None,
        }
    }

    /// A file that the user names.
    #[must_use]
    pub const fn file(path: PathBuf) -> Self {
        Self {
            path,
            chosen: Chosen::ByUser,
            fails_after: None,
        }
    }

    /// For measuring what a ledger costs, and nothing else: what is delivered is not noted at all.
    #[must_use]
    pub const fn nothing() -> Self {
        Self {
            path: PathBuf::new(),
            chosen: Chosen::ForMeasuring,
            fails_after: None,
        }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// For tests: every statement that writes, after so many, fails as on a full disk.
    #[must_use]
    pub const fn failing_after(mut self, writes: u64) -> Self {
        self.fails_after = Some(writes);
        self
    }
}

/// Where ledgers are kept unless the user says otherwise.
#[must_use]
pub fn default_state_dir() -> PathBuf {
    let variable = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let base = variable("XDG_STATE_HOME").filter(|path| path.is_absolute());
    let base = base.or_else(|| variable("HOME").map(|home| home.join(".local/state")));
    base.unwrap_or_else(|| PathBuf::from("."))
        .join("imapsync-cli")
}
