//! A pair of mailboxes, opened, with the ledger's row for it: or the reason why it must not be
//! touched.

use imap_client_lite::proto::{Command, FetchItem, SeqNumber, Uid, UidValidity, Untagged};
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
}

/// Opens both sides. `None` when the mailbox must not be touched, which the report then says.
pub(super) async fn open(
    ledger: &Ledger,
    clients: &mut Both<Client>,
    mailbox: &Mapped,
    report: &mut MailboxReport,
) -> Result<Option<Opened>, Fault> {
    let source = clients
        .source
        .examine(&mailbox.source)
        .await
        .on(Side::Source)?;
    let dest = clients.dest.select(&mailbox.dest).await.on(Side::Dest)?;
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
    let row = match ledger.mailbox(key)? {
        Some(row) if dest.uid_next.is_some_and(|next| next < row.mark) => {
            report.failed = Some(format!(
                "the destination was set back (UIDNEXT {} is below {}, which we have seen): rename or delete it there, and run again",
                dest.uid_next.map_or(0, u32::from),
                row.mark
            ));
            return Ok(None);
        }
        Some(row) => row,
        None if dest.exists > 0 => {
            report.unknown = Some(dest.exists);
            return Ok(None);
        }
        None => {
            let mark = uid_next(&mut clients.dest, &dest).await?;
            ledger.begin_mailbox(key, mark, Beginning::Empty)?
        }
    };
    Ok(Some(Opened {
        source,
        dest,
        dest_validity,
        row,
    }))
}

/// UIDNEXT; where the server does not say it, the highest UID + 1.
pub(super) async fn uid_next(client: &mut Client, selected: &Selected) -> Result<Uid, Fault> {
    if let Some(next) = selected.uid_next {
        return Ok(next);
    }
    let mut next = Uid::new(1).ok_or_else(|| Fault::Internal("one is no UID".to_owned()))?;
    if selected.exists == 0 {
        return Ok(next);
    }
    let Some(last) = SeqNumber::new(selected.exists) else {
        return Ok(next);
    };
    let items = [FetchItem::Uid];
    client
        .run(
            &Command::Fetch {
                first: last,
                last,
                items: &items,
            },
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
