//! Messages that programs trip over, and that a careful server keeps byte for byte: RFC 5322 bent in
//! every way that real mailboxes show.

use super::{InternalDate, MessageSpec};

/// Some forty messages, each peculiar in its own way, in a fixed order.
pub(super) fn peculiar() -> Vec<MessageSpec> {
    let groups = [
        identities(),
        headers(),
        shapes(),
        dates(),
        flags(),
        super::protocol_like::protocol_like(),
    ];
    groups.into_iter().flatten().collect()
}

/// Message-ID: none, equal ones, identical copies.
fn identities() -> Vec<MessageSpec> {
    let copy = MessageSpec::new(
        "From: a@example.org\r\nMessage-ID: <copy@example.org>\r\n\r\nThe same three times.\r\n",
    );
    vec![
        MessageSpec::new("From: a@example.org\r\nSubject: no Message-ID\r\n\r\nHello\r\n"),
        MessageSpec::new("From: a@example.org\r\nSubject: no Message-ID either\r\n\r\nHello\r\n"),
        MessageSpec::new("Message-ID: <equal@example.org>\r\nSubject: one\r\n\r\nfirst of two\r\n"),
        MessageSpec::new(
            "Message-ID: <equal@example.org>\r\nSubject: two\r\n\r\nthe second, longer\r\n",
        ),
        // Equal headers, equal size, other bodies: only the bytes tell them apart.
        MessageSpec::new("Message-ID: <twin@example.org>\r\nSubject: twin\r\n\r\nbody A\r\n"),
        MessageSpec::new("Message-ID: <twin@example.org>\r\nSubject: twin\r\n\r\nbody B\r\n"),
        copy.clone(),
        copy.clone(),
        copy,
        MessageSpec::new("Message-ID: <>\r\n\r\nan empty Message-ID\r\n"),
        MessageSpec::new("Message-ID:\r\n <folded@example.org>\r\n\r\na folded Message-ID\r\n"),
        MessageSpec::new("Message-ID: <1@a>\r\nMessage-ID: <2@a>\r\n\r\ntwo Message-IDs\r\n"),
        MessageSpec::new("Message-ID: <\"quo\\\"ted\"@[192.0.2.1]>\r\n\r\na quoted Message-ID\r\n"),
    ]
}

/// Header lines: 8-bit, long, malformed.
fn headers() -> Vec<MessageSpec> {
    let long = "x".repeat(200_000);
    let folded = "Received: from a.example by b.example\r\n\t(some text); Mon, 06 Jan 2020 10:00:00 +0000\r\n".repeat(500);
    vec![
        MessageSpec::new(
            b"Subject: Gr\xfc\xdfe aus K\xf6ln\r\nMessage-ID: <latin1@a>\r\n\r\nlatin1 header\r\n",
        ),
        MessageSpec::new(
            "Subject: Grüße 日本 😀\r\nMessage-ID: <utf8@a>\r\n\r\nUTF-8 header, UTF-8 body: 日本 😀\r\n",
        ),
        MessageSpec::new(format!(
            "X-Long: {long}\r\nMessage-ID: <long@a>\r\n\r\na long header line\r\n"
        )),
        MessageSpec::new(format!(
            "{folded}Message-ID: <folds@a>\r\n\r\nmany header lines\r\n"
        )),
        MessageSpec::new(
            "Subj : a space before the colon\r\nno colon in this line\r\n: no name\r\n\r\nbody\r\n",
        ),
        MessageSpec::new(
            "From alice Mon Jan  6 10:00:00 2020\r\nSubject: an mbox line first\r\n\r\nFrom here on\r\n",
        ),
        MessageSpec::new(
            "Status: RO\r\nX-Status: A\r\nX-UID: 77\r\nX-Keywords: foo\r\nSubject: mbox headers\r\n\r\nbody\r\n",
        ),
        MessageSpec::new(
            "Subject: =?utf-8?q?encoded?=\r\n\t\r\n \r\nX-After: blank continuation lines\r\n\r\nbody\r\n",
        ),
    ]
}

/// Header or body missing, or made of one thing only.
fn shapes() -> Vec<MessageSpec> {
    let binary: Vec<u8> = (1..=255u8)
        .filter(|byte| !b"\r\n".contains(byte))
        .cycle()
        .take(50_000)
        .collect();
    let long_line = "y".repeat(100_000);
    vec![
        MessageSpec::new("\r\nNo header: the blank line comes first.\r\n"),
        MessageSpec::new("\r\n"),
        MessageSpec::new("\r\n\r\n\r\n"),
        MessageSpec::new("Just a line of text, no header and no blank line.\r\n"),
        MessageSpec::new(
            "Subject: header only, then the blank line\r\nMessage-ID: <header1@a>\r\n\r\n",
        ),
        MessageSpec::new("Subject: header only, no blank line\r\nMessage-ID: <header2@a>\r\n"),
        MessageSpec::new(
            [
                b"Subject: every byte but NUL, CR and LF\r\n\r\n".as_slice(),
                &binary,
                b"\r\n",
            ]
            .concat(),
        ),
        MessageSpec::new(format!("Subject: a long body line\r\n\r\n{long_line}\r\n")),
        MessageSpec::new("Subject: many blank lines\r\n\r\n".to_owned() + &"\r\n".repeat(3000)),
        MessageSpec::new(MULTIPART),
    ]
}

/// Internal dates at the edges of what servers keep.
fn dates() -> Vec<MessageSpec> {
    let instants = [
        (0, 0),
        (1, 0),
        (1, 840),
        (951_782_400, -720),
        (946_684_799, 330),
        (1_300_000_000, -210),
    ];
    let date = |(seconds, zone)| InternalDate::utc(seconds).in_zone(zone);
    instants
        .into_iter()
        .map(|instant| {
            let date = date(instant);
            MessageSpec::new(format!("Subject: internal date {date}\r\n\r\nbody\r\n"))
                .with_date(date)
        })
        .collect()
}

/// Flags and keywords.
fn flags() -> Vec<MessageSpec> {
    let sets: [&[&str]; 8] = [
        &["\\Answered", "\\Deleted", "\\Draft", "\\Flagged", "\\Seen"],
        &["\\Deleted"],
        &["$Forwarded"],
        &["$MDNSent", "$Junk", "NonJunk"],
        &["NIL"],
        &["12345", "a-b_c:d/e", "MixedCase"],
        &[
            "\\Seen",
            "x-a-keyword-of-fifty-characters-0123456789-abcdefg",
        ],
        &["$NotPhishing", "$label1", "custom.keyword", "\\Flagged"],
    ];
    sets.iter()
        .map(|flags| {
            MessageSpec::new(format!("Subject: {} flags\r\n\r\nbody\r\n", flags.len()))
                .with_flags(flags)
        })
        .collect()
}

const MULTIPART: &str = "Subject: a multipart message\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=\"=_b)1\"\r\n\r\npreamble\r\n--=_b)1\r\n\
    Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\ninner body\r\n--=_b)1\r\n\
    Content-Type: application/octet-stream; name=\"a \\\"b\\\".bin\"\r\n\
    Content-Transfer-Encoding: base64\r\n\r\nAAECAwQFBgcICQ==\r\n--=_b)1--\r\nepilogue\r\n";
