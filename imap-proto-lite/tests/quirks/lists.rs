//! Items 42-61: FLAGS, LIST, STATUS, NAMESPACE and ID.

use imap_proto_lite::Quirk::*;

use crate::{Row, row};

#[rustfmt::skip] // one row, one line
pub(crate) const ROWS: &[Row] = &[
    row(42, b"* FLAGS (OIB-Seen-[Gmail]/All Mail \\Seen)\r\n", "* FLAGS 3", &[OddFlag]),
    row(42, b"* OK [PERMANENTFLAGS (OIB-Seen-[Gmail]/All \\*)] ok\r\n", "* OK [PERMANENTFLAGS 2] ok", &[OddFlag]),
    row(42, b"* 1 FETCH (FLAGS (a]b) UID 5)\r\n", "* FETCH 1 UID 5 FLAGS 1", &[OddFlag]),
    row(43, b"* FLAGS (\\Seen \\*)\r\n", "* FLAGS 2", &[OddFlag]),
    row(44, b"* FLAGS ($Forwarded )\r\n", "* FLAGS 1", &[ExtraBlanks]),
    row(45, b"* 1 FETCH (FLAGS (done(old) \\Seen) UID 5)\r\n", "* FETCH 1 UID 5 FLAGS 2", &[OddFlag]),
    row(45, b"* 1 FETCH (FLAGS (:-( \\Seen) UID 5)\r\n", "* FETCH 1 UID 5 FLAGS 2", &[OddFlag]),
    row(46, b"* 3 Recent\r\n* flags (\\SEEN)\r\n", "* RECENT 3 | * FLAGS 1", &[]),
    row(47, b"* 1 FETCH (FLAGS (\xc3\xa9t\xc3\xa9) UID 5)\r\n", "* FETCH 1 UID 5 FLAGS 1", &[OddFlag]),
    row(48, b"* 1 FETCH (UID 19436 )\r\n", "* FETCH 1 UID 19436", &[ExtraBlanks]),
    row(49, b"* 6 FETCH ()\r\n", "* FETCH 6", &[EmptyFetch]),
    row(50, b"* 0 FETCH (UID 5)\r\n", "* FETCH UID 5", &[ZeroSequenceNumber]),
    row(51, b"* LIST () \"/\" a\tb c\r\n", "* LIST / <a\tb c>", &[UnquotedName]),
    row(52, b"* STATUS Sent Items (UIDNEXT 1)\r\n", "* STATUS <Sent Items> UIDNEXT 1", &[UnquotedName]),
    row(53, b"* STATUS \"x\" ()\r\n", "* STATUS <x>", &[]),
    row(54, b"* STATUS x (MESSAGES 1) \r\n", "* STATUS <x> MESSAGES 1", &[ExtraBlanks]),
    row(55, b"* LIST () NIL NIL\r\n* STATUS nil (MESSAGES 1)\r\n", "* LIST NIL <NIL> | * STATUS <nil> MESSAGES 1", &[]),
    row(57, b"* LIST (\\NonExistent) \"/\" /a.lock\r\n", "* LIST \\NonExistent / </a.lock>", &[]),
    row(58, b"* NAMESPACE ((\"\" NIL)) NIL NIL\r\n", "* NAMESPACE 1 0 0", &[]),
    row(59, b"* ID ( \"name\" \"Archiveopteryx\"  \"os\" NIL )\r\n", "* ID name=Archiveopteryx os=NIL", &[ExtraBlanks]),
    row(59, b"* ID ()\r\n* ID NIL\r\n", "* ID | * ID", &[]),
];
