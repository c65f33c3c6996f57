//! The faults of one command, put together: what the handlers look at.

use std::time::Duration;

use super::appenduid::AppendUidLie;
use super::fault::{Fault, HangUp};
use super::operation::Operation;
use super::storing::Storing;

/// How this one command is to go wrong; by default it does not.
#[derive(Clone, Debug, Default)]
pub(super) struct Orders {
    pub(super) refuse: Option<String>,
    pub(super) refuse_early: Option<String>,
    pub(super) refuse_after_data: Option<String>,
    pub(super) refuse_batch: Option<RefuseBatch>,
    pub(super) bye: Option<String>,
    pub(super) delay: Duration,
    pub(super) response_delay: Duration,
    pub(super) cut_before_reply: bool,
    pub(super) commit_late: Option<(Duration, HangUp)>,
    pub(super) size_off: i64,
    pub(super) internal_date: Option<String>,
    pub(super) body_first: bool,
    pub(super) no_uidvalidity: bool,
    pub(super) no_uidnext: bool,
    pub(super) appenduid: Option<AppendUidLie>,
    pub(super) storing: Storing,
    pub(super) meanwhile: Vec<Operation>,
}

/// A batch of more messages than `over` is refused with this text, but the first `keeps` stay.
#[derive(Clone, Debug)]
pub(super) struct RefuseBatch {
    pub(super) over: usize,
    pub(super) keeps: usize,
    pub(super) text: String,
}

impl FromIterator<Fault> for Orders {
    fn from_iter<T: IntoIterator<Item = Fault>>(faults: T) -> Self {
        let mut orders = Self::default();
        for fault in faults {
            orders.take(fault);
        }
        orders
    }
}

impl Orders {
    fn take(&mut self, fault: Fault) {
        match fault {
            Fault::Refuse(text) => self.refuse = Some(text),
            Fault::RefuseEarly(text) => self.refuse_early = Some(text),
            Fault::RefuseAfterData(text) => self.refuse_after_data = Some(text),
            Fault::RefuseBatch { over, keeps, text } => {
                self.refuse_batch = Some(RefuseBatch { over, keeps, text });
            }
            Fault::Bye(text) => self.bye = Some(text),
            Fault::Delay(time) => self.delay += time,
            Fault::DelayResponses(time) => self.response_delay += time,
            Fault::CutBeforeReply => self.cut_before_reply = true,
            Fault::CommitLate { after, hang_up } => self.commit_late = Some((after, hang_up)),
            Fault::SizeOff(octets) => self.size_off += octets,
            Fault::InternalDate(text) => self.internal_date = Some(text),
            Fault::BodyFirst => self.body_first = true,
            Fault::NoUidValidity => self.no_uidvalidity = true,
            Fault::NoUidNext => self.no_uidnext = true,
            Fault::AppendUid(lie) => self.appenduid = Some(lie),
            Fault::Alter(alteration) => self.storing.alterations.push(alteration),
            Fault::MergeIdentical => self.storing.merges = true,
            Fault::SkipUids(uids) => self.storing.skipped_uids += uids,
            Fault::Meanwhile(operation) => self.meanwhile.push(operation),
            // The wire looks after these.
            Fault::Greeting(_)
            | Fault::CutAfterSent(_)
            | Fault::CutAfterReceived(_)
            | Fault::CutInLiteral { .. } => {}
        }
    }
}
