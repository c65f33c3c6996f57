//! What the kept runs of a row say: medians, spreads, ratios, goals. Pure.

use serde::Serialize;

use crate::goals::Judged;
use crate::results::{Outcome, Results, Run};
use crate::rows::Row;
use crate::tools::OURS;
use crate::verify::Verdict;

/// A row with what was found.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Summary {
    pub(crate) row: &'static str,
    pub(crate) work: String,
    pub(crate) messages: usize,
    pub(crate) megabytes: f64,
    /// In the order of their first runs.
    pub(crate) lines: Vec<Line>,
    pub(crate) goals: Vec<Judged>,
}

/// A tool's runs.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Line {
    pub(crate) tool: String,
    pub(crate) version: String,
    pub(crate) session: String,
    pub(crate) commit: String,
    /// Nothing when no run came to its end.
    pub(crate) figures: Option<Figures>,
    /// Its time by ours, medians.
    pub(crate) ratio: Option<f64>,
    /// The median of the ratios of its rounds to ours of the same session and round.
    pub(crate) paired: Option<f64>,
    /// What became of the mail; why there is no number.
    pub(crate) result: String,
    /// Whether mail was lost or altered, or the tool failed.
    pub(crate) sound: bool,
}

/// Medians, where nothing else is said.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figures {
    pub(crate) rounds: usize,
    /// In seconds.
    pub(crate) time: Spread,
    pub(crate) messages_per_second: f64,
    pub(crate) megabytes_per_second: f64,
    /// In seconds, user and system.
    pub(crate) cpu: f64,
    pub(crate) server_cpu: f64,
    /// The highest of all rounds.
    pub(crate) peak_mib: f64,
    /// The rate of the last messages by that of the first, where arrivals are known.
    pub(crate) steadiness: Option<f64>,
}

/// Middle and ends.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Summary {
    /// Nothing when the row was never run.
    pub(crate) fn of(row: &'static Row, results: &Results) -> Option<Self> {
        let tools = results.tools(row.name);
        let runs = |tool| results.latest(row.name, tool);
        let first = *runs(tools.first()?).first()?;
        let ours = runs(OURS);
        let mut summary = Self {
            row: row.name,
            work: row.to_string(),
            messages: first.messages,
            megabytes: first.octets as f64 / 1e6,
            lines: tools.iter().map(|tool| line(&runs(tool), &ours)).collect(),
            goals: Vec::new(),
        };
        let goals = row.goals.iter().map(|goal| goal.judge(&summary));
        summary.goals = goals.collect();
        Some(summary)
    }

    pub(crate) fn line(&self, tool: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.tool == tool)
    }
}

impl Spread {
    pub(crate) fn of(values: impl Iterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        Some(Self {
            median: median(&values)?,
            least: *values.first()?,
            most: *values.last()?,
        })
    }
}

fn line(runs: &[&Run], ours: &[&Run]) -> Line {
    let figures = figures(runs);
    let our_time = Spread::of(seconds(ours)).map(|time| time.median);
    let ratio = figures.as_ref().zip(our_time);
    let worst = runs.iter().max_by_key(|run| rank(&run.outcome)).copied();
    let of_first = |text: fn(&Run) -> &String| runs.first().map_or("", |run| text(run)).to_owned();
    Line {
        tool: of_first(|run| &run.tool),
        version: of_first(|run| &run.version),
        session: of_first(|run| &run.session),
        commit: of_first(|run| &run.commit),
        ratio: ratio.map(|(figures, ours)| figures.time.median / ours),
        figures,
        paired: paired(runs, ours),
        result: worst.map_or_else(String::new, told),
        sound: worst.is_none_or(|run| rank(&run.outcome) == 0),
    }
}

fn figures(runs: &[&Run]) -> Option<Figures> {
    let time = Spread::of(seconds(runs))?;
    let first = runs.first()?;
    let done = |value: fn(&Outcome) -> Option<f64>| {
        Spread::of(runs.iter().filter_map(move |run| value(&run.outcome)))
    };
    Some(Figures {
        rounds: seconds(runs).count(),
        time,
        messages_per_second: first.messages as f64 / time.median,
        megabytes_per_second: first.octets as f64 / 1e6 / time.median,
        cpu: done(cpu)?.median,
        server_cpu: done(server_cpu)?.median,
        peak_mib: done(peak_mib)?.most,
        steadiness: done(steadiness).map(|spread| spread.median),
    })
}

/// Round by round, of one session.
fn paired(runs: &[&Run], ours: &[&Run]) -> Option<f64> {
    let partner = |run: &&&Run| {
        let same = |other: &&&Run| other.session == run.session && other.round == run.round;
        ours.iter().find(same).copied()
    };
    let ratios = runs
        .iter()
        .filter_map(|run| Some(time(&run.outcome)? / time(&partner(&run)?.outcome)?));
    Spread::of(ratios).map(|ratios| ratios.median)
}

