//! What a row must show, as data, and whether it does.

use std::fmt;

use serde::Serialize;

use crate::summary::{Line, Summary};
use crate::tools::OURS;

/// One claim about a row.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Goal {
    /// A tool of ours takes that one's time divided by this, or less.
    Faster(&'static str, &'static str, f64),
    /// We take that one's time multiplied by this, or less.
    Within(&'static str, f64),
    /// The same, of the median of the ratios round by round.
    PairedWithin(&'static str, f64),
    /// Our CPU time is at most that one's multiplied by this.
    CpuWithin(&'static str, f64),
    /// Our CPU time for one message, in microseconds, is at most this.
    CpuEach(f64),
    /// The same of both servers together: more, and it is not we who are measured.
    ServersCpuEach(f64),
    /// The last messages arrive at no less than this part of the rate of the first.
    Steady(f64),
    /// Our peak memory in MiB stays below this.
    PeakBelow(f64),
}

/// What came of a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    Met,
    NotMet,
    /// One of the two has no number.
    Open,
}

/// A goal with what was found.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Judged {
    pub(crate) goal: String,
    pub(crate) found: Option<f64>,
    pub(crate) standing: Standing,
}

impl Goal {
    pub(crate) fn judge(&self, summary: &Summary) -> Judged {
        let found = self.found(summary);
        let standing = match found {
            None => Standing::Open,
            Some(found) if self.holds(found) => Standing::Met,
            Some(_) => Standing::NotMet,
        };
        Judged {
            goal: self.to_string(),
            found,
            standing,
        }
    }

    fn holds(&self, found: f64) -> bool {
        match self {
            Self::Faster(_, _, times) | Self::Steady(times) => found >= *times,
            Self::Within(_, most)
            | Self::PairedWithin(_, most)
            | Self::CpuWithin(_, most)
            | Self::CpuEach(most)
            | Self::ServersCpuEach(most) => found <= *most,
            Self::PeakBelow(mib) => found < *mib,
        }
    }

    /// The number that the goal is about.
    fn found(&self, summary: &Summary) -> Option<f64> {
        let ours = summary.line(OURS)?;
        let each = |seconds: f64| seconds * 1e6 / summary.messages as f64;
        match self {
            Self::CpuEach(_) => Some(each(ours.figures.as_ref()?.cpu)),
            Self::ServersCpuEach(_) => Some(each(ours.figures.as_ref()?.server_cpu)),
            Self::Steady(_) => ours.figures.as_ref()?.steadiness,
            Self::Faster(who, than, _) => {
                Some(seconds(summary.line(than)?)? / seconds(summary.line(who)?)?)
            }
            Self::Within(of, _) => Some(seconds(ours)? / seconds(summary.line(of)?)?),
            Self::PairedWithin(of, _) => Some(1.0 / summary.line(of)?.paired?),
            Self::CpuWithin(of, _) => {
                Some(ours.figures.as_ref()?.cpu / summary.line(of)?.figures.as_ref()?.cpu)
            }
            Self::PeakBelow(_) => Some(ours.figures.as_ref()?.peak_mib),
        }
    }
}

fn seconds(line: &Line) -> Option<f64> {
    line.figures.as_ref().map(|figures| figures.time.median)
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Faster(who, than, times) => {
                write!(f, "{who} at least {times} x faster than {than}")
            }
            Self::Within(of, times) => write!(f, "within {times} x of the time of {of}"),
            Self::PairedWithin(of, times) => {
                write!(f, "median of the rounds' ratios to {of} at most {times}")
            }
            Self::CpuWithin(of, times) => write!(f, "at most {times} x of the CPU time of {of}"),
            Self::CpuEach(most) => write!(f, "at most {most} µs of CPU time a message"),
            Self::ServersCpuEach(most) => {
                write!(f, "at most {most} µs of both servers' CPU time a message")
            }
            Self::Steady(times) => {
                write!(
                    f,
                    "the last messages at least {times} x as fast as the first"
                )
            }
            Self::PeakBelow(mib) => write!(f, "peak memory under {mib} MiB"),
        }
    }
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let standing = match self.standing {
            Standing::Met => "met",
            Standing::NotMet => "**not met**",
            Standing::Open => "open",
        };
        write!(f, "{standing}: {}", self.goal)?;
        match self.found {
            Some(found) => write!(f, " ({found:.2})"),
            None => Ok(()),
        }
    }
}
