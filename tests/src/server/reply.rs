//! What a command ends with: its tagged response, or the end of the session.

use std::time::Duration;

use super::append::Batch;

/// A tagged response without its tag: status, optional code, text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reply(String);

impl Reply {
    pub(super) fn ok(text: impl AsRef<str>) -> Self {
        Self(format!("OK {}", text.as_ref()))
    }

    pub(super) fn no(text: impl AsRef<str>) -> Self {
        Self(format!("NO {}", text.as_ref()))
    }

    pub(super) fn bad(text: impl AsRef<str>) -> Self {
        Self(format!("BAD {}", text.as_ref()))
    }

    /// A response whose status a fault has written.
    pub(super) const fn verbatim(text: String) -> Self {
        Self(text)
    }

    /// As on the wire.
    pub(super) fn line(&self, tag: &str) -> String {
        format!("{tag} {}\r\n", self.0)
    }
}

/// What the session does after a command.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Answer, and go on.
    Reply(Reply),
    /// Answer, and close.
    Last(Reply),
    /// Say this and close, without a tagged response.
    Bye(String),
    /// Answer OK, then compress.
    Compress,
    /// Answer OK, then negotiate TLS.
    StartTls,
    /// Answer nothing; store these messages when the connection is gone.
    CommitLate(LateCommit),
}

impl From<Reply> for Outcome {
    fn from(reply: Reply) -> Self {
        Self::Reply(reply)
    }
}

/// Messages that are stored only after the connection is gone.
#[derive(Debug)]
pub(super) struct LateCommit {
    pub(super) after: Duration,
    pub(super) batch: Batch,
}

/// A mailbox name as a quoted string.
pub(super) fn quoted(name: &[u8]) -> Vec<u8> {
    let mut quoted = vec![b'"'];
    for &octet in name {
        if matches!(octet, b'"' | b'\\') {
            quoted.push(b'\\');
        }
        quoted.push(octet);
    }
    quoted.push(b'"');
    quoted
}
