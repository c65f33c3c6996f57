//! Makes the destination's mailboxes and subscriptions, before any mail moves.
//!
//! A server may refuse a name that ours could hold. The characters that are to blame then become
//! `=XX` and the names are mapped anew; all names are settled, for good, when the last one is made.

use std::collections::HashSet;

use imap_client_lite::Error;
use imap_client_lite::proto::{Code, Command, MailboxName};

use super::Run;
use super::preparing::Prepared;
use crate::error::{Fault, OnSide};
use crate::mapping::{Path, suspects};
use crate::plan::Plan;
use crate::report::Report;
use crate::side::Side;

/// What came of making the mailboxes of one plan.
enum Made {
    /// All that can be made are there.
    All,
    /// A name was refused, and a new mapping avoids what it was refused for.
    Learned,
}

impl Run<'_> {
    /// Makes what the plan needs; says what the plan is then.
    pub(super) async fn make_mailboxes(
        &mut self,
        prepared: &mut Prepared,
        report: &mut Report,
    ) -> Result<Plan, Fault> {
        let mut given_up = HashSet::new();
        let plan = loop {
            let plan = prepared.plan(self.ledger, self.job.deleted)?;
            if let Made::All = self.create(&plan, prepared, &mut given_up, report).await? {
                break plan;
            }
        };
        for copy in &plan.copies {
            self.ledger
                .keep_name(&copy.mailbox.source, &copy.mailbox.dest)?;
        }
        for name in &plan.subscribe {
            self.stopped()?;
            match self
                .clients
                .dest
                .run(&Command::Subscribe(name), |_| {})
                .await
            {
                Ok(_) => report.subscribed += 1,
                Err(error @ Error::Refused { .. }) => {
                    report.warnings.push(format!("{name}: {error}"))
                }
                Err(error) => return Err(error).on(Side::Dest),
            }
        }
        Ok(plan)
    }

    async fn create(
        &mut self,
        plan: &Plan,
        prepared: &mut Prepared,
        given_up: &mut HashSet<MailboxName>,
        report: &mut Report,
    ) -> Result<Made, Fault> {
        for name in plan
            .create
            .iter()
            .filter(|name| !given_up.contains(*name))
            .cloned()
            .collect::<Vec<_>>()
        {
            self.stopped()?;
            let refused = match self.clients.dest.run(&Command::Create(&name), |_| {}).await {
                Ok(_) => {
                    report.created += 1;
                    prepared.surveys.dest.note_made(name);
                    continue;
                }
                Err(Error::Refused {
                    code: Some(Code::AlreadyExists),
                    ..
                }) => {
                    prepared.surveys.dest.note_made(name);
                    continue;
                }
                Err(error @ Error::Refused { .. }) => error,
                Err(error) => return Err(error).on(Side::Dest),
            };
            if is_about_the_name(&refused) && prepared.learn(&name) {
                tracing::info!("{name}: {refused}; trying it with escapes");
                return Ok(Made::Learned);
            }
            report.warnings.push(format!("{name}: {refused}"));
            given_up.insert(name);
        }
        Ok(Made::All)
    }
}

fn is_about_the_name(refused: &Error) -> bool {
    !matches!(
        refused,
        Error::Refused {
            code: Some(
                Code::NoPerm | Code::OverQuota | Code::Limit | Code::Unavailable | Code::InUse
            ),
            ..
        }
    )
}

impl Prepared {
    /// Learns from a refused name what the server does not take; says whether there is something.
    fn learn(&mut self, refused: &MailboxName) -> bool {
        let dest = &mut self.surveys.dest;
        let taken: Vec<Path> = dest
            .mailboxes
            .iter()
            .map(|one| dest.layout.read(&one.name))
            .collect();
        let path = dest.layout.read(refused);
        let before = dest.layout.refused.len();
        dest.layout.refused.extend(suspects(&path, taken.iter()));
        dest.layout.refused.len() > before
    }
}
