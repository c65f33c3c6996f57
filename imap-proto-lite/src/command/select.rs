//! Opening a mailbox: SELECT and EXAMINE of RFC 9051 section 6.3.2, with the parameters of RFC 7162.

use super::encode::Encoder;
use super::mailbox_name::MailboxName;
use crate::ids::{ModSeq, UidValidity};
use crate::uid_set::{SeqSet, UidSet};

/// A mailbox to be opened (RFC 9051 section 6.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Select<'a> {
    /// Which one.
    pub mailbox: &'a MailboxName,
    /// What else is wanted, where the server offers it.
    pub parameter: Option<SelectParameter<'a>>,
}

/// What SELECT can be asked besides (RFC 7162 section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelectParameter<'a> {
    /// `CONDSTORE`: mod-sequences with every FETCH (RFC 7162 section 3.1.8).
    CondStore,
    /// `QRESYNC`: what changed since then (RFC 7162 section 3.2.5).
    Qresync(Qresync<'a>),
}

/// What a client remembers of a mailbox: RFC 7162 section 3.2.5. QRESYNC must be enabled before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Qresync<'a> {
    /// The UIDVALIDITY that it knows.
    pub uid_validity: UidValidity,
    /// The highest mod-sequence that it knows; above zero.
    pub mod_seq: ModSeq,
    /// The UIDs that it knows, where not all below UIDNEXT.
    pub known_uids: Option<&'a UidSet>,
    /// Some message sequence numbers and their UIDs, as many, for servers that forget expunges.
    pub seq_match: Option<(&'a SeqSet, &'a UidSet)>,
}

impl<'a> From<&'a MailboxName> for Select<'a> {
    /// Without parameters.
    fn from(mailbox: &'a MailboxName) -> Self {
        Self {
            mailbox,
            parameter: None,
        }
    }
}

impl Select<'_> {
    pub(super) fn write(self, out: &mut Encoder) {
        out.raw(" ").mailbox(self.mailbox);
        match self.parameter {
            None => {}
            Some(SelectParameter::CondStore) => {
                out.raw(" (CONDSTORE)");
            }
            Some(SelectParameter::Qresync(known)) => known.write(out),
        }
    }
}

impl Qresync<'_> {
    fn write(self, out: &mut Encoder) {
        out.raw(" (QRESYNC (").number(u32::from(self.uid_validity));
        out.raw(" ").number(self.mod_seq.0);
        if let Some(uids) = self.known_uids {
            out.raw(" ").set(uids);
        }
        if let Some((numbers, uids)) = self.seq_match {
            out.raw(" (").set(numbers).raw(" ").set(uids).raw(")");
        }
        out.raw("))");
    }
}
