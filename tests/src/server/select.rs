//! SELECT and EXAMINE, and a session's view of its mailbox: what it has been told, and what it is told next.

use super::command::Command;
use super::flag::SYSTEM_FLAGS;
use super::mailbox::{Mailbox, Message};
use super::reply::Reply;
use super::session::Core;

/// May the session change the mailbox?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    ReadOnly,
    ReadWrite,
}

/// A selected mailbox as the client knows it.
#[derive(Debug)]
pub(super) struct Selected {
    pub(super) name: Vec<u8>,
    pub(super) access: Access,
    /// UIDs by message sequence number.
    pub(super) uids: Vec<u32>,
    /// Everything up to this mod-sequence has been told.
    pub(super) told_modseq: u64,
    recent_from: u32,
    condstore: bool,
    hides_new_mail: bool,
    identity: Identity,
}

/// Which mailbox stands under a name: another one may take its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    uidvalidity: u32,
    generation: u64,
}

impl Identity {
    const fn of(mailbox: &Mailbox) -> Self {
        Self {
            uidvalidity: mailbox.uidvalidity,
            generation: mailbox.generation,
        }
    }
}

pub(super) fn select(core: &mut Core, command: &Command, out: &mut Vec<u8>) -> Reply {
    let previous = core.selected.take();
    if previous.is_some() && core.profile.list_extended {
        out.extend_from_slice(b"* OK [CLOSED] Previous mailbox closed.\r\n");
    }
    if core.profile.id_required && !core.sent_id {
        return Reply::no("SELECT Unsafe Login. Please contact kefu@example.com for help");
    }
    let Some(name) = command.arguments.first().and_then(|name| name.text()) else {
        return Reply::bad("A mailbox name is missing");
    };
    let name = core.profile.hierarchy().normalise(name);
    let access = match command.name.as_str() {
        "EXAMINE" => Access::ReadOnly,
        _ => Access::ReadWrite,
    };
    let mut store = core.shared.store();
    let account = store.users.get_mut(core.user());
    let mailbox = account.and_then(|account| account.mailboxes.get_mut(&name));
    let Some(mailbox) = mailbox.filter(|mailbox| mailbox.is_selectable()) else {
        return Reply::no("[NONEXISTENT] Mailbox doesn't exist");
    };
    let previous = previous.filter(|previous| previous.name == name);
    let selected = Selected {
        uids: uids(mailbox, previous),
        name,
        access,
        told_modseq: mailbox.highest_modseq,
        recent_from: mailbox.first_recent,
        condstore: core.profile.condstore,
        hides_new_mail: core.profile.hides_new_mail,
        identity: Identity::of(mailbox),
    };
    if access == Access::ReadWrite {
        mailbox.first_recent = mailbox.uidnext;
    }
    describe(core, &selected, mailbox, out);
    drop(store);
    core.selected = Some(selected);
    Reply::ok(match access {
        Access::ReadOnly => "[READ-ONLY] Examine completed",
        Access::ReadWrite => "[READ-WRITE] Select completed",
    })
}

/// All UIDs of a mailbox. A session that has selected it before knows most of them, or even more.
fn uids(mailbox: &Mailbox, previous: Option<Selected>) -> Vec<u32> {
    let previous = previous.filter(|previous| previous.identity == Identity::of(mailbox));
    let mut uids = previous.map_or_else(Vec::new, |previous| previous.uids);
    let known = uids.last().copied().unwrap_or(0);
    let messages = &mailbox.messages;
    let first_new = messages.partition_point(|message| message.uid <= known);
    uids.extend(messages[first_new..].iter().map(|message| message.uid));
    if uids.len() != messages.len() {
        uids = messages.iter().map(|message| message.uid).collect();
    }
    uids
}

/// The untagged responses of SELECT.
fn describe(core: &Core, selected: &Selected, mailbox: &Mailbox, out: &mut Vec<u8>) {
    let mut say = |line: String| {
        out.extend_from_slice(b"* ");
        out.extend_from_slice(line.as_bytes());
        out.extend_from_slice(b"\r\n");
    };
    let mut flags = SYSTEM_FLAGS.map(str::to_owned).to_vec();
    flags.extend(mailbox.keywords());
    let flags = flags.join(" ");
    say(format!("FLAGS ({flags})"));
    say(format!("{} EXISTS", selected.uids.len()));
    say(format!("{} RECENT", selected.recent()));
    if !core.orders.no_uidvalidity {
        say(format!(
            "OK [UIDVALIDITY {}] UIDs valid",
            mailbox.uidvalidity
        ));
    }
    if core.profile.select_uidnext && !core.orders.no_uidnext {
        say(format!(
            "OK [UIDNEXT {}] Predicted next UID",
            mailbox.uidnext
        ));
    }
    let permanent = match (selected.access, core.profile.keywords) {
        (Access::ReadOnly, _) => String::new(),
        (Access::ReadWrite, true) => format!("{flags} \\*"),
        (Access::ReadWrite, false) => flags,
    };
    say(format!(
        "OK [PERMANENTFLAGS ({permanent})] Flags permitted."
    ));
    if core.profile.condstore {
        say(format!(
            "OK [HIGHESTMODSEQ {}] Highest",
            mailbox.highest_modseq
        ));
    }
}

