//! ENVELOPE as servers send it: RFC examples, and each item of the list of quirks that concerns it.

use std::borrow::Cow;

use imap_proto_lite::{
    Address, AddressKind, Addresses, Envelope, Fetch, ParseError, Quirk, QuirkSet, Response,
    Untagged,
};

/// What is sent as the value of ENVELOPE, and what it reads as.
struct Row {
    /// The number of the item in the list of quirks; 0 for what the RFCs have.
    item: u32,
    wire: &'static str,
    /// The fields that hold something, in the order of the response.
    reads_as: &'static str,
    quirks: &'static [Quirk],
}

const ROWS: [Row; 24] = [
    Row {
        item: 0, // RFC 9051 section 7.5.2
        wire: r#"("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)" "IMAP4rev2 WG mtg summary and minutes" (("Terry Gray" NIL "gray" "cac.washington.edu")) (("Terry Gray" NIL "gray" "cac.washington.edu")) (("Terry Gray" NIL "gray" "cac.washington.edu")) ((NIL NIL "imap" "cac.washington.edu")) ((NIL NIL "minutes" "CNRI.Reston.VA.US")("John Klensin" NIL "KLENSIN" "MIT.EDU")) NIL NIL "<B27397-0100000@cac.washington.edu>")"#,
        reads_as: "date=Wed, 17 Jul 1996 02:23:25 -0700 (PDT); subject=IMAP4rev2 WG mtg summary and minutes; from=Terry Gray <gray@cac.washington.edu>; sender=Terry Gray <gray@cac.washington.edu>; reply-to=Terry Gray <gray@cac.washington.edu>; to=<imap@cac.washington.edu>; cc=<minutes@CNRI.Reston.VA.US>, John Klensin <KLENSIN@MIT.EDU>; message-id=<B27397-0100000@cac.washington.edu>",
        quirks: &[],
    },
    Row {
        item: 0,
        wire: "({3}\r\na\"\n \"say \\\"hi\\\" \\\\\" NIL NIL NIL NIL NIL NIL \"\" nil)",
        reads_as: "date=a\"\n; subject=say \"hi\" \\; in-reply-to=",
        quirks: &[],
    },
    Row {
        item: 0, // a group, with a source route in it
        wire: r#"(NIL NIL NIL NIL NIL ((NIL NIL "Team" NIL)(NIL "@a,@b" "c" "d")(NIL NIL NIL NIL)) NIL NIL NIL NIL)"#,
        reads_as: "to=Team:, <@a,@b:c@d>, ;",
        quirks: &[],
    },
    Row {
        item: 62,
        wire: r#"(NIL NIL () NIL NIL NIL NIL NIL NIL "<i>")"#,
        reads_as: "message-id=<i>",
        quirks: &[Quirk::OddAddressList],
    },
    Row {
        item: 62,
        wire: r#"(NIL NIL NIL NIL NIL ((NIL  NIL "undisclosed-recipients" NIL)(NIL NIL NIL  NIL ) )  NIL NIL NIL "<i>")"#,
        reads_as: "to=undisclosed-recipients:, ;; message-id=<i>",
        quirks: &[Quirk::ExtraBlanks],
    },
    Row {
        item: 63,
        wire: r#"(NIL NIL NIL NIL NIL ((NIL NIL "a" "x") (NIL NIL "b" "y")) NIL NIL NIL NIL)"#,
        reads_as: "to=<a@x>, <b@y>",
        quirks: &[Quirk::ExtraBlanks],
    },
    Row {
        item: 64,
        wire: r#"(NIL NIL (NIL (NIL NIL "a" "x")) NIL NIL NIL NIL NIL NIL NIL)"#,
        reads_as: "from=<a@x>",
        quirks: &[Quirk::ExtraBlanks, Quirk::OddAddressList],
    },
    Row {
        item: 64,
        wire: "(NIL NIL (NIL) NIL NIL NIL NIL NIL NIL NIL)",
        reads_as: "",
        quirks: &[Quirk::OddAddressList],
    },
    Row {
        item: 65,
        wire: r#"(NIL "s" NIL NIL NIL NIL NIL NIL "<i>")"#,
        reads_as: "subject=s; in-reply-to=<i>",
        quirks: &[Quirk::ShortEnvelope],
    },
    Row {
        item: 65,
        wire: r#"(NIL "s" NIL NIL NIL NIL NIL NIL)"#,
        reads_as: "subject=s",
        quirks: &[Quirk::ShortEnvelope],
    },
    Row {
        item: 65,
        wire: "()",
        reads_as: "",
        quirks: &[Quirk::ShortEnvelope],
    },
    Row {
        item: 65,
        wire: "NIL",
        reads_as: "",
        quirks: &[Quirk::ShortEnvelope],
    },
    Row {
        item: 66, // legal, and nothing to guess: the words are the server's
        wire: r#"(NIL NIL (("a@x.org" NIL "<a" "x.org>")) NIL NIL NIL NIL NIL NIL NIL)"#,
        reads_as: "from=a@x.org <<a@x.org>>",
        quirks: &[],
    },
    Row {
        item: 67,
        wire: r#"(NIL NIL ((NIL NIL "a" "MISSING_DOMAIN")) ((NIL NIL "b" ".MISSING-HOST-NAME.")) NIL NIL NIL NIL NIL NIL)"#,
        reads_as: "from=<a@MISSING_DOMAIN>; sender=<b@.MISSING-HOST-NAME.>",
        quirks: &[],
    },
    Row {
        item: 68,
        wire: r#"(NIL "say "hi", now" NIL NIL NIL NIL NIL NIL NIL "<1.JavaMail."cv@x.com"@v-1>")"#,
        reads_as: r#"subject=say "hi", now; message-id=<1.JavaMail."cv@x.com"@v-1>"#,
        quirks: &[Quirk::UnescapedQuote],
    },
    Row {
        item: 69,
        wire: r#"(NIL "C:\temp\new" (("A \ B" NIL "a" "x")) NIL NIL NIL NIL NIL NIL NIL)"#,
        reads_as: r"subject=C:\temp\new; from=A \ B <a@x>",
        quirks: &[Quirk::UnescapedBackslash],
    },
    Row {
        item: 63, // and none where one belongs
        wire: r#"(NIL "s"(("A" NIL "a" "x"))NIL NIL NIL NIL NIL NIL NIL)"#,
        reads_as: "subject=s; from=A <a@x>",
        quirks: &[Quirk::MissingBlank],
    },
    Row {
        item: 70,
        wire: "(NIL \"r\u{e9}sum\u{e9}\" NIL NIL NIL NIL NIL NIL NIL NIL)",
        reads_as: "subject=r\u{e9}sum\u{e9}",
        quirks: &[Quirk::EightBitQuoted],
    },
    Row {
        item: 71,
        wire: r#"((NIL "s" NIL NIL NIL NIL NIL NIL NIL "<i>"))"#,
        reads_as: "subject=s; message-id=<i>",
        quirks: &[Quirk::WrappedEnvelope],
    },
    Row {
        item: 72,
        wire: r#"("6/31/2005" NIL NIL NIL NIL NIL NIL NIL NIL NIL)"#,
        reads_as: "date=6/31/2005",
        quirks: &[],
    },
    Row {
        item: 82,
        wire: r#"( NIL  "s" NIL NIL NIL NIL NIL NIL NIL NIL )"#,
        reads_as: "subject=s",
        quirks: &[Quirk::ExtraBlanks],
    },
    Row {
        item: 55, // a name that looks like NIL is a name
        wire: r#"(NIL "NIL" (("NIL" NIL "nil" "x")) NIL NIL NIL NIL NIL NIL NIL)"#,
        reads_as: "subject=NIL; from=NIL <nil@x>",
        quirks: &[],
    },
    Row {
        item: 17,
        wire: r#"(NIL "SkyFoo{}" NIL NIL NIL NIL NIL NIL NIL "{3}")"#,
        reads_as: "subject=SkyFoo{}; message-id={3}",
        quirks: &[],
    },
    Row {
        item: 12, // counted in octets, as they came
        wire: "(NIL NIL (({2}\r\n\u{e9} NIL \"a\" \"x\")) NIL NIL NIL NIL NIL NIL NIL)",
        reads_as: "from=\u{e9} <a@x>",
        quirks: &[],
    },
];

