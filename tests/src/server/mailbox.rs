//! One mailbox of the store: messages in UID order, and the counters that RFC 9051 section 2.3.1 asks for.

use std::time::Instant;

use super::body::Body;
use super::date::InternalDate;
use super::flag;
use super::keywords::Keywords;

/// A message in a mailbox.
#[derive(Clone, Debug)]
pub struct Message {
    /// Unique identifier, ascending within the mailbox.
    pub uid: u32,
    /// System flags and keywords, each once.
    pub flags: Vec<String>,
    /// Internal date, kept exactly.
    pub internal_date: InternalDate,
    /// The octets.
    pub body: Body,
    /// Mod-sequence of its last change.
    pub modseq: u64,
}

impl Message {
    /// Does it have this flag? Letter case does not count.
    pub fn has(&self, flag: &str) -> bool {
        flag::contains(&self.flags, flag)
    }
}

/// What is delivered into a mailbox: a message without the numbers that the mailbox gives it.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// System flags and keywords.
    pub flags: Vec<String>,
    /// Internal date.
    pub internal_date: InternalDate,
    /// The octets.
    pub body: Body,
}

impl Delivery {
    /// A message without flags, dated 2020-01-01.
    pub fn new(body: impl Into<Body>) -> Self {
        Self {
            flags: Vec::new(),
            internal_date: InternalDate::utc(1_577_836_800),
            body: body.into(),
        }
    }

    /// The same with these flags.
    #[must_use]
    pub fn flagged(mut self, flags: &[&str]) -> Self {
        self.flags = flags.iter().map(|&flag| flag.to_owned()).collect();
        self
    }

    /// The same with this internal date.
    #[must_use]
    pub fn dated(mut self, internal_date: InternalDate) -> Self {
        self.internal_date = internal_date;
        self
    }
}

/// How STORE changes flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagChange {
    /// `FLAGS`
    Replace,
    /// `+FLAGS`
    Add,
    /// `-FLAGS`
    Remove,
}

/// A mailbox; `messages` is sorted by UID.
#[derive(Clone, Debug)]
pub struct Mailbox {
    /// Changes when UIDs lose their meaning.
    pub uidvalidity: u32,
    /// The UID that the next message gets.
    pub uidnext: u32,
    /// `\Noselect`, `\Sent` and the like; what follows from the tree is computed.
    pub attributes: Vec<String>,
    /// Messages by ascending UID.
    pub messages: Vec<Message>,
    /// When messages came by APPEND, and how many at once.
    pub arrivals: Vec<(Instant, usize)>,
    /// Mod-sequence of the last change of anything.
    pub highest_modseq: u64,
    pub(super) keywords: Keywords,
    /// From this UID on messages are `\Recent` for the next session that selects.
    pub(super) first_recent: u32,
    /// Mod-sequences of the last change of each kind: sessions look only for what happened.
    pub(super) last_expunge: u64,
    pub(super) last_flag_change: u64,
    /// Grows when the mailbox is replaced as a whole: sessions that had selected it are lost.
    pub(super) generation: u64,
}

impl Mailbox {
    /// An empty mailbox.
    pub const fn new(uidvalidity: u32) -> Self {
        Self {
            uidvalidity,
            uidnext: 1,
            attributes: Vec::new(),
            messages: Vec::new(),
            arrivals: Vec::new(),
            highest_modseq: 1,
            keywords: Keywords::none(),
            first_recent: 1,
            last_expunge: 0,
            last_flag_change: 0,
            generation: 0,
        }
    }

    /// Can it hold messages?
    pub fn is_selectable(&self) -> bool {
        !flag::contains(&self.attributes, "\\Noselect")
    }

    /// Adds a message at the end and tells its UID.
    pub fn deliver(&mut self, delivery: Delivery) -> u32 {
        let uid = self.uidnext;
        self.uidnext += 1;
        self.highest_modseq += 1;
        let mut flags = delivery.flags;
        flag::dedup(&mut flags);
        self.keywords.add(&flags);
        self.messages.push(Message {
            uid,
            flags,
            internal_date: delivery.internal_date,
            body: delivery.body,
            modseq: self.highest_modseq,
        });
        uid
    }

