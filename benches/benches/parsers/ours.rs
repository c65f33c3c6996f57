//! imap-proto-lite: a `Framer`, then `Response::parse`; bodies pass in chunks.

use bytes::BytesMut;
use imap_proto_lite::{
    BodyStructure, DateField, Envelope, Fetch, Framer, Limits, Piece, Raw, Response, Untagged,
};

use crate::sum::{Sum, bit_of, touch};

pub(crate) fn read<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Sum {
    let mut framer = Framer::new(Limits {
        response_bytes: 16 << 20,
        ..Limits::default()
    });
    let mut sum = Sum::default();
    for chunk in chunks {
        framer.push(chunk);
        drain(&mut framer, &mut sum);
    }
    sum
}

/// The same for bytes that are all in one buffer; that it is freed is left to the caller.
pub(crate) fn read_in_place(buffer: BytesMut) -> (Sum, Framer) {
    let (mut framer, mut sum) = (Framer::new(Limits::default()), Sum::default());
    *framer.buffer() = buffer;
    drain(&mut framer, &mut sum);
    (sum, framer)
}

fn drain(framer: &mut Framer, sum: &mut Sum) {
    while framer.ready().expect("well-formed") {
        match framer.piece() {
            Piece::Frame(frame) => parse(sum, frame),
            Piece::LiteralStart { .. } => {}
            Piece::LiteralChunk(octets) => sum.literals += touch(&octets),
        }
    }
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
    if let Some(raw) = fetch.envelope {
        add_envelope(sum, raw);
    }
    if let Some(raw) = fetch.body_structure {
        add_body(sum, &BodyStructure::parse(raw).expect("well-formed"));
    }
}

fn add_envelope(sum: &mut Sum, raw: Raw<'_>) {
    let envelope = Envelope::parse(raw).expect("well-formed");
    let Envelope {
        from,
        sender,
        reply_to,
        to,
        cc,
        bcc,
        ..
    } = envelope;
    let lists = [from, sender, reply_to, to, cc, bcc];
    sum.addresses += lists
        .into_iter()
        .map(|list| list.iter().count() as u64)
        .sum::<u64>();
    sum.subjects += envelope.subject.map_or(0, |text| text.len() as u64);
}

fn add_body(sum: &mut Sum, body: &BodyStructure<'_>) {
    for part in body.parts() {
        if let Some(raw) = part.envelope {
            add_envelope(sum, raw);
        }
        if let Some(octets) = part.octets {
            sum.part(octets);
        }
    }
}
