//! The parts of a body that stay the same when a server alters the rest: some header fields, and
//! the text behind the header. Taken from the canonical form.

/// Takes a canonical body in pieces.
#[derive(Debug, Default)]
pub(super) struct Parts {
    header: Vec<u8>,
    header_ended: bool,
    text: blake3::Hasher,
}

/// The identities of the parts.
pub(super) struct Identities {
    pub(super) text: Option<[u8; 32]>,
    pub(super) headers: Option<[u8; 32]>,
    pub(super) message_id: Option<String>,
}

impl Parts {
    /// The next octets.
    pub(super) fn update(&mut self, block: &[u8]) {
        if self.header_ended {
            self.text.update(block);
            return;
        }
        let searched = self.header.len().saturating_sub(END.len() - 1);
        self.header.extend_from_slice(block);
        let end = match self.header.starts_with(b"\r\n") {
            true => Some(0),
            false => find(&self.header, searched, END).map(|at| at + 2),
        };
        let end = end.unwrap_or(self.header.len()).min(LONGEST_HEADER);
        if end < self.header.len() {
            self.text.update(self.header.get(end..).unwrap_or_default());
            self.header.truncate(end);
            self.header_ended = true;
        }
    }

    pub(super) fn finish(self) -> Identities {
        // Without an empty line the text may begin right behind the fields.
        let (header, stray) = self.header.split_at(fields_end(&self.header));
        let mut fields = blake3::Hasher::new();
        let mut tells = !stray.is_empty() || self.text.count() > EMPTY_LINE;
        for name in FIELDS {
            let value = field(header, name).unwrap_or_default();
            tells |= !value.is_empty();
            fields.update(&value);
            fields.update(b"\n");
        }
        let fields = fields.finalize();
        let mut text = blake3::Hasher::new();
        text.update(fields.as_bytes());
        text.update(blake3::hash(stray).as_bytes());
        text.update(self.text.finalize().as_bytes());
        let message_id = field(header, "message-id")
            .and_then(|value| String::from_utf8(value).ok())
            .filter(|value| !value.is_empty());
        // What is common to many messages identifies none.
        Identities {
            text: tells.then(|| text.finalize().into()),
            headers: message_id.is_some().then(|| fields.into()),
            message_id,
        }
    }
}

/// Where the header's fields end: at the first line that is none.
fn fields_end(header: &[u8]) -> usize {
    let is_field = |line: &&[u8]| {
        let folded = matches!(line.first(), Some(b' ' | b'\t'));
        let name = line.split(|&byte| byte == b':').next().unwrap_or_default();
        let named = name.len() < line.len() && !name.is_empty();
        folded || (named && name.trim_ascii_end().iter().all(u8::is_ascii_graphic))
    };
    let lines = header.split_inclusive(|&byte| byte == b'\n');
    lines.take_while(is_field).map(<[u8]>::len).sum()
}

/// The first field of this name: unfolded, with single spaces.
fn field(header: &[u8], name: &str) -> Option<Vec<u8>> {
    let mut lines = header.split(|&byte| byte == b'\n');
    let mut value = lines.find_map(|line| {
        let (first, rest) = line.split_at_checked(name.len())?;
        let rest = rest.trim_ascii_start().strip_prefix(b":")?;
        first
            .eq_ignore_ascii_case(name.as_bytes())
            .then(|| rest.to_vec())
    })?;
    lines
        .take_while(|line| matches!(line.first(), Some(b' ' | b'\t')))
        .for_each(|line| value.extend_from_slice(line));
    let words = value
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty());
    Some(words.collect::<Vec<_>>().join(&b' '))
}

fn find(haystack: &[u8], from: usize, needle: &[u8]) -> Option<usize> {
    let mut windows = haystack.get(from..)?.windows(needle.len());
    windows
        .position(|window| window == needle)
        .map(|at| from + at)
}

/// What tells messages apart, and is not known to be rewritten.
const FIELDS: [&str; 4] = ["message-id", "date", "from", "subject"];
const END: &[u8] = b"\r\n\r\n";
/// Octets of the empty line before the text.
const EMPTY_LINE: u64 = 2;
/// What is longer counts as text from here on.
const LONGEST_HEADER: usize = 256 << 10;
