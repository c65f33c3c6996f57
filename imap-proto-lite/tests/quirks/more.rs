//! Shapes that are on no list (item 0): what else the rules read, and what they do not.

use imap_proto_lite::Quirk::*;

use crate::{Row, row};

#[rustfmt::skip] // one row, one line
pub(crate) const ROWS: &[Row] = &[
    row(0, b"*1 EXISTS\r\n* OK [ALERT]hi\r\n", "* EXISTS 1 | * OK [Alert] hi", &[MissingBlank]),
    row(0, b"* 1 FETCH(FLAGS(\\Seen)UID 5 BODY[]{2}\r\nhi)\r\n", "* FETCH 1 UID 5 FLAGS 1 BODY[] streamed 2", &[MissingBlank]),
    row(0, b"* 01 FETCH (UID 5)\r\n", "* FETCH 1 UID 5", &[LeadingZero]),
    row(0, b"* LIST () \"/\" \xc3\xa9\r\n", "* LIST / <\u{e9}>", &[EightBitAtom]),
    row(0, b"* LIST () \"/\" \"a\0b\"\r\n", "* LIST / <a\0b>", &[ControlInQuoted]),
    row(0, b"* LIST () \"\" INBOX\r\n", "* LIST NIL <INBOX>", &[OddDelimiter]),
    row(0, b"* LIST (Marked) \"/\" INBOX\r\n", "* LIST Marked / <INBOX>", &[OddFlag]),
    row(0, b"* 4 EXPUNGED\r\n", "* EXPUNGE 4", &[ExpungedWord]),
    row(0, b"* CAPABILITY IMAP4rev1 (X)\r\n", "* CAPABILITY IMAP4rev1 (X)", &[OddCapability]),
    row(0, b"* NAMESPACE () NIL NIL\r\n", "* NAMESPACE 0 0 0", &[OddItem]),
    row(0, b"* STATUS x (UIDVALIDITY 3 MESSAGES -1 SIZE)\r\n", "* STATUS <x> UIDVALIDITY 3", &[OddNumber, OddItem]),
    row(0, b"* OK  [ALERT]  two\r\n* OK [ALERT ] x\r\n", "* OK [Alert] two | * OK [Alert] x", &[ExtraBlanks]),
    row(0, b"a1 OK [APPENDUID 1  5] x\r\n", "a1 OK [APPENDUID 1 5] x", &[ExtraBlanks]),
    row(0, b"a1 OK [TRYCREATE now] x\r\na1 OK [] x\r\n", "a1 OK [raw TRYCREATE <now>] x | a1 OK [raw  <>] x", &[OddCode]),
    row(0, b"* OK [never closed\r\n", "* OK [never closed", &[]),
    row(0, b"* OK [X-NEW a b] x\r\n", "* OK [raw X-NEW <a b>] x", &[]),
    // Several at once, each of which can be refused alone.
    row(0, b"\0*  5  FETCH ( UID 5  FLAGS (a]b) RFC822.SIZE -1 )\n", "* FETCH 5 UID 5 FLAGS 1", &[LeadingNul, BareLineFeed, ExtraBlanks, OddFlag, OddNumber]),
    // Known responses whose value makes no sense: kept raw where nothing depends on them, ...
    row(0, b"* LIST rubbish\r\n", "* other <LIST rubbish>", &[OddResponse]),
    row(0, b"* FLAGS \\Seen\r\n", "* other <FLAGS \\Seen>", &[OddResponse]),
    row(0, b"* NAMESPACE NIL\r\n", "* other <NAMESPACE NIL>", &[OddResponse]),
    row(0, b"* ID name\r\n", "* other <ID name>", &[OddResponse]),
    row(0, b"* (rubbish)\r\n", "* other <(rubbish)>", &[OddResponse]),
    // ... and refused where they say which messages there are.
    row(0, b"* STATUS x\r\n* STATUS x (UIDVALIDITY -1)\r\n* STATUS x (UIDNEXT 01)\r\n", "refused | refused | refused", &[]),
    row(0, b"* SEARCH 0\r\n* SEARCH 1 x\r\n* SEARCH 4294967296\r\n", "refused | refused | refused", &[]),
    row(0, b"* ESEARCH ALL *\r\n* ESEARCH ALL 1:0\r\n", "refused | refused", &[]),
    row(0, b"* VANISHED 0\r\n* VANISHED (EARLIER)\r\n", "refused | refused", &[]),
    row(0, b"* 0 EXPUNGE\r\n* 01 EXPUNGE\r\n* 4 EXPUNGE all\r\n", "refused | refused | refused", &[]),
    row(0, b"* 4294967296 EXISTS\r\n* 1 EXISTS or 2\r\n* -1 EXISTS\r\n", "refused | refused | * other <-1 EXISTS>", &[]),
    row(0, b"* 1 FETCH\r\n* 1 FETCH (UID 5\r\n* 1 FETCH (UID 5) x\r\n", "refused | refused | refused", &[]),
    // A tag is read as we write ours.
    row(0, b"a+1 OK x\r\na\xc3\xa9 OK x\r\na1 FINE\r\n", "stray a+1 OK x | stray a\u{e9} OK x | stray a1 FINE", &[StrayLine]),
];
