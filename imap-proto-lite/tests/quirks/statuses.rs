//! Items 18-41: conditions, response codes, the greeting, capabilities.

use imap_proto_lite::Quirk::*;

use crate::{Row, row};

#[rustfmt::skip] // one row, one line
pub(crate) const ROWS: &[Row] = &[
    row(18, b"* OK [HIGHESTMODSEQ 9195383]\r\n", "* OK [HIGHESTMODSEQ 9195383]", &[MissingText]),
    row(19, b"* OK [UIDVALIDITY 7]\r\n", "* OK [UIDVALIDITY 7]", &[MissingText]),
    row(19, b"* OK [PERMANENTFLAGS (\\Seen \\*)]\r\n", "* OK [PERMANENTFLAGS 2]", &[MissingText]),
    row(19, b"* OK [UIDNEXT 5] \r\n", "* OK [UIDNEXT 5]", &[]),
    row(20, b"A001 OK\r\n", "A001 OK", &[MissingText]),
    row(21, b"+\r\n", "+", &[MissingText]),
    row(21, b"+ \r\n", "+", &[]),
    row(22, b"* OK Coremail System IMap Server Ready(163com[8db7])\r\n", "* OK Coremail System IMap Server Ready(163com[8db7])", &[]),
    row(23, b"a1 BAD [Error=\"Microsoft.Exchange.Error\" AuthResultFromPopImapEnd=0 Proxy=h:1] no\r\n", "a1 BAD [raw Error=\"Microsoft.Exchange.Error\" <AuthResultFromPopImapEnd=0 Proxy=h:1>] no", &[OddCode]),
    row(24, b"a1 OK [COPYUID 701  ] done\r\n", "a1 OK [raw COPYUID <701>] done", &[OddCode]),
    row(25, b"* OK [UIDNEXT 0] x\r\n", "* OK [raw UIDNEXT <0>] x", &[OddCode]),
    row(25, b"* OK [UNSEEN 0] x\r\n", "* OK [raw UNSEEN <0>] x", &[OddCode]),
    row(25, b"* OK [UIDVALIDITY 0] x\r\n", "* OK [raw UIDVALIDITY <0>] x", &[OddCode]),
    row(25, b"* STATUS x (MESSAGES 1 UIDNEXT 0 UIDVALIDITY 0)\r\n", "* STATUS <x> MESSAGES 1", &[OddNumber]),
    row(26, b"a4 BYE going\r\n", "a4 BYE going", &[TaggedCondition]),
    row(28, b"* BYE Server is too busy\r\n", "* BYE Server is too busy", &[]),
    row(30, b"* NOOP\r\n", "* other <NOOP>", &[]),
    row(32, b"a1 BAD Request is throttled. Suggested Backoff Time: 299961 milliseconds\r\n", "a1 BAD Request is throttled. Suggested Backoff Time: 299961 milliseconds", &[]),
    row(34, b"* CAPABILITY IMAPrev1\r\n", "* CAPABILITY IMAPrev1", &[]),
    // Two names, neither of which is the one that was meant: nothing is made of it.
    row(35, b"* CAPABILITY IMAP4rev1 LITERAL + IDLE\r\n", "* CAPABILITY IMAP4rev1 LITERAL + IDLE", &[]),
    row(36, b"* CAPABILITY IMAP4rev1 \r\n", "* CAPABILITY IMAP4rev1", &[ExtraBlanks]),
    row(36, b"* SEARCH 1 2 \r\n* SEARCH \r\n", "* SEARCH 1 2 | * SEARCH", &[ExtraBlanks]),
    row(36, b"* OK [CAPABILITY IMAP4rev1 IDLE ] hi\r\n", "* OK [CAPABILITY IMAP4rev1 IDLE] hi", &[ExtraBlanks]),
    row(37, b"* CAPABILITY IDLE\r\n* CAPABILITY\r\n", "* CAPABILITY IDLE | * CAPABILITY", &[]),
    row(39, b"* SEARCH 2 5\r\n", "* SEARCH 2 5", &[]),
];
