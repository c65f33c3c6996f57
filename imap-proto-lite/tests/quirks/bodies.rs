//! Items 62-71 and 78-82: whatever an ENVELOPE or a BODYSTRUCTURE looks like, its FETCH is read. The rules
//! of the two themselves have tables of their own: `envelopes.rs`, `body_structures.rs`.

use imap_proto_lite::Quirk::*;

use crate::{Row, row};

#[rustfmt::skip] // one row, one line
pub(crate) const ROWS: &[Row] = &[
    row(62, b"* 1 FETCH (ENVELOPE (NIL NIL () ((NIL NIL  \"undisclosed-recipients\" NIL))) UID 5)\r\n", READ, &[ExtraBlanks]),
    row(63, b"* 1 FETCH (ENVELOPE (NIL ((NIL NIL \"a\" \"b\") (NIL NIL \"c\" \"d\"))) UID 5)\r\n", READ, &[]),
    row(64, b"* 1 FETCH (ENVELOPE (NIL (NIL (NIL NIL \"a\" \"b\"))) UID 5)\r\n", READ, &[]),
    row(65, b"* 1 FETCH (ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL) UID 5)\r\n", READ, &[]),
    row(66, b"* 1 FETCH (ENVELOPE (NIL ((\"a\" NIL \"A B\" \"<a@b>\"))) UID 5)\r\n", READ, &[]),
    row(67, b"* 1 FETCH (ENVELOPE (NIL ((NIL NIL \"a\" MISSING_DOMAIN)(NIL NIL \"a\" \".MISSING-HOST-NAME.\"))) UID 5)\r\n", READ, &[]),
    row(68, b"* 1 FETCH (ENVELOPE (NIL \"<1.JavaMail.\"cv@x.com\"@v-1>\") UID 5)\r\n", READ, &[UnescapedQuote]),
    row(68, b"* 1 FETCH (BODYSTRUCTURE (\"a\" \"b\" NIL NIL \"\"\"\" \"7bit\" 3) UID 5)\r\n", READ, &[UnescapedQuote]),
    // A bare quote before a space could end the string: no name is made up.
    row(68, b"* LIST () \"/\" \"say \"hi\" twice\"\r\n", "* other <LIST () \"/\" \"say \"hi\" twice\">", &[OddResponse]),
    row(69, b"* LIST () \"/\" \"C:\\temp\"\r\n", "* LIST / <C:\\temp>", &[UnescapedBackslash]),
    row(69, b"* LIST () \"\\\" \"a b\"\r\n", "* LIST \\ <a b>", &[UnescapedBackslash]),
    row(69, b"* LIST () \"/\" \"a\\\"\r\n", "* LIST / <a\\>", &[UnescapedBackslash]),
    row(69, b"* LIST () \"/\" \"a\\\\\\\"b\"\r\n", "* LIST / <a\\\"b>", &[]),
    row(70, b"* LIST () \"/\" \"Entw\xc3\xbcrfe\"\r\n", "* LIST / <Entw\u{fc}rfe>", &[EightBitQuoted]),
    row(70, b"* 1 FETCH (ENVELOPE (NIL \"\xe9t\xe9\") UID 5)\r\n", READ, &[EightBitQuoted]),
    row(71, b"* 1 FETCH (ENVELOPE ((NIL NIL)) UID 5)\r\n", READ, &[]),
    row(78, b"* 1 FETCH (BODYSTRUCTURE (\"text\" \"plain\" (\"boundary\" NIL) NIL NIL NIL 3 ()) UID 5)\r\n", READ, &[]),
    row(78, b"* 1 FETCH (BODYSTRUCTURE (\"text\" \"plain\" () NIL NIL 7bit 3 ) UID 5)\r\n", READ, &[ExtraBlanks]),
    row(79, b"* 1 FETCH (BODYSTRUCTURE (NIL NIL NIL NIL NIL \"7BIT\" 0 NIL \"inline\" (NIL NIL) NIL) UID 5)\r\n", READ, &[]),
    row(80, b"* 1 FETCH (BODYSTRUCTURE (NIL \"alternative\" (\"boundary\" \"x\")) BODY (\"X-ZIP\" NIL) UID 5)\r\n", READ, &[]),
    row(81, b"* 1 FETCH (BODYSTRUCTURE (\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 400 () 0) UID 5)\r\n", READ, &[]),
    row(82, b"* 1 FETCH (BODYSTRUCTURE ((\"a\" \"b\") (\"c\" \"d\") \"mixed\"  NIL ) UID 5)\r\n", READ, &[ExtraBlanks]),
];

const READ: &str = "* FETCH 1 UID 5";
