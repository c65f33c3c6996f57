//! What is to happen in one run, and when: counted in octets that arrive and in connections made.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex};

use imapsync_cli::side::Side;

use super::killable::{Kill, Trigger};
use super::line::{Fate, Watch};
use super::locked;

/// What happens in one run.
#[derive(Default)]
pub struct Plan {
    /// The fates of connections to the source, in the order in which they are made.
    pub source: Vec<Fate>,
    /// The same for the destination.
    pub dest: Vec<Fate>,
    /// All later connections.
    pub others: Fate,
    /// When the process dies.
    pub kill: Option<Kill>,
    /// What users do when so many octets have arrived; in ascending order.
    pub meanwhile: VecDeque<(u64, Deed)>,
}

/// Something that somebody else does to the mail.
pub type Deed = Box<dyn FnOnce() + Send>;

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let deeds: Vec<u64> = self.meanwhile.iter().map(|(at, _)| *at).collect();
        write!(f, "source {:?}, dest {:?}, ", self.source, self.dest)?;
        write!(f, "kill {:?}, deeds at {deeds:?}", self.kill)
    }
}

/// The run under way.
#[derive(Debug, Default)]
pub(super) struct Control {
    plan: Plan,
    trigger: Arc<Trigger>,
    octets: u64,
    connections: [usize; 2],
    /// Connections cut, in all runs.
    pub(super) cuts: u64,
}

impl Control {
    /// A run begins; what is handed out kills it.
    pub(super) fn begin(&mut self, plan: Plan) -> Arc<Trigger> {
        *self = Self {
            plan,
            cuts: self.cuts,
            ..Self::default()
        };
        Arc::clone(&self.trigger)
    }

    /// The run is over: nothing happens any more. Tells how many octets arrived.
    pub(super) fn end(&mut self) -> u64 {
        let octets = self.octets;
        self.begin(Plan::default());
        octets
    }

    /// A connection is to be made: its fate, and who hears of it.
    pub(super) fn connect(this: &Arc<Mutex<Self>>, side: Side) -> (Fate, Arc<dyn Watch>) {
        let mut control = locked(this);
        let number = control.connections[side as usize];
        control.connections[side as usize] += 1;
        let fates = match side {
            Side::Source => &control.plan.source,
            Side::Dest => &control.plan.dest,
        };
        let fate = fates.get(number).copied();
        let fate = fate.unwrap_or(control.plan.others);
        (fate, Arc::new(Watcher(Arc::clone(this))))
    }

    /// Octets have arrived: what is due now?
    fn count(&mut self, octets: u64) -> Vec<Deed> {
        self.octets += octets;
        if let Some(Kill::AtOctet(at)) = self.plan.kill
            && self.octets >= at
        {
            self.plan.kill = None;
            self.trigger.pull();
        }
        let mut due = Vec::new();
        while self
            .plan
            .meanwhile
            .front()
            .is_some_and(|(at, _)| *at <= self.octets)
        {
            due.extend(self.plan.meanwhile.pop_front().map(|(_, deed)| deed));
        }
        due
    }
}

struct Watcher(Arc<Mutex<Control>>);

impl Watch for Watcher {
    fn moved(&self, octets: u64) {
        let due = locked(&self.0).count(octets);
        due.into_iter().for_each(|deed| deed());
    }

    fn cut(&self) {
        locked(&self.0).cuts += 1;
    }
}