    /// The message with this UID.
    pub fn message(&self, uid: u32) -> Option<&Message> {
        let place = self
            .messages
            .binary_search_by_key(&uid, |message| message.uid);
        self.messages.get(place.ok()?)
    }

    /// Changes flags of one message; nothing where there is no such UID.
    pub fn change_flags(&mut self, uid: u32, change: FlagChange, flags: &[String]) {
        let place = self
            .messages
            .binary_search_by_key(&uid, |message| message.uid);
        let Some(message) = place.ok().and_then(|place| self.messages.get_mut(place)) else {
            return;
        };
        let before = message.flags.clone();
        match change {
            FlagChange::Replace => message.flags = flags.to_vec(),
            FlagChange::Add => message.flags.extend_from_slice(flags),
            FlagChange::Remove => message.flags.retain(|flag| !flag::contains(flags, flag)),
        }
        flag::dedup(&mut message.flags);
        if message.flags != before {
            self.keywords.remove(&before);
            self.keywords.add(&message.flags);
            self.highest_modseq += 1;
            self.last_flag_change = self.highest_modseq;
            message.modseq = self.highest_modseq;
        }
    }

    /// Removes the messages that `doomed` picks, and tells how many these were.
    pub fn expunge(&mut self, mut doomed: impl FnMut(&Message) -> bool) -> usize {
        let before = self.messages.len();
        self.messages.retain(|message| {
            let goes = doomed(message);
            if goes {
                self.keywords.remove(&message.flags);
            }
            !goes
        });
        let removed = before - self.messages.len();
        if removed > 0 {
            self.highest_modseq += 1;
            self.last_expunge = self.highest_modseq;
        }
        removed
    }

    /// Every keyword in use, each once.
    pub fn keywords(&self) -> Vec<String> {
        self.keywords.in_use()
    }

    /// Takes all messages away, as if there had never been any.
    pub(super) fn clear(&mut self) {
        self.messages.clear();
        self.keywords = Keywords::none();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uids_are_never_given_twice() {
        let mut mailbox = Mailbox::new(1);
        assert_eq!(mailbox.deliver(Delivery::new(&b"a"[..])), 1);
        assert_eq!(mailbox.expunge(|message| message.uid == 1), 1);
        assert_eq!(mailbox.deliver(Delivery::new(&b"a"[..])), 2);
        assert!(mailbox.message(1).is_none() && mailbox.message(2).is_some());
    }

    #[test]
    fn flags_change_without_regard_to_case() {
        let mut mailbox = Mailbox::new(1);
        mailbox.deliver(Delivery::new(&b"a"[..]).flagged(&["\\Seen", "\\seen", "Key"]));
        let modseq = mailbox.highest_modseq;
        mailbox.change_flags(1, FlagChange::Add, &["KEY".to_owned()]);
        assert_eq!(mailbox.highest_modseq, modseq, "nothing changed");
        mailbox.change_flags(1, FlagChange::Remove, &["\\SEEN".to_owned()]);
        assert_eq!(mailbox.messages[0].flags, ["Key"]);
        assert!(mailbox.highest_modseq > modseq);
    }

    #[test]
    fn keywords_are_in_use_as_long_as_a_message_has_them() {
        let mut mailbox = Mailbox::new(1);
        mailbox.deliver(Delivery::new(&b"a"[..]).flagged(&["\\Seen", "b", "a"]));
        mailbox.deliver(Delivery::new(&b"a"[..]).flagged(&["b", "A"]));
        assert_eq!(mailbox.keywords(), ["A", "a", "b"]);
        mailbox.change_flags(1, FlagChange::Replace, &["c".to_owned()]);
        assert_eq!(mailbox.keywords(), ["A", "b", "c"]);
        mailbox.expunge(|message| message.uid == 2);
        assert_eq!(mailbox.keywords(), ["c"]);
    }
}
