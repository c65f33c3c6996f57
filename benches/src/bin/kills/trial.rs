//! One trial: runs, kills, a run to the end, and what is left of the mail.

use std::error::Error;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use std::{fs, io};

use imapsync_tests::corpus::{Account, Random};
use imapsync_tests::real::{Dovecot, DovecotOptions};
use tempfile::TempDir;

use crate::bodies::Bodies;
use crate::tool::{Tool, USER};

/// Two servers, a tool, and a folder for what it remembers.
#[derive(Debug)]
pub(crate) struct Trial<'a> {
    tool: &'a Tool,
    truth: Bodies,
    source: Dovecot,
    dest: Dovecot,
    folder: TempDir,
}

/// How it ended.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) kills: usize,
    pub(crate) lost: usize,
    pub(crate) doubled_on_dest: usize,
    pub(crate) doubled_on_source: usize,
    /// Runs to the end that it took.
    pub(crate) runs: usize,
    /// Messages lost or doubled in tries before, whose kills came too late.
    pub(crate) found_before: usize,
}

impl Tally {
    /// Messages lost or doubled, here and in the tries before.
    pub(crate) const fn found(&self) -> usize {
        self.lost + self.doubled_on_dest + self.doubled_on_source + self.found_before
    }
}

impl<'a> Trial<'a> {
    pub(crate) fn start(
        tool: &'a Tool,
        account: &'a Account,
        options: DovecotOptions,
    ) -> Result<Self, Box<dyn Error>> {
        let source = Dovecot::start(options.clone())?;
        source.fill(USER, account)?;
        let dest = Dovecot::start(options)?;
        let folder = TempDir::new()?;
        tool.configure(&source, &dest, folder.path())?;
        Ok(Self {
            tool,
            truth: Bodies::of_account(account),
            source,
            dest,
            folder,
        })
    }

    /// Kills at moments drawn over the time that the whole job takes, and then lets it finish.
    pub(crate) fn run(
        self,
        kills: usize,
        seed: u64,
        job: Duration,
    ) -> Result<Tally, Box<dyn Error>> {
        let mut tally = Tally::default();
        for uptime in uptimes(kills, seed, job) {
            let mut child = self.begin()?;
            thread::sleep(uptime);
            tally.kills += usize::from(child.try_wait()?.is_none());
            child.kill()?;
            child.wait()?;
        }
        self.finish(&mut tally)?;
        let [source, dest] = [&self.source, &self.dest].map(|server| Bodies::of(server, USER));
        let (source, dest) = (source?, dest?);
        tally.lost = self.truth.missing_in(&dest);
        tally.doubled_on_dest = dest.missing_in(&self.truth);
        tally.doubled_on_source = source.missing_in(&self.truth);
        Ok(tally)
    }

    /// How long a run takes that nobody kills.
    pub(crate) fn undisturbed(self) -> Result<Duration, Box<dyn Error>> {
        let began = Instant::now();
        let status = self.begin()?.wait()?;
        let elapsed = began.elapsed();
        match status.success() && self.truth == Bodies::of(&self.dest, USER)? {
            true => Ok(elapsed),
            false => Err(self.failure(&format!("fails undisturbed: {status}")).into()),
        }
    }

    /// Runs until one succeeds.
    fn finish(&self, tally: &mut Tally) -> Result<(), Box<dyn Error>> {
        while tally.runs < RUNS_AT_MOST {
            tally.runs += 1;
            if self.begin()?.wait()?.success() {
                return Ok(());
            }
        }
        Err(self
            .failure(&format!("no run of {RUNS_AT_MOST} succeeds"))
            .into())
    }

    /// What went wrong, and what the tool last said.
    fn failure(&self, what: &str) -> String {
        let said = fs::read_to_string(self.folder.path().join(OUTPUT)).unwrap_or_default();
        format!("{}: {what}\n{said}", self.tool.name())
    }

    fn begin(&self) -> io::Result<Child> {
        let folder = self.folder.path();
        for leftover in self.tool.leftovers(folder) {
            fs::remove_file(leftover)?;
        }
        let mut command = self.tool.command(&self.source, &self.dest, folder);
        let output = fs::File::create(folder.join(OUTPUT))?;
        command
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output);
        command.spawn()
    }
}

/// How long each run lives before its kill: the gaps between points drawn by lot over nine tenths of the job, so that
/// the runs together do not come to its end.
fn uptimes(kills: usize, seed: u64, job: Duration) -> Vec<Duration> {
    let mut random = Random::new(seed);
    let mut points: Vec<_> = (0..kills).map(|_| random.below(900) as u32).collect();
    points.sort_unstable();
    let starts = [0].into_iter().chain(points.clone());
    points
        .iter()
        .zip(starts)
        .map(|(end, start)| job * (end - start) / 1000)
        .collect()
}

const OUTPUT: &str = "output";
const RUNS_AT_MOST: usize = 5;
