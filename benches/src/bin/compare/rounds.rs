//! All runs of all rows: tools take turns, and who goes first changes from round to round.

use std::error::Error;
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::arguments::Plan;
use crate::cost::{self, Cost, Ended};
use crate::recipes;
use crate::results::{Outcome, Results, Run};
use crate::rows::Row;
use crate::stage::Stage;
use crate::tools::{CEILING, OURS, Tool};
use crate::verify::Verdict;

/// Runs the plan; every run is kept as soon as it is over.
pub(crate) fn run(plan: &Plan, results: &mut Results) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let session = Session::begin();
    for row in &plan.rows {
        if begun.elapsed() > plan.begin_within {
            eprintln!("{}: left out, there is no time for it", row.name);
            continue;
        }
        eprintln!("{}: {row}", row.name);
        let stage = Stage::set(row)?;
        let mut field = Field {
            plan,
            row,
            stage: &stage,
            session: &session,
            results,
            accounts: 0,
            batch: 1,
        };
        field.rounds()?;
    }
    Ok(())
}

/// What all runs of this process have in common.
#[derive(Debug)]
struct Session {
    began: String,
    commit: String,
}

impl Session {
    fn begin() -> Self {
        let date = ["-u", "+%Y-%m-%dT%H:%M:%SZ"];
        let changed = said(Command::new("git").args(["status", "--porcelain", "-uno"]));
        let commit = said(Command::new("git").args(["rev-parse", "--short", "HEAD"]));
        Self {
            began: said(Command::new("date").args(date)),
            commit: match changed.is_empty() {
                true => commit,
                false => format!("{commit}+"),
            },
        }
    }
}

/// One row under way.
struct Field<'a> {
    plan: &'a Plan,
    row: &'static Row,
    stage: &'a Stage,
    session: &'a Session,
    results: &'a mut Results,
    /// Each run has an account of its own.
    accounts: u32,
    /// The ceiling's.
    batch: usize,
}

impl Field<'_> {
    fn rounds(&mut self) -> Result<(), Box<dyn Error>> {
        let (mut tools, others): (Vec<&Tool>, Vec<&Tool>) = self
            .plan
            .tools
            .iter()
            .filter(|tool| tool.takes_part(self.row))
            .partition(|tool| tool.cannot(self.row).is_none());
        if let Some(ceiling) = tools.iter().find(|tool| tool.name() == CEILING) {
            self.choose_batch(ceiling)?;
        }
        for round in 1..=self.plan.rounds {
            let mut outcomes = Vec::new();
            for tool in &tools {
                let carried_before = self.stage.carried();
                let outcome = self.one(tool)?;
                let carried = self.stage.carried().zip(carried_before);
                let note = self.note(tool, carried.map(|(now, before)| now - before));
                self.keep(tool, (round, note), outcome.clone())?;
                outcomes.push((*tool, outcome));
            }
            if round == 1 {
                tools = worth_more_rounds(&outcomes);
            }
            if !tools.is_empty() {
                tools.rotate_left(1);
            }
        }
        for tool in others {
            let since = tool.cannot(self.row).unwrap_or_default().to_owned();
            self.keep(tool, (1, String::new()), Outcome::Cannot { since })?;
        }
        if !self.stage.source_is_whole()? {
            return Err(format!("{}: a tool changed the source", self.row.name).into());
        }
        Ok(())
    }

    /// The quickest of several sizes; these runs do not count.
    fn choose_batch(&mut self, ceiling: &Tool) -> Result<(), Box<dyn Error>> {
        if !self.row.offers("MULTIAPPEND") {
            self.batch = 1;
            return Ok(());
        }
        let mut best = f64::INFINITY;
        for batch in batches(self.row.messages / self.row.mailboxes) {
            let attempt = std::mem::replace(&mut self.batch, batch);
            let time = match self.one(ceiling)? {
                Outcome::Done { seconds, .. } => seconds,
                _ => f64::INFINITY,
            };
            eprintln!("  ceiling with {batch} messages in a command: {time:.2} s");
            match time < best {
                true => best = time,
                false => self.batch = attempt,
            }
        }
        Ok(())
    }

    /// One copy into a new account, compared with the corpus.
    fn one(&mut self, tool: &Tool) -> Result<Outcome, Box<dyn Error>> {
        self.accounts += 1;
        let user = format!("copy{}", self.accounts);
        let folder = TempDir::new()?;
        let job = self.stage.job(&user, folder.path(), self.batch)?;
        let (command, start) = recipes::command(tool, self.row, &job)?;
        let servers_before = self.stage.server_cpu();
        let ended = cost::run(command, start, self.plan.time_limit)?;
        // Sessions that have only just ended are counted once their master has waited for them.
        std::thread::sleep(SETTLING);
        let servers = self.stage.server_cpu().saturating_sub(servers_before);
        let outcome = match ended {
            Ended::Well(cost) => self.judged(&user, cost, servers)?,
            Ended::Badly(said) => Outcome::Failed { said },
            Ended::OverLimit => Outcome::OverLimit {
                seconds: self.plan.time_limit.as_secs(),
            },
        };
        self.stage.clear(&user)?;
        Ok(outcome)
    }

    fn judged(&self, user: &str, cost: Cost, servers: Duration) -> Result<Outcome, Box<dyn Error>> {
        let held = self.stage.held(user)?;
        Ok(Outcome::Done {
            seconds: cost.elapsed.as_secs_f64(),
            cpu_seconds: cost.cpu.as_secs_f64(),
            server_cpu_seconds: servers.as_secs_f64(),
            peak_kib: cost.peak_kib,
            verdict: Verdict::of(&self.stage.expected, &held),
            steadiness: self.stage.steadiness(user)?,
        })
    }

    /// What a reader may want to know beside the numbers.
    fn note(&self, tool: &Tool, carried: Option<u64>) -> String {
        let batches = match tool {
            Tool::Ceiling => Some(format!("batches of {}", self.batch)),
            _ => None,
        };
        let carried = carried.map(|octets| format!("{:.1} MB on the wire", octets as f64 / 1e6));
        let notes: Vec<String> = batches.into_iter().chain(carried).collect();
        notes.join(", ")
    }

    fn keep(
        &mut self,
        tool: &Tool,
        (round, note): (u32, String),
        outcome: Outcome,
    ) -> Result<(), Box<dyn Error>> {
        eprintln!("  round {round}: {}: {outcome:?}", tool.name());
        self.results.add(Run {
            row: self.row.name.to_owned(),
            tool: tool.name().to_owned(),
            version: tool.version().unwrap_or_default(),
            session: self.session.began.clone(),
            commit: self.session.commit.clone(),
            round,
            messages: self.stage.expected.message_count(),
            octets: self.stage.octets,
            outcome,
            note,
        })?;
        Ok(())
    }
}