#[test]
fn each_row_reads_as_it_says() {
    for row in ROWS {
        let line = frame(row.wire);
        let (envelope, met) = read(&line, QuirkSet::LENIENT)
            .unwrap_or_else(|error| panic!("item {}: {}: {error}", row.item, row.wire));
        assert_eq!(render(&envelope), row.reads_as, "item {}", row.item);
        let expected: QuirkSet = row.quirks.iter().copied().collect();
        assert_eq!(met, expected, "item {}: {}", row.item, row.wire);
    }
}

#[test]
fn a_quirk_that_is_not_accepted_is_refused() {
    for row in ROWS {
        let line = frame(row.wire);
        let strict = read(&line, QuirkSet::STRICT);
        assert_eq!(strict.is_ok(), row.quirks.is_empty(), "item {}", row.item);
        for &quirk in row.quirks {
            let but_one = read(&line, QuirkSet::LENIENT.without(quirk));
            assert!(but_one.is_err(), "item {}: {quirk}", row.item);
        }
    }
}

#[test]
fn what_is_no_envelope_costs_only_itself() {
    for wire in [
        "(1 2 3)",
        "(NIL NIL \"a@b\" NIL NIL NIL NIL NIL NIL NIL)",
        "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)",
        "(NIL NIL ((NIL NIL NIL)) NIL NIL NIL NIL NIL NIL NIL)",
        "(((NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)))",
        "\"Wed\"",
        "7",
    ] {
        let line = frame(wire);
        let fetch = fetch(&line);
        assert_eq!(fetch.uid.map(u32::from), Some(7), "{wire}");
        let raw = fetch.envelope.expect("it was sent");
        assert!(Envelope::parse(raw).is_err(), "{wire}");
    }
}

