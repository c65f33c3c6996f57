//! The comparison: the same mail copied between the same two servers by this program, by others, and by a
//! ceiling that does nothing but read and write, in turn, each result compared with the corpus afterwards.
//!
//! `cargo build --release && target/release/compare --quick` (see `--help` and `--list`).

mod arguments;
mod ceiling;
mod chart;
mod cost;
mod goals;
mod pace;
mod plain_relay;
mod recipes;
mod relay;
mod results;
mod rounds;
mod rows;
mod server;
mod stage;
mod steadiness;
mod summary;
mod table;
mod tools;
mod verify;
mod wire;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use imapsync_tests::real::Dovecot;

use crate::arguments::{Arguments, Part};
use crate::results::Results;
use crate::rows::{Row, Servers};
use crate::summary::Summary;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match &arguments.part {
        Some(Part::Ceiling(settings)) => settings.run(),
        Some(Part::PlainRelay(settings)) => settings.run(),
        None if arguments.list => {
            println!("{}", table::list());
            Ok(())
        }
        None => compare(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("compare: {error}");
            ExitCode::FAILURE
        }
    }
}

fn compare(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    if arguments.install {
        tools::install()?;
    }
    let plan = arguments.plan()?;
    let mut results = Results::open(&arguments.results)?;
    if !arguments.show {
        let is_real = |row: &&Row| row.servers == Servers::Dovecot;
        if plan.rows.iter().any(is_real) && !Dovecot::available() {
            return Err("needs dovecot-imapd, and root to start it".into());
        }
        rounds::run(&plan, &mut results)?;
    }
    let summaries: Vec<Summary> = plan
        .rows
        .iter()
        .filter_map(|row| Summary::of(row, &results))
        .collect();
    publish(&summaries, &arguments.results)
}

/// The table on standard output; table, figures and picture in the folder.
fn publish(summaries: &[Summary], folder: &Path) -> Result<(), Box<dyn Error>> {
    let text = table::markdown(summaries);
    println!("{text}");
    fs::write(folder.join("table.md"), text)?;
    fs::write(
        folder.join("table.json"),
        serde_json::to_string_pretty(summaries)?,
    )?;
    fs::write(folder.join("chart.svg"), chart::svg(summaries))?;
    eprintln!(
        "table.md, table.json, chart.svg and runs.jsonl are in {}",
        folder.display()
    );
    Ok(())
}
