//! BODYSTRUCTURE as servers send it: RFC examples, and each item of the list of quirks that concerns it.

mod body_structure_rows;

use std::borrow::Cow;

use body_structure_rows::ROWS;
use imap_proto_lite::{
    BodyStructure, Envelope, Fetch, Parameters, ParseError, Part, QuirkSet, Response, Untagged,
};

#[test]
fn each_row_reads_as_it_says() {
    for row in ROWS {
        let line = frame(row.wire);
        let (structure, met) = read(&line, QuirkSet::LENIENT)
            .unwrap_or_else(|error| panic!("item {}: {}: {error}", row.item, row.wire));
        let parts: Vec<String> = structure.parts().iter().map(render).collect();
        assert_eq!(parts, row.reads_as, "item {}: {}", row.item, row.wire);
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

/// RFC 9051 section 6.4.5.1, the example of part numbers.
#[test]
fn parts_are_numbered_as_body_sections_are() {
    let text = r#"("TEXT" "PLAIN" NIL NIL NIL "7BIT" 1 1)"#;
    let data = r#"("APPLICATION" "OCTET-STREAM" NIL NIL NIL "7BIT" 1)"#;
    let image = r#"("IMAGE" "GIF" NIL NIL NIL "7BIT" 1)"#;
    let message = |body: &str| {
        let envelope = "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)";
        format!(r#"("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 1 {envelope} {body} 1)"#)
    };
    let third = message(&format!(r#"({text}{data} "MIXED")"#));
    let alternative = format!(r#"({text}{text} "ALTERNATIVE")"#);
    let fourth_second = message(&format!(r#"({text}{alternative} "MIXED")"#));
    let fourth = format!(r#"({image}{fourth_second} "MIXED")"#);
    let line = frame(&format!(r#"({text}{data}{third}{fourth} "MIXED")"#));
    let (structure, _) = read(&line, QuirkSet::STRICT).expect("well-formed");
    let sections: Vec<String> = (0..structure.parts().len())
        .map(|index| dotted(&structure.section(index)))
        .collect();
    assert_eq!(
        sections,
        [
            "", "1", "2", "3", "3", "3.1", "3.2", "4", "4.1", "4.2", "4.2", "4.2.1", "4.2.2",
            "4.2.2.1", "4.2.2.2"
        ]
    );
    let names: Vec<u32> = structure.children(0).map(|part| part.ordinal).collect();
    assert_eq!(names, [1, 2, 3, 4]);

    let line = frame(text);
    let (single, _) = read(&line, QuirkSet::STRICT).expect("well-formed");
    assert_eq!((single.section(0), single.section(1)), (vec![1], vec![]));
    let line = frame(&message(text));
    let (embedding, _) = read(&line, QuirkSet::STRICT).expect("well-formed");
    assert_eq!(embedding.section(1), [1, 1]);
}

#[test]
fn any_depth_is_read_or_refused_without_a_stack() {
    let text = r#"("TEXT" "PLAIN" NIL NIL NIL "7BIT" 1 1)"#;
    let nested = |depth: usize| {
        frame(&format!(
            "{}{text}{}",
            "(".repeat(depth),
            " \"MIXED\")".repeat(depth)
        ))
    };
    let line = nested(98);
    let (deep, _) = read(&line, QuirkSet::STRICT).expect("within the limit");
    assert_eq!(deep.parts().last().map(|part| part.depth), Some(98));
    for depth in [101, 100_000] {
        assert!(Response::parse(nested(depth).as_bytes()).is_err());
    }
}

#[test]
fn what_is_no_body_costs_only_itself() {
    for wire in [
        "()",
        "7",
        "\"TEXT\"",
        "(())",
        r#"("TEXT")"#,
        r#"("TEXT" 7)"#,
        r#"("TEXT" "PLAIN" NIL NIL NIL "7BIT" 1 1) "MIXED")"#,
        r#"(("TEXT" "PLAIN" NIL NIL NIL "7BIT" 1 1) ())"#,
        r#"("TEXT" "PLAIN" 7 NIL NIL "7BIT" 1 1)"#,
    ] {
        let line = frame(wire);
        let Ok(Response::Untagged(Untagged::Fetch(fetch))) = Response::parse(line.as_bytes())
        else {
            continue; // the parentheses do not match
        };
        assert_eq!(fetch.uid.map(u32::from), Some(7), "{wire}");
        let raw = fetch.body_structure.expect("it was sent");
        let read = BodyStructure::parse(raw);
        assert!(read.is_err() || wire == r#"("TEXT")"#, "{wire}: {read:?}");
    }
}

fn frame(value: &str) -> String {
    format!("* 1 FETCH (BODYSTRUCTURE {value} UID 7)\r\n")
}

/// Reads a FETCH leniently and its body structure by `accepted`.
fn read(line: &str, accepted: QuirkSet) -> Result<(BodyStructure<'_>, QuirkSet), ParseError> {
    BodyStructure::parse_with(fetch(line).body_structure.expect("it was sent"), accepted)
}

fn fetch(line: &str) -> Fetch<'_> {
    match Response::parse(line.as_bytes()) {
        Ok(Response::Untagged(Untagged::Fetch(fetch))) => fetch,
        other => panic!("{line}: {other:?}"),
    }
}

/// The depth as points, the type, and each field that holds something.
fn render(part: &Part<'_>) -> String {
    let mut line = format!(
        "{}{}/{}{}",
        ".".repeat(part.depth),
        lossy(&part.media_type),
        lossy(&part.subtype),
        parameters(part.parameters)
    );
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            line.push_str(&format!(" {name}={value}"));
        }
    };
    let text = |field: &Option<Cow<'_, [u8]>>| field.as_deref().map(lossy);
    add("id", text(&part.id));
    add("description", text(&part.description));
    add("encoding", text(&part.encoding));
    add("octets", part.octets.map(|count| count.to_string()));
    add("lines", part.lines.map(|count| count.to_string()));
    add("md5", text(&part.md5));
    let disposition = part.disposition.as_ref();
    add(
        "disposition",
        disposition.map(|one| format!("{}{}", lossy(&one.kind), parameters(one.parameters))),
    );
    let languages: Vec<String> = part.language.iter().map(|tag| lossy(&tag)).collect();
    add(
        "language",
        (!languages.is_empty()).then(|| languages.join(",")),
    );
    add("location", text(&part.location));
    let subject = |raw| Envelope::parse(raw).map(|envelope| text(&envelope.subject));
    add(
        "subject",
        part.envelope
            .map(|raw| format!("{:?}", subject(raw).expect("an envelope"))),
    );
    let extension = (!part.extension.is_empty()).then(|| lossy(part.extension));
    add("extension", extension);
    line
}

fn parameters(list: Parameters<'_>) -> String {
    list.iter()
        .map(|(name, value)| format!(";{}={}", lossy(&name), lossy(&value)))
        .collect()
}

fn lossy(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

fn dotted(numbers: &[u32]) -> String {
    let words: Vec<String> = numbers.iter().map(u32::to_string).collect();
    words.join(".")
}
