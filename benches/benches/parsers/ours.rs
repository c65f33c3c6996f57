//! imap-proto-lite: a `Framer`, then `Response::parse`; bodies pass in chunks.

use imap_proto_lite::{DateField, Fetch, Framer, Limits, Piece, Response, Untagged};

use crate::sum::{Sum, bit_of, touch};

pub(crate) fn read<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Sum {
    let mut framer = Framer::new(Limits {
        response_bytes: 16 << 20,
        ..Limits::default()
    });
    let mut sum = Sum::default();
    for chunk in chunks {
        framer.push(chunk);
        while framer.ready().expect("well-formed") {
            match framer.piece() {
                Piece::Frame(frame) => parse(&mut sum, frame),
                Piece::LiteralStart { .. } => {}
                Piece::LiteralChunk(octets) => sum.literals += touch(&octets),
            }
        }
    }
    sum
}

pub(crate) fn parse(sum: &mut Sum, response: &[u8]) {
    sum.responses += 1;
    match &Response::parse(response).expect("well-formed") {
        Response::Untagged(Untagged::Fetch(fetch)) => add_fetch(sum, fetch),
        Response::Untagged(Untagged::List(list)) => {
            sum.name(
                &list.name,
                list.delimiter.unwrap_or(0),
                list.attributes().count(),
            );
        }
        Response::Untagged(Untagged::Search(uids)) => {
            sum.uids += uids.iter().map(u64::from).sum::<u64>()
        }
        other => panic!("{other:?} is not in the traffic"),
    }
}

fn add_fetch(sum: &mut Sum, fetch: &Fetch<'_>) {
    if let Some(uid) = fetch.uid {
        sum.uids += u64::from(u32::from(uid));
    }
    if let Some(flags) = fetch.flags {
        sum.fold_flags(flags.iter().fold(0, |bits, flag| bits | bit_of(flag)));
    }
    if let Some(DateField::Valid(date)) = fetch.internal_date {
        sum.dates += date.unix_seconds();
    }
    sum.sizes += fetch.size.unwrap_or(0);
}
