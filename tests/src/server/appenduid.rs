//! The APPENDUID response code (RFC 4315), right or wrong as ordered.

use super::mailbox::Mailbox;
use super::random::Random;
use super::sequence_set::compact;

/// A wrong APPENDUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendUidLie {
    /// UIDVALIDITY and UID change places.
    Swapped,
    /// A UIDVALIDITY that the mailbox never had.
    OtherValidity,
    /// UIDs that are too large by this much.
    Shifted(u32),
    /// UIDs that are too small by this much, and at least 1.
    Below(u32),
    /// This UID, whatever the message.
    Always(u32),
    /// The UID of another message in the mailbox, where there is one.
    Another {
        /// Decides which.
        seed: u64,
    },
    /// Any UID from 1 to some way above UIDNEXT.
    Random {
        /// Decides which.
        seed: u64,
    },
    /// One UID more than messages.
    TooMany,
    /// No APPENDUID at all.
    Missing,
}

/// The response code for messages that the mailbox just took, with a blank after it.
pub(super) fn code(lie: Option<AppendUidLie>, mailbox: &Mailbox, mut uids: Vec<u32>) -> String {
    let validity = mailbox.uidvalidity;
    match lie {
        None => {}
        Some(AppendUidLie::Missing) => return String::new(),
        Some(AppendUidLie::Swapped) => {
            return format!("[APPENDUID {} {validity}] ", compact(&uids));
        }
        Some(AppendUidLie::OtherValidity) => {
            let other = validity.wrapping_add(7);
            return format!("[APPENDUID {other} {}] ", compact(&uids));
        }
        Some(AppendUidLie::TooMany) => uids.extend(uids.last().map(|last| last + 1)),
        Some(lie) => uids
            .iter_mut()
            .for_each(|uid| *uid = lie.instead_of(*uid, mailbox)),
    }
    format!("[APPENDUID {validity} {}] ", compact(&uids))
}

impl AppendUidLie {
    /// The UID that is named for a message.
    fn instead_of(self, uid: u32, mailbox: &Mailbox) -> u32 {
        let random = |seed: u64| Random::new(seed ^ (u64::from(uid) << 32));
        match self {
            Self::Shifted(by) => uid.saturating_add(by),
            Self::Below(by) => uid.saturating_sub(by).max(1),
            Self::Always(uid) => uid,
            Self::Another { seed } => {
                let others = mailbox.messages.iter().map(|message| message.uid);
                let others: Vec<u32> = others.filter(|&other| other != uid).collect();
                match others.len() as u64 {
                    0 => uid,
                    count => others[random(seed).below(count) as usize],
                }
            }
            Self::Random { seed } => {
                let bound = u64::from(mailbox.uidnext) + 100;
                1 + random(seed).below(bound) as u32
            }
            Self::Swapped | Self::OtherValidity | Self::TooMany | Self::Missing => uid,
        }
    }
}
