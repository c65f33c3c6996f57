//! What a refusal means: by its code first (RFC 5530 and others), then by its words.

use imap_client_lite::proto::{Code, Condition};

/// Whom a refusal concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// This message; others may go on.
    Message,
    /// This mailbox; others may go on.
    Mailbox,
    /// This mailbox, but only for the moment.
    Busy,
    /// The account's quota.
    Quota,
    /// Only the moment, whatever is asked for.
    Moment,
}

/// Classifies a NO or BAD.
pub(crate) fn classify(condition: Condition, code: Option<Code<'_>>, text: &str) -> Refused {
    let text = text.to_ascii_lowercase();
    code.and_then(|code| by_code(code, &text))
        .unwrap_or_else(|| by_words(condition, &text))
}

/// What a code alone says; `None` for codes that say nothing about whom they concern.
fn by_code(code: Code<'_>, text: &str) -> Option<Refused> {
    Some(match code {
        // Gmail says so when too much was moved today.
        Code::OverQuota if says(text, &["bandwidth"]) => Refused::Moment,
        Code::OverQuota => Refused::Quota,
        Code::TryCreate
        | Code::NonExistent
        | Code::NoPerm
        | Code::ReadOnly
        | Code::Corruption
        | Code::ContactAdmin => Refused::Mailbox,
        Code::InUse | Code::ServerBug | Code::ExpungeIssued => Refused::Busy,
        // Of the login's codes the next login knows more.
        Code::Unavailable
        | Code::TempFail
        | Code::Limit
        | Code::MessageLimit { .. }
        | Code::AuthenticationFailed
        | Code::AuthorizationFailed
        | Code::Expired
        | Code::PrivacyRequired => Refused::Moment,
        Code::TooBig | Code::Cannot | Code::Parse | Code::UnknownCte | Code::ClientBug => {
            Refused::Message
        }
        Code::Other { name, .. } => return by_name(name),
        _ => return None,
    })
}

/// Codes of which only the name counts here, or that are nobody's standard.
fn by_name(name: &[u8]) -> Option<Refused> {
    let known = |names: &[&str]| {
        names
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
    };
    if known(&[
        "THROTTLED",
        "MESSAGELIMIT",
        "LIMIT",
        "UNAVAILABLE",
        "BANDWIDTH",
    ]) {
        Some(Refused::Moment)
    } else if known(&["INUSE", "SERVERBUG"]) {
        Some(Refused::Busy)
    } else if known(&["OVERQUOTA"]) {
        Some(Refused::Quota)
    } else if known(&["TRYCREATE", "NONEXISTENT", "NOPERM"]) {
        Some(Refused::Mailbox)
    } else if known(&["TOOBIG", "APPENDLIMIT"]) {
        Some(Refused::Message)
    } else {
        None
    }
}

/// What servers without codes say. Only what is surely not about the message leaves it aside.
fn by_words(condition: Condition, text: &str) -> Refused {
    if says(text, &MOMENT) {
        return Refused::Moment;
    }
    if says(text, &BUSY) {
        return Refused::Busy;
    }
    match condition {
        Condition::No if says(text, &MESSAGE) => Refused::Message,
        Condition::No if says(text, &QUOTA) => Refused::Quota,
        Condition::No if says(text, &MAILBOX) => Refused::Mailbox,
        _ => Refused::Message,
    }
}

