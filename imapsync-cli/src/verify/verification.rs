//! What a verification found, as data.

use std::collections::{BTreeMap, HashSet};

use imap_client_lite::proto::MailboxName;
use serde::Serialize;

use super::finding::{Finding, Kind, Weight};
use super::level::Level;
use crate::cli::Exit;
use crate::mapping::{Mapped, Path};
use crate::report::Capped;
use crate::side::Side;
use crate::survey::Survey;

/// What a verification found. Each list holds its first thousand, and the number of all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// How closely it looked.
    pub level: Level,
    /// Mailboxes of the source.
    pub mailboxes: u64,
    /// Messages on the source.
    pub messages: u64,
    /// Messages in the same mailboxes on the destination.
    pub dest_messages: u64,
    /// How many messages each kind is about, those that are explained left out.
    pub counts: BTreeMap<Kind, u64>,
    /// Missing or altered mail that nobody knew of.
    pub wrong: Capped<Finding>,
    /// What `sync` has said already, with its reason.
    pub explained: Capped<Finding>,
    /// Mail that only the destination holds.
    pub extra: Capped<Finding>,
    /// What changed while it was read, so that nothing can be said of it.
    pub unsettled: Capped<Finding>,
    /// Mailboxes that have another name on the destination.
    pub renamed: Capped<Renamed>,
    /// What happened meanwhile.
    pub notes: Capped<String>,
    /// Whether mail is not there, and `sync` has said so.
    #[serde(skip)]
    incomplete: bool,
}

/// A mailbox that has another name on the destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Renamed {
    /// Its name on the source.
    pub source: String,
    /// Its name on the destination.
    pub dest: String,
}

/// The result in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// All mail of the source is on the destination, as far as the level can see.
    Same,
    /// The same but for what the destination altered when it was copied.
    Explained,
    /// Mail is not there, and `sync` has said so.
    Incomplete,
    /// A mailbox changed while it was read.
    Unsettled,
    /// Missing or altered mail that nobody knew of.
    Differs,
}

/// What mail that only the destination holds means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extra {
    /// It is listed.
    Listed,
    /// It makes the verification fail.
    Counts,
}

impl Verification {
    pub(super) fn new(level: Level) -> Self {
        Self {
            level,
            mailboxes: 0,
            messages: 0,
            dest_messages: 0,
            counts: BTreeMap::new(),
            wrong: Capped::default(),
            explained: Capped::default(),
            extra: Capped::default(),
            unsettled: Capped::default(),
            renamed: Capped::default(),
            notes: Capped::default(),
            incomplete: false,
        }
    }

    pub(super) fn note(&mut self, finding: Finding) {
        if let Some(explanation) = &finding.explained {
            self.incomplete |= explanation.weight == Weight::Incomplete;
            self.explained.push(finding);
            return;
        }
        *self.counts.entry(finding.kind).or_default() += finding.messages;
        match finding.kind {
            Kind::Extra | Kind::ExtraMailbox => self.extra.push(finding),
            Kind::Vanished | Kind::Unsettled => self.unsettled.push(finding),
            _ => self.wrong.push(finding),
        }
    }

    pub(super) fn say(&mut self, note: String) {
        self.notes.push(note);
    }

    /// A mailbox that can have no name on the destination; `sync` says so each time.
    pub(super) fn note_unmapped(&mut self, path: &Path) {
        let mut finding = Finding::new(Kind::MissingMailbox);
        finding.mailbox = Some(path.to_string());
        finding.messages = 0;
        let reason = "no name on the destination can stand for it".to_owned();
        finding.explain(reason, Weight::Incomplete);
        self.note(finding);
    }

    /// A mailbox may have another name on the destination, besides delimiter and prefix.
    pub(super) fn note_name(&mut self, mailbox: &Mapped, dest: &Path) {
        if mailbox.path != *dest {
            self.renamed.push(Renamed {
                source: mailbox.source.to_string(),
                dest: mailbox.dest.to_string(),
            });
        }
    }

    pub(super) fn note_extra_mailboxes(&mut self, dest: &Survey, mapped: &[Mapped]) {
        let known: HashSet<&MailboxName> = mapped.iter().map(|one| &one.dest).collect();
        for one in dest
            .mailboxes
            .iter()
            .filter(|one| !known.contains(&one.name) && !one.name.is_inbox())
        {
            let messages = one.status.and_then(|status| status.messages);
            if let Some(messages) = messages.filter(|&count| count > 0) {
                let mut finding = Finding::new(Kind::ExtraMailbox);
                finding.dest_mailbox = Some(one.name.to_string());
                finding.messages = u64::from(messages);
                finding.order = usize::MAX;
                self.note(finding);
            }
        }
    }

    /// Puts what was found in the order of mailboxes and UIDs.
    pub(super) fn finish(&mut self) {
        for list in [
            &mut self.wrong,
            &mut self.explained,
            &mut self.extra,
            &mut self.unsettled,
        ] {
            let uid = |finding: &Finding| {
                let message = finding.source.as_ref().or(finding.dest.as_ref());
                message.map(|message| message.uid)
            };
            list.first
                .sort_by_key(|finding| (finding.order, finding.source.is_none(), uid(finding)));
        }
    }

    /// The result in one word; mail that only the destination has is left out.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        if !self.wrong.is_empty() {
            Verdict::Differs
        } else if !self.unsettled.is_empty() {
            Verdict::Unsettled
        } else if self.incomplete {
            Verdict::Incomplete
        } else if !self.explained.is_empty() {
            Verdict::Explained
        } else {
            Verdict::Same
        }
    }

    /// The exit code; extra mail counts when the user is strict.
    #[must_use]
    pub const fn exit(&self, extra: Extra) -> Exit {
        if matches!(extra, Extra::Counts) && !self.extra.is_empty() {
            return Exit::Differs;
        }
        match self.verdict() {
            Verdict::Differs => Exit::Differs,
            Verdict::Unsettled => Exit::Temporary,
            Verdict::Incomplete => Exit::Partial,
            Verdict::Explained | Verdict::Same => Exit::Complete,
        }
    }

    /// How many messages findings of these kinds are about.
    pub(super) fn count(&self, kinds: &[Kind]) -> u64 {
        let counts = kinds.iter().filter_map(|kind| self.counts.get(kind));
        counts.sum()
    }
}

impl Finding {
    /// Says in which mailbox it is.
    pub(super) fn of(&mut self, mailbox: &Mapped) {
        self.mailbox = Some(mailbox.source.to_string());
        self.dest_mailbox = Some(mailbox.dest.to_string());
    }

    /// Messages that a side has and did not hand out.
    pub(super) fn unread(side: Side, messages: u64) -> Self {
        Self {
            messages,
            note: Some(format!("the {side} has them and did not hand them out")),
            ..Self::new(Kind::Unread)
        }
    }
}
