//! Wishes as commands: the small types.

use imap_proto_lite::command::{
    AclEntry, Atom, Base64, Change, Command, FetchModifier, ListOld, MetadataDepth, PartialRange,
    Rights, SearchReturn, SortCriterion, SortKey, SpecialUse, Text,
};
use imap_proto_lite::{MailboxName, Messages, ModSeq, SeqNumber, SeqSet, Uid, UidSet};
use std::num::NonZeroU32;

use super::{
    Bare, Changed, Coded, Depth, Entry, Found, Letters, Line, Modifier, Old, OneMailbox, Order,
    Set, Use, Which, Word,
};

impl Line {
    pub(super) fn text(&self) -> Text<'_> {
        Text::new(&self.0).expect("checked")
    }
}

impl Word {
    pub(super) fn atom(&self) -> Atom<'_> {
        Atom::new(&self.0).expect("checked")
    }
}

impl Coded {
    pub(super) fn base64(&self) -> Base64<'_> {
        Base64::new(&self.0).expect("checked")
    }
}

impl Letters {
    pub(super) fn rights(&self) -> Rights<'_> {
        Rights::new(&self.0).expect("checked")
    }
}

impl Set {
    pub(super) fn uids(&self) -> UidSet {
        let Self(first, others) = self;
        let mut set = UidSet::one(uid(*first));
        others.iter().for_each(|other| set.insert(uid(*other)));
        set
    }

    pub(super) fn sequence(&self) -> SeqSet {
        let Self(first, others) = self;
        let all = others.iter().chain([first]).map(|number| seq(*number));
        SeqSet::collect(all).expect("one at least")
    }
}

fn uid(number: NonZeroU32) -> Uid {
    Uid::new(number.get()).expect("above zero")
}

fn seq(number: NonZeroU32) -> SeqNumber {
    SeqNumber::new(number.get()).expect("above zero")
}

/// Lends the messages.
pub(super) fn with_messages(which: &Which, then: impl FnOnce(Messages<'_>)) {
    match which {
        Which::Uids(set) => then(Messages::Uids(&set.uids())),
        Which::UidsFrom(first) => then(Messages::UidsFrom(uid(*first))),
        Which::SavedUids => then(Messages::SavedUids),
        Which::Sequence(set) => then(Messages::Sequence(&set.sequence())),
        Which::Range(first, last) => then(Messages::SequenceRange {
            first: seq(*first),
            last: seq(*last),
        }),
        Which::SequenceFrom(first) => then(Messages::SequenceFrom(seq(*first))),
        Which::Saved => then(Messages::Saved),
    }
}

impl Bare {
    pub(super) fn command(self) -> Command<'static> {
        match self {
            Self::Capability => Command::Capability,
            Self::Check => Command::Check,
            Self::Close => Command::Close,
            Self::Compress => Command::Compress,
            Self::Expunge => Command::Expunge,
            Self::Idle => Command::Idle,
            Self::Logout => Command::Logout,
            Self::Namespace => Command::Namespace,
            Self::Noop => Command::Noop,
            Self::StartTls => Command::StartTls,
            Self::Unauthenticate => Command::Unauthenticate,
            Self::Unselect => Command::Unselect,
        }
    }
}

impl OneMailbox {
    pub(super) fn command(self, name: &MailboxName) -> Command<'_> {
        match self {
            Self::Delete => Command::Delete(name),
            Self::Examine => Command::examine(name),
            Self::GetAcl => Command::GetAcl(name),
            Self::GetQuotaRoot => Command::GetQuotaRoot(name),
            Self::MyRights => Command::MyRights(name),
            Self::Subscribe => Command::Subscribe(name),
            Self::Unsubscribe => Command::Unsubscribe(name),
        }
    }
}

impl Entry {
    pub(super) fn command(self, entry: AclEntry<'_>) -> Command<'_> {
        match self {
            Self::DeleteAcl => Command::DeleteAcl(entry),
            Self::ListRights => Command::ListRights(entry),
        }
    }
}

impl Old {
    pub(super) fn command(self, list: ListOld<'_>) -> Command<'_> {
        match self {
            Self::Lsub => Command::Lsub(list),
            Self::Xlist => Command::Xlist(list),
        }
    }
}

impl Order {
    pub(super) fn criterion(self) -> SortCriterion {
        match self {
            Self::ArrivalUp => SortCriterion::Ascending(SortKey::Arrival),
            Self::SizeDown => SortCriterion::Descending(SortKey::Size),
        }
    }
}

impl Use {
    pub(super) fn special_use(self) -> SpecialUse {
        match self {
            Self::All => SpecialUse::All,
            Self::Sent => SpecialUse::Sent,
        }
    }
}

impl Depth {
    pub(super) fn depth(self) -> MetadataDepth {
        match self {
            Self::Zero => MetadataDepth::Zero,
            Self::One => MetadataDepth::One,
            Self::Infinity => MetadataDepth::Infinity,
        }
    }
}

impl Changed {
    pub(super) fn change(self) -> Change {
        match self {
            Self::Replace => Change::Replace,
            Self::Add => Change::Add,
            Self::Remove => Change::Remove,
        }
    }
}

impl Found {
    pub(super) fn search_return(self) -> SearchReturn {
        match self {
            Self::Min => SearchReturn::Min,
            Self::Save => SearchReturn::Save,
            Self::Partial(first, last) => {
                SearchReturn::Partial(PartialRange::FromFirst { first, last })
            }
        }
    }
}

impl Modifier {
    pub(super) fn modifier(self) -> FetchModifier {
        match self {
            Self::ChangedSince(since) => FetchModifier::ChangedSince(ModSeq(since)),
            Self::Vanished(since) => FetchModifier::ChangedSinceVanished(ModSeq(since)),
            Self::Partial(first, last) => {
                FetchModifier::Partial(PartialRange::FromLast { first, last })
            }
        }
    }
}
