//! Exit codes: stable, so that scripts can rely on them.

use std::process::ExitCode;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything is done.
    Complete,
    /// A mistake of ours.
    Internal,
    /// The command line makes no sense.
    Usage,
    /// Done, but some messages were skipped, refused or are uncertain.
    Partial,
    /// Verification found missing or altered mail.
    Differs,
    /// Temporary trouble: run it again.
    Temporary,
    /// Another run holds the ledger.
    Busy,
    /// The login was refused.
    Login,
    /// A limit that the user set was reached, after a clean checkpoint.
    Limit,
    /// The destination's quota is used up.
    Quota,
    /// No connection, no TLS, no STARTTLS, or no IMAP.
    Connect,
    /// The ledger cannot be read or written.
    Ledger,
    /// Ctrl-C, after a clean checkpoint.
    Interrupted,
    /// SIGTERM, after a clean checkpoint.
    Terminated,
}

impl Exit {
    /// The number.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Complete => 0,
            Self::Internal => 1,
            Self::Usage => 2,
            Self::Partial => 3,
            Self::Differs => 4,
            Self::Temporary => 5,
            Self::Busy => 6,
            Self::Login => 7,
            Self::Limit => 8,
            Self::Quota => 9,
            Self::Connect => 10,
            Self::Ledger => 11,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }

    /// The one that counts when both apply.
    #[must_use]
    pub fn worst(self, other: Self) -> Self {
        let rank = |exit| PRECEDENCE.iter().position(|&known| known == exit);
        if rank(other) < rank(self) {
            other
        } else {
            self
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Several at once: the first that applies.
const PRECEDENCE: [Exit; 14] = [
    Exit::Interrupted,
    Exit::Terminated,
    Exit::Internal,
    Exit::Usage,
    Exit::Ledger,
    Exit::Busy,
    Exit::Login,
    Exit::Connect,
    Exit::Differs,
    Exit::Quota,
    Exit::Limit,
    Exit::Temporary,
    Exit::Partial,
    Exit::Complete,
];

/// The table for `--help`.
pub(crate) const HELP: &str = "\
Exit codes:
    0  complete (differences that the destination imposed are listed as warnings)
    1  internal error
    2  usage: the command line or an account URL makes no sense
    3  finished, but some messages or mailboxes were skipped, refused or are uncertain; each is listed
       (verify: mail is missing, and sync has said why)
    4  verification found missing or altered mail (with --strict: also extra mail)
    5  temporary trouble that outlasted --give-up-after: run the same command again, it goes on
       where it stopped (verify: also when mail changed while it was read)
    6  another run holds the ledger of this pair of accounts
    7  login refused
    8  the --deadline was reached, after a checkpoint: run the same command again to go on
    9  the destination's quota is used up
   10  cannot connect, no acceptable TLS, no STARTTLS, or no IMAP server
   11  the ledger is unreadable, newer than this program, or cannot be written (disk full?)
  130  stopped by Ctrl-C after a checkpoint    143  stopped by SIGTERM after a checkpoint";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_in_the_help() {
        for exit in PRECEDENCE {
            let number = exit.code().to_string();
            let listed = HELP.split_whitespace().any(|word| word == number);
            assert!(listed, "{exit:?}");
        }
    }

    #[test]
    fn the_first_that_applies_counts() {
        assert_eq!(Exit::Partial.worst(Exit::Temporary), Exit::Temporary);
        assert_eq!(Exit::Temporary.worst(Exit::Partial), Exit::Temporary);
        assert_eq!(Exit::Complete.worst(Exit::Interrupted), Exit::Interrupted);
        assert_eq!(Exit::Ledger.worst(Exit::Connect), Exit::Ledger);
    }
}