fn says(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

const MOMENT: [&str; 16] = [
    "throttl",
    "suggested backoff",
    "try again later",
    "try again in ",
    "retry later",
    "too many connections",
    "too many simultaneous",
    "too many commands",
    "too many requests",
    "rate limit",
    "bandwidth limit",
    "server busy",
    "server is busy",
    "server unavailable",
    "temporarily unavailable",
    // Exchange, when the mailbox behind the session has gone to another server.
    "authenticated but not connected",
];
const BUSY: [&str; 6] = [
    "internal error",
    "internal server error",
    "system i/o error",
    "mailbox is locked",
    "mailbox in use",
    "timeout while waiting for lock",
];
const MESSAGE: [&str; 3] = ["message too large", "message size", "message exceeds"];
const QUOTA: [&str; 7] = [
    "quota",
    "mailbox is full",
    "mailbox full",
    "out of space",
    "no space left",
    "disk full",
    "storage limit",
];
const MAILBOX: [&str; 6] = [
    "permission denied",
    "access denied",
    "mailbox does not exist",
    "mailbox doesn't exist",
    "no such mailbox",
    "mailbox is read-only",
];

#[cfg(test)]
mod tests {
    use super::*;
    use imap_client_lite::proto::Response;

    /// Reads the lines as a server would send them.
    #[track_caller]
    fn assert_all(wanted: Refused, condition: &str, lines: &[&str]) {
        for line in lines {
            let wire = format!("a1 {condition} {line}\r\n");
            let response = Response::parse(wire.as_bytes()).expect("well-formed");
            let Response::Tagged { status, .. } = response else {
                panic!("{line}");
            };
            let text = String::from_utf8_lossy(status.text);
            let got = classify(status.condition, status.code, &text);
            assert_eq!(got, wanted, "{line}");
        }
    }

    #[test]
    fn what_concerns_the_message() {
        assert_all(
            Refused::Message,
            "NO",
            &[
                "[TOOBIG] over quota of one message",
                "[TOOBIG] Message is too large",
                "[CANNOT] Keywords are not supported",
                "[PARSE] line too long",
                "[UNKNOWN-CTE] no BINARY",
                "[APPENDLIMIT 35651584] too much",
                "[ALERT] Message too large.",
                "Message size exceeds the storage limit of one message",
                "Message contains NUL characters",
                "Message contains bare newlines",
                "Message contains invalid header",
                "Message contains non-ASCII characters in headers",
                "Can't save a zero byte message.",
                "Message refused by the virus scanner: clean it and try again",
                "APPEND failed",
                "",
            ],
        );
        assert_all(
            Refused::Message,
            "BAD",
            &[
                "[CLIENTBUG] Additional arguments found after last expected argument",
                "Command Error. 10",
                "Command Error. 11",
                "Invalid system flag \\Foo",
                "Invalid internal date.",
            ],
        );
    }

    #[test]
    fn what_concerns_the_mailbox() {
        assert_all(
            Refused::Mailbox,
            "NO",
            &[
                "[TRYCREATE] Mailbox doesn't exist",
                "[TRYCREATE now] Mailbox doesn't exist",
                "[NONEXISTENT] Mailbox vanished",
                "[NOPERM] Permission denied",
                "[READ-ONLY] Mailbox is read-only",
                "[CORRUPTION] Mailbox is damaged",
                "[CONTACTADMIN] Ask them",
                "Permission denied",
                "Mailbox does not exist",
            ],
        );
    }

    #[test]
    fn what_concerns_the_quota() {
        assert_all(
            Refused::Quota,
            "NO",
            &[
                "[OVERQUOTA] Quota exceeded (mailbox for user is full)",
                "[OVERQUOTA 12] full",
                "Over quota",
                "[ALERT] You exceeded your mail quota.",
                "Your mailbox is full",
                "No space left on device",
            ],
        );
    }

    #[test]
    fn what_concerns_the_moment() {
        for condition in ["NO", "BAD"] {
            assert_all(
                Refused::Moment,
                condition,
                &[
                    "Request is throttled. Suggested Backoff Time: 299961 milliseconds",
                    "[THROTTLED] Account exceeded command or bandwidth limits",
                    "[OVERQUOTA] Account exceeded command or bandwidth limits.",
                    "[LIMIT] APPEND Rate limit hit.",
                    "[MESSAGELIMIT 1000 23221] too many messages",
                    "[UNAVAILABLE] Temporary authentication failure",
                    "[EXPIRED] password",
                    "User is authenticated but not connected.",
                    "Server Unavailable. 15",
                    "Server busy, please try again later",
                    "Too many simultaneous connections.",
                ],
            );
            assert_all(
                Refused::Busy,
                condition,
                &[
                    "[INUSE] Timeout while waiting for lock",
                    "[SERVERBUG] Internal error occurred. Refer to server log for more information.",
                    "[EXPUNGEISSUED] Some of the requested messages no longer exist",
                    "System I/O error",
                    "Mailbox is locked by another process",
                ],
            );
        }
    }
}