fn seconds(runs: &[&Run]) -> impl Iterator<Item = f64> {
    runs.iter().filter_map(|run| time(&run.outcome))
}

fn time(outcome: &Outcome) -> Option<f64> {
    match outcome {
        Outcome::Done { seconds, .. } => Some(*seconds),
        _ => None,
    }
}

fn cpu(outcome: &Outcome) -> Option<f64> {
    match outcome {
        Outcome::Done { cpu_seconds, .. } => Some(*cpu_seconds),
        _ => None,
    }
}

fn server_cpu(outcome: &Outcome) -> Option<f64> {
    match outcome {
        Outcome::Done {
            server_cpu_seconds, ..
        } => Some(*server_cpu_seconds),
        _ => None,
    }
}

fn peak_mib(outcome: &Outcome) -> Option<f64> {
    match outcome {
        Outcome::Done { peak_kib, .. } => Some(*peak_kib as f64 / 1024.0),
        _ => None,
    }
}

fn steadiness(outcome: &Outcome) -> Option<f64> {
    match outcome {
        Outcome::Done { steadiness, .. } => *steadiness,
        _ => None,
    }
}

/// How bad it is.
fn rank(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Done { verdict, .. } => match verdict {
            Verdict::Exact => 0,
            Verdict::Reordered => 1,
            Verdict::Altered { .. } => 2,
            Verdict::Miscounted { .. } => 3,
        },
        Outcome::Cannot { .. } => 4,
        Outcome::OverLimit { .. } => 5,
        Outcome::Failed { .. } => 6,
    }
}

fn told(run: &Run) -> String {
    let outcome = match &run.outcome {
        Outcome::Done { verdict, .. } => verdict.to_string(),
        Outcome::OverLimit { seconds } => format!("> {seconds} s"),
        Outcome::Failed { said } => format!("**failed**: {said}"),
        Outcome::Cannot { since } => format!("not run: {since}"),
    };
    match run.note.is_empty() {
        true => outcome,
        false => format!("{outcome}; {}", run.note),
    }
}

/// Of sorted values; between the two in the middle where there are two.
fn median(values: &[f64]) -> Option<f64> {
    let upper = *values.get(values.len() / 2)?;
    match values.len() % 2 {
        0 => Some((upper + values.get(values.len() / 2 - 1)?) / 2.0),
        _ => Some(upper),
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::goals::Standing;
    use crate::results::tests::run;
    use crate::tools::INTERIMAP;

    #[test]
    fn medians_ratios_and_goals() {
        let folder = TempDir::new().expect("a folder");
        let mut results = Results::open(folder.path()).expect("it opens");
        let row = Row::named("mdbox-10k").expect("a row");
        let times = [(1, 1.0, 1.5), (2, 2.0, 4.0), (3, 1.0, 2.0)];
        for (round, ours, theirs) in times {
            for (tool, seconds) in [(OURS, ours), (INTERIMAP, theirs)] {
                let run = run(row.name, tool, "1", (round, seconds));
                results.add(run).expect("kept");
            }
        }
        let summary = Summary::of(row, &results).expect("it was run");
        let line = summary.line(INTERIMAP).expect("it was run");
        let figures = line.figures.as_ref().expect("it came to its end");
        let spread = Spread {
            median: 2.0,
            least: 1.5,
            most: 4.0,
        };
        assert_eq!((figures.rounds, figures.time), (3, spread));
        assert_eq!((line.ratio, line.paired), (Some(2.0), Some(2.0)));
        let standings: Vec<Standing> = summary.goals.iter().map(|goal| goal.standing).collect();
        let (met, open) = (Standing::Met, Standing::Open);
        // mbsync and the ceiling were not run.
        assert_eq!(standings, [met, open, open, met, open]);
    }

    #[test]
    fn a_loss_outweighs_the_rounds_without() {
        let mut lossy = run("r", "x", "1", (2, 1.0));
        if let Outcome::Done { verdict, .. } = &mut lossy.outcome {
            *verdict = Verdict::Miscounted {
                missing: 3,
                extra: 0,
            };
        }
        let line = line(&[&run("r", "x", "1", (1, 1.0)), &lossy], &[]);
        assert_eq!(line.result, "**3 lost**");
        assert!(!line.sound);
    }

    #[test]
    fn two_values_have_their_middle_as_median() {
        assert_eq!(median(&[1.0, 2.0]), Some(1.5));
        assert_eq!(median(&[]), None);
    }
}
