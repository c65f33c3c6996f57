//! Messages and dates that servers alter, for a server that is told whether to.

use super::{Account, InternalDate, MailboxSpec, MessageSpec};

/// A small account of what Dovecot does not keep as it was sent: NUL, bare LF, CR before CRLF or at
/// the end, a date to come.
pub fn altering() -> Account {
    let messages = BODIES.iter().map(|body| MessageSpec::new(*body));
    let future = MessageSpec::new("Subject: from 2100\r\n\r\nbody\r\n")
        .with_date(InternalDate::utc(4_102_444_800));
    let inbox = MailboxSpec {
        messages: messages.chain([future]).collect(),
        ..MailboxSpec::new(&["INBOX"])
    };
    Account {
        mailboxes: vec![inbox],
    }
}

const BODIES: [&[u8]; 9] = [
    b"Subject: NUL in the body\r\n\r\nbefore\0after\r\n",
    b"Subject: NUL\0in the header\r\n\r\nbody\r\n",
    b"Subject: bare LF\n\nbody\nsecond line\n",
    b"Subject: some bare LF\r\n\r\none\ntwo\r\nthree\n",
    b"Subject: bare CR in a line\r\n\r\none\rtwo\r\n",
    b"Subject: CR before CRLF\r\n\r\none\r\r\ntwo\r\n",
    b"Subject: CR at the end\r\n\r\none\r",
    b"Subject: no final CRLF\r\n\r\none",
    b"Subject: header only, no final CRLF",
];
