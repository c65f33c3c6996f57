//! A pair of mailboxes, opened, with the ledger's row for it and what that is worth: or the reason
//! why it must not be touched.

use imap_client_lite::proto::{
    Command, FetchItem, Messages, SeqNumber, Uid, UidValidity, Untagged,
};
use imap_client_lite::{Client, Selected};

use crate::error::{Fault, OnSide};
use crate::ledger::{Beginning, Key, Ledger, MailboxRow};
use crate::mapping::Mapped;
use crate::report::MailboxReport;
use crate::side::{Both, Side};

/// Both mailboxes, opened.
pub(super) struct Opened {
    pub(super) source: Selected,
    pub(super) dest: Selected,
    pub(super) dest_validity: UidValidity,
    pub(super) row: MailboxRow,
    /// The UIDs of the destination end before this one.
    pub(super) dest_next: Uid,
}

/// What the ledger's row for a mailbox is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// There is none, and nothing that could be ours.
    Begins,
    /// There is none, but mail: it may be ours, and all of it is in doubt.
    Unknown,
    /// The row counts.
    Counts,
    /// The destination was set back to an earlier state: the row is about UIDs that are gone.
    Void,
}

impl Standing {
    fn decide(at_least: Option<Uid>, dest: &Selected, lost: Lost) -> Self {
        match at_least {
            Some(least) if dest.uid_next.is_some_and(|next| next < least) => Self::Void,
            Some(_) => Self::Counts,
            None if dest.exists == 0 && lost == Lost::No => Self::Begins,
            None => Self::Unknown,
        }
    }
}

/// Whether what an earlier run did here is known no more: its ledger was damaged, or a UIDVALIDITY
/// is another now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lost {
    Yes,
    No,
}

impl Opened {
    /// Whether there may be mail of ours on the destination that the ledger does not know.
    pub(super) fn is_in_doubt(&self) -> bool {
        self.row.open || self.dest_next > self.row.mark
    }

    /// Whether the source has nothing that is not accounted for.
    pub(super) fn is_finished(&self) -> bool {
        !self.row.open && self.source.uid_next == Some(self.row.source_next)
    }
}

/// Opens both sides; `told` is the destination's UIDNEXT by STATUS, for servers that do not say it
/// in SELECT. `None` when the mailbox must not be touched, which the report then says.
pub(super) async fn open(
    ledger: &Ledger,
    clients: &mut Both<Client>,
    mailbox: &Mapped,
    told: Option<Uid>,
    report: &mut MailboxReport,
) -> Result<Option<Opened>, Fault> {
    let source = clients.source.examine(&mailbox.source);
    let dest = clients.dest.select(&mailbox.dest);
    // Both to their ends, so that nothing is left under way on either side.
    let (source, dest) = tokio::join!(source, dest);
    let (source, mut dest) = (source.on(Side::Source)?, dest.on(Side::Dest)?);
    dest.uid_next = dest.uid_next.or(told);
    let (Some(source_validity), Some(dest_validity)) = (source.uid_validity, dest.uid_validity)
    else {
        report.failed = Some(
            "a server gives no UIDVALIDITY for it, so a later run could not know what was copied"
                .to_owned(),
        );
        return Ok(None);
    };
    let key = Key {
        source: &mailbox.source,
        source_validity,
        dest: &mailbox.dest,
        dest_validity,
    };
    let dest_next = uid_next(&mut clients.dest, &dest).await?;
    let Some(row) = row(ledger, key, &dest, dest_next, report)? else {
        return Err(Fault::Internal("the ledger has lost a row".to_owned()));
    };
    Ok(Some(Opened {
        source,
        dest,
        dest_validity,
        row,
        dest_next,
    }))
}

/// The least that UIDNEXT must be: the mark, or behind the last message that was named.
fn highest_known(ledger: &Ledger, row: &MailboxRow, dest: &Selected) -> Result<Option<Uid>, Fault> {
    let beyond = match dest.uid_next {
        Some(next) => ledger.mapped(row.id, next)?,
        None => Vec::new(),
    };
    let named = beyond.last().map(|(_, dest)| dest.next());
    Ok(named.max(Some(row.mark)))
}

/// The row to go on with: found, begun, or made void.
fn row(
    ledger: &Ledger,
    key: Key<'_>,
    dest: &Selected,
    dest_next: Uid,
    report: &mut MailboxReport,
) -> Result<Option<MailboxRow>, Fault> {
    let found = ledger.mailbox(key)?;
    // Mail may still be on its way from a connection that was cut.
    let earlier = ledger.set_aside().is_some() || ledger.knows(key.source, key.dest)?;
    let lost = if earlier { Lost::Yes } else { Lost::No };
    let highest = match found {
        Some(row) => highest_known(ledger, &row, dest)?,
        None => None,
    };
    match Standing::decide(highest, dest, lost) {
        Standing::Counts => Ok(found),
        Standing::Begins => Ok(Some(ledger.begin_mailbox(
            key,
            dest_next,
            Beginning::Empty,
        )?)),
        Standing::Unknown => {
            report.adopting = dest.exists;
            Ok(Some(ledger.begin_mailbox(
                key,
                FIRST,
                Beginning::InDoubt,
            )?))
        }
        Standing::Void => {
            tracing::warn!(
                "{}: the destination was set back; everything there is in doubt",
                key.dest
            );
            report.adopting = dest.exists;
            if let Some(row) = found {
                ledger.void(row.id)?;
            }
            Ok(ledger.mailbox(key)?)
        }
    }
}

/// UIDNEXT; where the server does not say it, the highest UID + 1.
pub(super) async fn uid_next(client: &mut Client, selected: &Selected) -> Result<Uid, Fault> {
    if let Some(next) = selected.uid_next {
        return Ok(next);
    }
    let mut next = FIRST;
    let Some(last) = SeqNumber::new(selected.exists) else {
        return Ok(next);
    };
    let items = [FetchItem::Uid];
    client
        .run(
            &Command::fetch(Messages::SequenceRange { first: last, last }, &items),
            |untagged| {
                if let Untagged::Fetch(fetch) = untagged
                    && let Some(uid) = fetch.uid
                {
                    next = next.max(uid.next());
                }
            },
        )
        .await
        .on(Side::Dest)?;
    Ok(next)
}

const FIRST: Uid = match Uid::new(1) {
    Some(first) => first,
    None => panic!("one is a UID"),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_row_is_worth() {
        let uid = |value| Uid::new(value).expect("above zero");
        for (mark, exists, uid_next, lost, wanted) in [
            (None, 0, Some(1), Lost::No, Standing::Begins),
            (None, 0, Some(9), Lost::No, Standing::Begins),
            (None, 0, Some(1), Lost::Yes, Standing::Unknown),
            (None, 3, Some(9), Lost::No, Standing::Unknown),
            (Some(5), 3, Some(5), Lost::No, Standing::Counts),
            (Some(5), 3, Some(9), Lost::Yes, Standing::Counts),
            (Some(5), 0, None, Lost::No, Standing::Counts),
            (Some(5), 3, Some(4), Lost::No, Standing::Void),
        ] {
            let dest = Selected {
                exists,
                uid_next: uid_next.map(uid),
                ..Selected::default()
            };
            let standing = Standing::decide(mark.map(uid), &dest, lost);
            assert_eq!(standing, wanted, "{mark:?} {dest:?}");
        }
    }
}
