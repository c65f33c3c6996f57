//! Commands as values: RFC 9051 section 6 and its extensions. What a value can hold, a command line
//! can carry, and nothing in it can end the line: names, texts and words are checked types.
//!
//! | File | Commands |
//! |---|---|
//! | `append.rs` | APPEND |
//! | `authenticate.rs` | LOGIN, AUTHENTICATE, DONE |
//! | `create.rs`, `list.rs`, `status.rs` | CREATE, LIST, LSUB, XLIST, STATUS |
//! | `select.rs`, `fetch.rs`, `section.rs`, `store.rs`, `messages.rs` | SELECT, EXAMINE, FETCH, STORE |
//! | `search.rs`, `search_key.rs`, `day.rs` | SEARCH, SORT, THREAD |
//! | `rights.rs`, `quota.rs`, `metadata.rs`, `notify.rs` | SETACL, SETQUOTA, GETMETADATA, NOTIFY and their like |
//! | `write.rs` | all that take a mailbox or nothing |

mod append;
mod argument;
mod authenticate;
mod create;
mod day;
mod encode;
mod fetch;
mod list;
mod mailbox_name;
mod messages;
mod metadata;
mod name;
mod notify;
mod quota;
mod rights;
mod search;
mod search_key;
mod section;
mod select;
mod status;
mod store;
mod write;

pub use append::{Append, AppendMessage, BodyForm};
pub use argument::{ArgumentError, Atom, Base64, Tag, Text};
pub use authenticate::{Authenticate, ClientLine, Login, SaslResponse};
pub use create::{Create, SpecialUse};
pub use day::Day;
pub use encode::{Literals, Segment};
pub use fetch::{FetchCommand, FetchItem, FetchModifier, Seen};
pub use list::{ListCommand, ListOld, ListReturn, ListSelection};
pub use mailbox_name::MailboxName;
pub use messages::{Messages, Numbering, PartialRange};
pub use metadata::{GetMetadata, MetadataDepth, SetMetadata};
pub use notify::{EventGroup, Notify, NotifyEvent, NotifyStatus, WatchedMailboxes};
pub use quota::SetQuota;
pub use rights::{AclEntry, Rights, SetAcl};
pub use search::{Search, SearchReturn, Sort, SortCriterion, SortKey, Thread};
pub use search_key::{SearchDate, SearchKey, SearchOrder, SearchText};
pub use section::{FetchSection, Octets, Part, SectionText};
pub use select::{Qresync, Select, SelectParameter};
pub use status::StatusItem;
pub use store::{Change, Store, StoreAnswer, StoreValues};

use crate::uid_set::UidSet;

