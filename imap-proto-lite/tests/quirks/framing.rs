//! Items 1-17: lines, literals, and what stands around responses.

use imap_proto_lite::Quirk::*;

use crate::{Row, row};

#[rustfmt::skip] // one row, one line
pub(crate) const ROWS: &[Row] = &[
    row(1, b"[COPYUID 124 10 233]\r\n", "* OK [COPYUID 124 10 233]", &[BareCode]),
    row(2, b"* [COPYUID 124 10:11 233:234] moved\r\n", "* OK [COPYUID 124 10:11 233:234] moved", &[BareCode]),
    // Only what carries its own UIDVALIDITY: how a mailbox is, no stray line can tell.
    row(2, b"[UIDVALIDITY 7]\r\n", "stray [UIDVALIDITY 7]", &[StrayLine]),
    row(2, b"* [UIDVALIDITY 7] fine\r\n", "* other <[UIDVALIDITY 7] fine>", &[OddResponse]),
    row(3, b"Server Unavailable. 15\r\n", "stray Server Unavailable. 15", &[StrayLine]),
    row(3, b"\r\n", "stray", &[StrayLine]),
    row(4, b"\0\0* 1 EXISTS\r\n", "* EXISTS 1", &[LeadingNul]),
    // The framer and the grammar agree on what stands behind the NULs.
    row(4, b"\0* 1 FETCH (UID 5 BODY[] {2}\r\nhi)\r\n", "* FETCH 1 UID 5 BODY[] streamed 2", &[LeadingNul]),
    row(4, b"\0a1 OK see {5}\r\n\0+ go {3}\r\n", "a1 OK see {5} | + go {3}", &[LeadingNul]),
    row(5, b"*  1843 EXISTS\r\n", "* EXISTS 1843", &[ExtraBlanks]),
    row(6, b"* 3 RECENT\n", "* RECENT 3", &[BareLineFeed]),
    row(6, b"* LIST () \"/\" {3}\nabc\r\n", "* LIST / <abc>", &[BareLineFeed]),
    row(7, b"* LIST () \"/\" {3}  \r\nabc\r\n", "* LIST / <abc>", &[BlanksAfterLiteral]),
    row(7, b"* 1 FETCH (UID 5 BODY[] {2} \r\nhi)\r\n", "* FETCH 1 UID 5 BODY[] streamed 2", &[BlanksAfterLiteral]),
    row(8, b"* LIST () \"/\" {012}\r\nTwelve bytes\r\n", "* LIST / <Twelve bytes>", &[LeadingZero]),
    // A literal's length is never repaired: what follows it would be read at the wrong place.
    row(9, b"* LIST () \"/\" {-1}\r\n", "broken: a literal's length is no number", &[]),
    row(10, b"* 1 FETCH (UID 5 BODY[] {6}\r\nhi)\r\na1 OK done\r\n", "refused", &[]),
    row(11, b"* 1 FETCH (UID 5 BODY[] {2}\r\nhi\r\n)\r\n", "refused | stray )", &[StrayLine]),
    // The string's end is wrong, the value's is not: FETCH goes on, the envelope's own rule will object.
    row(12, b"* 1 FETCH (ENVELOPE (NIL {2}\r\n\xc3\xa9\xc3\xa9 NIL) UID 5)\r\n", "* FETCH 1 UID 5", &[]),
    // The framer counts octets and knows no quotes, so the line ends within the string.
    row(14, b"* 1 FETCH (UID 5 ENVELOPE (\"a\r\nb\"))\r\n", "refused | stray b\"))", &[StrayLine]),
    row(15, b"* 1 FETCH (UID 5 BODY[] {2}\r\nhi)\r\n FLAGS (\\Seen))\r\n", "* FETCH 1 UID 5 BODY[] streamed 2 | stray  FLAGS (\\Seen))", &[StrayLine]),
    row(16, b"A1 OK completed{4}\r\n", "A1 OK completed{4}", &[]),
    row(16, b"* NO see {4}\r\n+ or {4}\r\n", "* NO see {4} | + or {4}", &[]),
    row(17, b"* LIST () \"/\" \"SkyFoo{}\"\r\n", "* LIST / <SkyFoo{}>", &[]),
    row(17, b"* LIST () \"/\" \"Subject: {50} Test\"\r\n", "* LIST / <Subject: {50} Test>", &[]),
];
