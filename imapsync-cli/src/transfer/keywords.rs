//! Which keywords a destination mailbox takes: a refused keyword costs the keyword, never the
//! message, and not the order either.
//!
//! A keyword is *proven* when the mailbox lists it or has stored it. A message with an unproven one
//! travels alone: whole at first, then without each of its unproven keywords in turn, then without
//! all of them. What it is stored without is refused from then on.

use std::collections::HashSet;

use imap_client_lite::Selected;
use imap_client_lite::proto::FlagSet;

/// What a mailbox has shown about keywords. They compare without case.
#[derive(Debug, Default)]
pub(super) struct Keywords {
    proven: HashSet<String>,
    refused: HashSet<String>,
    closed: bool,
}

impl Keywords {
    /// Learns from a SELECT.
    pub(super) fn know(&mut self, selected: &Selected) {
        if let Some(permanent) = &selected.permanent_flags {
            self.prove(permanent);
            self.closed = !selected.new_keywords;
        }
    }

    /// Learns that a message was stored with these flags.
    pub(super) fn prove(&mut self, flags: &FlagSet) {
        self.proven
            .extend(flags.keywords().map(str::to_ascii_lowercase));
    }

    /// Learns that the mailbox takes none of these.
    pub(super) fn refuse(&mut self, words: &[Box<str>]) {
        self.refused
            .extend(words.iter().map(|word| word.to_ascii_lowercase()));
    }

    /// Takes out of `flags` what the mailbox does not take, and returns it.
    pub(super) fn strip(&self, flags: &mut FlagSet) -> Vec<Box<str>> {
        flags.split_keywords(|word| {
            let word = word.to_ascii_lowercase();
            self.proven.contains(&word) || (!self.closed && !self.refused.contains(&word))
        })
    }

    /// A trial for a message with unproven keywords; `None` where all are proven.
    pub(super) fn trial(&self, flags: &FlagSet) -> Option<Trial> {
        let unproven = |word: &&str| !self.proven.contains(&word.to_ascii_lowercase());
        let unproven: Vec<Box<str>> = flags.keywords().filter(unproven).map(Box::from).collect();
        (!unproven.is_empty()).then(|| Trial {
            whole: flags.clone(),
            unproven,
            step: 0,
        })
    }
}

/// The flag sets with which a message is tried, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trial {
    whole: FlagSet,
    unproven: Vec<Box<str>>,
    step: usize,
}

impl Trial {
    /// What this step leaves out.
    pub(super) fn left_out(&self) -> &[Box<str>] {
        match self.step {
            0 => &[],
            step if step == self.last_step() => &self.unproven,
            step => self.unproven.get(step - 1..step).unwrap_or_default(),
        }
    }

    /// The flags of this step.
    pub(super) fn flags(&self) -> FlagSet {
        let mut flags = self.whole.clone();
        flags.split_keywords(|word| !self.left_out().iter().any(|out| **out == *word));
        flags
    }

    /// All keywords on trial.
    pub(super) fn unproven(&self) -> &[Box<str>] {
        &self.unproven
    }

    /// The next step, if there is one.
    pub(super) fn next(mut self) -> Option<Self> {
        self.step += 1;
        (self.step <= self.last_step()).then_some(self)
    }

    /// One step for each keyword left out alone, unless that would be too many or is the same as
    /// leaving out all.
    const fn last_step(&self) -> usize {
        match self.unproven.len() {
            count @ 2..=MOST => count + 1,
            _ => 1,
        }
    }
}

/// More unproven keywords than this are left out together.
const MOST: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use imap_client_lite::proto::{Response, Untagged};

    fn flags(wire: &str) -> FlagSet {
        let line = format!("* FLAGS ({wire})\r\n");
        match Response::parse(line.as_bytes()) {
            Ok(Response::Untagged(Untagged::Flags(flags))) => FlagSet::from_flags(flags, |_| {}),
            other => panic!("{other:?}"),
        }
    }

    /// The flag sets of a trial, all refused.
    fn steps(keywords: &Keywords, wire: &str) -> Vec<String> {
        let mut trial = keywords.trial(&flags(wire));
        let mut steps = Vec::new();
        while let Some(now) = trial {
            steps.push(now.flags().to_string());
            trial = now.next();
        }
        steps
    }

    fn knowing(permanent: &str, new_keywords: bool) -> Keywords {
        let mut keywords = Keywords::default();
        let permanent_flags = Some(flags(permanent));
        keywords.know(&Selected {
            permanent_flags,
            new_keywords,
            ..Selected::default()
        });
        keywords
    }

    #[test]
    fn only_unproven_keywords_are_tried() {
        let mut keywords = knowing("\\Seen Old", true);
        assert_eq!(steps(&keywords, "\\Seen old"), [""; 0]);
        assert_eq!(
            steps(&keywords, "\\Seen Old new"),
            ["\\Seen Old new", "\\Seen Old"]
        );
        assert_eq!(
            steps(&keywords, "a b Old"),
            ["Old a b", "Old b", "Old a", "Old"]
        );
        keywords.prove(&flags("A b"));
        assert_eq!(steps(&keywords, "a B"), [""; 0]);
        assert_eq!(steps(&keywords, "c d e f g h i j k").len(), 2);
    }

    #[test]
    fn refused_keywords_are_left_out() {
        let mut keywords = knowing("old", true);
        keywords.refuse(&["Bad".into()]);
        let mut set = flags("\\Seen bad good old");
        assert_eq!(keywords.strip(&mut set), ["bad".into()]);
        assert_eq!(set.to_string(), "\\Seen good old");
        let mut set = flags("good Old");
        assert_eq!(knowing("old", false).strip(&mut set), ["good".into()]);
        let mut set = flags("good");
        assert!(
            Keywords::default().strip(&mut set).is_empty(),
            "a server that says nothing takes all"
        );
    }
}
