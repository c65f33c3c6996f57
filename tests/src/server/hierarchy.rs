//! Mailbox names: INBOX, delimiter, prefix (RFC 9051 section 5.1). Names are raw wire octets.

/// How names are built: one delimiter, and the prefix of the personal namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hierarchy {
    /// The hierarchy delimiter.
    pub delimiter: u8,
    /// Prefix of the personal namespace; may be empty.
    pub prefix: Vec<u8>,
}

impl Hierarchy {
    /// A hierarchy with an ASCII delimiter.
    ///
    /// # Panics
    /// If the delimiter is not ASCII: a mistake in a test, not in input.
    pub fn new(delimiter: char, prefix: &str) -> Self {
        let delimiter = u8::try_from(delimiter).expect("delimiters are ASCII");
        Self {
            delimiter,
            prefix: prefix.as_bytes().to_vec(),
        }
    }

    /// The one spelling under which a name is stored: `inbox` and its children begin with `INBOX`.
    pub fn normalise(&self, name: &[u8]) -> Vec<u8> {
        let first = name.split(|&byte| byte == self.delimiter).next();
        match first {
            Some(segment) if segment.eq_ignore_ascii_case(b"INBOX") => {
                [b"INBOX", &name[segment.len()..]].concat()
            }
            _ => name.to_vec(),
        }
    }

    /// The names above this one, the topmost first.
    pub fn parents<'a>(&self, name: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        let delimiter = self.delimiter;
        let ends = name.iter().enumerate();
        ends.filter(move |&(_, &byte)| byte == delimiter)
            .map(|(end, _)| &name[..end])
    }

    /// Is `name` somewhere below `parent`?
    pub fn is_below(&self, name: &[u8], parent: &[u8]) -> bool {
        name.strip_prefix(parent)
            .is_some_and(|rest| rest.first() == Some(&self.delimiter))
    }

    /// Why a mailbox of this name cannot be created, if it cannot.
    pub fn objection(&self, name: &[u8]) -> Option<&'static str> {
        if !name.starts_with(&self.prefix) {
            return Some("Client tried to access nonexistent namespace");
        }
        if name
            .split(|&byte| byte == self.delimiter)
            .any(<[u8]>::is_empty)
        {
            return Some("Name has an empty part");
        }
        let printable = |byte: &u8| (0x20..0x7f).contains(byte);
        (!name.iter().all(printable)).then_some("Name is not valid modified UTF-7")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inbox_has_one_spelling() {
        let slash = Hierarchy::new('/', "");
        assert_eq!(slash.normalise(b"inBox"), b"INBOX");
        assert_eq!(slash.normalise(b"inbox/x"), b"INBOX/x");
        assert_eq!(slash.normalise(b"inboxes"), b"inboxes");
        assert_eq!(slash.normalise(b""), b"");
    }

    #[test]
    fn parents_come_topmost_first() {
        let parents: Vec<_> = Hierarchy::new('.', "").parents(b"a.b.c").collect();
        assert_eq!(parents, [&b"a"[..], b"a.b"]);
    }

    #[test]
    fn a_prefix_is_demanded() {
        let courier = Hierarchy::new('.', "INBOX.");
        assert!(courier.objection(b"Sent").is_some());
        assert!(courier.objection(b"INBOX.Sent").is_none());
        assert!(courier.objection(b"INBOX..Sent").is_some());
    }
}
