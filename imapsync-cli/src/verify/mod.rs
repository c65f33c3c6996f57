//! A second opinion: both sides are read again and compared message by message.
//!
//! Shares the parser with the engine but not its belief: what is compared is what the servers hand
//! out. The ledger is asked for the names that it settled, and to explain what does not agree.

mod counts;
mod finding;
mod knowledge;
mod lane;
mod lanes;
mod level;
mod pairing;
mod read;
mod record;
mod table;
mod text;
mod verification;

use imap_client_lite::proto::MailboxName;

pub use finding::{Difference, Explanation, Finding, FoundMessage, Kind, Weight};
pub use level::Level;
pub use verification::{Extra, Renamed, Verdict, Verification};

use counts::compare_counts;
use knowledge::Knowledge;
use lane::survey;
use lanes::{Crew, Item};

use crate::account::{Account, AccountUrl};
use crate::error::Fault;
use crate::ledger::{Ledger, Place};
use crate::mapping::{Mapped, map_names};
use crate::plan::unmapped;
use crate::progress::Progress;
use crate::side::Both;
use crate::stop::Stop;
use crate::survey::Survey;
use crate::sync::Patience;

/// What to verify, and how.
#[derive(Debug)]
pub struct Job {
    /// Both accounts.
    pub accounts: Both<Account>,
    /// The ledger's file, for the names that it settled and for explanations.
    pub ledger: Place,
    /// How closely to look.
    pub level: Level,
    /// Connections to each side at most.
    pub connections: usize,
    /// How long to go on while connections fail.
    pub patience: Patience,
}

/// Reads both sides and compares.
///
/// # Errors
/// When a side cannot be read to its end.
pub async fn verify(job: &Job, mut stop: Stop) -> Result<Verification, Fault> {
    let comparing = compare(job);
    tokio::select! {
        biased;
        compared = comparing => compared,
        signal = stop.wait() => Err(Fault::Stopped(signal)),
    }
}

async fn compare(job: &Job) -> Result<Verification, Fault> {
    let ledger = Ledger::look(&job.ledger, &job.urls())?;
    let (source, dest) = tokio::try_join!(job.accounts.source.open(), job.accounts.dest.open())?;
    let mut clients = Both { source, dest };
    let surveys = survey(&mut clients).await?;
    let mapped = mapped(&surveys, &ledger)?;
    let knowledge = Knowledge::new(&ledger)?;
    let mut verification = Verification::new(job.level);
    note_names(&surveys, &mapped, &mut verification);
    let items = items(&surveys, &mapped, &knowledge, &mut verification)?;
    if job.level == Level::Counts {
        let counted = compare_counts(
            &mut clients,
            &surveys,
            &items,
            &knowledge,
            &mut verification,
        );
        counted.await?;
    } else {
        let progress = Progress::new(items.iter().map(|item| item.messages).sum());
        let crew = Crew::new(job, &knowledge, &progress, items, &mut verification);
        let worked = crew.work(clients).await;
        progress.end();
        clients = worked?;
    }
    verification.finish();
    let Both { source, dest } = clients;
    tokio::join!(source.logout(), dest.logout());
    Ok(verification)
}

impl Job {
    fn urls(&self) -> Both<AccountUrl> {
        Both {
            source: self.accounts.source.url.clone(),
            dest: self.accounts.dest.url.clone(),
        }
    }

    /// Connections to each side. Where both are on one server, it counts both.
    fn each_side(&self) -> usize {
        let Both { source, dest } = &self.accounts;
        let ends = 1 + usize::from(source.url.endpoint == dest.url.endpoint);
        (self.connections / ends).max(1)
    }
}

/// The names of all the source's mailboxes, as `sync` maps them.
fn mapped(surveys: &Both<Survey>, ledger: &Ledger) -> Result<Vec<Mapped>, Fault> {
    let Both { source, dest } = surveys;
    let names: Vec<MailboxName> = source
        .mailboxes
        .iter()
        .map(|one| one.name.clone())
        .collect();
    let settled = ledger.names()?;
    Ok(map_names(&names, &source.layout, &dest.layout, &settled))
}

/// Notes what is to be said of names: lost ones, other ones, and those that only the destination has.
fn note_names(surveys: &Both<Survey>, mapped: &[Mapped], verification: &mut Verification) {
    for path in unmapped(&surveys.source, mapped) {
        verification.note_unmapped(&path);
    }
    let selectable = |one: &&Mapped| surveys.source.status(&one.source).is_some();
    for one in mapped.iter().filter(selectable) {
        verification.note_name(one, &surveys.dest.layout.read(&one.dest));
    }
    verification.note_extra_mailboxes(&surveys.dest, mapped);
}

/// The mailboxes that are on both sides; notes those that the destination lacks.
fn items<'a>(
    surveys: &Both<Survey>,
    mapped: &'a [Mapped],
    knowledge: &Knowledge<'_>,
    verification: &mut Verification,
) -> Result<Vec<Item<'a>>, Fault> {
    let mut items = Vec::new();
    for (order, mailbox) in mapped.iter().enumerate() {
        let Some(status) = surveys.source.status(&mailbox.source) else {
            continue;
        };
        verification.mailboxes += 1;
        let messages = u64::from(status.messages.unwrap_or(0));
        if surveys.dest.status(&mailbox.dest).is_some() {
            items.push(Item {
                mailbox,
                messages,
                order,
            });
            continue;
        }
        let mut finding = Finding::new(Kind::MissingMailbox);
        finding.of(mailbox);
        finding.order = order;
        finding.messages = messages;
        verification.messages += messages;
        if knowledge.knows(&mailbox.source, &mailbox.dest)? {
            finding.note = Some("it was copied, and deleted or renamed there since".to_owned());
        }
        verification.note(finding);
    }
    Ok(items)
}
