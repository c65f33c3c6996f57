//! What a user's account holds on a running Dovecot.

use std::io;

use super::Snapshot;
use crate::real::{Dovecot, MailFormat};

impl Snapshot {
    /// Reads a user's mail: the mail files themselves where the format has one a message, else through `doveadm`.
    pub fn of_dovecot(server: &Dovecot, user: &str) -> io::Result<Self> {
        match server.options().format {
            MailFormat::Maildir => Self::of_maildir(&server.mail_folder(user)),
            MailFormat::MaildirNested => Self::of_nested_maildir(&server.mail_folder(user)),
            MailFormat::Mdbox => Self::of_doveadm(server, user),
        }
    }
}
