//! THREAD responses: RFC 5256 section 4.

use crate::error::{Fail, Parsed, fail};
use crate::limits::NESTING_DEPTH;
use crate::primitive::{blanks, no_sp, nz_number};
use crate::tolerance::Reading;

/// Threads in wire form: checked, and read as they are walked (RFC 5256 section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Threads<'a>(&'a [u8]);

/// One step through threads. A message answers the one before it in the same parentheses; those
/// parentheses themselves hang below the message before them (RFC 5256 section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThreadStep {
    /// A thread or a branch begins.
    Open,
    /// A message: its number or UID.
    Message(u32),
    /// The thread or branch is at its end.
    Close,
}

impl Threads<'_> {
    /// The steps in the server's order; each `Open` has its `Close`.
    pub fn iter(self) -> impl Iterator<Item = ThreadStep> {
        let mut rest = self.0;
        core::iter::from_fn(move || {
            let (tail, step) = thread_step(blanks(rest)).ok()?;
            rest = tail;
            Some(step)
        })
    }
}

/// `thread-data = "THREAD" [SP 1*thread-list]`, after the keyword and its space.
///
/// The grammar has a space between a message and what follows it, and nowhere else.
pub(crate) fn threads<'a>(reading: &Reading, input: &'a [u8]) -> Parsed<'a, Threads<'a>> {
    let mut rest = input;
    let mut depth = 0_usize;
    let mut last = ThreadStep::Close;
    while !rest.is_empty() {
        rest = before_step(reading, last, rest)?;
        if rest.is_empty() {
            break;
        }
        let (tail, step) = thread_step(rest)?;
        depth = match (step, last) {
            (ThreadStep::Open, _) if depth >= NESTING_DEPTH => {
                return fail(rest, "less nesting");
            }
            (ThreadStep::Open, _) => depth + 1,
            (ThreadStep::Message(_), ThreadStep::Open | ThreadStep::Message(_)) => depth,
            (ThreadStep::Close, ThreadStep::Message(_) | ThreadStep::Close) if depth > 0 => {
                depth - 1
            }
            _ => return fail(rest, "a thread"),
        };
        last = step;
        rest = tail;
    }
    match depth {
        0 => Ok((rest, Threads(input))),
        _ => fail(rest, "the end of a thread"),
    }
}

/// The blanks that belong, or do not belong, behind the last step.
fn before_step<'a>(
    reading: &Reading,
    last: ThreadStep,
    input: &'a [u8],
) -> Result<&'a [u8], nom::Err<Fail<'a>>> {
    let from = match (last, input) {
        (ThreadStep::Message(_), [b' ', next @ ..]) if next.first() != Some(&b')') => next,
        _ => input,
    };
    no_sp(reading, from).map(|(rest, ())| rest)
}

fn thread_step(input: &[u8]) -> Parsed<'_, ThreadStep> {
    match input {
        [b'(', rest @ ..] => Ok((rest, ThreadStep::Open)),
        [b')', rest @ ..] => Ok((rest, ThreadStep::Close)),
        _ => nz_number(input).map(|(rest, n)| (rest, ThreadStep::Message(n.get()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tolerance::QuirkSet;

    fn written(threads: Threads<'_>) -> String {
        let step = |step| match step {
            ThreadStep::Open => "(".to_owned(),
            ThreadStep::Message(number) => format!("{number} "),
            ThreadStep::Close => ")".to_owned(),
        };
        threads.iter().map(step).collect()
    }

    #[test]
    fn threads_as_the_rfc_has_them() {
        let strict = Reading::new(QuirkSet::STRICT);
        for (wire, walked) in [
            ("", ""),
            ("(2)(3 6 (4 23)(44 7 96))", "(2 )(3 6 (4 23 )(44 7 96 ))"),
            ("((3)(5))", "((3 )(5 ))"),
        ] {
            let (_, found) = threads(&strict, wire.as_bytes()).expect(wire);
            assert_eq!(written(found), walked);
        }
        let (_, found) = threads(&Reading::lenient(), b"(1 2 ) ( 3) ").expect("blanks");
        assert_eq!(written(found), "(1 2 )(3 )");
        assert!(threads(&strict, b"(1) (2)").is_err());
    }

    #[test]
    fn what_is_no_thread_is_refused() {
        let deep = "(1 ".repeat(101) + &")".repeat(101);
        for wire in [
            "1",
            "(",
            "()",
            "(1",
            "(1))",
            ")",
            "(0)",
            "(x)",
            "(4294967296)",
            &deep,
        ] {
            assert!(
                threads(&Reading::lenient(), wire.as_bytes()).is_err(),
                "{wire}"
            );
        }
    }
}
