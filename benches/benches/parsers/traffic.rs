//! What a server sends, made up in the same way each time: lines as Dovecot writes them.

use std::fmt::Write;

use crate::envelopes::write_fetch;

/// Bytes of a server, and where each response ends.
pub(crate) struct Traffic {
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
    pub(crate) ends: Vec<usize>,
}

impl Traffic {
    fn new(name: &'static str, count: u32, mut write: impl FnMut(&mut String, u32)) -> Self {
        let (mut text, mut ends) = (String::new(), Vec::new());
        for n in 1..=count {
            write(&mut text, n);
            ends.push(text.len());
        }
        let bytes = text.into_bytes();
        Self { name, bytes, ends }
    }

    /// One response after the other.
    pub(crate) fn responses(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(start, &end)| &self.bytes[start..end])
    }
}

/// The metadata pass over a large mailbox, with values that vary as they do in an old one.
pub(crate) fn metadata(messages: u32) -> Traffic {
    const FLAGS: [&str; 5] = [
        "\\Seen",
        "\\Seen",
        "",
        "\\Answered \\Seen",
        "\\Flagged \\Seen $Forwarded",
    ];
    Traffic::new(
        "FETCH (UID FLAGS INTERNALDATE RFC822.SIZE)",
        messages,
        |text, n| {
            let flags = FLAGS[n as usize % FLAGS.len()];
            let (uid, size) = (n * 3 + 17, 900 + n.wrapping_mul(2_654_435_761) % 60_000);
            let (day, year) = (n % 28 + 1, 2004 + n % 20);
            let month = MONTHS[n as usize % MONTHS.len()];
            let (hour, minute, second) = (n % 24, n * 7 % 60, n * 13 % 60);
            let _ = write!(
                text,
                "* {n} FETCH (UID {uid} FLAGS ({flags}) INTERNALDATE \"{day:02}-{month}-{year} \
             {hour:02}:{minute:02}:{second:02} +0200\" RFC822.SIZE {size})\r\n"
            );
        },
    )
}

/// What a mail reader asks for to show a list.
pub(crate) fn envelopes(messages: u32) -> Traffic {
    Traffic::new("FETCH (UID ENVELOPE BODYSTRUCTURE)", messages, write_fetch)
}

/// One plain SEARCH result.
pub(crate) fn search(uids: u32) -> Traffic {
    Traffic::new("SEARCH", 1, |text, _| {
        text.push_str("* SEARCH");
        for n in 1..=uids {
            let _ = write!(text, " {}", n * 3 + 17);
        }
        text.push_str("\r\n");
    })
}

/// Names as large installations have them.
pub(crate) fn names(count: u32) -> Traffic {
    Traffic::new("LIST", count, |text, n| {
        let attributes = [
            "\\HasNoChildren",
            "\\HasNoChildren \\UnMarked",
            "\\HasChildren",
        ][n as usize % 3];
        let _ = match n % 3 {
            0 => write!(text, "* LIST ({attributes}) \"/\" Archive/{n}\r\n"),
            _ => write!(
                text,
                "* LIST ({attributes}) \"/\" \"Archive/20{:02}/Project {n}\"\r\n",
                n % 25
            ),
        };
    })
}

/// Messages of 64 KB.
pub(crate) fn bodies(count: u32) -> Traffic {
    let body = body(64 << 10);
    let octets = body.len();
    Traffic::new("BODY[] of 64 KB", count, |text, n| {
        let _ = write!(
            text,
            "* {n} FETCH (UID {n} BODY[] {{{octets}}}\r\n{body})\r\n"
        );
    })
}

/// Text in lines of seventy characters.
pub(crate) fn body(octets: usize) -> String {
    let line = "Some seventy characters of text, which is what most lines of mail are.\r\n";
    let mut text = line.repeat(octets / line.len() + 1);
    text.truncate(octets);
    text
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
