//! What a destination always does with what it is sent, and how a message is known again afterwards.

use crate::corpus::Random;
use crate::server::{Alteration, Body, Fault, Rule};

/// What one destination makes of every message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Habits {
    /// Changes, one after the other.
    pub(super) alterations: Vec<Alteration>,
    /// A message that is there already is not stored again.
    pub(super) merges: bool,
    /// UIDs left out before each message.
    skips: u32,
}

impl Habits {
    /// Most destinations have none.
    pub(super) fn random(random: &mut Random) -> Self {
        let mut habits = Self::default();
        match random.below(12) {
            0 => habits.alterations.push(Alteration::CleanLines),
            1 => {
                let line = "X-Filtered: yes".to_owned();
                habits.alterations.push(Alteration::AddHeader(line));
            }
            2 => habits.merges = true,
            3 => habits.skips = 1 + random.below(3) as u32,
            _ => {}
        }
        habits
    }

    /// The rules that make a server have them.
    pub(super) fn rules(&self) -> Vec<Rule> {
        let mut faults: Vec<Fault> = self.alterations.iter().cloned().map(Fault::Alter).collect();
        if self.merges {
            faults.push(Fault::MergeIdentical);
        }
        if self.skips > 0 {
            faults.push(Fault::SkipUids(self.skips));
        }
        let rules = faults.into_iter();
        rules
            .map(|fault| Rule::new(fault).on_command("APPEND"))
            .collect()
    }

    /// What is stored of a message that is appended.
    pub(super) fn stored(&self, body: &Body) -> Body {
        let altered = self.alterations.iter();
        altered.fold(body.clone(), |body, alteration| match &body {
            Body::Bytes(octets) => alteration.apply(octets).into(),
            _ => body,
        })
    }

    /// Whether a message can be known again after all that: by its octets, or by a field and text.
    pub(super) fn can_be_known(&self, body: &Body) -> bool {
        let adds = |alteration: &Alteration| matches!(alteration, Alteration::AddHeader(_));
        let Body::Bytes(octets) = body else {
            return true;
        };
        let header = body.header();
        let header = header.to_ascii_lowercase();
        let has_field = FIELDS.iter().any(|field| {
            header
                .split(|&octet| octet == b'\n')
                .any(|line| line.starts_with(field))
        });
        !self.alterations.iter().any(adds) || (has_field && header.len() < octets.len())
    }

    /// What stays the same, whoever has stored it: the message as it was sent, as far as can be told.
    pub(super) fn essence(&self, body: &Body) -> Body {
        let altered = self.alterations.iter();
        altered.fold(body.clone(), |body, alteration| match (&body, alteration) {
            (Body::Bytes(octets), Alteration::AddHeader(line)) => {
                let line = [line.as_bytes(), b"\r\n"].concat();
                let sent = octets.strip_prefix(&line[..]).unwrap_or(octets);
                octets.slice_ref(sent).into()
            }
            (Body::Bytes(octets), alteration) => alteration.apply(octets).into(),
            _ => body,
        })
    }
}

/// Fields that tell messages apart.
const FIELDS: [&[u8]; 4] = [b"message-id:", b"subject:", b"from:", b"date:"];
