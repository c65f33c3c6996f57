//! What the user wants done about messages that the destination does not take.

use std::path::PathBuf;

use crate::error::Fault;
use crate::ledger::Ledger;

/// Wishes about refused messages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RefusedMail {
    /// A folder for files with these messages.
    pub save: Option<PathBuf>,
    /// What about those of earlier runs.
    pub retry: Retry,
}

/// Whether messages that were refused earlier are sent again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Retry {
    /// They are only listed.
    #[default]
    Remembered,
    /// They are tried again.
    Again,
}

impl RefusedMail {
    /// Forgets what is to be tried again.
    pub(super) fn begin(&self, ledger: &Ledger) -> Result<(), Fault> {
        if self.retry == Retry::Again {
            let forgotten = ledger.forget_refusals()?;
            tracing::info!("{forgotten} refused messages are tried again");
        }
        Ok(())
    }
}
