//! Capability lists: RFC 9051 sections 6.1.1 and 7.2.2.

use crate::chars::is_strict_atom_char;
use crate::error::Parsed;
use crate::primitive::no_sp;
use crate::quirk::Quirk;
use crate::tolerance::Reading;

/// Capability names in wire form, read as they are walked; ENABLED has the same shape (RFC 9051 section 7.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capabilities<'a>(pub(crate) &'a [u8]);

impl<'a> Capabilities<'a> {
    /// The names as the server wrote them. A list that lacks `IMAP4rev1` or ends early is no error.
    pub fn iter(self) -> impl Iterator<Item = &'a str> {
        let words = self
            .0
            .split(|&byte| byte == b' ')
            .filter(|word| !word.is_empty());
        words.filter_map(|word| core::str::from_utf8(word).ok())
    }

    /// What stands behind `key=`, once for each time that it is there: `values("AUTH")` gives
    /// `PLAIN` and `XOAUTH2`. Others with values are `SORT`, `THREAD`, `STATUS`, `CONTEXT`, `QUOTA` (such as
    /// `RES-STORAGE`), `COMPRESS`, `RIGHTS`, `I18NLEVEL`, `URLAUTH`, `UTF8`, `SEARCH`.
    pub fn values(self, key: &str) -> impl Iterator<Item = &'a str> {
        self.iter().filter_map(move |name| {
            let (known, value) = name.split_once('=')?;
            known.eq_ignore_ascii_case(key).then_some(value)
        })
    }

    /// What one appended message may measure in octets in every mailbox, `APPENDLIMIT=n`. Without a
    /// number each mailbox has its own, which STATUS tells: RFC 7889 section 3.
    #[must_use]
    pub fn append_limit(self) -> Option<u64> {
        self.values("APPENDLIMIT").find_map(|n| n.parse().ok())
    }

    /// How many messages one command may be about, `MESSAGELIMIT=n`: RFC 9738.
    #[must_use]
    pub fn message_limit(self) -> Option<u32> {
        self.values("MESSAGELIMIT").find_map(|n| n.parse().ok())
    }

    /// The same for commands that save messages only, `SAVELIMIT=n`: RFC 9738.
    #[must_use]
    pub fn save_limit(self) -> Option<u32> {
        self.values("SAVELIMIT").find_map(|n| n.parse().ok())
    }

    /// Whether the list has `name`; names compare case-insensitively.
    #[must_use]
    pub fn has(self, name: &str) -> bool {
        self.iter().any(|known| known.eq_ignore_ascii_case(name))
    }
}

/// `capability *(SP capability)`, up to the end of the input.
pub(crate) fn capability_list<'a>(
    reading: &Reading,
    input: &'a [u8],
) -> Parsed<'a, Capabilities<'a>> {
    let mut rest = no_sp(reading, input)?.0;
    let list = Capabilities(rest);
    while !rest.is_empty() {
        let end = memchr::memchr(b' ', rest).unwrap_or(rest.len());
        let (name, tail) = rest.split_at(end);
        if !name.iter().all(|&byte| is_strict_atom_char(byte)) {
            reading.accept(Quirk::OddCapability, rest, "a capability that is an atom")?;
        }
        let next = tail.strip_prefix(b" ").unwrap_or(tail);
        if next.is_empty() && !tail.is_empty() {
            reading.accept(Quirk::ExtraBlanks, tail, "no more spaces")?;
        }
        rest = no_sp(reading, next)?.0;
    }
    Ok((rest, list))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capabilities_that_carry_a_value() {
        let wire = "IMAP4rev1 auth=PLAIN AUTH=XOAUTH2 APPENDLIMIT=35651584 MESSAGELIMIT=1000 \
                    QUOTA=RES-STORAGE QUOTA=RES-MESSAGE STATUS=SIZE RIGHTS=texk SORT SORT=DISPLAY";
        let all = Capabilities(wire.as_bytes());
        assert_eq!(all.values("AUTH").collect::<Vec<_>>(), ["PLAIN", "XOAUTH2"]);
        assert_eq!(all.append_limit(), Some(35_651_584));
        assert_eq!((all.message_limit(), all.save_limit()), (Some(1000), None));
        assert_eq!(all.values("quota").count(), 2);
        assert_eq!(all.values("RIGHTS").next(), Some("texk"));
        assert_eq!(all.values("SORT").collect::<Vec<_>>(), ["DISPLAY"]);
        for wire in [
            "APPENDLIMIT",
            "APPENDLIMIT=",
            "APPENDLIMIT=-1",
            "APPENDLIMITS=1",
        ] {
            assert_eq!(Capabilities(wire.as_bytes()).append_limit(), None, "{wire}");
        }
    }
}
