//! ENVELOPE and BODYSTRUCTURE of mail as it comes: plain texts, alternatives, attachments, forwarded messages.

use std::fmt::Write;

/// One FETCH response, in one of eight shapes.
pub(crate) fn write_fetch(text: &mut String, n: u32) {
    let _ = write!(text, "* {n} FETCH (UID {} ENVELOPE ", n * 3 + 17);
    envelope(text, n);
    text.push_str(" BODYSTRUCTURE ");
    body(text, n);
    text.push_str(")\r\n");
}

fn envelope(text: &mut String, n: u32) {
    let (day, hour, minute) = (n % 28 + 1, n % 24, n * 7 % 60);
    let _ = write!(
        text,
        "(\"Tue, {day} Oct 2019 {hour:02}:{minute:02}:17 +0200\" "
    );
    let _ = match n % 8 {
        0 => write!(
            text,
            "\"=?utf-8?Q?Einladung_zur_Sitzung_am_Donnerstag_=E2=80=93?= {n}\" "
        ),
        1 => write!(text, "\"Re: [list] \\\"quoted\\\" words in subject {n}\" "),
        2 => write!(text, "{{21}}\r\nsubject as a literal. "),
        3 => write!(text, "NIL "),
        _ => write!(
            text,
            "\"Re: [project-devel] minutes of the meeting, part {n}\" "
        ),
    };
    let from = format!(
        "((\"Person {} Surname\" NIL \"person.{}\" \"example.org\"))",
        n % 90,
        n % 90
    );
    let _ = write!(text, "{from} {from} {from} (");
    for to in 0..n % 4 + 1 {
        let _ = write!(text, "(NIL NIL \"recipient{to}\" \"lists.example.net\")");
    }
    let cc = if n.is_multiple_of(3) {
        "((\"A. Copied\" NIL \"copied\" \"example.com\"))"
    } else {
        "NIL"
    };
    let reply = if n.is_multiple_of(2) {
        "\"<20191001.4711@mail.example.net>\""
    } else {
        "NIL"
    };
    let _ = write!(
        text,
        ") {cc} NIL {reply} \"<{n}.1234567.8901234@mail.example.org>\")"
    );
}

fn body(text: &mut String, n: u32) {
    match n % 8 {
        0..=2 => plain(text, n),
        3 | 4 => alternative(text, n),
        5 | 6 => mixed(text, n),
        _ => forwarded(text, n),
    }
}

fn plain(text: &mut String, n: u32) {
    let (octets, lines) = (400 + n % 5000, 10 + n % 120);
    let _ = write!(
        text,
        "(\"text\" \"plain\" (\"charset\" \"utf-8\" \"format\" \"flowed\") NIL NIL \
         \"quoted-printable\" {octets} {lines} NIL NIL NIL NIL)"
    );
}

fn alternative(text: &mut String, n: u32) {
    text.push('(');
    plain(text, n);
    let _ = write!(
        text,
        "(\"text\" \"html\" (\"charset\" \"utf-8\") NIL NIL \"base64\" {} {} NIL NIL NIL NIL) \
         \"alternative\" (\"boundary\" \"----=_Part_{n}_1234.5678\") NIL NIL NIL)",
        2000 + n % 9000,
        30 + n % 99
    );
}

fn mixed(text: &mut String, n: u32) {
    text.push('(');
    alternative(text, n);
    for part in 0..n % 3 + 1 {
        let _ = write!(
            text,
            "(\"application\" \"pdf\" (\"name\" \"report-{n}-{part}.pdf\") \"<{n}.{part}@id>\" NIL \"base64\" {} NIL \
             (\"attachment\" (\"filename\" \"report-{n}-{part}.pdf\" \"size\" \"{n}\")) NIL NIL)",
            100_000 + n
        );
    }
    let _ = write!(
        text,
        " \"mixed\" (\"boundary\" \"=-mixed-{n}\") NIL (\"en\") NIL)"
    );
}

fn forwarded(text: &mut String, n: u32) {
    text.push('(');
    plain(text, n);
    let _ = write!(
        text,
        "(\"message\" \"rfc822\" NIL NIL \"the message\" \"7bit\" {} ",
        3000 + n % 777
    );
    envelope(text, n + 4);
    text.push(' ');
    plain(text, n + 1);
    let _ = write!(
        text,
        " 77 NIL (\"inline\" NIL) NIL NIL) \"mixed\" (\"boundary\" \"=-fwd-{n}\") NIL NIL NIL)"
    );
}
