//! Runs as they are kept: a line of JSON each, in a file that is only ever added to. Of each row and tool the
//! latest session counts, so that one row or one tool can be measured anew beside what is there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::verify::Verdict;

/// One run of one tool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) row: String,
    pub(crate) tool: String,
    pub(crate) version: String,
    /// When the session began, in UTC: it sorts as it stands. Ratios are of one session.
    pub(crate) session: String,
    pub(crate) commit: String,
    pub(crate) round: u32,
    pub(crate) messages: usize,
    pub(crate) octets: usize,
    pub(crate) outcome: Outcome,
    /// What else a reader may want to know of it.
    #[serde(default)]
    pub(crate) note: String,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    Done {
        seconds: f64,
        cpu_seconds: f64,
        server_cpu_seconds: f64,
        peak_kib: u64,
        verdict: Verdict,
        /// The rate of the last messages by that of the first.
        #[serde(default)]
        steadiness: Option<f64>,
    },
    /// It was ended after so many seconds.
    OverLimit { seconds: u64 },
    /// It said that it failed.
    Failed { said: String },
    /// It was not run.
    Cannot { since: String },
}

/// All runs that are kept.
#[derive(Debug)]
pub(crate) struct Results {
    file: File,
    runs: Vec<Run>,
}

impl Results {
    /// Reads what is in the folder, which is made if it is not there. A line that was cut off is left out.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let path = folder.join("runs.jsonl");
        let kept = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            read => read?,
        };
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        if !kept.is_empty() && !kept.ends_with('\n') {
            file.write_all(b"\n")?;
        }
        let runs = kept.lines().flat_map(serde_json::from_str).collect();
        Ok(Self { file, runs })
    }

    /// Keeps a run, at once.
    pub(crate) fn add(&mut self, run: Run) -> io::Result<()> {
        let line = serde_json::to_string(&run).map_err(io::Error::other)?;
        writeln!(self.file, "{line}")?;
        self.runs.push(run);
        Ok(())
    }

    /// The runs of the latest session that has this row and tool.
    pub(crate) fn latest(&self, row: &str, tool: &str) -> Vec<&Run> {
        let all = |run: &&Run| run.row == row && run.tool == tool;
        let session = self.runs.iter().filter(all).map(|run| &run.session).max();
        let runs = self.runs.iter().filter(all);
        runs.filter(|run| Some(&run.session) == session).collect()
    }

    /// The tools that a row has runs of, in the order of their first.
    pub(crate) fn tools(&self, row: &str) -> Vec<&str> {
        let mut tools: Vec<&str> = Vec::new();
        for run in self.runs.iter().filter(|run| run.row == row) {
            if !tools.contains(&run.tool.as_str()) {
                tools.push(&run.tool);
            }
        }
        tools
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use tempfile::TempDir;

    use super::*;

    /// A run of so many seconds that went well.
    pub(crate) fn run(row: &str, tool: &str, session: &str, (round, seconds): (u32, f64)) -> Run {
        Run {
            row: row.to_owned(),
            tool: tool.to_owned(),
            version: format!("{tool} 1.0"),
            session: session.to_owned(),
            commit: "abc1234".to_owned(),
            round,
            messages: 10_000,
            octets: 145_000_000,
            outcome: Outcome::Done {
                seconds,
                cpu_seconds: seconds / 2.0,
                server_cpu_seconds: seconds,
                peak_kib: 20 * 1024,
                verdict: Verdict::Exact,
                steadiness: None,
            },
            note: String::new(),
        }
    }

    fn rounds(results: &Results, row: &str, tool: &str) -> Vec<(String, u32)> {
        let runs = results.latest(row, tool).into_iter();
        runs.map(|run| (run.session.clone(), run.round)).collect()
    }

    #[test]
    fn later_sessions_replace_a_tool_and_leave_the_others() {
        let folder = TempDir::new().expect("a folder");
        let mut results = Results::open(folder.path()).expect("it opens");
        for (tool, session, round) in [("x", "1", 1), ("y", "1", 1), ("x", "1", 2)] {
            let run = run("row", tool, session, (round, 1.0));
            results.add(run).expect("kept");
        }
        drop(results);
        let mut again = Results::open(folder.path()).expect("it opens again");
        assert_eq!(
            rounds(&again, "row", "x"),
            [("1".into(), 1), ("1".into(), 2)]
        );
        again.add(run("row", "x", "2", (1, 1.0))).expect("kept");
        again.add(run("other", "z", "2", (1, 1.0))).expect("kept");
        assert_eq!(rounds(&again, "row", "x"), [("2".into(), 1)]);
        assert_eq!(rounds(&again, "row", "y"), [("1".into(), 1)]);
        assert_eq!(again.tools("row"), ["x", "y"]);
    }

    #[test]
    fn a_line_that_was_cut_off_spoils_nothing() {
        let folder = TempDir::new().expect("a folder");
        let mut results = Results::open(folder.path()).expect("it opens");
        results.add(run("row", "x", "1", (1, 1.0))).expect("kept");
        drop(results);
        let path = folder.path().join("runs.jsonl");
        let mut text = fs::read_to_string(&path).expect("it is there");
        text.push_str("{\"row\":\"row\",\"to");
        fs::write(&path, text).expect("written");
        let mut results = Results::open(folder.path()).expect("it opens");
        results.add(run("row", "x", "1", (2, 1.0))).expect("kept");
        let results = Results::open(folder.path()).expect("it opens");
        assert_eq!(rounds(&results, "row", "x").len(), 2);
    }
}
