//! A whole line, from its first byte to its CRLF: RFC 9051 section 9, `response`.

use crate::error::{ParseError, Parsed, locate};
use crate::primitive::{blanks, sp};
use crate::quirk::Quirk;
use crate::response::dispatch::untagged;
use crate::response::status::text;
use crate::response::stray::{bare_code, leading_nuls};
use crate::response::tagged::tagged;
use crate::response::{Response, Untagged};
use crate::tolerance::{QuirkSet, Reading};

/// Any response, by the grammar; what [`fetch_line`](super::fetch::fast::fetch_line) reads comes to the same by this.
pub(in crate::response) fn general(
    frame: &[u8],
    accepted: QuirkSet,
) -> Result<(Response<'_>, QuirkSet), ParseError> {
    let reading = Reading::new(accepted);
    let line = frame.strip_suffix(b"\n").unwrap_or(frame);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let read = line_end(&reading, frame, line).and_then(|_| response(&reading, line));
    match read {
        Ok((_, response)) => Ok((response, reading.met())),
        Err(error) => Err(locate(line, error)),
    }
}

/// What `frame` has more than `line` is CRLF.
fn line_end<'a>(reading: &Reading, frame: &[u8], line: &'a [u8]) -> Parsed<'a, ()> {
    let end = line.get(line.len()..).unwrap_or_default();
    if frame.len() - line.len() != b"\r\n".len() {
        reading.accept(Quirk::BareLineFeed, end, "CRLF at the end")?;
    }
    Ok((end, ()))
}

/// `response = continue-req / response-data / response-done`, without its CRLF.
fn response<'a>(reading: &Reading, line: &'a [u8]) -> Parsed<'a, Response<'a>> {
    let line = leading_nuls(reading, line)?;
    match line.split_first() {
        Some((b'+', rest)) => {
            let text = text(reading, rest)?;
            Ok((&[], Response::Continuation { text: blanks(text) }))
        }
        Some((b'*', rest)) => {
            let (rest, ()) = sp(reading, rest)?;
            let (rest, untagged) = untagged(reading, rest)?;
            Ok((rest, Response::Untagged(untagged)))
        }
        _ => match bare_code(reading, line)? {
            Some(status) => Ok((&[], Response::Untagged(Untagged::Status(status)))),
            None => tagged(reading, line),
        },
    }
}
