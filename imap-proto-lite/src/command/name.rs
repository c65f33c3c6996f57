//! What commands are called, on the wire and in messages.

use super::Command;

impl Command<'_> {
    /// The command's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Copy(messages, _) => messages.numbering().choose("UID COPY", "COPY"),
            Self::Fetch(fetch) => fetch.messages.numbering().choose("UID FETCH", "FETCH"),
            Self::Move(messages, _) => messages.numbering().choose("UID MOVE", "MOVE"),
            Self::Search(search) => search.numbering.choose("UID SEARCH", "SEARCH"),
            Self::Sort(sort) => sort.numbering.choose("UID SORT", "SORT"),
            Self::Store(store) => store.messages.numbering().choose("UID STORE", "STORE"),
            Self::Thread(thread) => thread.numbering.choose("UID THREAD", "THREAD"),
            _ => self.only_name(),
        }
    }

    /// The name of a command that has one form.
    const fn only_name(&self) -> &'static str {
        match self {
            Self::Append(_) => "APPEND",
            Self::Authenticate(_) => "AUTHENTICATE",
            Self::Capability => "CAPABILITY",
            Self::Check => "CHECK",
            Self::Close => "CLOSE",
            Self::Compress => "COMPRESS",
            Self::Copy(..) => "COPY",
            Self::Create(_) => "CREATE",
            Self::Delete(_) => "DELETE",
            Self::DeleteAcl(_) => "DELETEACL",
            Self::Enable(_) => "ENABLE",
            Self::Examine(_) => "EXAMINE",
            Self::Expunge => "EXPUNGE",
            Self::Fetch(_) => "FETCH",
            Self::GetAcl(_) => "GETACL",
            Self::GetMetadata(_) => "GETMETADATA",
            Self::GetQuota(_) => "GETQUOTA",
            Self::GetQuotaRoot(_) => "GETQUOTAROOT",
            Self::Id(_) => "ID",
            Self::Idle => "IDLE",
            Self::List(_) => "LIST",
            Self::ListRights(_) => "LISTRIGHTS",
            Self::Login(_) => "LOGIN",
            Self::Logout => "LOGOUT",
            Self::Lsub(_) => "LSUB",
            Self::Move(..) => "MOVE",
            Self::MyRights(_) => "MYRIGHTS",
            Self::Namespace => "NAMESPACE",
            Self::Noop => "NOOP",
            Self::Notify(_) => "NOTIFY",
            Self::Rename { .. } => "RENAME",
            Self::Search(_) => "SEARCH",
            Self::Select(_) => "SELECT",
            Self::SetAcl(_) => "SETACL",
            Self::SetMetadata(_) => "SETMETADATA",
            Self::SetQuota(_) => "SETQUOTA",
            Self::Sort(_) => "SORT",
            Self::StartTls => "STARTTLS",
            Self::Status { .. } => "STATUS",
            Self::Store(_) => "STORE",
            Self::Subscribe(_) => "SUBSCRIBE",
            Self::Thread(_) => "THREAD",
            Self::UidExpunge(_) => "UID EXPUNGE",
            Self::Unauthenticate => "UNAUTHENTICATE",
            Self::Unselect => "UNSELECT",
            Self::Unsubscribe(_) => "UNSUBSCRIBE",
            Self::Xlist(_) => "XLIST",
        }
    }

    /// Whether the command line carries a credential and must not be shown.
    #[must_use]
    pub const fn is_secret(&self) -> bool {
        matches!(self, Self::Login(_) | Self::Authenticate(_))
    }
}
