//! How a server writes the names of the personal namespace: prefix and hierarchy delimiter.

use std::collections::BTreeSet;

use imap_client_lite::proto::{ArgumentError, MailboxName, mutf7};

use super::path::{INBOX, Path, segment_text};

/// A server's way to write names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    /// What personal names begin with, such as `INBOX.`; in wire form.
    pub prefix: Vec<u8>,
    /// The hierarchy delimiter; `None` where names are flat.
    pub delimiter: Option<u8>,
    /// Characters that the server has shown not to take in a name.
    pub refused: BTreeSet<char>,
}

impl Layout {
    /// Reads a wire name.
    #[must_use]
    pub fn read(&self, name: &MailboxName) -> Path {
        if name.is_inbox() {
            return Path::new(vec![INBOX.to_owned()]);
        }
        let wire = name.as_wire();
        if !self.prefix.is_empty()
            && let Some(below) = strip_prefix_of_names(wire, &self.prefix)
        {
            let segments = self.split(below);
            // A mailbox called INBOX below the prefix is not the INBOX.
            let shadow = segments
                .first()
                .is_some_and(|first| first.eq_ignore_ascii_case(INBOX));
            let root = shadow.then(|| INBOX.to_owned());
            return Path::new(root.into_iter().chain(segments).collect());
        }
        let mut segments = self.split(wire);
        if let Some(first) = segments.first_mut()
            && first.eq_ignore_ascii_case(INBOX)
        {
            *first = INBOX.to_owned();
        }
        Path::new(segments)
    }

    fn split(&self, wire: &[u8]) -> Vec<String> {
        match self.delimiter {
            Some(delimiter) => wire
                .split(|&byte| byte == delimiter)
                .map(segment_text)
                .collect(),
            None => vec![segment_text(wire)],
        }
    }

    /// Writes a path whose segments were made fit by [`Layout::fit`].
    ///
    /// # Errors
    /// When a segment holds what no name can.
    pub(super) fn write(
        &self,
        segments: &[String],
        in_inbox: bool,
    ) -> Result<MailboxName, ArgumentError> {
        if let [only] = segments
            && in_inbox
        {
            return MailboxName::from_wire(only.as_bytes());
        }
        let mut wire = if in_inbox {
            Vec::new()
        } else {
            self.prefix.clone()
        };
        for (index, segment) in segments.iter().enumerate() {
            if index > 0 {
                wire.extend(self.delimiter.or(Some(b'/')));
            }
            wire.extend(mutf7::encode(segment));
        }
        MailboxName::from_wire(wire)
    }

    /// Makes a segment one that this server can hold: its delimiter, controls and
    /// what it refused become `=XX`.
    pub(super) fn fit(&self, segment: &str) -> String {
        let delimiter = u32::from(self.delimiter.unwrap_or(b'/'));
        let unfit =
            |c: char| c.is_control() || u32::from(c) == delimiter || self.refused.contains(&c);
        if segment.is_empty() {
            return "=".to_owned();
        }
        if !segment.contains(unfit) {
            return segment.to_owned();
        }
        let mut fitted = String::with_capacity(segment.len() + 8);
        let mut rest = segment.chars();
        while let Some(c) = rest.next() {
            if unfit(c) || (c == '=' && looks_escaped(rest.as_str())) {
                let mut utf8 = [0; 4];
                c.encode_utf8(&mut utf8)
                    .bytes()
                    .for_each(|byte| fitted.push_str(&format!("={byte:02X}")));
            } else {
                fitted.push(c);
            }
        }
        fitted
    }
}

/// The characters for which a server may have refused to make a mailbox of this name: what is
/// neither a letter, a digit nor usual in names, and does not occur in a name that it took.
#[must_use]
pub fn suspects<'a>(refused: &Path, taken: impl Iterator<Item = &'a Path>) -> BTreeSet<char> {
    let characters = refused
        .segments()
        .iter()
        .flat_map(|segment| segment.chars());
    let unusual = |c: &char| !c.is_alphanumeric() && !matches!(c, ' ' | '-' | '_' | '=');
    let mut suspects: BTreeSet<char> = characters.filter(unusual).collect();
    for path in taken {
        suspects.retain(|c| !path.segments().iter().any(|segment| segment.contains(*c)));
    }
    suspects
}

/// What follows `prefix`; prefixes of INBOX compare without case.
fn strip_prefix_of_names<'a>(wire: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    let (head, below) = wire.split_at_checked(prefix.len())?;
    (head.eq_ignore_ascii_case(prefix) && !below.is_empty()).then_some(below)
}

fn looks_escaped(after_equals: &str) -> bool {
    let mut digits = after_equals.chars();
    let hex = |c: Option<char>| c.is_some_and(|c| c.is_ascii_hexdigit());
    hex(digits.next()) && hex(digits.next())
}
