//! What servers send in the place of a response: NULs before it, a code without its condition, a line of
//! something else.

use crate::chars::without_nuls;
use crate::error::{Fail, fail};
use crate::primitive::blanks;
use crate::quirk::Quirk;
use crate::response::code::{Code, resp_text_code};
use crate::response::status::{Condition, StatusResponse};
use crate::tolerance::Reading;

/// The line behind the NULs that some server sends before it.
pub(super) fn leading_nuls<'a>(
    reading: &Reading,
    line: &'a [u8],
) -> Result<&'a [u8], nom::Err<Fail<'a>>> {
    let response = without_nuls(line);
    if response.len() != line.len() {
        reading.accept(Quirk::LeadingNul, line, "a response")?;
    }
    Ok(response)
}

/// COPYUID or APPENDUID, where a condition should stand before it; it counts as that of an untagged OK. Of
/// the other codes none was seen so, and one that says how a mailbox is should not come from a stray line.
pub(super) fn bare_code<'a>(
    reading: &Reading,
    input: &'a [u8],
) -> Result<Option<StatusResponse<'a>>, nom::Err<Fail<'a>>> {
    if input.first() != Some(&b'[') {
        return Ok(None);
    }
    let code_alone = |reading: &Reading| match resp_text_code(reading, input)? {
        Some(known @ (_, Code::CopyUid { .. } | Code::AppendUid { .. })) => Ok(known),
        _ => fail(input, "a response code"),
    };
    let (rest, code) = match reading.attempt(|| code_alone(reading)) {
        Ok(known) => known,
        // A quirk refused is a failure only where it would have led to a code.
        Err(error @ nom::Err::Failure(_)) if code_alone(&Reading::lenient()).is_ok() => {
            return Err(error);
        }
        Err(_) => return Ok(None),
    };
    reading.accept(Quirk::BareCode, input, "OK before a response code")?;
    Ok(Some(StatusResponse {
        condition: Condition::Ok,
        code: Some(code),
        text: blanks(rest),
    }))
}
