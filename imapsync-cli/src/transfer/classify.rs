//! What a refused APPEND means: by its code first, then by its words.

use imap_client_lite::proto::{Code, Condition};

/// Whom a refusal concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// This message; others may go on.
    Message,
    /// This mailbox; others may go on.
    Mailbox,
    /// The account's quota.
    Quota,
    /// Only the moment.
    Moment,
}

/// Classifies a NO or BAD.
pub(super) fn classify(condition: Condition, code: Option<Code<'_>>, text: &str) -> Refused {
    match code {
        Some(Code::OverQuota) => return Refused::Quota,
        Some(Code::TryCreate | Code::NonExistent | Code::NoPerm | Code::ReadOnly) => {
            return Refused::Mailbox;
        }
        Some(
            Code::Unavailable | Code::InUse | Code::Limit | Code::ServerBug | Code::ExpungeIssued,
        ) => return Refused::Moment,
        Some(Code::TooBig | Code::Cannot | Code::Parse | Code::UnknownCte) => {
            return Refused::Message;
        }
        _ => {}
    }
    let text = text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if condition == Condition::No && says(&["quota", "mailbox is full", "out of space"]) {
        Refused::Quota
    } else if says(&[
        "throttl",
        "suggested backoff",
        "try again",
        "too many connections",
        "server busy",
    ]) {
        Refused::Moment
    } else {
        Refused::Message
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_of_real_servers() {
        for (condition, code, text, wanted) in [
            (Condition::No, Some(Code::OverQuota), "x", Refused::Quota),
            (Condition::No, None, "Mailbox is over quota", Refused::Quota),
            (
                Condition::No,
                Some(Code::TryCreate),
                "no such mailbox",
                Refused::Mailbox,
            ),
            (
                Condition::No,
                None,
                "APPEND [TRYCREATE] failed",
                Refused::Message,
            ),
            (
                Condition::No,
                None,
                "Message contains NUL characters",
                Refused::Message,
            ),
            (
                Condition::No,
                Some(Code::TooBig),
                "over quota of one message",
                Refused::Message,
            ),
            (
                Condition::Bad,
                None,
                "Request is throttled. Suggested Backoff Time: 299961 milliseconds",
                Refused::Moment,
            ),
            (Condition::No, Some(Code::Unavailable), "x", Refused::Moment),
            (Condition::Bad, None, "Command Error. 10", Refused::Message),
        ] {
            assert_eq!(classify(condition, code, text), wanted, "{text}");
        }
    }
}