/// A command, without its tag (RFC 9051 section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command<'a> {
    /// APPEND: RFC 9051 section 6.3.12.
    Append(Append<'a>),
    /// AUTHENTICATE: RFC 9051 section 6.2.2.
    Authenticate(Authenticate<'a>),
    /// CAPABILITY: RFC 9051 section 6.1.1.
    Capability,
    /// CHECK: RFC 3501 section 6.4.1.
    Check,
    /// CLOSE: RFC 9051 section 6.4.1; what is marked `\Deleted` goes.
    Close,
    /// COMPRESS DEFLATE: RFC 4978; after its OK both directions are deflated.
    Compress,
    /// COPY or UID COPY: RFC 9051 section 6.4.7.
    Copy(Messages<'a>, &'a MailboxName),
    /// CREATE: RFC 9051 section 6.3.4.
    Create(Create<'a>),
    /// DELETE: RFC 9051 section 6.3.5.
    Delete(&'a MailboxName),
    /// DELETEACL: RFC 4314 section 3.2.
    DeleteAcl(AclEntry<'a>),
    /// ENABLE: RFC 9051 section 6.3.1; one capability at least.
    Enable(&'a [Atom<'a>]),
    /// EXAMINE: RFC 9051 section 6.3.3.
    Examine(Select<'a>),
    /// EXPUNGE: RFC 9051 section 6.4.3.
    Expunge,
    /// FETCH or UID FETCH: RFC 9051 section 6.4.5.
    Fetch(FetchCommand<'a>),
    /// GETACL: RFC 4314 section 3.3.
    GetAcl(&'a MailboxName),
    /// GETMETADATA: RFC 5464 section 4.2.
    GetMetadata(GetMetadata<'a>),
    /// GETQUOTA of a quota root: RFC 9208 section 4.1.1.
    GetQuota(Text<'a>),
    /// GETQUOTAROOT: RFC 9208 section 4.1.2.
    GetQuotaRoot(&'a MailboxName),
    /// ID with fields and their values: RFC 2971; without any, NIL.
    Id(&'a [(Text<'a>, Option<Text<'a>>)]),
    /// IDLE: RFC 9051 section 6.3.13; [`ClientLine::Done`] ends it, once the server has said `+`.
    Idle,
    /// LIST: RFC 9051 section 6.3.9.
    List(ListCommand<'a>),
    /// LISTRIGHTS: RFC 4314 section 3.4.
    ListRights(AclEntry<'a>),
    /// LOGIN: RFC 9051 section 6.2.3.
    Login(Login<'a>),
    /// LOGOUT: RFC 9051 section 6.1.3.
    Logout,
    /// LSUB: RFC 3501 section 6.3.9.
    Lsub(ListOld<'a>),
    /// MOVE or UID MOVE: RFC 9051 section 6.4.8.
    Move(Messages<'a>, &'a MailboxName),
    /// MYRIGHTS: RFC 4314 section 3.5.
    MyRights(&'a MailboxName),
    /// NAMESPACE: RFC 9051 section 6.3.10.
    Namespace,
    /// NOOP: RFC 9051 section 6.1.2.
    Noop,
    /// NOTIFY: RFC 5465.
    Notify(Notify<'a>),
    /// RENAME: RFC 9051 section 6.3.6.
    Rename {
        /// The name that is.
        from: &'a MailboxName,
        /// The name that shall be.
        to: &'a MailboxName,
    },
    /// SEARCH or UID SEARCH: RFC 9051 section 6.4.4.
    Search(Search<'a>),
    /// SELECT: RFC 9051 section 6.3.2.
    Select(Select<'a>),
    /// SETACL: RFC 4314 section 3.1.
    SetAcl(SetAcl<'a>),
    /// SETMETADATA: RFC 5464 section 4.3.
    SetMetadata(SetMetadata<'a>),
    /// SETQUOTA: RFC 9208 section 4.1.3.
    SetQuota(SetQuota<'a>),
    /// SORT or UID SORT: RFC 5256.
    Sort(Sort<'a>),
    /// STARTTLS: RFC 9051 section 6.2.1.
    StartTls,
    /// STATUS: RFC 9051 section 6.3.11; one item at least.
    Status {
        /// Of which mailbox.
        mailbox: &'a MailboxName,
        /// What of it.
        items: &'a [StatusItem],
    },
    /// STORE or UID STORE: RFC 9051 section 6.4.6.
    Store(Store<'a>),
    /// SUBSCRIBE: RFC 9051 section 6.3.7.
    Subscribe(&'a MailboxName),
    /// THREAD or UID THREAD: RFC 5256.
    Thread(Thread<'a>),
    /// UID EXPUNGE: RFC 9051 section 6.4.9, RFC 4315 section 2.1.
    UidExpunge(&'a UidSet),
    /// UNAUTHENTICATE: RFC 8437.
    Unauthenticate,
    /// UNSELECT: RFC 9051 section 6.4.2; nothing is expunged.
    Unselect,
    /// UNSUBSCRIBE: RFC 9051 section 6.3.8.
    Unsubscribe(&'a MailboxName),
    /// XLIST: LIST with special uses, of Gmail before RFC 6154.
    Xlist(ListOld<'a>),
}

impl<'a> Command<'a> {
    /// CREATE, for nothing special.
    #[must_use]
    pub fn create(mailbox: &'a MailboxName) -> Self {
        Self::Create(mailbox.into())
    }

    /// EXAMINE without parameters.
    #[must_use]
    pub fn examine(mailbox: &'a MailboxName) -> Self {
        Self::Examine(mailbox.into())
    }

    /// SELECT without parameters.
    #[must_use]
    pub fn select(mailbox: &'a MailboxName) -> Self {
        Self::Select(mailbox.into())
    }

    /// FETCH or UID FETCH without modifiers.
    #[must_use]
    pub const fn fetch(messages: Messages<'a>, items: &'a [FetchItem<'a>]) -> Self {
        Self::Fetch(FetchCommand {
            messages,
            items,
            modifiers: &[],
        })
    }

    /// LIST without options and reference; a server without LIST-EXTENDED takes one pattern.
    #[must_use]
    pub const fn list(patterns: &'a [Text<'a>]) -> Self {
        Self::List(ListCommand {
            selection: &[],
            reference: Text::EMPTY,
            patterns,
            returns: &[],
        })
    }
}

#[cfg(test)]
mod tests;
