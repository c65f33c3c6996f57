//! The Markdown table of `cargo bench --bench parsers`, from what criterion left in its folder.
//!
//! Each figure is that of the fastest sample: on a machine with other work, the rest measures that work.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// `benchmark.json`: what was timed.
#[derive(Deserialize)]
struct Benchmark {
    group_id: String,
    function_id: String,
    value_str: String,
    throughput: Throughput,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Throughput {
    elements_and_bytes: Work,
}

/// What one run does.
#[derive(Deserialize, Clone, Copy)]
struct Work {
    elements: f64,
    bytes: f64,
}

/// `sample.json`: how often it ran in each sample, and the nanoseconds that took.
#[derive(Deserialize)]
struct Sample {
    iters: Vec<f64>,
    times: Vec<f64>,
}

/// The fastest run of each parser, by row.
type Rows = BTreeMap<(String, Chunk), (Work, BTreeMap<String, f64>)>;

/// Octets of a chunk, or none for whole responses.
type Chunk = Option<u32>;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os()
        .nth(1)
        .map_or_else(|| PathBuf::from("target/criterion"), PathBuf::from);
    let mut rows = Rows::new();
    for group in fs::read_dir(&folder)? {
        collect(&mut rows, &group?.path())?;
    }
    println!("| row | chunks | {} | ratio |", PARSERS.join(" | "));
    println!("|---|---|{}---|", "---|".repeat(PARSERS.len()));
    for ((row, chunk), (work, fastest)) in &rows {
        let chunk = chunk.map_or_else(|| "whole".to_owned(), |octets| octets.to_string());
        let figures = PARSERS.map(|parser| {
            fastest
                .get(parser)
                .map_or_else(String::new, |&seconds| figure(*work, seconds))
        });
        println!(
            "| {row} | {chunk} | {} | {} |",
            figures.join(" | "),
            ratio(fastest)
        );
    }
    Ok(())
}

/// Every benchmark below `folder`.
fn collect(rows: &mut Rows, folder: &Path) -> Result<(), Box<dyn Error>> {
    let file = folder.join("new/benchmark.json");
    if file.exists() {
        let Ok(benchmark) = serde_json::from_slice::<Benchmark>(&fs::read(file)?) else {
            return Ok(());
        };
        let sample: Sample = serde_json::from_slice(&fs::read(folder.join("new/sample.json"))?)?;
        let runs = sample
            .times
            .iter()
            .zip(&sample.iters)
            .map(|(time, iters)| time / iters / 1e9);
        let key = (benchmark.group_id, benchmark.value_str.parse().ok());
        let row = rows
            .entry(key)
            .or_insert_with(|| (benchmark.throughput.elements_and_bytes, BTreeMap::new()));
        row.1
            .insert(benchmark.function_id, runs.fold(f64::INFINITY, f64::min));
        return Ok(());
    }
    for entry in fs::read_dir(folder)?.filter_map(Result::ok) {
        if entry.path().is_dir() {
            collect(rows, &entry.path())?;
        }
    }
    Ok(())
}

/// Megabytes and thousands of responses, per second.
fn figure(work: Work, seconds: f64) -> String {
    let megabytes = work.bytes / seconds / 1e6;
    match work.elements {
        1.0 => format!("{megabytes:.0} MB/s"),
        responses => format!("{megabytes:.0} MB/s, {:.0} k/s", responses / seconds / 1e3),
    }
}

/// Ours against the faster of the others, or against the copy that stands for them.
fn ratio(fastest: &BTreeMap<String, f64>) -> String {
    let others = PARSERS[1..3]
        .iter()
        .filter_map(|&parser| fastest.get(parser).copied());
    let other = others.fold(f64::INFINITY, f64::min);
    let against = |seconds: f64| fastest.get(PARSERS[0]).map(|ours| seconds / ours);
    let mut text = match against(other) {
        Some(ratio) if ratio.is_finite() => format!("{ratio:.1} x the faster"),
        _ => String::new(),
    };
    if let Some(ratio) = fastest.get(PARSERS[3]).copied().and_then(against) {
        text.push_str(&format!(" {ratio:.2} x memcpy"));
    }
    text
}

/// Ours, the others, and the copy that no parser can do without.
const PARSERS: [&str; 4] = ["imap-proto-lite", "imap-codec", "imap-proto", "memcpy"];
