//! The summaries as Markdown, for people.

use std::fmt::Write;
use std::path::Path;

use crate::rows::ROWS;
use crate::summary::{Line, Summary};
use crate::tools::{OURS, Tool};

/// A table and the goals for each row.
pub(crate) fn markdown(summaries: &[Summary]) -> String {
    let mut text = String::new();
    for summary in summaries {
        // A String takes all.
        let _ = writeln!(
            text,
            "### {}: {}, {:.1} MB\n\n{HEAD}",
            summary.row, summary.work, summary.megabytes
        );
        let ours = summary.line(OURS);
        for line in &summary.lines {
            text.push_str(&row(line, ours));
        }
        text.push('\n');
        for goal in &summary.goals {
            let _ = writeln!(text, "- {goal}");
        }
        text.push('\n');
    }
    text.push_str(&versions(summaries));
    text
}

/// Rows, goals and tools.
pub(crate) fn list() -> String {
    let mut text = String::from("rows (* also with --quick):\n");
    for row in ROWS {
        let mark = if row.is_quick() { '*' } else { ' ' };
        let _ = writeln!(text, "{mark} {:<15} {row}", row.name);
        for goal in row.goals {
            let _ = writeln!(text, "{:20}goal: {goal}", "");
        }
    }
    let tools = Tool::all(Path::new("imapsync-cli"));
    let names: Vec<&str> = tools.iter().map(Tool::name).collect();
    let _ = write!(text, "tools: {}", names.join(", "));
    text
}

fn row(line: &Line, ours: Option<&Line>) -> String {
    let name = match ours {
        Some(ours) if ours.session != line.session => format!("{} †", line.tool),
        _ => line.tool.clone(),
    };
    let Some(figures) = &line.figures else {
        return format!(
            "| {name} | - | - | - | - | - | - | - | - | - | {} |\n",
            line.result
        );
    };
    let times =
        |ratio: Option<f64>| ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"));
    let mut time = format!("{:.2}", figures.time.median);
    if figures.rounds > 1 {
        let _ = write!(
            time,
            " ({:.2} - {:.2})",
            figures.time.least, figures.time.most
        );
    }
    format!(
        "| {name} | {time} | {} | {} | {:.0} | {:.1} | {:.2} | {:.2} | {:.1} | {} | {} |\n",
        times(line.ratio),
        times(line.paired),
        figures.messages_per_second,
        figures.megabytes_per_second,
        figures.cpu,
        figures.server_cpu,
        figures.peak_mib,
        figures.rounds,
        line.result,
    )
}

/// What was measured when; a mark where ratios are between sessions.
fn versions(summaries: &[Summary]) -> String {
    let mut notes: Vec<String> = Vec::new();
    for line in summaries.iter().flat_map(|summary| &summary.lines) {
        let version = match line.version.as_str() {
            "" => &line.tool,
            version => version,
        };
        let note = format!("{version} ({}, commit {})", line.session, line.commit);
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    let marked = summaries.iter().any(|summary| {
        let ours = summary.line(OURS).map(|line| &line.session);
        let other = |line: &Line| ours.is_some_and(|ours| *ours != line.session);
        summary.lines.iter().any(other)
    });
    let explained = match marked {
        true => "† measured in another session than this program: take its ratios with care.\n\n",
        false => "",
    };
    format!("{explained}{}\n", notes.join("; "))
}

const HEAD: &str = "\
| tool | s, median (min - max) | x ours | x ours, by round | messages/s | MB/s | client CPU s | servers' CPU s | peak MiB | rounds | result |
|---|---|---|---|---|---|---|---|---|---|---|";

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::results::tests::run;
    use crate::results::{Outcome, Results, Run};
    use crate::rows::Row;
    use crate::tools::{INTERIMAP, MBSYNC};

    #[test]
    fn shows_numbers_ratios_marks_and_goals() {
        let folder = TempDir::new().expect("a folder");
        let mut results = Results::open(folder.path()).expect("it opens");
        let over_limit = Outcome::OverLimit { seconds: 30 };
        let runs = [
            run("maildir-10k", INTERIMAP, "1", (1, 5.0)),
            run("maildir-10k", OURS, "2", (1, 2.0)),
            run("maildir-10k", OURS, "2", (2, 3.0)),
            Run {
                outcome: over_limit,
                ..run("maildir-10k", MBSYNC, "2", (1, 0.0))
            },
        ];
        for run in runs {
            results.add(run).expect("kept");
        }
        let row = Row::named("maildir-10k").expect("a row");
        let summary = Summary::of(row, &results).expect("it was run");
        let text = markdown(&[summary]);
        let lines = [
            "### maildir-10k: 10000 messages in 4 mailboxes -> Maildir, 145.0 MB",
            "| interimap † | 5.00 | 2.00 | - | 2000 | 29.0 | 2.50 | 5.00 | 20.0 | 1 | exact |",
            "| imapsync-cli | 2.50 (2.00 - 3.00) | 1.00 | 1.00 | 4000 | 58.0 | 1.25 | 2.50 | 20.0 | 2 | exact |",
            "| mbsync | - | - | - | - | - | - | - | - | - | > 30 s |",
            "- met: imapsync-cli at least 1.3 x faster than interimap (2.00)",
            "- open: imapsync-cli at least 3 x faster than mbsync",
        ];
        for line in lines {
            assert!(
                text.contains(&format!("{line}\n")),
                "{line}\nnot in\n{text}"
            );
        }
    }
}
