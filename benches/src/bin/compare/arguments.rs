//! The command line, and what follows from it: which rows, which tools, how often, how long.

use std::env;
use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::ceiling::Ceiling;
use crate::plain_relay::PlainRelay;
use crate::rows::{ROWS, Row};
use crate::tools::Tool;

/// Copies the same mail with several programs in turn, between throw-away servers, and compares.
#[derive(Debug, Parser)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) part: Option<Part>,
    /// Which rows, by name, separated by commas; all without it
    #[arg(long, value_delimiter = ',', value_name = "ROW")]
    rows: Vec<String>,
    /// Which tools, by name, separated by commas; all that are installed without it
    #[arg(long, value_delimiter = ',', value_name = "TOOL")]
    tools: Vec<String>,
    #[command(flatten)]
    effort: Effort,
    /// Where results are kept, and those of earlier runs found; of each row and tool the latest count
    #[arg(long, value_name = "DIR", default_value = "target/compare")]
    pub(crate) results: PathBuf,
    /// The program to measure; without it the one that was built beside this
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// Run nothing: print the table of what is kept
    #[arg(long)]
    pub(crate) show: bool,
    /// First install Debian's packages of the other tools and of Dovecot
    #[arg(long)]
    pub(crate) install: bool,
    /// Print rows, goals and tools, and end
    #[arg(long)]
    pub(crate) list: bool,
}

#[derive(Debug, Args)]
struct Effort {
    /// Rounds for tools that are not three times as slow as this program (those get one)
    #[arg(long, value_name = "N")]
    rounds: Option<u32>,
    /// Seconds that a tool may take for a row
    #[arg(long, value_name = "SECONDS")]
    time_limit: Option<u64>,
    /// The shorter rows, three rounds, half a minute for a tool; no row is begun after eight minutes
    #[arg(long)]
    quick: bool,
}

/// What this program does as a child of itself.
#[derive(Debug, Subcommand)]
pub(crate) enum Part {
    /// The ceiling, in a process of its own
    #[command(hide = true)]
    Ceiling(Ceiling),
    /// The plain relay, in a process of its own
    #[command(hide = true)]
    PlainRelay(PlainRelay),
}

/// What is to be done.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) rows: Vec<&'static Row>,
    /// Those that are installed, this program first.
    pub(crate) tools: Vec<Tool>,
    pub(crate) rounds: u32,
    pub(crate) time_limit: Duration,
    /// No row is begun later than this after the start.
    pub(crate) begin_within: Duration,
}

impl Arguments {
    pub(crate) fn plan(&self) -> Result<Plan, Box<dyn Error>> {
        let quick = self.effort.quick;
        let (rounds, seconds, begin_within) = match quick {
            true => (3, 30, Duration::from_secs(480)),
            false => (5, 600, Duration::MAX),
        };
        Ok(Plan {
            rows: self.chosen_rows()?,
            tools: self.chosen_tools()?,
            rounds: self.effort.rounds.unwrap_or(rounds),
            time_limit: Duration::from_secs(self.effort.time_limit.unwrap_or(seconds)),
            begin_within,
        })
    }

    fn chosen_rows(&self) -> Result<Vec<&'static Row>, Box<dyn Error>> {
        if self.rows.is_empty() {
            let wanted = |row: &&Row| !self.effort.quick || row.is_quick();
            return Ok(ROWS.iter().filter(wanted).collect());
        }
        self.rows.iter().map(|name| Row::named(name)).collect()
    }

    fn chosen_tools(&self) -> Result<Vec<Tool>, Box<dyn Error>> {
        let program = match &self.program {
            Some(path) => path.clone(),
            None => env::current_exe()?.with_file_name("imapsync-cli"),
        };
        let tools = Tool::all(&program);
        if let Some(unknown) = self
            .tools
            .iter()
            .find(|name| !tools.iter().any(|tool| tool.name() == name.as_str()))
        {
            return Err(format!("no tool {unknown}: see --list").into());
        }
        let named = |tool: &Tool| self.tools.iter().any(|name| name == tool.name());
        let (here, missing): (Vec<Tool>, Vec<Tool>) = tools
            .into_iter()
            .filter(|tool| self.tools.is_empty() || named(tool))
            .partition(|tool| tool.version().is_some());
        for tool in missing {
            eprintln!("not installed: {}", tool.name());
        }
        Ok(here)
    }
}
