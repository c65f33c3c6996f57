//! Which source UIDs the ledger knows to be settled, looked up a range at a time.

use imap_client_lite::proto::Uid;

use crate::ledger::{Ledger, LedgerError, MailboxId};

/// A range of source UIDs, as the ledger knows them.
#[derive(Debug, Default)]
pub(in crate::transfer) struct SettledUids {
    range: Option<(Uid, Uid)>,
    uids: Vec<Uid>,
}

impl SettledUids {
    /// Whether a message was delivered or refused. Cheap for UIDs that come in order.
    pub(in crate::transfer) fn contains(
        &mut self,
        ledger: &Ledger,
        mailbox: MailboxId,
        uid: Uid,
    ) -> Result<bool, LedgerError> {
        if !self
            .range
            .is_some_and(|(first, last)| (first..=last).contains(&uid))
        {
            let last = Uid::new(u32::from(uid).saturating_add(RANGE)).unwrap_or(uid);
            self.uids = ledger.settled(mailbox, uid, last)?;
            self.range = Some((uid, last));
        }
        Ok(self.uids.binary_search(&uid).is_ok())
    }
}

/// UIDs asked of the ledger at a time.
const RANGE: u32 = 10_000;
