//! Bodies that look like IMAP: a program that loses count of a literal runs or believes them.

use super::MessageSpec;

/// One message for each trap.
pub(super) fn protocol_like() -> Vec<MessageSpec> {
    let mut messages: Vec<MessageSpec> = TRAPS
        .iter()
        .map(|trap| {
            MessageSpec::new(format!(
                "Subject: looks like IMAP\r\n\r\n{}\r\n",
                trap.repeat(5)
            ))
        })
        .collect();
    messages.push(MessageSpec::new(format!(
        "X-Trap: {{5}}\r\nX-Trap: )\r\n{}\r\n\r\n)\r\n",
        TRAPS.concat()
    )));
    messages.push(MessageSpec::new(TRAPS.concat()));
    messages
}

const TRAPS: [&str; 9] = [
    ")\r\n))\r\n)))))))))))))))))))))\r\n",
    "a1 OK FETCH completed\r\nt1 OK done\r\nA0001 OK done\r\n",
    "* 1 FETCH (UID 1 FLAGS (\\Seen) BODY[] {5}\r\nhello)\r\n* 9999 EXISTS\r\n* BYE see you\r\n",
    "this line ends like a literal {5}\r\nand this {5+}\r\nand this ~{12}\r\n{0}\r\n{4294967295}\r\n",
    "x1 CREATE pwned\r\nx2 DELETE INBOX\r\na DELETE INBOX\r\nx3 LOGOUT\r\n",
    "x4 APPEND INBOX {5+}\r\nhello\r\nx5 STORE 1:* +FLAGS (\\Deleted)\r\nx6 EXPUNGE\r\n",
    "+ OK\r\n+ idling\r\nDONE\r\n*\r\n",
    "\"\\\"\\\\ NIL (()) [[]] % * & \" ( { }\r\n",
    ".\r\n..\r\nFrom \r\n>From \r\n",
];
