//! QUOTA and QUOTAROOT responses: RFC 9208 section 4.2, RFC 2087.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::error::Parsed;
use crate::primitive::{Next, astring, atom, byte, next_in_list, no_sp, odd_number, sp};
use crate::response::words::astrings;
use crate::tolerance::Reading;

/// What a quota root uses and may use (RFC 9208 section 4.2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota<'a> {
    /// The quota root's name; often empty.
    pub root: Cow<'a, [u8]>,
    /// Its resources; none when nothing is limited.
    pub resources: Vec<QuotaResource<'a>>,
}

/// One limited resource of a quota root. A number that makes no sense is `None` (RFC 9208 section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotaResource<'a> {
    /// `STORAGE` (in units of 1024 octets), `MESSAGE`, `MAILBOX`, `ANNOTATION-STORAGE` or another.
    pub name: &'a [u8],
    /// What is used.
    pub usage: Option<u64>,
    /// The limit; some servers say 0 where there is none.
    pub limit: Option<u64>,
}

/// Which quota roots a mailbox is under (RFC 9208 section 4.2.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaRoot<'a> {
    /// The mailbox's name in wire form.
    pub mailbox: Cow<'a, [u8]>,
    /// The roots' names.
    pub roots: Vec<Cow<'a, [u8]>>,
}

impl<'a> Quota<'a> {
    /// The resource of this name; names compare case-insensitively.
    #[must_use]
    pub fn resource(&self, name: &str) -> Option<QuotaResource<'a>> {
        let mut resources = self.resources.iter().copied();
        resources.find(|one| one.name.eq_ignore_ascii_case(name.as_bytes()))
    }
}

/// `quota-response = "QUOTA" SP quota-root-name SP quota-list`, after the keyword and its space.
pub(crate) fn quota<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Quota<'a>> {
    let (rest, root) = astring(reading, input)?;
    let (rest, ()) = sp(reading, rest)?;
    let (rest, ()) = byte(b'(', "a list of resources", rest)?;
    let (mut rest, ()) = no_sp(reading, rest)?;
    let mut resources = Vec::new();
    if let Some(after) = rest.strip_prefix(b")") {
        return Ok((after, Quota { root, resources }));
    }
    loop {
        let (tail, resource) = quota_resource(reading, rest)?;
        resources.push(resource);
        match next_in_list(reading, tail)? {
            (next, Next::Element) => rest = next,
            (after, Next::End) => return Ok((after, Quota { root, resources })),
        }
    }
}

/// `quota-resource = resource-name SP resource-usage SP resource-limit`
fn quota_resource<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, QuotaResource<'a>> {
    let (rest, name) = atom(input)?;
    let (rest, ()) = sp(reading, rest)?;
    let (rest, usage) = odd_number(reading, rest)?;
    let (rest, ()) = sp(reading, rest)?;
    let (rest, limit) = odd_number(reading, rest)?;
    Ok((rest, QuotaResource { name, usage, limit }))
}

/// `quotaroot-response = "QUOTAROOT" SP mailbox *(SP quota-root-name)`, after the keyword and its space.
pub(crate) fn quota_root<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, QuotaRoot<'a>> {
    let (rest, mailbox) = astring(reading, input)?;
    let (rest, roots) = astrings(reading, rest)?;
    Ok((rest, QuotaRoot { mailbox, roots }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_of_real_servers() {
        for (wire, root, usage, limit) in [
            ("\"\" (STORAGE 10 512)", "", Some(10), Some(512)),
            (
                "user/a (MESSAGE 1 2 storage  7  0 )",
                "user/a",
                Some(7),
                Some(0),
            ),
            (
                "r (STORAGE 18446744073709551615 -1)",
                "r",
                Some(u64::MAX),
                None,
            ),
        ] {
            let (rest, quota) = quota(&Reading::lenient(), wire.as_bytes()).expect(wire);
            assert!(rest.is_empty(), "{wire}");
            let storage = quota.resource("STORAGE").expect(wire);
            assert_eq!(quota.root.as_ref(), root.as_bytes());
            assert_eq!((storage.usage, storage.limit), (usage, limit), "{wire}");
        }
        let (_, empty) = quota(&Reading::lenient(), b"\"\" ()").expect("no limits");
        assert!(empty.resources.is_empty());
    }

    #[test]
    fn roots_of_a_mailbox() {
        let (_, found) = quota_root(&Reading::lenient(), b"INBOX \"\" {1}\r\na").expect("two");
        assert_eq!(
            (found.mailbox.as_ref(), found.roots.len()),
            (&b"INBOX"[..], 2)
        );
        let (_, found) = quota_root(&Reading::lenient(), b"comp.mail.mime").expect("none");
        assert!(found.roots.is_empty());
    }

    #[test]
    fn what_is_no_quota_is_refused() {
        for wire in [
            "",
            "r",
            "r (",
            "r (STORAGE)",
            "r (STORAGE 1)",
            "r (STORAGE 1 2",
        ] {
            assert!(
                quota(&Reading::lenient(), wire.as_bytes()).is_err(),
                "{wire}"
            );
        }
        assert!(quota_root(&Reading::lenient(), b"").is_err());
    }
}
