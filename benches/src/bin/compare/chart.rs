//! The summaries as a picture: for each row a bar for each tool, as long as its median time, with its spread.

use std::fmt::Write;

use crate::summary::{Figures, Line, Summary};
use crate::tools::{CEILING, OURS};

/// An SVG image that is readable on light and dark pages.
pub(crate) fn svg(summaries: &[Summary]) -> String {
    let mut body = String::new();
    let mut top = MARGIN;
    for summary in summaries {
        top = panel(&mut body, summary, top);
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {top}\" width=\"{WIDTH}\" height=\"{top}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{body}</svg>\n"
    )
}

/// One row; returns where the next one begins.
fn panel(body: &mut String, summary: &Summary, top: u32) -> u32 {
    let title = format!("{}: {}", summary.row, summary.work);
    text(body, MARGIN, top + 12, "font-weight=\"bold\"", &title);
    let figures = |line: &Line| line.figures.as_ref().map(|figures| figures.time.most);
    let longest = summary.lines.iter().filter_map(figures).fold(0.0, f64::max);
    let mut top = top + 20;
    for line in &summary.lines {
        text(body, MARGIN, top + 13, "", &line.tool);
        match &line.figures {
            Some(figures) => bar(body, line, figures, (top, longest)),
            None => text(body, LEFT, top + 13, "fill=\"#777777\"", &line.result),
        }
        top += LINE;
    }
    top + MARGIN
}

fn bar(body: &mut String, line: &Line, figures: &Figures, (top, longest): (u32, f64)) {
    let length = |seconds: f64| seconds / longest * f64::from(SPACE);
    let colour = match line.tool.as_str() {
        OURS => "#1f77b4",
        CEILING => "#bbbbbb",
        _ => "#e08a3c",
    };
    let time = figures.time;
    let (left, middle) = (f64::from(LEFT), top + LINE / 2);
    let (from, to) = (left + length(time.least), left + length(time.most));
    // A String takes all.
    let _ = writeln!(
        body,
        "<rect x=\"{LEFT}\" y=\"{}\" width=\"{:.1}\" height=\"{}\" fill=\"{colour}\"/>\n\
         <line x1=\"{from:.1}\" x2=\"{to:.1}\" y1=\"{middle}\" y2=\"{middle}\" stroke=\"#222222\" stroke-width=\"2\"/>",
        top + 3,
        length(time.median),
        LINE - 6,
    );
    let mut label = format!("{:.2} s", time.median);
    if let Some(ratio) = line.ratio.filter(|_| line.tool != OURS) {
        let _ = write!(label, ", {ratio:.2} x");
    }
    if !line.sound {
        let _ = write!(label, " ({})", line.result);
    }
    text(body, LEFT + SPACE + 8, top + 13, "", &label);
}

fn text(body: &mut String, x: u32, y: u32, style: &str, words: &str) {
    let words = words
        .replace("**", "")
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let _ = writeln!(body, "<text x=\"{x}\" y=\"{y}\" {style}>{words}</text>");
}

const WIDTH: u32 = 900;
const MARGIN: u32 = 14;
const LINE: u32 = 18;
/// Where bars begin, and how long the longest may be.
const LEFT: u32 = 190;
const SPACE: u32 = 440;

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::results::Results;
    use crate::results::tests::run;
    use crate::rows::Row;

    #[test]
    fn bars_are_as_long_as_times() {
        let folder = TempDir::new().expect("a folder");
        let mut results = Results::open(folder.path()).expect("it opens");
        for (tool, seconds) in [(OURS, 1.0), ("<other>", 4.0)] {
            let run = run("mdbox-10k", tool, "1", (1, seconds));
            results.add(run).expect("kept");
        }
        let row = Row::named("mdbox-10k").expect("a row");
        let image = svg(&[Summary::of(row, &results).expect("it was run")]);
        assert!(image.contains("width=\"110.0\""), "{image}");
        assert!(image.contains("width=\"440.0\""), "{image}");
        assert!(image.contains("&lt;other&gt;"), "{image}");
        assert!(image.ends_with("</svg>\n"));
    }
}
