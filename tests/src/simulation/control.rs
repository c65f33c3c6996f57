//! What is to happen in one run, and when: counted in octets that arrive and in connections made.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex};

use imapsync_cli::side::Side;
use imapsync_cli::stop::{Signal, Stop};
use imapsync_cli::sync::Traffic;
use tokio::sync::watch;

use super::killable::{Kill, Trigger};
use super::line::{Direction, Fate, Watch};
use super::locked;
use super::narrator::Narrator;

/// What happens in one run.
#[derive(Default)]
pub struct Plan {
    /// The fates of connections to the source, in the order in which they are made.
    pub source: Vec<Fate>,
    /// The same for the destination.
    pub dest: Vec<Fate>,
    /// All later connections.
    pub others: Fate,
    /// How many connections the engine may have, and what for.
    pub traffic: Traffic,
    /// When the process dies.
    pub kill: Option<Kill>,
    /// Every write of the ledger after so many fails.
    pub ledger_writes: Option<u64>,
    /// When the user asks the run to end: after so many octets.
    pub interrupt: Option<u64>,
    /// What users do when so many octets have arrived; in ascending order.
    pub meanwhile: VecDeque<(u64, Deed)>,
}

/// Something that somebody else does to the mail.
pub type Deed = Box<dyn FnOnce() + Send>;

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let deeds: Vec<u64> = self.meanwhile.iter().map(|(at, _)| *at).collect();
        write!(f, "source {:?}, dest {:?}, ", self.source, self.dest)?;
        write!(f, "{:?}, ", self.traffic)?;
        write!(f, "kill {:?}, interrupt {:?}, ", self.kill, self.interrupt)?;
        write!(f, "deeds at {deeds:?}")
    }
}

/// How far a run came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// Turns that the engine had.
    pub turns: u64,
    /// Octets that arrived from and at the source, by [`Direction`].
    pub source: [u64; 2],
    /// The same for the destination.
    pub dest: [u64; 2],
}

impl Course {
    /// Octets that arrived, all together.
    pub fn octets(&self) -> u64 {
        self.source.iter().chain(&self.dest).sum()
    }
}

/// The run under way.
#[derive(Debug, Default)]
pub(super) struct Control {
    plan: Plan,
    trigger: Arc<Trigger>,
    signals: Option<watch::Sender<Option<Signal>>>,
    course: Course,
    connections: [usize; 2],
    /// Tells of commands as they come.
    pub(super) narrator: Option<Narrator>,
    /// Connections cut, in all runs.
    pub(super) cuts: u64,
}

impl Control {
    /// A run begins; what is handed out kills it or asks it to stop.
    pub(super) fn begin(&mut self, plan: Plan) -> (Arc<Trigger>, Stop) {
        let (signals, stop) = Stop::by_hand();
        *self = Self {
            plan,
            signals: Some(signals),
            cuts: self.cuts,
            narrator: self.narrator.take(),
            ..Self::default()
        };
        (Arc::clone(&self.trigger), stop)
    }

    /// The run is over: nothing happens any more.
    pub(super) fn end(&mut self) -> Course {
        let turns = self.trigger.turns();
        let course = Course {
            turns,
            ..self.course
        };
        self.begin(Plan::default());
        course
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
        let control = Arc::clone(this);
        (fate, Arc::new(Watcher { control, side }))
    }

    /// Octets have arrived: what is due now?
    fn count(&mut self, side: Side, direction: Direction, octets: u64) -> Vec<Deed> {
        let counts = match side {
            Side::Source => &mut self.course.source,
            Side::Dest => &mut self.course.dest,
        };
        counts[direction as usize] += octets;
        let arrived = self.course.octets();
        if let Some(Kill::AtOctet(at)) = self.plan.kill
            && arrived >= at
        {
            self.plan.kill = None;
            self.trigger.pull();
        }
        if self.plan.interrupt.is_some_and(|at| arrived >= at)
            && let Some(signals) = &self.signals
        {
            signals.send_replace(Some(Signal::Interrupt));
            self.plan.interrupt = None;
        }
        let mut due = Vec::new();
        while self
            .plan
            .meanwhile
            .front()
            .is_some_and(|(at, _)| *at <= arrived)
        {
            due.extend(self.plan.meanwhile.pop_front().map(|(_, deed)| deed));
        }
        due
    }
}

struct Watcher {
    control: Arc<Mutex<Control>>,
    side: Side,
}

impl Watch for Watcher {
    fn moved(&self, direction: Direction, octets: u64) {
        let (due, narrator) = {
            let mut control = locked(&self.control);
            let due = control.count(self.side, direction, octets);
            (due, control.narrator.clone())
        };
        narrator
            .iter()
            .for_each(|narrator| narrator.catch_up(self.side));
        due.into_iter().for_each(|deed| deed());
    }

    fn cut(&self) {
        let mut control = locked(&self.control);
        control.cuts += 1;
        if control.plan.kill == Some(Kill::AtCut) {
            control.trigger.pull();
        }
    }
}
