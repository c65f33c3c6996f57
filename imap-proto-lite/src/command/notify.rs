//! NOTIFY: RFC 5465, news of many mailboxes on one connection.

use super::encode::Encoder;
use super::fetch::FetchItem;
use super::mailbox_name::MailboxName;

/// NOTIFY: RFC 5465 section 3.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notify<'a> {
    /// `NONE`: no news any more.
    None,
    /// `SET`: these news and no others.
    Set {
        /// Whether the STATUS of each mailbox comes first.
        status: NotifyStatus,
        /// What is wanted of which mailboxes, one group at least.
        groups: &'a [EventGroup<'a>],
    },
}

/// Whether NOTIFY begins with the STATUS of each mailbox: RFC 5465 section 3.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotifyStatus {
    /// It does.
    First,
    /// It does not.
    Omitted,
}

/// Some mailboxes, and the news that are wanted of them (RFC 5465 section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventGroup<'a> {
    /// Which mailboxes.
    pub mailboxes: WatchedMailboxes<'a>,
    /// Which news; without any, `NONE`.
    pub events: &'a [NotifyEvent<'a>],
}

/// Mailboxes to be watched: RFC 5465 section 6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WatchedMailboxes<'a> {
    /// `SELECTED`: the selected one, whichever it is.
    Selected,
    /// `SELECTED-DELAYED`: the same, without EXPUNGE at odd times.
    SelectedDelayed,
    /// `INBOXES`: where new mail is delivered.
    Inboxes,
    /// `PERSONAL`: all of the personal namespaces.
    Personal,
    /// `SUBSCRIBED`: all that are subscribed.
    Subscribed,
    /// `SUBTREE`: these with all below them, one at least.
    Subtree(&'a [MailboxName]),
    /// `MAILBOXES`: these, one at least.
    Mailboxes(&'a [MailboxName]),
}

/// A kind of news: RFC 5465 section 5. `MessageNew` and `MessageExpunge` go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotifyEvent<'a> {
    /// `MessageNew`, with these items of each message, where the mailbox is selected.
    MessageNew(&'a [FetchItem<'a>]),
    /// `MessageExpunge`
    MessageExpunge,
    /// `FlagChange`
    FlagChange,
    /// `AnnotationChange`
    AnnotationChange,
    /// `MailboxName`: created, deleted, renamed.
    MailboxName,
    /// `SubscriptionChange`
    SubscriptionChange,
    /// `MailboxMetadataChange`
    MailboxMetadataChange,
    /// `ServerMetadataChange`
    ServerMetadataChange,
}

impl Notify<'_> {
    pub(super) fn write(self, out: &mut Encoder) {
        let Self::Set { status, groups } = self else {
            out.raw(" NONE");
            return;
        };
        out.raw(match status {
            NotifyStatus::First => " SET STATUS ",
            NotifyStatus::Omitted => " SET ",
        });
        out.spaced(groups, |out, group| group.write(out));
    }
}

impl EventGroup<'_> {
    fn write(&self, out: &mut Encoder) {
        self.mailboxes.write(out.raw("("));
        if self.events.is_empty() {
            out.raw(" NONE)");
        } else {
            let events = |out: &mut Encoder, event: &NotifyEvent<'_>| event.write(out);
            out.raw(" ").list(self.events, events).raw(")");
        }
    }
}

impl WatchedMailboxes<'_> {
    fn write(self, out: &mut Encoder) {
        let names = |out: &mut Encoder, name: &MailboxName| {
            out.mailbox(name);
        };
        match self {
            Self::Selected => out.raw("SELECTED"),
            Self::SelectedDelayed => out.raw("SELECTED-DELAYED"),
            Self::Inboxes => out.raw("INBOXES"),
            Self::Personal => out.raw("PERSONAL"),
            Self::Subscribed => out.raw("SUBSCRIBED"),
            Self::Subtree(mailboxes) => out.raw("SUBTREE ").list(mailboxes, names),
            Self::Mailboxes(mailboxes) => out.raw("MAILBOXES ").list(mailboxes, names),
        };
    }
}

impl NotifyEvent<'_> {
    fn write(&self, out: &mut Encoder) {
        match *self {
            Self::MessageNew([]) => out.raw("MessageNew"),
            Self::MessageNew(items) => out
                .raw("MessageNew ")
                .list(items, |out, item| item.write(out)),
            Self::MessageExpunge => out.raw("MessageExpunge"),
            Self::FlagChange => out.raw("FlagChange"),
            Self::AnnotationChange => out.raw("AnnotationChange"),
            Self::MailboxName => out.raw("MailboxName"),
            Self::SubscriptionChange => out.raw("SubscriptionChange"),
            Self::MailboxMetadataChange => out.raw("MailboxMetadataChange"),
            Self::ServerMetadataChange => out.raw("ServerMetadataChange"),
        };
    }
}
