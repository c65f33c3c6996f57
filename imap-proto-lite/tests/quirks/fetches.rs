//! Items 72-77 and 83: dates, numbers and missing values in FETCH.

use imap_proto_lite::Quirk::*;

use crate::{Row, row};

#[rustfmt::skip] // one row, one line
pub(crate) const ROWS: &[Row] = &[
    row(72, b"* 1 FETCH (INTERNALDATE \"00-Jan-0000 00:00:00 +0000\" UID 5)\r\n", "* FETCH 1 UID 5 DATE raw <00-Jan-0000 00:00:00 +0000>", &[OddDate]),
    // The instant is not known without the zone, so none is made up.
    row(73, b"* 1 FETCH (INTERNALDATE \"17-Jul-1996 02:44:25\" UID 5)\r\n", "* FETCH 1 UID 5 DATE raw <17-Jul-1996 02:44:25>", &[OddDate]),
    row(73, b"* 1 FETCH (INTERNALDATE \"Wed, 17 Jul 1996 02:44:25 -0700\" UID 5)\r\n", "* FETCH 1 UID 5 DATE 17-Jul-1996 02:44:25 -0700", &[OddDate]),
    row(73, b"* 1 FETCH (INTERNALDATE \"7-Jul-1996 02:44:25 -0700\" UID 5)\r\n", "* FETCH 1 UID 5 DATE 07-Jul-1996 02:44:25 -0700", &[OddDate]),
    row(73, b"* 1 FETCH (INTERNALDATE NIL UID 5)\r\n", "* FETCH 1 UID 5 DATE raw <NIL>", &[OddDate]),
    row(73, b"* 1 FETCH (UID 5)\r\n", "* FETCH 1 UID 5", &[]),
    row(74, b"* 1 FETCH (RFC822.SIZE 9.3736e+06 UID 5)\r\n", "* FETCH 1 UID 5", &[OddNumber]),
    row(75, b"* 1 FETCH (RFC822.SIZE -1 UID 5)\r\n", "* FETCH 1 UID 5", &[OddNumber]),
    row(76, b"* 1 FETCH (MODSEQ (-1) UID 5)\r\n", "* FETCH 1 UID 5", &[OddNumber]),
    row(76, b"* 1 FETCH (MODSEQ 12 UID 5)\r\n", "* FETCH 1 UID 5 MODSEQ 12", &[OddNumber]),
    row(77, b"* 1 FETCH (X-GM-LABELS (\"\\\\Inbox\" \\Sent NIL) X-GM-MSGID 18446744073709551615 THREADID NIL UID 4294967295)\r\n", "* FETCH 1 UID 4294967295", &[]),
    row(83, b"* 1 FETCH (BODY[1])\r\n", "* FETCH 1 BODY[1] absent", &[OddItem]),
    row(83, b"* 1 FETCH (BODY[1] UID 5)\r\n", "* FETCH 1 UID 5 BODY[1] absent", &[OddItem]),
    row(83, b"* 1 FETCH (UID 5 FLAGS)\r\n", "* FETCH 1 UID 5", &[OddItem]),
    row(83, b"* 1 FETCH (FLAGS NIL UID 5)\r\n", "* FETCH 1 UID 5", &[OddItem]),
    row(83, b"* 1 FETCH (BODY[] {2}\r\nhi UID 5 FLAGS (\\Seen))\r\n", "* FETCH 1 UID 5 FLAGS 1 BODY[] streamed 2", &[]),
    // What names a message is not repaired.
    row(83, b"* 1 FETCH (UID 0)\r\n* 1 FETCH (UID 05)\r\n* 1 FETCH (UID )\r\n* 1 FETCH (UID x)\r\n", "refused | refused | refused | refused", &[]),
    row(83, b"* 1 FETCH (UID 5 UID 6)\r\n* 1 FETCH (UID 5 UID 5)\r\n", "refused | * FETCH 1 UID 5", &[]),
];
