//! STORE: RFC 9051 section 6.4.6, with UNCHANGEDSINCE of RFC 7162 and Gmail's labels.

use super::argument::Text;
use super::encode::Encoder;
use super::messages::Messages;
use crate::flag::FlagSet;
use crate::ids::ModSeq;

/// STORE, or UID STORE where the messages are named by UIDs (RFC 9051 section 6.4.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Store<'a> {
    /// Which messages.
    pub messages: Messages<'a>,
    /// Only those that nobody changed since (RFC 7162 section 3.1.3).
    pub unchanged_since: Option<ModSeq>,
    /// What happens to the values.
    pub change: Change,
    /// The values.
    pub values: StoreValues<'a>,
    /// Whether the server tells the outcome.
    pub answer: StoreAnswer,
}

/// What happens to the values that are there already (RFC 9051 section 6.4.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// They go.
    Replace,
    /// `+`: they stay, and the new ones join them.
    Add,
    /// `-`: those that are named go.
    Remove,
}

/// What is stored (RFC 9051 section 6.4.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreValues<'a> {
    /// `FLAGS`
    Flags(&'a FlagSet),
    /// `X-GM-LABELS` (Gmail)
    GmailLabels(&'a [Text<'a>]),
}

/// Whether STORE is answered by FETCH responses (RFC 9051 section 6.4.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreAnswer {
    /// It is.
    Fetch,
    /// `.SILENT`: only where others change something, too.
    Silent,
}

impl Store<'_> {
    pub(super) fn write(self, out: &mut Encoder) {
        self.messages.write(out.raw(" "));
        if let Some(since) = self.unchanged_since {
            out.raw(" (UNCHANGEDSINCE ").number(since.0).raw(")");
        }
        out.raw(" ").raw(self.change.sign()).raw(match self.values {
            StoreValues::Flags(_) => "FLAGS",
            StoreValues::GmailLabels(_) => "X-GM-LABELS",
        });
        out.raw(match self.answer {
            StoreAnswer::Fetch => " ",
            StoreAnswer::Silent => ".SILENT ",
        });
        match self.values {
            StoreValues::Flags(flags) => out.flags(flags),
            StoreValues::GmailLabels(labels) => out.list(labels, |out, &label| {
                out.astring(label);
            }),
        };
    }
}

impl Change {
    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::Replace => "",
            Self::Add => "+",
            Self::Remove => "-",
        }
    }
}
