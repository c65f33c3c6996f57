//! Quotas: RFC 9208 section 4.1.

use super::argument::{Atom, Text};
use super::encode::Encoder;

/// SETQUOTA: RFC 9208 section 4.1.3. What is not named has no limit afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetQuota<'a> {
    /// The quota root.
    pub root: Text<'a>,
    /// Resources, such as `STORAGE` and `MESSAGE`, with their limits.
    pub limits: &'a [(Atom<'a>, u64)],
}

impl SetQuota<'_> {
    pub(super) fn write(self, out: &mut Encoder) {
        out.raw(" ").astring(self.root).raw(" ");
        out.list(self.limits, |out, &(resource, limit)| {
            out.atom(resource).raw(" ").number(limit);
        });
    }
}
