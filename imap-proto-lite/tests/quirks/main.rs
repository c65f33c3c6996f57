//! What real servers get wrong, and what becomes of it: one row per shape, each through the framer and
//! the grammar.
//!
//! Every row is checked four times over: read leniently (the value, and exactly these quirks), cut into
//! single bytes (the same), read strictly (refused where a quirk is named, the same where none is), and
//! read with all but one of its quirks (refused). The numbers are those of the list that these rows come
//! from; an item that no parser can show is in [`elsewhere::ELSEWHERE`].

mod bodies;
mod elsewhere;
mod fetches;
mod framing;
mod lists;
mod more;
mod shown;
mod statuses;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use imap_proto_lite::{Framer, Limits, Piece, Quirk, QuirkSet, Response, Tally};

use crate::shown::shown;

/// One shape.
struct Row {
    /// Its number in the list.
    item: u8,
    /// What a server sends.
    wire: &'static [u8],
    /// What it reads as, the responses separated by ` | `. `refused` is a response that is an error,
    /// `broken` the end of the connection.
    reads: &'static str,
    /// What it shows.
    quirks: &'static [Quirk],
}

const fn row(item: u8, wire: &'static [u8], reads: &'static str, quirks: &'static [Quirk]) -> Row {
    Row {
        item,
        wire,
        reads,
        quirks,
    }
}

fn rows() -> impl Iterator<Item = &'static Row> {
    [
        framing::ROWS,
        statuses::ROWS,
        lists::ROWS,
        fetches::ROWS,
        bodies::ROWS,
        more::ROWS,
    ]
    .into_iter()
    .flatten()
}

/// Reads a stream that arrives in chunks of this size.
fn read(wire: &[u8], chunk: usize, accepted: QuirkSet) -> (String, QuirkSet) {
    let mut framer = Framer::new(Limits::default());
    let (mut seen, mut met, mut body) = (Vec::new(), QuirkSet::STRICT, 0);
    for bytes in wire.chunks(chunk) {
        framer.push(bytes);
        loop {
            match framer.ready() {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    seen.push(format!("broken: {error}"));
                    return (seen.join(" | "), met);
                }
            }
            match framer.piece() {
                Piece::LiteralStart { octets, .. } => body = octets,
                Piece::LiteralChunk(octets) => body -= octets.len() as u64,
                Piece::Frame(frame) => {
                    assert_eq!(body, 0, "the body is whole before its response ends");
                    match Response::parse_with(frame, accepted) {
                        Ok((response, quirks)) => {
                            seen.push(shown(&response));
                            met = met.iter().chain(quirks.iter()).collect();
                        }
                        Err(_) => seen.push("refused".to_owned()),
                    }
                }
            }
        }
    }
    if framer.unread() > 0 {
        seen.push("unfinished".to_owned());
    }
    (seen.join(" | "), met)
}

#[test]
fn each_reads_as_its_row_says_and_shows_exactly_its_quirks() {
    let mut wrong = Vec::new();
    for row in rows() {
        let expected: QuirkSet = row.quirks.iter().copied().collect();
        for chunk in [row.wire.len(), 1] {
            let (reads, met) = read(row.wire, chunk, QuirkSet::LENIENT);
            if (reads.as_str(), met) != (row.reads, expected) {
                let wire = row.wire.escape_ascii();
                wrong.push(format!("{}: {wire}\n  is {reads:?} {met:?}", row.item));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_strict_reading_refuses_what_has_quirks_and_nothing_else() {
    for row in rows() {
        let (reads, met) = read(row.wire, row.wire.len(), QuirkSet::STRICT);
        let wire = row.wire.escape_ascii();
        assert!(met.is_empty(), "{}: {wire}", row.item);
        if row.quirks.is_empty() {
            assert_eq!(reads, row.reads, "{}: {wire}", row.item);
        } else {
            assert!(reads.contains("refused"), "{}: {wire} is {reads}", row.item);
        }
    }
}

#[test]
fn each_quirk_can_be_refused_alone() {
    for row in rows() {
        for &quirk in row.quirks {
            let accepted = QuirkSet::LENIENT.without(quirk);
            let (reads, met) = read(row.wire, row.wire.len(), accepted);
            let wire = row.wire.escape_ascii();
            let refusals = |reads: &str| reads.matches("refused").count();
            assert!(
                refusals(&reads) > refusals(row.reads),
                "{}: {wire} without {quirk} is {reads}",
                row.item
            );
            assert!(!met.contains(quirk));
        }
    }
}

#[test]
fn every_item_of_the_list_is_somewhere() {
    let here: BTreeSet<u8> = rows()
        .map(|row| row.item)
        .filter(|&item| item > 0)
        .collect();
    let elsewhere: BTreeSet<u8> = elsewhere::ELSEWHERE.iter().map(|&(item, _)| item).collect();
    let both: Vec<&u8> = here.intersection(&elsewhere).collect();
    assert!(both.is_empty(), "{both:?} have rows");
    let all: BTreeSet<u8> = here.union(&elsewhere).copied().collect();
    assert_eq!(all, (1..=83).collect());
}

#[test]
fn every_quirk_of_a_response_has_a_row() {
    let shown: QuirkSet = rows().flat_map(|row| row.quirks).copied().collect();
    let missing: Vec<Quirk> = Quirk::ALL
        .into_iter()
        .filter(|&quirk| !shown.contains(quirk) && !elsewhere::OF_LAZY_VALUES.contains(quirk))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_quirk_has_a_name_of_its_own_and_somebody_who_sends_it() {
    let names: BTreeSet<&str> = Quirk::ALL.into_iter().map(Quirk::name).collect();
    assert_eq!(names.len(), Quirk::ALL.len());
    let one_each = |quirk: &Quirk| *quirk as usize;
    assert!(Quirk::ALL.iter().map(one_each).eq(0..Quirk::ALL.len()));
    assert!(
        Quirk::ALL
            .into_iter()
            .all(|quirk| !quirk.seen_in().is_empty())
    );
}

#[test]
fn quirks_are_counted_once_for_each_response() {
    let mut tally = Tally::default();
    for wire in [
        &b"*  1  EXISTS\r\n"[..],
        b"* 1 EXISTS\r\n",
        b"* 1  FETCH ()\n",
    ] {
        let (_, met) = Response::parse_with(wire, QuirkSet::LENIENT).expect("lenient");
        tally.add(met);
    }
    assert_eq!(
        tally.iter().collect::<Vec<_>>(),
        [
            (Quirk::BareLineFeed, 1),
            (Quirk::ExtraBlanks, 2),
            (Quirk::EmptyFetch, 1)
        ]
    );
}

/// The fuzz target for responses begins with these rows: one seed for each number of the list, the first
/// line of which would name the cuts. `WRITE_SEEDS=1` writes them.
#[test]
fn the_fuzz_seeds_are_these_rows() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds/responses");
    let mut seeds: BTreeMap<u8, Vec<u8>> = BTreeMap::new();
    for row in rows() {
        let seed = seeds.entry(row.item).or_insert_with(|| vec![b'\n']);
        seed.extend_from_slice(row.wire);
    }
    for (item, seed) in seeds {
        let path = folder.join(format!("quirk-{item:02}"));
        if std::env::var_os("WRITE_SEEDS").is_some() {
            fs::write(&path, &seed).expect("the folder is there");
        }
        let found = fs::read(&path).unwrap_or_default();
        assert!(found == seed, "{}: run with WRITE_SEEDS=1", path.display());
    }
}