fn frame(value: &str) -> String {
    format!("* 1 FETCH (ENVELOPE {value} UID 7)\r\n")
}

/// Reads a FETCH leniently and its envelope by `accepted`.
fn read(line: &str, accepted: QuirkSet) -> Result<(Envelope<'_>, QuirkSet), ParseError> {
    Envelope::parse_with(fetch(line).envelope.expect("it was sent"), accepted)
}

fn fetch(line: &str) -> Fetch<'_> {
    match Response::parse(line.as_bytes()) {
        Ok(Response::Untagged(Untagged::Fetch(fetch))) => fetch,
        other => panic!("{line}: {other:?}"),
    }
}

fn render(envelope: &Envelope<'_>) -> String {
    let fields = [
        ("date", text(&envelope.date)),
        ("subject", text(&envelope.subject)),
        ("from", addresses(envelope.from)),
        ("sender", addresses(envelope.sender)),
        ("reply-to", addresses(envelope.reply_to)),
        ("to", addresses(envelope.to)),
        ("cc", addresses(envelope.cc)),
        ("bcc", addresses(envelope.bcc)),
        ("in-reply-to", text(&envelope.in_reply_to)),
        ("message-id", text(&envelope.message_id)),
    ];
    let held: Vec<String> = fields
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| format!("{name}={value}")))
        .collect();
    held.join("; ")
}

fn text(field: &Option<Cow<'_, [u8]>>) -> Option<String> {
    let octets = field.as_deref()?;
    Some(String::from_utf8_lossy(octets).into_owned())
}

fn addresses(list: Addresses<'_>) -> Option<String> {
    let entries: Vec<String> = list.iter().map(address).collect();
    assert_eq!(entries.is_empty(), list.is_empty());
    (!entries.is_empty()).then(|| entries.join(", "))
}

fn address(entry: Address<'_>) -> String {
    let word = |field: &Option<Cow<'_, [u8]>>| text(field).unwrap_or_default();
    match entry.kind() {
        AddressKind::GroupStart => format!("{}:", word(&entry.mailbox)),
        AddressKind::GroupEnd => ";".to_owned(),
        AddressKind::Mailbox => {
            let name = text(&entry.name).map_or_else(String::new, |name| format!("{name} "));
            let route = text(&entry.route).map_or_else(String::new, |route| format!("{route}:"));
            let (mailbox, host) = (word(&entry.mailbox), word(&entry.host));
            format!("{name}<{route}{mailbox}@{host}>")
        }
    }
}
