//! What a test may choose about the Dovecot that it starts.

use std::io;

use super::{Namespace, ServerCertificate};

/// How a throw-away Dovecot is set up. The default: Maildir, `/`, no prefix, all capabilities.
#[derive(Clone, Debug)]
pub struct DovecotOptions {
    /// The mail store.
    pub format: MailFormat,
    /// Prefix and hierarchy separator.
    pub namespace: Namespace,
    /// `imap_capability`: replaces what the server shows before and after login. It hides only:
    /// a hidden command still works.
    pub capability: Option<String>,
    /// `mail_max_userip_connections`: one more gets `NO [LIMIT]` at LOGIN.
    pub max_connections: u32,
    /// What TLS clients are shown.
    pub certificate: ServerCertificate,
    /// Further lines of configuration; later lines win over those of the harness.
    pub extra_lines: Vec<String>,
}

/// Dovecot's mail store, and with it which names are possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailFormat {
    /// One file a message, all mailboxes in one folder: `.` cannot be in a name.
    Maildir,
    /// One file a message, mailboxes in nested folders: `.` can be in a name (given another separator).
    MaildirNested,
    /// Many messages a file; the fastest to append to.
    Mdbox,
}

impl DovecotOptions {
    /// The default but for the mail store.
    pub fn with_format(format: MailFormat) -> io::Result<Self> {
        Ok(Self {
            format,
            namespace: Namespace::slash(),
            capability: None,
            max_connections: 200,
            certificate: ServerCertificate::for_localhost()?,
            extra_lines: Vec::new(),
        })
    }

    /// The default but for prefix and separator.
    pub fn with_namespace(namespace: Namespace) -> io::Result<Self> {
        Ok(Self {
            namespace,
            ..Self::with_format(MailFormat::Maildir)?
        })
    }

    /// The default but for the capabilities shown.
    pub fn with_capability(capability: &str) -> io::Result<Self> {
        Ok(Self {
            capability: Some(capability.into()),
            ..Self::with_format(MailFormat::Maildir)?
        })
    }
}