impl Selected {
    fn recent(&self) -> usize {
        self.uids.len() - self.uids.partition_point(|&uid| uid < self.recent_from)
    }

    /// The flags of a message as this session sees them, `\Recent` included.
    pub(super) fn flags_of(&self, message: &Message) -> String {
        let mut flags = message.flags.join(" ");
        if message.uid >= self.recent_from {
            flags.push_str(if flags.is_empty() {
                "\\Recent"
            } else {
                " \\Recent"
            });
        }
        flags
    }

    /// Tells what others changed since the last time.
    fn announce(&mut self, mailbox: &Mailbox, allow_expunge: bool, out: &mut Vec<u8>) {
        let since = self.told_modseq;
        let mut put = |line: String| out.extend_from_slice(line.as_bytes());
        if mailbox.last_expunge > since {
            if !allow_expunge {
                return;
            }
            for place in self.vanished(mailbox) {
                self.uids.remove(place);
                put(format!("* {} EXPUNGE\r\n", place + 1));
            }
        }
        if mailbox.last_flag_change > since {
            for message in mailbox
                .messages
                .iter()
                .filter(|message| message.modseq > since)
            {
                if let Ok(place) = self.uids.binary_search(&message.uid) {
                    let flags = self.flags_of(message);
                    let modseq = match self.condstore {
                        true => format!(" MODSEQ ({})", message.modseq),
                        false => String::new(),
                    };
                    put(format!(
                        "* {} FETCH (UID {} FLAGS ({flags}){modseq})\r\n",
                        place + 1,
                        message.uid
                    ));
                }
            }
        }
        self.told_modseq = mailbox.highest_modseq;
        if self.hides_new_mail {
            return;
        }
        let known = self.uids.last().copied().unwrap_or(0);
        let first_new = mailbox
            .messages
            .partition_point(|message| message.uid <= known);
        if first_new < mailbox.messages.len() {
            self.uids.extend(
                mailbox.messages[first_new..]
                    .iter()
                    .map(|message| message.uid),
            );
            put(format!(
                "* {} EXISTS\r\n* {} RECENT\r\n",
                self.uids.len(),
                self.recent()
            ));
        }
    }

    /// Places of messages that no longer exist, the last first.
    fn vanished(&self, mailbox: &Mailbox) -> Vec<usize> {
        let mut left = mailbox
            .messages
            .iter()
            .map(|message| message.uid)
            .peekable();
        let mut vanished = Vec::new();
        for (place, &uid) in self.uids.iter().enumerate() {
            while left.next_if(|&there| there < uid).is_some() {}
            if left.next_if_eq(&uid).is_none() {
                vanished.push(place);
            }
        }
        vanished.reverse();
        vanished
    }
}

impl Core {
    /// Whether the selected mailbox is gone, or another one stands in its place.
    pub(super) fn lost_mailbox(&self) -> bool {
        let Some(selected) = &self.selected else {
            return false;
        };
        let store = self.shared.store();
        let account = store.users.get(self.user());
        let mailbox = account.and_then(|account| account.mailboxes.get(&selected.name));
        mailbox.is_none_or(|mailbox| {
            !mailbox.is_selectable() || Identity::of(mailbox) != selected.identity
        })
    }

    /// Untagged responses that are due at the end of a command; EXPUNGE not after FETCH, STORE and SEARCH.
    pub(super) fn announce(&mut self, command: &str, out: &mut Vec<u8>) {
        let Some(mut selected) = self.selected.take() else {
            return;
        };
        {
            let store = self.shared.store();
            let account = store.users.get(self.user());
            let mailbox = account.and_then(|account| account.mailboxes.get(&selected.name));
            let same = mailbox.filter(|mailbox| Identity::of(mailbox) == selected.identity);
            let changed = same.filter(|mailbox| mailbox.highest_modseq > selected.told_modseq);
            if let Some(mailbox) = changed {
                let allow_expunge = !matches!(command, "FETCH" | "STORE" | "SEARCH");
                selected.announce(mailbox, allow_expunge, out);
            }
        }
        self.selected = Some(selected);
    }
}
