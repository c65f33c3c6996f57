//! The table: what is sent as the value of BODYSTRUCTURE, and what it reads as.

use imap_proto_lite::Quirk;

/// One body structure of a server.
pub(crate) struct Row {
    /// The number of the item in the list of quirks; 0 for what the RFCs have.
    pub(crate) item: u32,
    pub(crate) wire: &'static str,
    /// A line for each part, with a point for each level of depth.
    pub(crate) reads_as: &'static [&'static str],
    pub(crate) quirks: &'static [Quirk],
}

/// RFC examples, then the items in order.
pub(crate) const ROWS: &[Row] = &[
    Row {
        item: 0, // RFC 9051 section 7.5.2
        wire: r#"("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 3028 92)"#,
        reads_as: &["TEXT/PLAIN;CHARSET=US-ASCII encoding=7BIT octets=3028 lines=92"],
        quirks: &[],
    },
    Row {
        item: 0, // RFC 9051 section 7.5.2
        wire: r#"(("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 1152 23)("TEXT" "PLAIN" ("CHARSET" "US-ASCII" "NAME" "cc.diff") "<960723163407.20117h@cac.washington.edu>" "Compiler diff" "BASE64" 4554 73) "MIXED")"#,
        reads_as: &[
            "multipart/MIXED",
            ".TEXT/PLAIN;CHARSET=US-ASCII encoding=7BIT octets=1152 lines=23",
            ".TEXT/PLAIN;CHARSET=US-ASCII;NAME=cc.diff id=<960723163407.20117h@cac.washington.edu> description=Compiler diff encoding=BASE64 octets=4554 lines=73",
        ],
        quirks: &[],
    },
    Row {
        item: 0, // an embedded message, and all extension data
        wire: r#"(("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 900 (NIL "inner" NIL NIL NIL NIL NIL NIL NIL NIL) ("text" "html" NIL NIL NIL "8bit" 5 1 "d41d8" ("inline" NIL) "en" "http://a/b") 20 NIL ("attachment" ("filename" "a.eml")) ("de" "en") NIL 7 ("x" (1 2)))("IMAGE" "PNG" NIL "<i>" NIL "base64" 6 NIL NIL NIL NIL) "mixed" ("boundary" "b") ("inline" ("x" "y")) NIL "loc" ext)"#,
        reads_as: &[
            "multipart/mixed;boundary=b disposition=inline;x=y location=loc extension=ext",
            ".MESSAGE/RFC822 encoding=7BIT octets=900 lines=20 disposition=attachment;filename=a.eml language=de,en subject=Some(\"inner\") extension=7 (\"x\" (1 2))",
            "..text/html encoding=8bit octets=5 lines=1 md5=d41d8 disposition=inline language=en location=http://a/b",
            ".IMAGE/PNG id=<i> encoding=base64 octets=6",
        ],
        quirks: &[],
    },
    Row {
        item: 0, // literals where strings may stand
        wire: "({4}\r\nTEXT \"PLAIN\" (\"NAME\" {3}\r\n\"()) NIL NIL \"7BIT\" 1 1)",
        reads_as: &["TEXT/PLAIN;NAME=\"() encoding=7BIT octets=1 lines=1"],
        quirks: &[],
    },
    Row {
        item: 0, // other kinds of messages are parts like any other
        wire: r#"("MESSAGE" "DELIVERY-STATUS" NIL NIL NIL "7BIT" 9)"#,
        reads_as: &["MESSAGE/DELIVERY-STATUS encoding=7BIT octets=9"],
        quirks: &[],
    },
    Row {
        item: 68,
        wire: r#"("IMAGE" "PNG" ("NAME" "a "b".png") NIL """" "BASE64" 1)"#,
        reads_as: &[r#"IMAGE/PNG;NAME=a "b".png description="" encoding=BASE64 octets=1"#],
        quirks: &[Quirk::UnescapedQuote],
    },
    Row {
        item: 70,
        wire: "(\"IMAGE\" \"PNG\" (\"NAME\" \"\u{e9}.png\") NIL NIL \"BASE64\" 1)",
        reads_as: &["IMAGE/PNG;NAME=\u{e9}.png encoding=BASE64 octets=1"],
        quirks: &[Quirk::EightBitQuoted],
    },
    Row {
        item: 74,
        wire: r#"("IMAGE" "PNG" NIL NIL NIL "BASE64" 9.3736e+06 NIL NIL NIL)"#,
        reads_as: &["IMAGE/PNG encoding=BASE64"],
        quirks: &[Quirk::OddNumber],
    },
    Row {
        item: 75,
        wire: r#"("TEXT" "PLAIN" NIL NIL NIL "7BIT" -1 -1)"#,
        reads_as: &["TEXT/PLAIN encoding=7BIT"],
        quirks: &[Quirk::OddNumber],
    },
    Row {
        item: 78,
        wire: r#"(("TEXT" "PLAIN" NIL NIL NIL "7BIT" 1 1) "MIXED" ("boundary" NIL) NIL NIL)"#,
        reads_as: &[
            "multipart/MIXED;boundary=",
            ".TEXT/PLAIN encoding=7BIT octets=1 lines=1",
        ],
        quirks: &[Quirk::OddParameters],
    },
    Row {
        item: 78,
        wire: r#"("TEXT" "PLAIN" () NIL NIL NIL 1 1)"#,
        reads_as: &["TEXT/PLAIN octets=1 lines=1"],
        quirks: &[Quirk::OddParameters, Quirk::OddEncoding],
    },
    Row {
        item: 78,
        wire: r#"("TEXT" "PLAIN" ("CHARSET" "x" "y") NIL NIL 7BIT 1 1)"#,
        reads_as: &["TEXT/PLAIN;CHARSET=x;y= encoding=7BIT octets=1 lines=1"],
        quirks: &[Quirk::OddParameters, Quirk::OddEncoding],
    },
    Row {
        item: 78, // a blank within the quotes is a legal string
        wire: r#"("IMAGE" "PNG" NIL NIL NIL "base64 " 1)"#,
        reads_as: &["IMAGE/PNG encoding=base64  octets=1"],
        quirks: &[],
    },
    Row {
        item: 79,
        wire: r#"("IMAGE" "PNG" NIL NIL NIL "BASE64" 1 NIL "inline" NIL NIL)"#,
        reads_as: &["IMAGE/PNG encoding=BASE64 octets=1 disposition=inline"],
        quirks: &[Quirk::OddDisposition],
    },
    Row {
        item: 79,
        wire: r#"("IMAGE" "PNG" NIL NIL NIL "BASE64" 1 NIL (NIL NIL) NIL NIL)"#,
        reads_as: &["IMAGE/PNG encoding=BASE64 octets=1"],
        quirks: &[Quirk::OddDisposition],
    },
    Row {
        item: 79,
        wire: r#"("IMAGE" "PNG" NIL NIL NIL "BASE64" 1 NIL ("attachment") NIL NIL)"#,
        reads_as: &["IMAGE/PNG encoding=BASE64 octets=1 disposition=attachment"],
        quirks: &[Quirk::OddDisposition],
    },
    Row {
        item: 79, // a Content-Description where the disposition belongs
        wire: r#"("IMAGE" "PNG" NIL NIL NIL "BASE64" 1 NIL "my cat.png" NIL NIL)"#,
        reads_as: &["IMAGE/PNG encoding=BASE64 octets=1 disposition=my cat.png"],
        quirks: &[Quirk::OddDisposition],
    },
    Row {
        item: 79,
        wire: r#"("IMAGE" "PNG" NIL NIL NIL "BASE64" 1 7 (("x")) 3 NIL)"#,
        reads_as: &["IMAGE/PNG encoding=BASE64 octets=1"],
        quirks: &[Quirk::OddBodyField],
    },
    Row {
        item: 79,
        wire: r#"(NIL NIL NIL NIL NIL "7BIT" 0 NIL NIL NIL NIL)"#,
        reads_as: &["/ encoding=7BIT octets=0"],
        quirks: &[Quirk::ShortBody],
    },
    Row {
        item: 80,
        wire: r#"(NIL "alternative" ("boundary" "b") NIL NIL)"#,
        reads_as: &["multipart/alternative;boundary=b"],
        quirks: &[Quirk::MultipartWithoutParts],
    },
    Row {
        item: 80,
        wire: r#"("ALTERNATIVE" ("BOUNDARY" "b") NIL NIL)"#,
        reads_as: &["multipart/ALTERNATIVE;BOUNDARY=b"],
        quirks: &[Quirk::MultipartWithoutParts],
    },
    Row {
        item: 80,
        wire: r#"("multipart" "related" ("type" "x") NIL NIL "7BIT" 400 NIL NIL NIL)"#,
        reads_as: &["multipart/related;type=x encoding=7BIT octets=400"],
        quirks: &[Quirk::MultipartWithoutParts],
    },
    Row {
        item: 80, // as one of several parts
        wire: r#"((NIL "alternative" NIL)("ALTERNATIVE" ("BOUNDARY" "b") NIL NIL)("IMAGE" "PNG" NIL NIL NIL "7BIT" 1) "MIXED")"#,
        reads_as: &[
            "multipart/MIXED",
            ".multipart/alternative",
            ".multipart/ALTERNATIVE;BOUNDARY=b",
            ".IMAGE/PNG encoding=7BIT octets=1",
        ],
        quirks: &[Quirk::MultipartWithoutParts],
    },
    Row {
        item: 80,
        wire: r#"("X-ZIP" NIL NIL NIL "BASE64" 4096)"#,
        reads_as: &["X-ZIP/ encoding=BASE64 octets=4096"],
        quirks: &[Quirk::ShortBody],
    },
    Row {
        item: 80,
        wire: r#"("X-ZIP" ("NAME" "a.zip") NIL NIL "BASE64" 4096 NIL ("attachment" NIL))"#,
        reads_as: &["X-ZIP/;NAME=a.zip encoding=BASE64 octets=4096 disposition=attachment"],
        quirks: &[Quirk::ShortBody],
    },
    Row {
        item: 81,
        wire: r#"("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 62092 NIL ("ATTACHMENT" NIL) NIL)"#,
        reads_as: &["MESSAGE/RFC822 encoding=7BIT octets=62092 disposition=ATTACHMENT"],
        quirks: &[Quirk::ShortBody],
    },
    Row {
        item: 81,
        wire: r#"(("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 5 (NIL "s" NIL NIL NIL NIL NIL NIL NIL NIL) () 0)("IMAGE" "PNG" NIL NIL NIL "7BIT" 1) "MIXED")"#,
        reads_as: &[
            "multipart/MIXED",
            ".MESSAGE/RFC822 encoding=7BIT octets=5 lines=0 subject=Some(\"s\")",
            ".IMAGE/PNG encoding=7BIT octets=1",
        ],
        quirks: &[Quirk::ShortBody],
    },
    Row {
        item: 81,
        wire: r#"("TEXT" "PLAIN" NIL NIL NIL "7BIT" 23 NIL ("inline" NIL) NIL)"#,
        reads_as: &["TEXT/PLAIN encoding=7BIT octets=23 disposition=inline"],
        quirks: &[Quirk::ShortBody],
    },
    Row {
        item: 81,
        wire: r#"("TEXT" "PLAIN" NIL NIL NIL "7BIT" 23)"#,
        reads_as: &["TEXT/PLAIN encoding=7BIT octets=23"],
        quirks: &[Quirk::ShortBody],
    },
    Row {
        item: 81,
        wire: "NIL",
        reads_as: &[],
        quirks: &[Quirk::ShortBody],
    },
    Row {
        item: 82,
        wire: r#"(("IMAGE" "PNG" NIL NIL NIL "7BIT" 1) ("IMAGE" "GIF" NIL NIL NIL "7BIT" 1)  "MIXED")"#,
        reads_as: &[
            "multipart/MIXED",
            ".IMAGE/PNG encoding=7BIT octets=1",
            ".IMAGE/GIF encoding=7BIT octets=1",
        ],
        quirks: &[Quirk::ExtraBlanks],
    },
    Row {
        item: 82,
        wire: r#"("IMAGE"  "PNG" ( "NAME" "x" )  NIL NIL "7BIT" 1 NIL NIL NIL )"#,
        reads_as: &["IMAGE/PNG;NAME=x encoding=7BIT octets=1"],
        quirks: &[Quirk::ExtraBlanks],
    },
];
