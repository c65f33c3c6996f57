//! A response as one short line, in which a row can be compared and read.

use imap_proto_lite::{
    BodyValue, Code, Condition, DateField, Fetch, MailboxStatus, Response, SequenceSet,
    StatusResponse, Untagged, Vanished,
};

pub(crate) fn shown(response: &Response<'_>) -> String {
    match response {
        Response::Continuation { text } => line("+", [word(text)]),
        Response::Tagged { tag, status } => line(&word(tag), [status_response(status)]),
        Response::Untagged(untagged) => line("*", [shown_untagged(untagged)]),
        Response::Stray(stray) => line("stray", [word(stray)]),
    }
}

fn shown_untagged(untagged: &Untagged<'_>) -> String {
    match untagged {
        Untagged::Status(status) => status_response(status),
        Untagged::Capability(names) => line("CAPABILITY", names.iter().map(str::to_owned)),
        Untagged::Enabled(names) => line("ENABLED", names.iter().map(str::to_owned)),
        Untagged::Id(id) => line(
            "ID",
            id.fields().map(|(name, value)| {
                format!(
                    "{}={}",
                    word(name),
                    value.map_or_else(|| "NIL".to_owned(), word)
                )
            }),
        ),
        Untagged::List(list) | Untagged::Lsub(list) => {
            let delimiter = list
                .delimiter
                .map_or_else(|| "NIL".to_owned(), |byte| word(&[byte]));
            let mut words: Vec<String> = list.attributes().map(word).collect();
            words.extend([delimiter, format!("<{}>", word(&list.name))]);
            line("LIST", words)
        }
        Untagged::Namespace(all) => line(
            "NAMESPACE",
            [&all.personal, &all.other_users, &all.shared].map(|one| one.len().to_string()),
        ),
        Untagged::MailboxStatus(status) => mailbox_status(status),
        Untagged::Flags(flags) => format!("FLAGS {}", flags.iter().count()),
        Untagged::Search(found) => line("SEARCH", found.iter().map(|n| n.to_string())),
        Untagged::Esearch(found) => line("ESEARCH", found.all.map(set)),
        Untagged::Exists(n) => format!("EXISTS {n}"),
        Untagged::Recent(n) => format!("RECENT {n}"),
        Untagged::Expunge(n) => format!("EXPUNGE {n}"),
        Untagged::Vanished(Vanished::Earlier(uids) | Vanished::Now(uids)) => {
            line("VANISHED", [set(*uids)])
        }
        Untagged::Fetch(fetch) => shown_fetch(fetch),
        Untagged::Other(raw) => format!("other <{}>", word(raw)),
        _ => "something new".to_owned(),
    }
}

fn status_response(status: &StatusResponse<'_>) -> String {
    let condition = match status.condition {
        Condition::Ok => "OK",
        Condition::No => "NO",
        Condition::Bad => "BAD",
        Condition::Bye => "BYE",
        Condition::PreAuth => "PREAUTH",
    };
    let code = status.code.map(|code| format!("[{}]", shown_code(code)));
    let text = (!status.text.is_empty()).then(|| word(status.text));
    line(condition, code.into_iter().chain(text))
}

fn shown_code(code: Code<'_>) -> String {
    match code {
        Code::AppendUid { uid_validity, uids } => format!("APPENDUID {uid_validity} {}", set(uids)),
        Code::CopyUid {
            uid_validity,
            from,
            to,
        } => format!("COPYUID {uid_validity} {} {}", set(from), set(to)),
        Code::Capability(names) => line("CAPABILITY", names.iter().map(str::to_owned)),
        Code::HighestModSeq(value) => format!("HIGHESTMODSEQ {}", value.0),
        Code::PermanentFlags(flags) => format!("PERMANENTFLAGS {}", flags.iter().count()),
        Code::UidNext(uid) => format!("UIDNEXT {uid}"),
        Code::UidValidity(value) => format!("UIDVALIDITY {value}"),
        Code::Unseen(n) => format!("UNSEEN {n}"),
        Code::Other { name, value } => format!("raw {} <{}>", word(name), word(value)),
        plain => format!("{plain:?}"),
    }
}

fn mailbox_status(status: &MailboxStatus<'_>) -> String {
    let items = [
        status.messages.map(|n| format!("MESSAGES {n}")),
        status.uid_next.map(|n| format!("UIDNEXT {n}")),
        status.uid_validity.map(|n| format!("UIDVALIDITY {n}")),
        status.size.map(|n| format!("SIZE {n}")),
    ];
    let name = format!("<{}>", word(&status.mailbox));
    line(
        "STATUS",
        [name].into_iter().chain(items.into_iter().flatten()),
    )
}

fn shown_fetch(fetch: &Fetch<'_>) -> String {
    let date = |date| match date {
        DateField::Valid(date) => format!("DATE {date}"),
        DateField::Invalid(raw) => format!("DATE raw <{}>", word(raw)),
    };
    let items = [
        fetch.seq.map(|n| format!("{}", u32::from(n))),
        fetch.uid.map(|uid| format!("UID {uid}")),
        fetch
            .flags
            .map(|flags| format!("FLAGS {}", flags.iter().count())),
        fetch.internal_date.map(date),
        fetch.size.map(|n| format!("SIZE {n}")),
        fetch.mod_seq.map(|n| format!("MODSEQ {}", n.0)),
    ];
    let sections = fetch.sections.iter().map(|section| {
        let value = match &section.value {
            BodyValue::Absent => "absent".to_owned(),
            BodyValue::Inline(text) => format!("<{}>", word(text)),
            BodyValue::Streamed(octets) => format!("streamed {octets}"),
        };
        format!("{} {value}", word(section.item))
    });
    line("FETCH", items.into_iter().flatten().chain(sections))
}

fn set(set: SequenceSet<'_>) -> String {
    let ranges = set.ranges().map(|(first, last)| match first == last {
        true => first.to_string(),
        false => format!("{first}:{last}"),
    });
    ranges.collect::<Vec<_>>().join(",")
}

fn word(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn line(name: &str, words: impl IntoIterator<Item = String>) -> String {
    words
        .into_iter()
        .filter(|word| !word.is_empty())
        .fold(name.to_owned(), |line, word| line + " " + &word)
}
