//! imap-proto: `Response::parse` on a buffer, and more bytes when it says `Incomplete`.

use bytes::{Buf, BytesMut};
use imap_proto::{AttributeValue, BodyStructure, Envelope, MailboxDatum, Response};
use imap_proto_lite::InternalDate;

use crate::sum::{Sum, flag_bit, touch};

pub(crate) fn read<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Sum {
    let (mut buffer, mut sum) = (BytesMut::new(), Sum::default());
    for chunk in chunks {
        buffer.extend_from_slice(chunk);
        loop {
            let left = match Response::parse(&buffer) {
                Ok((rest, response)) => {
                    add(&mut sum, &response);
                    rest.len()
                }
                Err(nom::Err::Incomplete(_)) => break,
                Err(error) => panic!("{error:?}"),
            };
            buffer.advance(buffer.len() - left);
        }
    }
    sum
}

pub(crate) fn parse(sum: &mut Sum, response: &[u8]) {
    add(sum, &Response::parse(response).expect("well-formed").1);
}

fn add(sum: &mut Sum, response: &Response<'_>) {
    sum.responses += 1;
    match response {
        Response::Fetch(_, items) => items.iter().for_each(|item| add_item(sum, item)),
        Response::MailboxData(MailboxDatum::List(list)) => {
            let delimiter = list.delimiter.as_ref().and_then(|text| text.bytes().next());
            let attributes = list.name_attributes.len();
            sum.name(list.name.as_bytes(), delimiter.unwrap_or(0), attributes);
        }
        Response::MailboxData(MailboxDatum::Search(uids)) => {
            sum.uids += uids.iter().map(|&uid| u64::from(uid)).sum::<u64>();
        }
        other => panic!("{other:?} is not in the traffic"),
    }
}

/// It leaves dates and flags as text: both are read with our own functions, which can only flatter it.
fn add_item(sum: &mut Sum, item: &AttributeValue<'_>) {
    match item {
        AttributeValue::Uid(uid) => sum.uids += u64::from(*uid),
        AttributeValue::Flags(flags) => {
            sum.fold_flags(
                flags
                    .iter()
                    .fold(0, |bits, flag| bits | flag_bit(flag.as_bytes())),
            );
        }
        AttributeValue::InternalDate(text) => {
            let date = InternalDate::parse(text.as_bytes()).expect("a date");
            sum.dates += date.unix_seconds();
        }
        AttributeValue::Rfc822Size(size) => sum.sizes += u64::from(*size),
        AttributeValue::BodySection {
            data: Some(octets), ..
        } => sum.literals += touch(octets),
        AttributeValue::Envelope(envelope) => add_envelope(sum, envelope),
        AttributeValue::BodyStructure(body) => add_body(sum, body),
        other => panic!("{other:?} is not in the traffic"),
    }
}

fn add_envelope(sum: &mut Sum, envelope: &Envelope<'_>) {
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
        .flatten()
        .map(|list| list.len() as u64)
        .sum::<u64>();
    sum.subjects += envelope.subject.as_ref().map_or(0, |text| unescaped(text));
}

/// It leaves backslashes in quoted strings: the octets without those that escape another.
fn unescaped(text: &[u8]) -> u64 {
    let mut octets = text.iter();
    let mut count = 0;
    while let Some(&octet) = octets.next() {
        count += 1;
        if octet == b'\\' {
            octets.next();
        }
    }
    count
}

fn add_body(sum: &mut Sum, body: &BodyStructure<'_>) {
    match body {
        BodyStructure::Basic { other, .. } | BodyStructure::Text { other, .. } => {
            sum.part(u64::from(other.octets));
        }
        BodyStructure::Message {
            other,
            envelope,
            body,
            ..
        } => {
            sum.part(u64::from(other.octets));
            add_envelope(sum, envelope);
            add_body(sum, body);
        }
        BodyStructure::Multipart { bodies, .. } => {
            bodies.iter().for_each(|body| add_body(sum, body))
        }
    }
}
