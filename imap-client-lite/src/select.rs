//! Selecting a mailbox: RFC 9051 sections 6.3.2 and 6.3.3.

use imap_proto_lite::{Code, Command, FlagSet, MailboxName, Uid, UidValidity, Untagged};

use crate::client::{Ahead, Client};
use crate::error::Error;

/// What a server says of the mailbox that it has selected.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selected {
    /// Number of messages.
    pub exists: u32,
    /// The generation of its UIDs.
    pub uid_validity: Option<UidValidity>,
    /// The next UID; some servers do not say (Courier).
    pub uid_next: Option<Uid>,
    /// Flags that can be changed for good; `None` when the server does not say, which means all.
    pub permanent_flags: Option<FlagSet>,
    /// Whether new keywords can be made.
    pub new_keywords: bool,
}

impl Client {
    /// Opens a mailbox read-only: nothing on it can change by our reading.
    ///
    /// # Errors
    /// [`Error::Refused`] when there is no such mailbox.
    pub async fn examine(&mut self, mailbox: &MailboxName) -> Result<Selected, Error> {
        self.open(&Command::examine(mailbox)).await
    }

    /// Opens a mailbox for reading and writing.
    ///
    /// # Errors
    /// [`Error::Refused`] when there is no such mailbox.
    pub async fn select(&mut self, mailbox: &MailboxName) -> Result<Selected, Error> {
        self.open(&Command::select(mailbox)).await
    }

    /// Opens a mailbox for reading and writing, and asks for messages of it in the same breath.
    ///
    /// # Errors
    /// [`Error::Refused`] when there is no such mailbox, or the messages are refused.
    pub async fn select_and_fetch(
        &mut self,
        mailbox: &MailboxName,
        fetch: &Command<'_>,
        on: impl FnMut(&Untagged<'_>),
    ) -> Result<Selected, Error> {
        let select = self.ahead(&Command::select(mailbox))?;
        let fetch = self.ahead(fetch)?;
        let selected = self.opened(select).await;
        // Its answer comes in any case.
        let fetched = self.finish(fetch, on).await;
        let selected = selected?;
        fetched.map(|_| selected)
    }

    async fn open(&mut self, command: &Command<'_>) -> Result<Selected, Error> {
        let ahead = self.ahead(command)?;
        self.opened(ahead).await
    }

    async fn opened(&mut self, ahead: Ahead) -> Result<Selected, Error> {
        let mut selected = Selected {
            new_keywords: true,
            ..Selected::default()
        };
        self.finish(ahead, |untagged| match untagged {
            Untagged::Exists(exists) => selected.exists = *exists,
            Untagged::Status(status) => match status.code {
                Some(Code::UidValidity(value)) => selected.uid_validity = Some(value),
                Some(Code::UidNext(uid)) => selected.uid_next = Some(uid),
                Some(Code::PermanentFlags(flags)) => {
                    selected.new_keywords = flags.allows_new_keywords();
                    selected.permanent_flags = Some(FlagSet::from_flags(flags, |_| {}));
                }
                _ => {}
            },
            _ => {}
        })
        .await?;
        Ok(selected)
    }
}
