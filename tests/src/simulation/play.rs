//! Runs of the engine with a model that watches: trouble first, then a clean run, and a last one that
//! must find nothing to do.

use std::time::Duration;

use imapsync_cli::cli::Exit;
use imapsync_cli::side::Side;

use super::control::{Course, Plan};
use super::deeds::Yesterday;
use super::faults::calm;
use super::locked;
use super::stage::{Ended, Stage, USER};
use super::verdict::Aftermath;
use super::world::World;
use crate::corpus::Random;
use crate::server::Shared;

/// What came of a simulation.
#[derive(Debug)]
pub struct Outcome {
    /// What happened, line by line.
    pub history: Vec<String>,
    /// Equal for equal histories.
    pub hash: String,
    /// What must not have been.
    pub violations: Vec<String>,
    /// What it has gone through.
    pub tally: Tally,
}

/// How much trouble there was; a campaign must have seen enough of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Runs in all.
    pub runs: u64,
    /// Runs that were killed.
    pub kills: u64,
    /// Runs that ended with a fault.
    pub faults: u64,
    /// Connections cut.
    pub cuts: u64,
    /// Late commits that were planned.
    pub late_commits: u64,
    /// Messages that the destination was told to refuse.
    pub refusals: u64,
    /// Rules by which the source tells wrong sizes.
    pub size_lies: u64,
    /// Messages that a later run, or a later connection, found delivered.
    pub recovered: u64,
    /// Messages appended.
    pub delivered: u64,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.runs += other.runs;
        self.kills += other.kills;
        self.faults += other.faults;
        self.cuts += other.cuts;
        self.late_commits += other.late_commits;
        self.refusals += other.refusals;
        self.size_lies += other.size_lies;
        self.recovered += other.recovered;
        self.delivered += other.delivered;
    }
}

/// Runs on a stage, judged by the world's model.
#[derive(Debug)]
pub struct Play {
    pub(super) world: World,
    stage: Stage,
    memory: u32,
    yesterday: Option<Yesterday>,
    course: Course,
    pub(super) tally: Tally,
}

impl Play {
    /// Nothing has run yet.
    pub fn new(world: World, stage: Stage, memory: u32) -> Self {
        Self {
            world,
            stage,
            memory,
            yesterday: None,
            course: Course::default(),
            tally: Tally::default(),
        }
    }

    /// The server of one side.
    pub fn server(&self, side: Side) -> &Shared {
        self.world.server(side)
    }

    /// How far the last run came.
    pub const fn course(&self) -> Course {
        self.course
    }

    /// Runs the engine once.
    pub async fn run(&mut self, plan: Plan) -> Ended {
        self.world.state().model.begin_run();
        let (ended, course) = self.stage.run(plan, self.memory).await;
        self.course = course;
        self.world.observe();
        self.tally.runs += 1;
        match &ended {
            Ended::Killed => self.tally.kills += 1,
            Ended::Itself(_, Some(_)) => self.tally.faults += 1,
            Ended::Itself(report, None) => {
                if report.mailboxes.iter().all(|one| one.failed.is_none()) {
                    self.world.state().model.confirm();
                }
            }
        }
        if let Ended::Itself(report, _) = &ended {
            let recovered = report.mailboxes.iter().map(|one| one.recovered);
            self.tally.recovered += recovered.sum::<u64>();
        }
        ended
    }

    /// Now and then something happens to the ledger; when all is quiet, for a lost ledger does not
    /// tell what is still to come.
    pub(super) async fn touch_ledger(&mut self, random: &mut Random) {
        if !random.one_in(3) {
            return;
        }
        tokio::time::sleep(QUIET).await;
        let touched = self
            .world
            .touch_ledger(&self.stage, random, &mut self.yesterday);
        touched.expect("the temporary folder can be written to");
    }

    /// Now and then the destination is backed up, or a mailbox put back, when all is quiet.
    pub(super) async fn touch_backup(&self, random: &mut Random) {
        match random.below(12) {
            0 | 1 => self.world.back_up_dest(),
            2 | 3 => {
                tokio::time::sleep(QUIET).await;
                self.world.restore_dest();
            }
            _ => {}
        }
    }

    /// Nothing goes wrong any more: at once a clean run, then, after all is quiet, one that finds
    /// nothing to do.
    pub async fn conclude(&mut self) {
        calm(&self.world);
        let ended = self.run(Plan::default()).await;
        self.judge(&ended, "the clean run");
        tokio::time::sleep(QUIET).await;
        let appends = self.writes();
        let ended = self.run(Plan::default()).await;
        self.judge(&ended, "the last run");
        let more = self.writes() - appends;
        if more > 0 {
            self.violation(format!("the last run sent {more} APPEND or STORE"));
        }
    }

    fn judge(&self, ended: &Ended, which: &str) {
        let (Ended::Itself(report, None), Some(exit)) = (ended, ended.exit()) else {
            self.violation(format!("{which} did not end well: {ended}"));
            return;
        };
        if !matches!(exit, Exit::Complete | Exit::Partial) {
            self.violation(format!("{which} ended with {exit:?}"));
        }
        let server = self.world.server(Side::Dest);
        let profile = server.profile();
        let mut store = server.store();
        self.world.state().model.judge(&Aftermath {
            dest: store.account(USER),
            profile: &profile,
            report,
            exit,
            refusals: self.tally.refusals,
            sizes_lie: self.tally.size_lies > 0,
        });
    }

    fn violation(&self, line: String) {
        self.world.state().model.violations.push(line);
    }

    /// Commands that changed mail on the destination.
    fn writes(&self) -> usize {
        let log = self.world.server(Side::Dest).log();
        ["APPEND", "STORE", "UID STORE"]
            .iter()
            .map(|command| log.count(command))
            .sum()
    }

    /// What came of it all.
    pub fn outcome(mut self) -> Outcome {
        self.tally.cuts = locked(self.stage.control()).cuts;
        let mut state = self.world.state();
        self.tally.delivered = state.model.delivered();
        let violations = std::mem::take(&mut state.model.violations);
        if !violations.is_empty() {
            state.model.tell(&self.stage.history);
        }
        Outcome {
            history: self.stage.history.lines(),
            hash: self.stage.history.hash(),
            violations,
            tally: self.tally,
        }
    }
}

/// Nothing commits later than this.
const QUIET: Duration = Duration::from_secs(60);
