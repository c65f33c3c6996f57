//! Makes the destination's mailboxes and subscriptions, before any mail moves.
//!
//! A server may refuse a name that ours could hold. The characters that are to blame then become
//! `=XX` and the names are mapped anew; all names are settled, for good, when the last one is made.

use std::collections::{HashSet, VecDeque};

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
        for names in plan.subscribe.chunks(AT_ONCE) {
            self.stopped()?;
            let commands = names.iter().map(Command::Subscribe);
            let results = self.clients.dest.run_all(commands, |_, _| {}).await;
            for (name, result) in names.iter().zip(results.on(Side::Dest)?) {
                match result {
                    Ok(_) => report.subscribed += 1,
                    Err(refused) => report.warnings.push(format!("{name}: {refused}")),
                }
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
        let wanted = plan.create.iter().filter(|name| !given_up.contains(*name));
        let mut left: VecDeque<MailboxName> = wanted.cloned().collect();
        let delimiter = prepared.surveys.dest.layout.delimiter;
        while !left.is_empty() {
            self.stopped()?;
            let names: Vec<MailboxName> = left.drain(..independent(&left, delimiter)).collect();
            let commands = names.iter().map(Command::create);
            let results = self.clients.dest.run_all(commands, |_, _| {}).await;
            let mut refused = Vec::new();
            for (name, result) in names.into_iter().zip(results.on(Side::Dest)?) {
                match result {
                    Ok(_) => report.created += 1,
                    Err(Error::Refused {
                        code: Some(Code::AlreadyExists),
                        ..
                    }) => {}
                    Err(error) => {
                        refused.push((name, error));
                        continue;
                    }
                }
                prepared.surveys.dest.note_made(name);
            }
            for (name, refused) in refused {
                if is_about_the_name(&refused) && prepared.learn(&name) {
                    tracing::info!("{name}: {refused}; trying it with escapes");
                    return Ok(Made::Learned);
                }
                report.warnings.push(format!("{name}: {refused}"));
                given_up.insert(name);
            }
        }
        Ok(Made::All)
    }
}

/// How many of these names can be made at once: none is below another, whose name may be refused and
/// then becomes another.
fn independent(names: &VecDeque<MailboxName>, delimiter: Option<u8>) -> usize {
    let mut before: HashSet<&[u8]> = HashSet::new();
    let is_below_one = |name: &MailboxName, before: &HashSet<&[u8]>| {
        let wire = name.as_wire();
        let ends = wire.iter().enumerate();
        let mut ends = ends.filter(|(_, byte)| Some(**byte) == delimiter);
        ends.any(|(end, _)| wire.get(..end).is_some_and(|above| before.contains(above)))
    };
    for (count, name) in names.iter().enumerate().take(AT_ONCE) {
        if is_below_one(name, &before) {
            return count;
        }
        before.insert(name.as_wire());
    }
    before.len()
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

/// Names between two looks at whether the user wants to end.
const AT_ONCE: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_are_made_before_their_children() {
        for (names, expected) in [
            (&["a", "b", "c"][..], 3),
            (&["a", "a/b"], 1),
            (&["a/b", "a/bc", "a/b/c/d"], 2),
            (&["a", "ab/c", "b", "b/x"], 3),
            (&["a.b", "a.b.c"], 2),
        ] {
            let name = |wire: &&str| MailboxName::from_wire(wire.as_bytes()).expect("plain");
            let names = names.iter().map(name).collect();
            assert_eq!(independent(&names, Some(b'/')), expected, "{names:?}");
        }
        let many: VecDeque<MailboxName> = (0..200)
            .map(|number| MailboxName::from_wire(number.to_string().as_bytes()).expect("plain"))
            .collect();
        assert_eq!(independent(&many, None), AT_ONCE);
    }
}
