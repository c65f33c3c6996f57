//! The quickest look: how many messages the mailboxes hold, by LIST-STATUS or STATUS. Those that do
//! not agree are asked for once more, since both sides were not asked in one moment.

use imap_client_lite::{Client, Status};

use super::finding::{Finding, Kind, Weight};
use super::knowledge::Knowledge;
use super::lanes::Item;
use super::verification::Verification;
use crate::error::{Fault, OnSide};
use crate::side::{Both, Side};
use crate::survey::Survey;

/// Compares the numbers of messages.
pub(super) async fn compare_counts(
    clients: &mut Both<Client>,
    surveys: &Both<Survey>,
    items: &[Item<'_>],
    knowledge: &Knowledge<'_>,
    verification: &mut Verification,
) -> Result<(), Fault> {
    for item in items {
        let (source, dest) = (&item.mailbox.source, &item.mailbox.dest);
        let mut statuses = Both {
            source: surveys.source.status(source).unwrap_or_default(),
            dest: surveys.dest.status(dest).unwrap_or_default(),
        };
        if statuses.source.messages != statuses.dest.messages {
            let names = ([source], [dest]);
            let (source, dest) = tokio::join!(
                clients.source.statuses(&names.0),
                clients.dest.statuses(&names.1)
            );
            statuses = Both {
                source: last(source.on(Side::Source)?),
                dest: last(dest.on(Side::Dest)?),
            };
        }
        compare(item, &statuses, knowledge, verification)?;
    }
    Ok(())
}

fn compare(
    item: &Item<'_>,
    statuses: &Both<Status>,
    knowledge: &Knowledge<'_>,
    verification: &mut Verification,
) -> Result<(), Fault> {
    let mut note = |mut finding: Finding| {
        finding.of(item.mailbox);
        finding.order = item.order;
        verification.note(finding);
    };
    let (source, dest) = match (statuses.source.messages, statuses.dest.messages) {
        (Some(source), Some(dest)) => (u64::from(source), u64::from(dest)),
        (None, _) => {
            note(Finding::unread(Side::Source, item.messages));
            return Ok(());
        }
        (_, None) => {
            note(Finding::unread(Side::Dest, item.messages));
            return Ok(());
        }
    };
    if source != dest {
        let mut finding = Finding::new(match source > dest {
            true => Kind::Missing,
            false => Kind::Extra,
        });
        finding.messages = source.abs_diff(dest);
        finding.note = Some(format!("{source} on the source, {dest} on the destination"));
        let known = knowledge.of(
            item.mailbox,
            Both {
                source: statuses.source.uid_validity,
                dest: statuses.dest.uid_validity,
            },
        )?;
        let refused = known.refused()?;
        if finding.kind == Kind::Missing && finding.messages <= refused {
            let reason = format!("the destination refused {refused} messages, as sync lists");
            finding.explain(reason, Weight::Incomplete);
        }
        note(finding);
    }
    verification.messages += source;
    verification.dest_messages += dest;
    Ok(())
}

/// The answer about the one mailbox that was asked for; nothing is known where it is refused.
fn last(mut statuses: Vec<Result<Status, imap_client_lite::Error>>) -> Status {
    statuses.pop().and_then(Result::ok).unwrap_or_default()
}
