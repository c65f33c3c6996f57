//! What is kept of a message that was read: hashes and a few words, never its body.

use std::cmp::Ordering;

use imap_client_lite::proto::Uid;

use super::level::Level;
use crate::transfer::{Digest, Envelope, Hasher};

/// One message on one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) uid: Uid,
    /// Level bodies: of all octets. Level headers: of the header fields that were asked for.
    pub(super) hash: [u8; 32],
    /// Level bodies: of the form in which servers store it.
    pub(super) form: Option<[u8; 32]>,
    /// Level bodies: of what stays when header fields are added; none where that tells nothing.
    pub(super) text: Option<[u8; 32]>,
    /// Of Message-ID, Date, From and Subject; none without a Message-ID.
    pub(super) fields: Option<[u8; 32]>,
    pub(super) octets: Option<u64>,
    /// Its internal date as an instant, in seconds since 1970.
    pub(super) date: Option<i64>,
    /// Its flags in lower case, sorted, separated by blanks.
    pub(super) flags: String,
    /// Those of them that no server could be sent.
    pub(super) unsendable: String,
    /// Fit to be shown.
    pub(super) message_id: Option<String>,
    /// Its UID on the destination by the ledger's word; that of a destination message is its own.
    pub(super) twin: Option<Uid>,
}

/// What records are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Hash,
    Form,
    Text,
    Fields,
    Octets,
    Date,
    Flags,
    Twin,
}

impl Record {
    /// From the metadata of a message and what was read of it.
    pub(super) fn new(level: Level, envelope: &Envelope, read: &[u8], hasher: Hasher) -> Self {
        let digest = match level {
            Level::Bodies => hasher.finish(),
            Level::Counts | Level::Headers => header_digest(read),
        };
        let all = envelope.flags.words();
        let unsendable = || envelope.unsendable.iter().map(String::as_str);
        let record = Self {
            uid: envelope.uid,
            hash: digest.exact,
            form: Some(digest.canonical),
            text: digest.text,
            fields: digest.headers,
            octets: Some(digest.octets),
            date: envelope.internal_date.map(|date| date.unix_seconds()),
            flags: sorted(all.chain(unsendable())),
            unsendable: sorted(unsendable()),
            message_id: digest.message_id.as_deref().map(shown),
            twin: None,
        };
        match level {
            Level::Bodies => record,
            Level::Counts | Level::Headers => Self {
                // What has none of these fields is told by size, date and flags.
                hash: digest.text.unwrap_or_default(),
                form: None,
                text: None,
                octets: envelope.octets,
                ..record
            },
        }
    }
}

impl Column {
    /// Its name in a table.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Hash => "hash",
            Self::Form => "form",
            Self::Text => "text",
            Self::Fields => "fields",
            Self::Octets => "octets",
            Self::Date => "date",
            Self::Flags => "flags",
            Self::Twin => "twin",
        }
    }

    /// In the order in which SQLite sorts: what is unknown comes first.
    pub(super) fn compare(self, one: &Record, other: &Record) -> Ordering {
        match self {
            Self::Hash => one.hash.cmp(&other.hash),
            Self::Form => one.form.cmp(&other.form),
            Self::Text => one.text.cmp(&other.text),
            Self::Fields => one.fields.cmp(&other.fields),
            Self::Octets => one.octets.cmp(&other.octets),
            Self::Date => one.date.cmp(&other.date),
            Self::Flags => one.flags.cmp(&other.flags),
            Self::Twin => one.twin.cmp(&other.twin),
        }
    }

    /// Whether two that are equal in it are so because of what is known.
    pub(super) const fn tells(self, record: &Record) -> bool {
        match self {
            Self::Form => record.form.is_some(),
            Self::Text => record.text.is_some(),
            Self::Fields => record.fields.is_some(),
            Self::Twin => record.twin.is_some(),
            Self::Hash | Self::Octets | Self::Date | Self::Flags => true,
        }
    }
}

/// Of the answer to HEADER.FIELDS: some servers leave out the empty line at its end.
fn header_digest(fields: &[u8]) -> Digest {
    let fields = fields.trim_ascii_end();
    let end: &[u8] = if fields.is_empty() {
        b"\r\n"
    } else {
        b"\r\n\r\n"
    };
    let mut hasher = Hasher::default();
    hasher.update(fields);
    hasher.update(end);
    hasher.finish()
}

/// Flags compare without case; so do keywords.
pub(super) fn sorted<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words = words.filter(|word| !word.is_empty());
    let mut words: Vec<String> = words.map(str::to_ascii_lowercase).collect();
    words.sort_unstable();
    words.dedup();
    words.join(" ")
}

/// A sender's words, made fit for a terminal, and not endless.
pub(super) fn shown(text: &str) -> String {
    let controls = |c: char| c.is_control() || is_invisible(c);
    let mut shown = String::new();
    for c in text.chars().take(LONGEST) {
        match controls(c) {
            true => shown.extend(c.escape_unicode()),
            false => shown.push(c),
        }
    }
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

/// Marks that change the direction or hide what stands beside them.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Characters of a field that are shown.
const LONGEST: usize = 250;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown_as_text() {
        assert_eq!(shown("<a\x1b[31m\u{9b}b@c>"), r"<a\u{1b}[31m\u{9b}b@c>");
        assert_eq!(shown("<\u{202e}é日>"), r"<\u{202e}é日>");
        assert_eq!(shown(&"x".repeat(9000)).chars().count(), LONGEST + 1);
    }

    #[test]
    fn header_fields_compare_by_their_values() {
        let one = b"Message-ID: <1@a>\r\nSubject: a\r\n b\r\n\r\n";
        let hash = |fields: &[u8]| header_digest(fields).text;
        for same in [
            &b"SUBJECT: a b\r\nmessage-id:   <1@a>\r\n\r\n"[..],
            b"Message-ID: <1@a>\r\nSubject: a b\r\n",
            b"Message-ID: <1@a>\nSubject: a b\n\n",
        ] {
            assert_eq!(hash(one), hash(same), "{}", same.escape_ascii());
        }
        assert_ne!(
            hash(one),
            hash(b"Message-ID: <1@a>\r\nSubject: a c\r\n\r\n")
        );
        assert_ne!(hash(one), hash(b"Subject: a b\r\n\r\n"));
        assert_eq!(hash(b"\r\n"), None);
    }
}
