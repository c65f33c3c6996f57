//! What a server sent back for one command, literals included, as raw bytes.

use std::io;

/// How the tagged response answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// `OK`
    Ok,
    /// `NO`
    No,
    /// `BAD`
    Bad,
}

/// Everything that a server sent for one command.
#[derive(Clone, Debug)]
pub struct RawReply {
    /// Untagged responses: the lines without their last CRLF, with the literals inside them.
    pub untagged: Vec<Vec<u8>>,
    /// The tagged response's status.
    pub status: Status,
    /// The tagged response's text, after the status.
    pub text: String,
}

impl RawReply {
    /// The reply itself when it is OK, else an error that shows the server's words.
    pub fn ok(self, command: &str) -> io::Result<Self> {
        match self.status {
            Status::Ok => Ok(self),
            Status::No | Status::Bad => Err(io::Error::other(format!(
                "{command}: {:?} {}",
                self.status, self.text
            ))),
        }
    }

    /// The untagged responses as text, for tests that look at ASCII answers.
    pub fn lines(&self) -> Vec<String> {
        self.untagged
            .iter()
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .collect()
    }
}

/// `tag SP status SP text` without the tag.
pub(super) fn tagged(rest: &str) -> io::Result<(Status, String)> {
    let (word, text) = rest.split_once(' ').unwrap_or((rest, ""));
    let status = match word {
        "OK" => Status::Ok,
        "NO" => Status::No,
        "BAD" => Status::Bad,
        other => return Err(io::Error::other(format!("no status: {other:?}"))),
    };
    Ok((status, text.to_owned()))
}

/// The length that a line announces at its end: `{n}`.
pub(super) fn announced_literal(line: &[u8]) -> Option<usize> {
    let inner = line.strip_suffix(b"}")?;
    let open = inner.iter().rposition(|byte| *byte == b'{')?;
    std::str::from_utf8(&inner[open + 1..]).ok()?.parse().ok()
}