/// Those that came to their end within three times our time; all that did where we did not run.
fn worth_more_rounds<'a>(outcomes: &[(&'a Tool, Outcome)]) -> Vec<&'a Tool> {
    let time = |outcome: &Outcome| match outcome {
        Outcome::Done { seconds, .. } => Some(*seconds),
        _ => None,
    };
    let ours = outcomes.iter().find(|(tool, _)| tool.name() == OURS);
    let limit = ours
        .and_then(|(_, outcome)| time(outcome))
        .map_or(f64::INFINITY, |seconds| SLOW * seconds);
    let quick = |(_, outcome): &&(&Tool, Outcome)| time(outcome).is_some_and(|time| time <= limit);
    let tools = outcomes.iter().filter(quick);
    tools.map(|(tool, _)| *tool).collect()
}

/// How many messages the ceiling may put into one command, to be tried in turn.
fn batches(per_mailbox: usize) -> Vec<usize> {
    match per_mailbox {
        few @ ..100 => vec![1, few.div_ceil(4), few],
        many => vec![100, 500, many.min(2500)],
    }
}

fn said(command: &mut Command) -> String {
    let output = command.output().map(|output| output.stdout);
    let text = output.unwrap_or_default();
    String::from_utf8_lossy(&text).trim().to_owned()
}

/// So many times our time, and one round is enough.
const SLOW: f64 = 3.0;
const SETTLING: Duration = Duration::from_millis(100);

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn slow_tools_get_one_round() {
        let done = |seconds| Outcome::Done {
            seconds,
            cpu_seconds: 0.0,
            server_cpu_seconds: 0.0,
            peak_kib: 0,
            verdict: Verdict::Exact,
            steadiness: None,
        };
        let tools = Tool::all(Path::new("program"));
        let ends = [
            done(1.0),
            done(0.5),
            done(0.2),
            done(2.9),
            done(3.1),
            Outcome::OverLimit { seconds: 30 },
            Outcome::Failed {
                said: String::new(),
            },
        ];
        let outcomes: Vec<(&Tool, Outcome)> = tools.iter().zip(ends).collect();
        let more: Vec<&str> = worth_more_rounds(&outcomes)
            .into_iter()
            .map(Tool::name)
            .collect();
        let names: Vec<&str> = tools.iter().map(Tool::name).collect();
        assert_eq!(more, names[..4]);
        assert_eq!(worth_more_rounds(&outcomes[1..]).len(), 4);
    }
}
